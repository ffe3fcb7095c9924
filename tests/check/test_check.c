/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks: what is right passes, and each seeded fault is caught and told.
 * The films are written by libavformat here, not by our muxer. */
#include "encode/film_media.h"

#include "check/check.h"

/* How a film is to be wrong. */
struct flaw {
    bool no_faststart, drop_last, swap_chunks, wrong_title, shift_sound;
    bool no_sound, uneven, damage_packet;
};

static int add_streams(AVFormatContext *out, const struct chunk_file *picture,
                       const struct chunk_file *sound)
{
    AVStream *stream = avformat_new_stream(out, NULL);
    avcodec_parameters_copy(stream->codecpar, picture->parameters);
    stream->codecpar->codec_tag = 0;
    stream->time_base = (AVRational){1, 12800};
    if (sound) {
        stream = avformat_new_stream(out, NULL);
        avcodec_parameters_copy(stream->codecpar, sound->parameters);
        stream->codecpar->codec_tag = 0;
        stream->time_base = sound->time_base;
    }
    return 0;
}

static void put(AVFormatContext *out, AVPacket *packet, int stream,
                AVRational base)
{
    packet->stream_index = stream;
    av_packet_rescale_ts(packet, base, out->streams[stream]->time_base);
    assert_true(av_interleaved_write_frame(out, packet) >= 0);
}

/* Pictures at 25 a second; D of two covers two B-frames in a pyramid. */
static void put_chunk(AVFormatContext *out, struct chunk_file *chunk,
                      int64_t first, const struct flaw *fault, bool last)
{
    size_t count = chunk->count - (fault->drop_last && last);
    for (size_t k = 0; k < count; k++) {
        AVPacket *packet = chunk->packets[k];
        packet->pts += first;
        packet->dts = first + (int64_t)k - 2;
        packet->duration = 1;
        if (fault->uneven && last && k + 1 == count)
            packet->dts++;
        if (fault->damage_packet && last && k == 3)
            packet->data[packet->size / 2] ^= 0x55;
        put(out, packet, 0, (AVRational){1, 25});
    }
}

static void write_film(const struct film_rig *rig, const char *path,
                       const struct flaw *fault)
{
    struct chunk_file *chunk = NULL, *sound = NULL;
    AVFormatContext *out = NULL;
    AVDictionary *options = NULL;
    avformat_alloc_output_context2(&out, NULL, "mp4", path);
    assert_int_equal(chunk_file_load(NULL, rig->chunk_paths[0], &chunk), 0);
    if (!fault->no_sound)
        assert_int_equal(chunk_file_load(NULL, rig->sound_path, &sound), 0);
    add_streams(out, chunk, sound);
    chunk_file_destroy(&chunk);
    out->flags |= AVFMT_FLAG_BITEXACT;
    av_dict_set(&out->metadata, "title",
                fault->wrong_title ? "别的" : rig->clip.title, 0);
    if (!fault->no_faststart)
        av_dict_set(&options, "movflags", "+faststart", 0);
    av_dict_set_int(&options, "movie_timescale", 48000, 0);
    av_dict_set(&options, "brand", "isom", 0);
    assert_true(avio_open(&out->pb, path, AVIO_FLAG_WRITE) >= 0);
    assert_true(avformat_write_header(out, &options) >= 0);
    av_dict_free(&options);
    for (size_t k = 0; sound && k < sound->count; k++) {
        sound->packets[k]->pts += fault->shift_sound ? 4800 : 0;
        sound->packets[k]->dts = sound->packets[k]->pts;
        put(out, sound->packets[k], 1, sound->time_base);
    }
    for (size_t i = 0; i < FILM_CHUNKS; i++) {
        size_t from = fault->swap_chunks && (i == 1 || i == 2) ? 3 - i : i;
        assert_int_equal(chunk_file_load(NULL, rig->chunk_paths[from], &chunk),
                         0);
        put_chunk(out, chunk, rig->chunks[i].first_tick, fault,
                  i + 1 == FILM_CHUNKS);
        chunk_file_destroy(&chunk);
    }
    assert_true(av_write_trailer(out) >= 0);
    avio_closep(&out->pb);
    avformat_free_context(out);
    chunk_file_destroy(&sound);
}

