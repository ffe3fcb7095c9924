/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of sounds: what must change them and what must not. */
#include "plan/keys.h"

static void test_sound(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct recording *r = (struct recording *)row->recording;
    struct index *index = (struct index *)r->index;
    struct keys a = keys_of(f);
    index->sounds[2400].digest[0] ^= 1; /* 51.2 s */
    struct keys b = keys_of(f);
    assert_string_equal(a.sound, b.sound);
    index->sounds[600].digest[0] ^= 1; /* 12.8 s */
    b = keys_of(f);
    assert_string_not_equal(a.sound, b.sound);
    assert_string_equal("======", COMPARE(&a, &b));
    index->sounds[600].digest[0] ^= 1;
    struct recording *zoom =
        fixture_recording(f, "zoom", (AVRational){25, 1}, 2000);
    r->recorder = zoom;
    r->recorder_offset = MS(1000);
    b = keys_of(f);
    assert_string_not_equal(a.sound, b.sound);
    r->recorder_offset = MS(1001);
    struct keys c = keys_of(f);
    assert_string_not_equal(b.sound, c.sound);
    fixture_preset(f, "web-news")->loudness_lufs -= 0.1;
    b = keys_of(f);
    assert_string_not_equal(b.sound, c.sound);
}

/* Packets as long as old cameras write them: one goes all through the range. */
static void test_long_sound_packets(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct index *index = (struct index *)row->recording->index;
    index->sound_count = 6;
    for (int i = 0; i < 6; i++)
        index->sounds[i].pts = (int64_t)i * 480000;
    row->start_flicks = MS(13000);
    row->end_flicks = MS(15000);
    struct keys a = keys_of(f);
    index->sounds[1].digest[0] ^= 1;
    struct keys b = keys_of(f);
    assert_string_not_equal(a.sound, b.sound);
    row->start_flicks = MS(14000);
    row->end_flicks = MS(16000);
    a = keys_of(f);
    assert_string_not_equal(a.sound, b.sound);
}

static void test_sound_alone_has_no_index(void **state)
{
    struct fixture *f = *state;
    struct highlight *row = simple(f);
    struct recording *r = (struct recording *)row->recording;
    struct recording zoom = {.name = "zoom", .usable = true};
    zoom.sound = r->sound;
    zoom.sound.digest = "1";
    r->recorder = &zoom;
    struct keys a = keys_of(f);
    zoom.sound.digest = "2";
    struct keys b = keys_of(f);
    assert_string_not_equal(a.sound, b.sound);
}

static void test_music(void **state)
{
    struct fixture *f = *state;
    simple(f);
    struct recording bed = {.name = "bed", .usable = true};
    bed.sound = (struct sound_stream){
        .codec = "flac", .channels = 2, .sample_rate = 44100, .digest = "1"};
    struct keys a = keys_of(f);
    f->session->music_bed = &bed;
    f->session->music_path = "/x/bed.flac";
    f->session->music_level_lu = -18;
    struct keys b = keys_of(f);
    assert_true(f->plan->sounds[0]->music);
    assert_string_not_equal(a.sound, b.sound);
    assert_string_equal("======", COMPARE(&a, &b));
    f->session->music_level_lu = -17.5;
    struct keys c = keys_of(f);
    assert_string_not_equal(b.sound, c.sound);
    fixture_preset(f, "web-news")->natural_sound = true;
    keys_of(f);
    assert_false(f->plan->sounds[0]->music);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sound),
        TEST(test_long_sound_packets),
        TEST(test_sound_alone_has_no_index),
        TEST(test_music),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
