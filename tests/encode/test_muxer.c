/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The muxer: read back with libavformat and by the bytes, the file has every
 * picture once on an even clock, its sound aligned, its tags, and no clock. */
#include "film_media.h"

#include "encode/muxer.h"

static int write_film(const struct film_rig *rig, const char *name, bool sound,
                      char path[300])
{
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    snprintf(path, 300, "%s/%s", folder, name);
    int ret =
        muxer_write(&log, &rig->session, &rig->rendition, rig->chunk_paths,
                    FILM_CHUNKS, sound ? rig->sound_path : NULL, path);
    assert_int_equal(ret < 0, log.first_error != NULL);
    log_clear(&log);
    return ret;
}

/* Decodes one stream; pictures give their mean grey, sound its samples. */
struct heard {
    int64_t pts[4000];
    double grey[4000];
    size_t pictures;
    float *samples;
    int64_t count, first_pts;
    AVRational base;
};

static void take(AVCodecContext *decoder, struct heard *heard)
{
    AVFrame *frame = av_frame_alloc();
    while (avcodec_receive_frame(decoder, frame) >= 0) {
        if (decoder->codec_type == AVMEDIA_TYPE_VIDEO) {
            double sum = 0.0;
            for (int x = 0; x < frame->width; x++)
                sum += frame->data[0][frame->linesize[0] * 40 + x];
            heard->pts[heard->pictures] = frame->pts;
            heard->grey[heard->pictures++] = sum / frame->width;
        } else {
            if (!heard->count)
                heard->first_pts = frame->pts;
            heard->samples = av_realloc_array(
                heard->samples, (size_t)(heard->count + frame->nb_samples),
                sizeof(float));
            memcpy(heard->samples + heard->count, frame->data[0],
                   (size_t)frame->nb_samples * sizeof(float));
            heard->count += frame->nb_samples;
        }
    }
    av_frame_free(&frame);
}

static void play(const char *path, enum AVMediaType type, struct heard *heard)
{
    AVFormatContext *in = NULL;
    memset(heard, 0, sizeof(*heard));
    assert_true(avformat_open_input(&in, path, NULL, NULL) >= 0);
    assert_true(avformat_find_stream_info(in, NULL) >= 0);
    int wanted = av_find_best_stream(in, type, -1, -1, NULL, 0);
    const AVStream *stream = in->streams[wanted];
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    AVCodecContext *decoder = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(decoder, stream->codecpar);
    decoder->pkt_timebase = stream->time_base;
    decoder->thread_count = 1;
    assert_true(avcodec_open2(decoder, codec, NULL) >= 0);
    heard->base = stream->time_base;
    AVPacket *packet = av_packet_alloc();
    while (av_read_frame(in, packet) >= 0) {
        if (packet->stream_index == wanted) {
            assert_true(avcodec_send_packet(decoder, packet) >= 0);
            take(decoder, heard);
        }
        av_packet_unref(packet);
    }
    avcodec_send_packet(decoder, NULL);
    take(decoder, heard);
    av_packet_free(&packet);
    avcodec_free_context(&decoder);
    avformat_close_input(&in);
}

