/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single cells other than times: transitions, crops, posters, speakers, each
 * read exactly or refused with the words that help. */
#include "ingest/highlights_fixture.h"

static void show_cells(const struct highlight *row, struct buffer *out)
{
    static const char *const kinds[] = {"cut", "fade", "dissolve"};
    buffer_printf(out, "%s %" PRId64 " crop %d poster %d",
                  kinds[row->transition], clock_ms(row->transition_flicks),
                  row->crop_percent, row->poster);
    if (row->poster_flicks != FLICKS_NONE)
        buffer_printf(out, " at %" PRId64, clock_ms(row->poster_flicks));
    for (size_t i = 0; i < row->speaker_count; i++)
        buffer_printf(out, " [%s]", row->speakers[i]);
    if (row->role)
        buffer_printf(out, " (%s)", row->role);
}

static const struct {
    const char *heading, *cell, *wish;
} cells[] = {
    {"transition", "cut", "cut 0 crop -1 poster 0"},
    {"转场", "叠化", "dissolve 0 crop -1 poster 0"},
    {"转场", "叠化 0.5", "dissolve 500 crop -1 poster 0"},
    {"转场", "叠化0.5秒", "dissolve 500 crop -1 poster 0"},
    {"转场", "ｄｉｓｓｏｌｖｅ　０．５", "dissolve 500 crop -1 poster 0"},
    {"transition", "Dissolve 0.5s", "dissolve 500 crop -1 poster 0"},
    {"transition", "dissolve(1)", "dissolve 1000 crop -1 poster 0"},
    {"transition", "fade", "fade 0 crop -1 poster 0"},
    {"transition", "淡入淡出", "fade 0 crop -1 poster 0"},
    {"transition", "disolve", "!transition|did you mean|dissolve"},
    {"transition", "wipe", "!wipe|cut, fade or"},
    {"transition", "fade 60", "!between 0 and 10"},
    {"transition", "fade 0", "!between 0 and 10"},
    {"transition", "fade x", "!transition|fade x"},
    {"transition", "cut 0.5", "!no length"},
    {"transition", "dissolve .5", "dissolve 500 crop -1 poster 0"},
    {"轉場", "疊化", "dissolve 0 crop -1 poster 0"},
    {"transition", "-", "cut 0 crop -1 poster 0"},
    {"转场", "——", "cut 0 crop -1 poster 0"},
    {"crop", "／", "cut 0 crop -1 poster 0"},
    {"取景", "无", "cut 0 crop -1 poster 0"},
    {"封面", "/", "cut 0 crop -1 poster 0"},
    {"发言人", "无", "cut 0 crop -1 poster 0"},
    {"crop", "left", "cut 0 crop 0 poster 0"},
    {"取景", "左", "cut 0 crop 0 poster 0"},
    {"取景", "居中", "cut 0 crop 50 poster 0"},
    {"crop", "Center", "cut 0 crop 50 poster 0"},
    {"crop", "RIGHT", "cut 0 crop 100 poster 0"},
    {"crop", "30%", "cut 0 crop 30 poster 0"},
    {"crop", "３０％", "cut 0 crop 30 poster 0"},
    {"crop", "30", "cut 0 crop 30 poster 0"},
    {"crop", "30.00%", "cut 0 crop 30 poster 0"},
    {"crop", "0", "cut 0 crop 0 poster 0"},
    {"crop", "0.3", "!two ways|30%|0.3%"},
    {"crop", "0.35", "!two ways|35%"},
    {"crop", "130", "!0 to 100"},
    {"crop", "rihgt", "!did you mean|right"},
    {"crop", "上面", "!上面|percentage"},
    {"poster", "yes", "cut 0 crop -1 poster 1"},
    {"封面", "是", "cut 0 crop -1 poster 1"},
    {"封面", "√", "cut 0 crop -1 poster 1"},
    {"封面", "ＹＥＳ", "cut 0 crop -1 poster 1"},
    {"封面", "否", "cut 0 crop -1 poster 0"},
    {"poster", "no", "cut 0 crop -1 poster 0"},
    {"poster", "0:12", "cut 0 crop -1 poster 1 at 12000"},
    {"poster", "0:12.48", "cut 0 crop -1 poster 1 at 12480"},
    {"poster", "1", "!two ways|yes|0:01"},
    {"poster", "2:00:00.5", "!beyond the end"},
    {"poster", "maybe", "!maybe|neither yes nor no"},
    {"speaker", "李明", "cut 0 crop -1 poster 0 [李明] (主任)"},
    {"发言人", "李明、王芳", "cut 0 crop -1 poster 0 [李明] [王芳]"},
    {"发言人", "李明，王芳", "cut 0 crop -1 poster 0 [李明] [王芳]"},
    {"发言人", "李明/王芳&张三", "cut 0 crop -1 poster 0 [李明] [王芳] [张三]"},
    {"发言人", "李明 王芳", "cut 0 crop -1 poster 0 [李明] [王芳]"},
    {"发言人", "李明　王芳", "cut 0 crop -1 poster 0 [李明] [王芳]"},
    {"发言人", "李　明", "cut 0 crop -1 poster 0 [李明] (主任)"},
    {"发言人", "\"李明\n王芳\"", "cut 0 crop -1 poster 0 [李明] [王芳]"},
    {"speaker", "John Smith", "cut 0 crop -1 poster 0 [John Smith]"},
    {"speaker", "John Smith / Ann Lee",
     "cut 0 crop -1 poster 0 [John Smith] [Ann Lee]"},
    {"speaker", "阿卜杜拉·买买提", "cut 0 crop -1 poster 0 [阿卜杜拉·买买提]"},
    {"speaker", "欧阳建图", "?欧阳建图|欧阳建国|people"},
    {"职务", "主任", "?role and no speaker"},
};

static void test_cells(void **state)
{
    (void)state;
    size_t failed = 0;
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        struct fixture it = fixture_open();
        struct buffer text = {0}, shown = {0};
        buffer_printf(&text, "source,start,end,%s\ncam1,0:10,0:20,%s\n",
                      cells[i].heading, cells[i].cell);
        read_text(&it, buffer_text(&text));
        const char *wish = cells[i].wish;
        const struct faults *faults = &it.session.faults;
        assert_int_equal(it.session.list.count, 1);
        show_cells(&it.session.list.rows[0], &shown);
        if (!wish_holds(faults, FAULT_ROW, wish, buffer_text(&shown))) {
            failed++;
            print_error("%s wants <%s>; got <%s>\n", cells[i].cell, wish,
                        buffer_text(&shown));
            show_faults(faults);
        }
        buffer_clear(&text);
        buffer_clear(&shown);
        arena_destroy(&it.arena);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