/* A rig of four parts of half a second, its sound measured as sound would. */
static void prepare(struct film_rig *rig)
{
    const int64_t lengths[] = {12, 12, 12, 14};
    film_rig_init(rig, (AVRational){25, 1}, lengths);
    rig->preset.loudness_lufs = -22.0;
    film_sound(rig->sound_path, rig->timeline.samples, NULL);
}

static int check(const struct film_rig *rig, const char *path, bool full,
                 json_t **figures, bool sound)
{
    struct log log;
    log_init(&log, LOG_LEVEL_ERROR, NULL, NULL);
    *figures = NULL;
    int ret =
        check_file(&log, path, &rig->rendition, rig->chunk_paths, FILM_CHUNKS,
                   sound ? rig->sound_path : NULL, full, figures);
    assert_non_null(*figures);
    assert_int_equal(ret < 0, log.first_error != NULL);
    log_clear(&log);
    return ret;
}

/* What the sound really is becomes the target: clicks have an odd loudness. */
static void aim(struct film_rig *rig, const char *path)
{
    json_t *figures;
    rig->preset.loudness_lufs = 0.0;
    assert_true(check(rig, path, false, &figures, true) < 0);
    rig->preset.loudness_lufs =
        json_number_value(json_object_get(figures, "loudness"));
    json_decref(figures);
}

static void a_right_film_passes(void **state)
{
    static struct film_rig rig;
    prepare(&rig);
    char path[300];
    snprintf(path, sizeof(path), "%s/ok.mp4", folder);
    write_film(&rig, path, &(struct flaw){0});
    aim(&rig, path);
    json_t *figures;
    assert_int_equal(check(&rig, path, false, &figures, true), 0);
    assert_int_equal(json_integer_value(json_object_get(figures, "pictures")),
                     50);
    int64_t decoded = json_integer_value(json_object_get(figures, "decoded"));
    /* Eight pictures before each of three seams, three after it. */
    assert_int_equal(decoded, 3 * (8 + 3));
    json_decref(figures);
    assert_int_equal(check(&rig, path, true, &figures, true), 0);
    assert_int_equal(json_integer_value(json_object_get(figures, "decoded")),
                     50);
    json_decref(figures);
}

static void each_fault_is_caught(void **state)
{
    static const struct flaw faults[] = {
        {.no_faststart = true}, {.drop_last = true},     {.swap_chunks = true},
        {.wrong_title = true},  {.shift_sound = true},   {.no_sound = true},
        {.uneven = true},       {.damage_packet = true},
    };
    static struct film_rig rig;
    prepare(&rig);
    char path[300];
    snprintf(path, sizeof(path), "%s/bad.mp4", folder);
    write_film(&rig, path, &(struct flaw){0});
    aim(&rig, path);
    for (size_t i = 0; i < FF_ARRAY_ELEMS(faults); i++) {
        json_t *figures;
        write_film(&rig, path, &faults[i]);
        if (check(&rig, path, false, &figures, true) >= 0)
            fail_msg("fault %zu was not caught", i);
        json_decref(figures);
    }
    write_film(&rig, path, &(struct flaw){.no_sound = true});
    json_t *figures;
    assert_int_equal(check(&rig, path, false, &figures, false), 0);
    json_decref(figures);
}

static void limits_and_loudness_hold(void **state)
{
    static struct film_rig rig;
    prepare(&rig);
    char path[300];
    snprintf(path, sizeof(path), "%s/limits.mp4", folder);
    write_film(&rig, path, &(struct flaw){0});
    aim(&rig, path);
    const struct preset good = rig.preset;
    struct preset bad[] = {good, good, good, good, good, good, good, good};
    bad[0].max_bytes = 1000;
    bad[1].max_total_bps = 1000;
    bad[2].max_length_s = 1.0;
    bad[3].loudness_lufs += 0.7;
    bad[4].true_peak_dbtp = -20.0;
    bad[5].width = 96;
    bad[6].profile = "baseline";
    bad[7].loudness_lufs -= 0.7;
    for (size_t i = 0; i < FF_ARRAY_ELEMS(bad); i++) {
        json_t *figures;
        rig.preset = bad[i];
        if (check(&rig, path, false, &figures, true) >= 0)
            fail_msg("limit %zu was not held", i);
        json_decref(figures);
    }
    rig.preset = good;
    rig.rendition.encoder = "level=0.9";
    json_t *figures;
    assert_true(check(&rig, path, false, &figures, true) < 0);
    json_decref(figures);
}