static void every_picture_once_and_the_sound_with_it(void **state)
{
    static struct film_rig rig;
    static struct heard seen, heard;
    const int64_t lengths[] = {100, 13, 1, 61};
    const AVRational rates[] = {{25, 1}, {30000, 1001}, {60, 1}};
    for (size_t r = 0; r < FF_ARRAY_ELEMS(rates); r++) {
        char path[300];
        film_rig_init(&rig, rates[r], lengths);
        film_sound(rig.sound_path, rig.timeline.samples, NULL);
        assert_int_equal(write_film(&rig, "a.mp4", true, path), 0);
        play(path, AVMEDIA_TYPE_VIDEO, &seen);
        assert_int_equal(seen.pictures, 175);
        for (size_t n = 0; n < seen.pictures; n++) {
            int64_t wanted =
                av_rescale_q((int64_t)n, av_inv_q(rates[r]), seen.base);
            assert_int_equal(seen.pts[n], wanted);
            assert_true(fabs(seen.grey[n] - FILM_GREY((int64_t)n)) < 3.0);
        }
        play(path, AVMEDIA_TYPE_AUDIO, &heard);
        /* The edit list hides the priming: the first sample heard is the
         * first that was mixed, and none is missing at the end. */
        assert_int_equal(heard.first_pts, 0);
        assert_true(llabs(heard.count - rig.timeline.samples) <= 1024);
        for (int64_t s = 0; s * 48000 + 4000 < heard.count; s++) {
            int64_t best = 0;
            double most = 0.0;
            for (int64_t i = FFMAX(s * 48000 - 2000, 0); i < s * 48000 + 2000;
                 i++) {
                double power = 0.0;
                for (int k = 0; k < 96; k++)
                    power += heard.samples[i + k] * film_click(k);
                if (power > most) {
                    most = power;
                    best = i;
                }
            }
            assert_true(llabs(best - s * 48000) <= 2);
        }
        av_freep(&heard.samples);
    }
}

