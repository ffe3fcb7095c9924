/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns `make` over sessions: all are looked at first, so that all faults are
 * told and the whole is estimated; then they are made, one pool of workers for
 * all, each planned again when its turn comes, as hundreds of plans would fill
 * the memory. Does not know how a plan is made. */
#include "commands.h"

#include "produce/summary.h"
#include "visit.h"

#include <string.h>
#include <libavutil/common.h>

/* One session's way through the command. */
struct errand {
    struct visit visit;
    struct produce_part part;
    struct produce_need need;
    bool ready;          /* looked at, and can be made */
    bool is_open;        /* its plan is in memory */
    const char *trouble; /* why nothing is made, in few words */
    enum exit_status status;
    size_t asked; /* which of the folders that were named */
    bool passes;  /* the trouble may be gone another time */
};

struct making {
    struct log *log;
    struct progress *progress;
    const struct cli *cli;
    const volatile int *stop;
    struct arena *arena;
    struct errand *errands;
    size_t count;
    size_t next; /* the first whose turn has not come */
    int jobs;
    int64_t units_beyond; /* of those whose turn has not come */
    struct disks disks;   /* what all that can be made needs of them */
};

/* --- what is asked -------------------------------------------------------- */

static bool making_has(const struct making *making, const char *path)
{
    for (size_t i = 0; i < making->count; i++)
        if (!strcmp(making->errands[i].visit.path, path))
            return true;
    return false;
}

/* Two sessions of one name under one -o would overwrite each other. */
static void errand_check_out(struct making *making, struct errand *errand)
{
    for (const struct errand *other = making->errands; other < errand;
         other++) {
        if (other->trouble || strcmp(other->visit.out, errand->visit.out) != 0)
            continue;
        log_fail(&errand->visit.log, AVERROR(EEXIST),
                 _("%s: its films would go to %s, as those of %s; make one of "
                   "them with another -o"),
                 errand->visit.folder, errand->visit.out, other->visit.folder);
        errand->trouble = _("not made: its folder is taken");
        return;
    }
    int ret = visit_check_out(&errand->visit);
    errand->passes = ret < 0 && ret != AVERROR(EEXIST);
    if (ret < 0)
        errand->trouble = errand->passes
                              ? _("not made: its folder can't be written")
                              : _("not made: its folder is taken");
}

/* A session that is named twice is made once. */
static void making_init(struct making *making, const char *const *folders,
                        size_t count, bool many)
{
    making->errands =
        arena_alloc(making->arena, count * sizeof *making->errands);
    for (size_t i = 0; i < count; i++) {
        struct errand *errand = &making->errands[making->count];
        visit_init(&errand->visit, making->log, making->cli, folders[i], many);
        errand->status = EXIT_NOTHING_MADE;
        errand->asked = i;
        if (making_has(making, errand->visit.path))
            visit_clear(&errand->visit);
        else
            making->count++;
    }
}

static void making_clear(struct making *making)
{
    for (size_t i = 0; i < making->count; i++) {
        struct errand *errand = &making->errands[i];
        visit_unlock(&errand->visit);
        visit_close(&errand->visit);
        visit_clear(&errand->visit);
    }
    disks_clear(&making->disks);
    arena_destroy(&making->arena);
}

/* --- the first look ------------------------------------------------------- */

/* Opens the session and tells what is wrong with it; false when nothing of it
 * can be made. */
static bool errand_open(struct errand *errand, const volatile int *stop)
{
    struct visit *visit = &errand->visit;
    int ret = visit_open(visit, stop);
    if (*stop)
        return false;
    if (ret >= 0) {
        visit_tell_faults(visit);
        errand->status = visit_status(visit);
    }
    errand->is_open = ret >= 0 && errand->status != EXIT_NOTHING_MADE;
    if (!errand->is_open) {
        errand->status = EXIT_NOTHING_MADE;
        errand->trouble = _("not made: see the faults above");
        visit_close(visit);
    }
    return errand->is_open;
}

static void errand_close(struct errand *errand)
{
    errand->is_open = false;
    visit_close(&errand->visit);
}

/* The first that can be made stays open, as its turn comes at once. */
static void making_survey(struct making *making)
{
    bool kept = false;
    for (size_t i = 0; i < making->count && !*making->stop; i++) {
        struct errand *errand = &making->errands[i];
        struct produce_options options;
        if (!errand_open(errand, making->stop))
            continue;
        errand_check_out(making, errand);
        errand->ready = !errand->trouble;
        if (errand->ready) {
            const struct plan *plan = errand->visit.plan;
            making->jobs = produce_jobs(&errand->visit.log, plan, making->jobs);
            visit_options(&errand->visit, &options);
            produce_estimate(plan, &options, &making->disks, &errand->need);
        } else {
            errand->status = EXIT_NOTHING_MADE;
        }
        if (!errand->ready || kept)
            errand_close(errand);
        kept |= errand->is_open;
    }
}

/* Told once, of all that can be made; returns its units. */
static int64_t making_tell_need(const struct making *making)
{
    struct produce_need sum = {0};
    for (size_t i = 0; i < making->count; i++)
        produce_need_add(&sum, &making->errands[i].need);
    produce_tell_need(making->log, &sum, making->jobs, &making->disks);
    return sum.units;
}

/* --- one after the other, together ---------------------------------------- */