/* A fraction of a second has no loudness to half a unit. */
static void brief_films_have_a_wider_margin(void **state)
{
    static struct film_rig rig;
    const int64_t lengths[] = {6, 6, 6, 6};
    char path[300];
    json_t *figures;
    snprintf(path, sizeof(path), "%s/brief.mp4", folder);
    film_rig_init(&rig, (AVRational){25, 1}, lengths);
    film_sound(rig.sound_path, rig.timeline.samples, NULL);
    write_film(&rig, path, &(struct flaw){0});
    aim(&rig, path);
    rig.preset.loudness_lufs += 1.5;
    assert_int_equal(check(&rig, path, false, &figures, true), 0);
    json_decref(figures);
    rig.preset.loudness_lufs += 1.0;
    assert_true(check(&rig, path, false, &figures, true) < 0);
    json_decref(figures);
}

static void cut_files_are_caught(void **state)
{
    static struct film_rig rig;
    prepare(&rig);
    char path[300];
    snprintf(path, sizeof(path), "%s/cut.mp4", folder);
    write_film(&rig, path, &(struct flaw){0});
    aim(&rig, path);
    json_t *figures;
    assert_int_equal(check_decodes(NULL, path, &figures), 0);
    assert_int_equal(json_integer_value(json_object_get(figures, "pictures")),
                     50);
    json_decref(figures);
    for (int part = 3; part > 0; part--) {
        write_film(&rig, path, &(struct flaw){0});
        FILE *file = fopen(path, "r+b");
        fseek(file, 0, SEEK_END);
        assert_int_equal(truncate(path, ftell(file) * part / 4), 0);
        fclose(file);
        assert_true(check(&rig, path, false, &figures, true) < 0);
        json_decref(figures);
        assert_true(check_decodes(NULL, path, &figures) < 0);
        json_decref(figures);
    }
    assert_true(check_decodes(NULL, "/nowhere/x.mp4", &figures) < 0);
    json_decref(figures);
}

static void chunks_are_held_against_the_plan(void **state)
{
    static struct film_rig rig;
    prepare(&rig);
    json_t *figures;
    assert_int_equal(
        check_chunk(NULL, rig.paths[1], &rig.rendition, 1, &figures), 0);
    assert_int_equal(json_integer_value(json_object_get(figures, "pictures")),
                     12);
    double first = json_number_value(json_object_get(figures, "first_luma"));
    double last = json_number_value(json_object_get(figures, "last_luma"));
    assert_true(fabs(first - FILM_GREY(12)) < 3.0);
    assert_true(fabs(last - FILM_GREY(23)) < 3.0);
    assert_int_equal(json_integer_value(json_object_get(figures, "black_run")),
                     0);
    json_decref(figures);

    /* Of another length than planned. */
    assert_true(check_chunk(NULL, rig.paths[3], &rig.rendition, 1, &figures) <
                0);
    json_decref(figures);
    /* Of another size. */
    rig.preset.height = 98;
    assert_true(check_chunk(NULL, rig.paths[1], &rig.rendition, 1, &figures) <
                0);
    json_decref(figures);
    rig.preset.height = FILM_HEIGHT;
    /* Damaged on disk. */
    FILE *file = fopen(rig.paths[1], "r+b");
    fseek(file, 500, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, 500, SEEK_SET);
    fputc(byte ^ 1, file);
    fclose(file);
    assert_true(check_chunk(NULL, rig.paths[1], &rig.rendition, 1, &figures) <
                0);
    json_decref(figures);
    unlink(rig.paths[1]);
    assert_true(check_chunk(NULL, rig.paths[1], &rig.rendition, 1, &figures) <
                0);
    json_decref(figures);
}