static void the_clock_is_even(void **state)
{
    static struct film_rig rig;
    const int64_t lengths[] = {60, 30, 40, 20};
    AVRational rate = {30000, 1001};
    char path[300];
    film_rig_init(&rig, rate, lengths);
    assert_int_equal(write_film(&rig, "b.mp4", false, path), 0);
    AVFormatContext *in = NULL;
    assert_true(avformat_open_input(&in, path, NULL, NULL) >= 0);
    assert_true(avformat_find_stream_info(in, NULL) >= 0);
    assert_int_equal(in->nb_streams, 1);
    const AVStream *stream = in->streams[0];
    assert_int_equal(av_cmp_q(stream->avg_frame_rate, rate), 0);
    assert_int_equal(av_cmp_q(stream->r_frame_rate, rate), 0);
    assert_int_equal(stream->nb_frames, 150);
    assert_int_equal(stream->start_time, 0);
    assert_int_equal(stream->duration * stream->time_base.num,
                     150 * 1001 * (stream->time_base.den / 30000));
    assert_int_equal(stream->codecpar->color_primaries, AVCOL_PRI_BT709);
    assert_int_equal(stream->codecpar->color_range, AVCOL_RANGE_MPEG);
    AVPacket *packet = av_packet_alloc();
    int64_t last = AV_NOPTS_VALUE, step = stream->time_base.den / 30000 * 1001;
    while (av_read_frame(in, packet) >= 0) {
        assert_int_equal(packet->duration, step);
        assert_true(packet->dts <= packet->pts);
        if (last != AV_NOPTS_VALUE)
            assert_int_equal(packet->dts - last, step);
        last = packet->dts;
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    avformat_close_input(&in);
}

static void tags_say_what_the_session_says(void **state)
{
    static struct film_rig rig;
    const int64_t lengths[] = {5, 5, 5, 5};
    char path[300];
    film_rig_init(&rig, (AVRational){25, 1}, lengths);
    film_sound(rig.sound_path, rig.timeline.samples, NULL);
    assert_int_equal(write_film(&rig, "t.mp4", true, path), 0);
    AVFormatContext *in = NULL;
    assert_true(avformat_open_input(&in, path, NULL, NULL) >= 0);
    static const char *const tags[][2] = {
        {"title", "半条被子"},         {"artist", "市委办公室"},
        {"comment", "市委办公室供图"}, {"copyright", "© 2022"},
        {"description", "讲述"},       {"date", "2022-06-28"},
    };
    for (size_t i = 0; i < FF_ARRAY_ELEMS(tags); i++) {
        const AVDictionaryEntry *entry =
            av_dict_get(in->metadata, tags[i][0], NULL, 0);
        assert_non_null(entry);
        assert_string_equal(entry->value, tags[i][1]);
    }
    assert_non_null(av_dict_get(in->metadata, "album", NULL, 0));
    assert_null(av_dict_get(in->metadata, "encoder", NULL, 0));
    assert_null(av_dict_get(in->metadata, "creation_time", NULL, 0));
    for (unsigned i = 0; i < in->nb_streams; i++)
        assert_string_equal(
            av_dict_get(in->streams[i]->metadata, "language", NULL, 0)->value,
            "zho");
    avformat_close_input(&in);
}

/* Clips without a title are told apart by their files' names alone, which no
 * key holds. */
static void an_untitled_film_knows_no_name_of_its_own(void **state)
{
    static struct film_rig rig;
    const int64_t lengths[] = {5, 5, 5, 5};
    char one[300], two[300], sums[2][DIGEST_TEXT];
    film_rig_init(&rig, (AVRational){25, 1}, lengths);
    film_sound(rig.sound_path, rig.timeline.samples, NULL);
    rig.clip.title = rig.clip.subtitle = NULL;
    rig.clip.stem = "01";
    assert_int_equal(write_film(&rig, "one.mp4", true, one), 0);
    rig.clip.stem = "02";
    assert_int_equal(write_film(&rig, "two.mp4", true, two), 0);
    assert_int_equal(digest_file(NULL, one, sums[0]), 0);
    assert_int_equal(digest_file(NULL, two, sums[1]), 0);
    assert_string_equal(sums[0], sums[1]);
}

static void the_same_bytes_twice(void **state)
{
    static struct film_rig rig;
    const int64_t lengths[] = {20, 20, 20, 20};
    char one[300], two[300], sums[2][DIGEST_TEXT];
    film_rig_init(&rig, (AVRational){25, 1}, lengths);
    film_sound(rig.sound_path, rig.timeline.samples, NULL);
    assert_int_equal(write_film(&rig, "one.mp4", true, one), 0);
    sleep(1); /* a clock in the file would show */
    assert_int_equal(write_film(&rig, "two.mp4", true, two), 0);
    assert_int_equal(digest_file(NULL, one, sums[0]), 0);
    assert_int_equal(digest_file(NULL, two, sums[1]), 0);
    assert_string_equal(sums[0], sums[1]);
}

static void what_does_not_fit_is_refused(void **state)
{
    static struct film_rig rig;
    const int64_t lengths[] = {10, 10, 10, 10};
    char path[300];
    film_rig_init(&rig, (AVRational){25, 1}, lengths);

    /* Other parameter sets. */
    film_chunk(rig.paths[2], rig.timeline.rate,
               "crf=16:bframes=0:keyint=50:ref=4:cabac=0", 20, 10);
    assert_true(write_film(&rig, "r.mp4", false, path) < 0);
    assert_int_equal(access(path, F_OK), -1);

    /* A picture too few. */
    film_chunk(rig.paths[2], rig.timeline.rate, FILM_X264, 20, 9);
    assert_true(write_film(&rig, "r.mp4", false, path) < 0);

    /* None at all, and a damaged one. */
    unlink(rig.paths[2]);
    assert_true(write_film(&rig, "r.mp4", false, path) < 0);
    film_chunk(rig.paths[2], rig.timeline.rate, FILM_X264, 20, 10);
    assert_int_equal(write_film(&rig, "r.mp4", false, path), 0);
    FILE *file = fopen(rig.paths[2], "r+b");
    fseek(file, 400, SEEK_SET);
    fputc(fgetc(file) ^ 1, file);
    fclose(file);
    assert_true(write_film(&rig, "r.mp4", false, path) < 0);
    assert_int_equal(access(path, F_OK), -1);
}

static void the_rate_buffer_is_simulated(void **state)
{
    struct preset preset = {.max_rate_bps = 1000000, .buffer_bits = 1000000};
    struct timeline timeline = {.rate = {25, 1}};
    struct rendition rendition = {.preset = &preset, .timeline = &timeline};
    int even[50], burst[25];
    for (int i = 0; i < 50; i++)
        even[i] = 5000; /* exactly 1 Mbit/s */
    for (int i = 0; i < 25; i++)
        burst[i] = i < 7 ? 25000 : 5000;
    const int *sizes[] = {even, burst, even};
    const size_t counts[] = {50, 25, 50};
    int64_t peak = 0;
    int since = -1;
    const int *calm[] = {even, even};
    assert_int_equal(
        muxer_rate_offender(&rendition, calm, counts, 1, &since, &peak), -1);
    assert_int_equal(peak, 1000000);
    /* Seven pictures of 200 kbit empty 900 kbit, refilled by 40 each. */
    assert_int_equal(
        muxer_rate_offender(&rendition, sizes, counts, 3, &since, &peak), 1);
    /* Half a second of nothing fills it on the way. */
    assert_int_equal(since, 0);
    int quiet[50] = {0};
    const int *after_quiet[] = {quiet, burst, even};
    burst[6] = 5000; /* six only: what is full suffices for them */
    assert_int_equal(
        muxer_rate_offender(&rendition, after_quiet, counts, 2, &since, NULL),
        -1);
    burst[6] = 25000;
    assert_int_equal(
        muxer_rate_offender(&rendition, after_quiet, counts, 2, &since, NULL),
        1);
    assert_int_equal(since, 1);
    quiet[49] = 25000;
    assert_int_equal(
        muxer_rate_offender(&rendition, after_quiet, counts, 2, &since, NULL),
        1);
    assert_int_equal(since, 0);
    assert_int_equal(peak, 1000000 + 7 * 160000);
    preset.buffer_bits = 2000000;
    assert_int_equal(
        muxer_rate_offender(&rendition, sizes, counts, 3, &since, NULL), -1);
    preset.max_rate_bps = 0;
    assert_int_equal(
        muxer_rate_offender(&rendition, sizes, counts, 3, &since, NULL), -1);
    timeline.rate = (AVRational){30000, 1001};
    assert_int_equal(
        muxer_rate_offender(&rendition, calm, counts, 1, &since, &peak), -1);
    assert_true(peak > 1198000 && peak < 1200000);
}

/* Walks down until nothing is left; says which chunk took each step. */
static void walk(struct chunk_setting *settings, int since, int offender,
                 char *path)
{
    struct chunk_setting next;
    int chunk;
    while ((chunk = muxer_rate_step(settings, since, offender, &next)) >= 0) {
        assert_int_equal(next.size_step, settings[chunk].size_step);
        bool fill = next.fill_step == settings[chunk].fill_step + 1;
        bool rate = next.rate_step == settings[chunk].rate_step + 1;
        assert_true(fill != rate);
        settings[chunk] = next;
        *path++ = (char)((fill ? 'a' : 'A') + chunk);
    }
    *path = '\0';
}

/* First the offender's fills, then rates: in turn with the chunk before it, and
 * then those before that, as far as the buffer was not full between. */
static void past_the_fills_rates_go_down(void **state)
{
    char path[80];
    struct chunk_setting alone[] = {{.fill_step = 0, .size_step = 3}};
    walk(alone, 0, 0, path);
    assert_string_equal(path, "aaaaaaAAAAAA");
    struct chunk_setting four[4] = {{.fill_step = FILL_OTHER}};
    four[3].fill_step = FILL_OTHER;
    walk(four, 1, 3, path);
    assert_string_equal(path, "dddddDCDCDCDCDCDCBBBBBB");
    assert_int_equal(four[2].fill_step, 0);
    assert_int_equal(four[0].rate_step, 0);
    struct chunk_setting full[2] = {{.fill_step = 0}};
    walk(full, 1, 1, path);
    assert_string_equal(path, "bbbbbbBBBBBB");
}

int main(void)
{
    av_log_set_level(AV_LOG_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_picture_once_and_the_sound_with_it),
        cmocka_unit_test(the_clock_is_even),
        cmocka_unit_test(tags_say_what_the_session_says),
        cmocka_unit_test(an_untitled_film_knows_no_name_of_its_own),
        cmocka_unit_test(the_same_bytes_twice),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(the_rate_buffer_is_simulated),
        cmocka_unit_test(past_the_fills_rates_go_down),
    };
    return cmocka_run_group_tests(tests, own_folder_make, own_folder_remove);
}
