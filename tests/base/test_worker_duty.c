/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workers that serve several duties of one run: each worker keeps to the one
 * that it was forked for, sees memory as it was then, is heard by that duty's
 * log; and what must be finished is, also when the run is stopped. */
#include "worker_run.h"

#define DUTIES 3

struct duty {
    struct run *run;
    char name;  /* 'a', … */
    int number; /* changes in main while the run goes on */
    struct log log;
    struct buffer told;
    struct worker_duty duty;
};

struct several {
    struct run *run;
    struct duty duties[DUTIES];
    const char *order; /* of items: which duty each has */
};

static void hear_duty(void *opaque, enum log_level level, const char *message)
{
    struct duty *duty = opaque;
    buffer_printf(&duty->told, "%d:%s|", (int)level, message);
}

/* The note names the duty beside the process. */
static int serve_duty(void *context, const struct buffer *request,
                      struct buffer *reply, struct log *log)
{
    struct duty *duty = context;
    char name[2] = {duty->name};
    note(duty->run, "begin", name);
    int ret = act(duty->run, buffer_text(request), reply, log);
    buffer_reset(reply);
    buffer_printf(reply, "%c %d", duty->name, duty->number);
    if (strcmp(buffer_text(request), "warn") == 0)
        log_warn(log, "look out");
    note(duty->run, "end", name);
    return ret;
}

static bool next_duty(void *context, struct worker_item *item)
{
    struct several *several = context;
    int64_t given = several->run->given;
    if (!next(several->run, item))
        return false;
    struct duty *duty = &several->duties[several->order[given] - 'a'];
    duty->number++;
    item->duty = &duty->duty;
    return true;
}

static void done_duty(void *context, const struct worker_result *result)
{
    done(((struct several *)context)->run, result);
}

static void begin(struct several *several, struct run *run, const char *order)
{
    *several = (struct several){.run = run, .order = order};
    for (int i = 0; i < DUTIES; i++) {
        struct duty *duty = &several->duties[i];
        duty->run = run;
        duty->name = (char)('a' + i);
        log_init(&duty->log, LOG_LEVEL_INFO, hear_duty, duty);
        duty->duty = (struct worker_duty){
            .serve = serve_duty, .context = duty, .log = &duty->log};
    }
    run->job.context = several;
    run->job.next = next_duty;
    run->job.done = done_duty;
    run->job.tick = NULL;
    run->job.progress = NULL;
}

static void end(struct several *several)
{
    for (int i = 0; i < DUTIES; i++) {
        log_clear(&several->duties[i].log);
        buffer_clear(&several->duties[i].told);
    }
}

/* Each process in the notes has one duty; returns how many there are. */
static int check_processes(const char *notes)
{
    struct {
        int pid;
        char duty;
    } seen[64];
    int count = 0;
    for (const char *line = notes; *line; line = strchr(line, '\n') + 1) {
        char what[8], duty;
        int pid, i = 0;
        assert_int_equal(sscanf(line, "%7s %c %d", what, &duty, &pid), 3);
        while (i < count && seen[i].pid != pid)
            i++;
        if (i == count) {
            assert_in_range(count, 0, 63);
            seen[count].pid = pid;
            seen[count++].duty = duty;
        }
        assert_int_equal(seen[i].duty, duty);
    }
    return count;
}

static void one_duty_each(void **state)
{
    struct run *run = *state;
    struct several several;
    begin(&several, run, "aaabbbbcac");
    for (int i = 0; i < 10; i++)
        ask(run, "sleep20");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->done, 10);
    for (int i = 0; i < 10; i++)
        assert_int_equal(run->replies[i][0], several.order[i]);
    /* A duty's last items don't have to wait for a place. */
    assert_in_range(check_processes(notes(run)), 4, 9);
    end(&several);
}

/* A worker that comes later knows more. */
static void as_at_the_fork(void **state)
{
    struct run *run = *state;
    struct several several;
    run->job.count = 1;
    begin(&several, run, "aabba");
    for (int i = 0; i < 5; i++)
        ask(run, "x");
    assert_int_equal(go(run), 0);
    static const char *const replies[] = {"a 1", "a 1", "b 1", "b 1", "a 3"};
    for (int i = 0; i < 5; i++)
        assert_string_equal(run->replies[i], replies[i]);
    end(&several);
}

static void heard_apart(void **state)
{
    struct run *run = *state;
    struct several several;
    begin(&several, run, "abba");
    for (int i = 0; i < 4; i++)
        ask(run, "warn");
    assert_int_equal(go(run), 0);
    /* The same words twice are told once; of two duties, by each. */
    assert_string_equal(buffer_text(&several.duties[0].told), "2:look out|");
    assert_string_equal(buffer_text(&several.duties[1].told), "2:look out|");
    assert_string_equal(buffer_text(&several.duties[2].told), "");
    assert_string_equal(buffer_text(&run->told), "");
    end(&several);
}

static void crash_keeps_its_duty(void **state)
{
    struct run *run = *state;
    struct several several;
    begin(&several, run, "abab");
    ask(run, "x");
    ask(run, "once");
    ask(run, "sleep20");
    ask(run, "abort");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->replies[1][0], 'b');
    assert_int_equal(run->codes[1], 0);
    assert_int_equal(run->codes[3], AVERROR_EXTERNAL);
    assert_non_null(
        strstr(buffer_text(&several.duties[1].told), "crashed twice"));
    assert_string_equal(buffer_text(&several.duties[0].told), "");
    end(&several);
}

static void stop_when_begun(void *context)
{
    struct several *several = context;
    several->run->stop = 1;
}

/* What puts files into the user's folder is not cut short. */
static void finishing(void **state)
{
    struct run *run = *state;
    struct several several;
    begin(&several, run, "aba");
    several.duties[1].duty.finishes = true;
    run->job.tick = stop_when_begun;
    ask(run, "hang");
    ask(run, "sleep400");
    ask(run, "x");
    assert_int_equal(go(run), AVERROR_EXIT);
    assert_int_equal(run->done, 1);
    assert_int_equal(run->order[0], 101);
    assert_int_equal(run->codes[1], 0);
    assert_int_equal(run->given, 2);
    end(&several);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN(one_duty_each),        RUN(as_at_the_fork), RUN(heard_apart),
        RUN(crash_keeps_its_duty), RUN(finishing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