/* A picture by libavcodec: PNG with or without its sRGB chunk, JPEG. */
static void write_still(const char *path, enum AVCodecID id, int width,
                        bool srgb)
{
    AVCodecContext *encoder = avcodec_alloc_context3(avcodec_find_encoder(id));
    encoder->width = width;
    encoder->height = 60;
    encoder->time_base = (AVRational){1, 1};
    encoder->pix_fmt =
        id == AV_CODEC_ID_PNG ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_YUVJ420P;
    assert_true(avcodec_open2(encoder, NULL, NULL) >= 0);
    AVFrame *frame = av_frame_alloc();
    frame->format = encoder->pix_fmt;
    frame->width = width;
    frame->height = 60;
    frame->color_trc = srgb ? AVCOL_TRC_IEC61966_2_1 : AVCOL_TRC_UNSPECIFIED;
    frame->color_primaries = srgb ? AVCOL_PRI_BT709 : AVCOL_PRI_UNSPECIFIED;
    assert_true(av_frame_get_buffer(frame, 0) >= 0);
    for (int p = 0; p < 3 && frame->data[p]; p++)
        memset(frame->data[p], 90,
               (size_t)frame->linesize[p] * (size_t)(p ? 30 : 60));
    AVPacket *packet = av_packet_alloc();
    assert_true(avcodec_send_frame(encoder, frame) >= 0);
    avcodec_send_frame(encoder, NULL);
    assert_true(avcodec_receive_packet(encoder, packet) >= 0);
    FILE *file = fopen(path, "wb");
    fwrite(packet->data, 1, (size_t)packet->size, file);
    fclose(file);
    av_packet_free(&packet);
    av_frame_free(&frame);
    avcodec_free_context(&encoder);
}

static void posters_are_held_against_their_cover(void **state)
{
    struct cover cover = {.shape = "16x9", .width = 100, .height = 60};
    struct poster poster = {.cover = &cover};
    char png[300], jpeg[300];
    json_t *figures;
    snprintf(png, sizeof(png), "%s/p.png", folder);
    snprintf(jpeg, sizeof(jpeg), "%s/p.jpg", folder);
    write_still(png, AV_CODEC_ID_PNG, 100, true);
    write_still(jpeg, AV_CODEC_ID_MJPEG, 100, true);
    assert_int_equal(check_poster(NULL, png, jpeg, &poster, &figures), 0);
    assert_int_equal(json_integer_value(json_object_get(figures, "width")),
                     100);
    json_decref(figures);
    assert_int_equal(check_poster(NULL, png, NULL, &poster, &figures), 0);
    json_decref(figures);
    cover.jpeg_bytes = 100;
    assert_true(check_poster(NULL, png, jpeg, &poster, &figures) < 0);
    json_decref(figures);
    cover.jpeg_bytes = 0;
    cover.png_bytes = 60;
    assert_true(check_poster(NULL, png, jpeg, &poster, &figures) < 0);
    json_decref(figures);
    cover.png_bytes = 0;
    write_still(jpeg, AV_CODEC_ID_MJPEG, 102, true);
    assert_true(check_poster(NULL, png, jpeg, &poster, &figures) < 0);
    json_decref(figures);
    write_still(png, AV_CODEC_ID_PNG, 100, false);
    assert_true(check_poster(NULL, png, NULL, &poster, &figures) < 0);
    json_decref(figures);
    write_still(png, AV_CODEC_ID_PNG, 100, true);
    assert_int_equal(truncate(png, 90), 0);
    assert_true(check_poster(NULL, png, NULL, &poster, &figures) < 0);
    json_decref(figures);
}

int main(void)
{
    av_log_set_level(AV_LOG_QUIET);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_film_passes),
        cmocka_unit_test(each_fault_is_caught),
        cmocka_unit_test(limits_and_loudness_hold),
        cmocka_unit_test(brief_films_have_a_wider_margin),
        cmocka_unit_test(cut_files_are_caught),
        cmocka_unit_test(chunks_are_held_against_the_plan),
        cmocka_unit_test(posters_are_held_against_their_cover),
    };
    return cmocka_run_group_tests(tests, own_folder_make, own_folder_remove);
}