static bool errand_begin(struct making *making, struct errand *errand)
{
    struct visit *visit = &errand->visit;
    int ret = visit_lock(visit);
    if (ret < 0) {
        errand->trouble = ret == AVERROR(EBUSY)
                              ? _("not made: another run works on it")
                              : _("not made: its folder can't be written");
        errand->status = EXIT_NOTHING_MADE;
        errand->passes = true;
        errand_close(errand);
        return false;
    }
    if (!errand->is_open && !errand_open(errand, making->stop)) {
        visit_unlock(&errand->visit);
        return false;
    }
    errand->part = (struct produce_part){
        .log = &visit->log, .session = visit->name, .plan = visit->plan};
    visit_options(visit, &errand->part.options);
    errand->part.options.jobs = making->jobs;
    return true;
}

static struct produce_part *making_next(void *opaque)
{
    struct making *making = opaque;
    while (making->next < making->count) {
        struct errand *errand = &making->errands[making->next++];
        making->units_beyond -= errand->need.units;
        if (errand->ready && errand_begin(making, errand))
            return &errand->part;
    }
    return NULL;
}

static void errand_tell_end(struct errand *errand)
{
    const struct produce_summary *summary = &errand->part.summary;
    if (errand->visit.cli->json || errand->part.code < 0)
        return;
    if (!summary->made && !summary->reused)
        log_info(&errand->visit.log,
                 _("nothing could be made, %zu failed; %s is as it was"),
                 summary->failed, errand->visit.out);
    else
        log_info(&errand->visit.log,
                 _("%zu made, %zu as before, %zu failed; open %s/index.html"),
                 summary->made, summary->reused, summary->failed,
                 errand->visit.out);
}

static void making_done(void *opaque, struct produce_part *part)
{
    struct errand *errand =
        (struct errand *)((char *)part - offsetof(struct errand, part));
    const struct produce_summary *summary = &part->summary;
    visit_unlock(&errand->visit);
    errand_tell_end(errand);
    errand_close(errand);
    if (part->code == AVERROR_EXIT) {
        errand->status = EXIT_INTERRUPTED;
        errand->trouble = _("interrupted");
    } else if (part->code < 0 || !(summary->made + summary->reused)) {
        errand->status = EXIT_NOTHING_MADE;
        errand->trouble = _("not made: see the messages above");
        errand->passes = part->code < 0;
    } else if (summary->failed) {
        errand->status = EXIT_SOME_MADE;
    }
}

static void making_event(void *opaque, const struct produce_event *event)
{
    progress_event(((struct making *)opaque)->progress, event);
}

/* --- the end -------------------------------------------------------------- */

/* Sessions that an interrupted run did not come to. */
static const char *errand_trouble(const struct errand *errand)
{
    bool begun = errand->part.plan;
    return errand->trouble ? errand->trouble : begun ? NULL : _("not begun");
}

static void making_tell_all(const struct making *making)
{
    struct summary_row *rows =
        arena_alloc(making->arena, making->count * sizeof *rows);
    struct buffer text = {0};
    if (making->count < 2)
        return;
    for (size_t i = 0; i < making->count; i++) {
        const struct errand *errand = &making->errands[i];
        rows[i] = (struct summary_row){.session = errand->visit.name,
                                       .out = errand->visit.out,
                                       .trouble = errand_trouble(errand),
                                       .summary = errand->part.summary};
    }
    if (making->cli->json) {
        progress_json(making->progress, summary_json(rows, making->count));
        return;
    }
    summary_print(rows, making->count, &text);
    char *line = text.data;
    for (char *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        log_info(making->log, "%s", line);
    }
    buffer_clear(&text);
}

/* All made is 0, some is 1, nothing at all is 2. */
static enum exit_status making_status(const struct making *making)
{
    size_t all = 0, none = 0;
    for (size_t i = 0; i < making->count; i++) {
        all += making->errands[i].status == EXIT_ALL_MADE;
        none += making->errands[i].status == EXIT_NOTHING_MADE;
    }
    if (all == making->count)
        return EXIT_ALL_MADE;
    return none == making->count ? EXIT_NOTHING_MADE : EXIT_SOME_MADE;
}

static enum exit_status making_run(struct making *making)
{
    making_survey(making);
    if (*making->stop) {
        log_info(making->log, _("interrupted before anything was made"));
        return EXIT_INTERRUPTED;
    }
    struct produce_job job = {
        .log = making->log,
        .jobs = making->jobs,
        .units_beyond = &making->units_beyond,
        .stop = making->stop,
        .next = making_next,
        .done = making_done,
        .event = making_event,
        .opaque = making,
    };
    making->units_beyond = making_tell_need(making);
    int ret = produce_run(&job);
    if (ret == AVERROR_EXIT && !making->cli->json)
        log_info(making->log,
                 _("interrupted; what is finished is kept, the same command "
                   "goes on from here"));
    making_tell_all(making);
    return ret == AVERROR_EXIT ? EXIT_INTERRUPTED : making_status(making);
}

int command_make(struct log *log, struct progress *progress,
                 const struct cli *cli, const char *const *folders,
                 size_t count, bool many, bool *again, const volatile int *stop)
{
    struct making making = {
        .log = log,
        .progress = progress,
        .cli = cli,
        .stop = stop,
        .arena = arena_create(),
        .jobs = cli->jobs,
    };
    making_init(&making, folders, count, many);
    progress->many = many;
    enum exit_status status = making_run(&making);
    for (size_t i = 0; again && i < making.count; i++)
        again[making.errands[i].asked] = making.errands[i].passes;
    making_clear(&making);
    return status;
}
