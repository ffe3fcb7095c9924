/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the delivery of what a run made: the outlets' folders, the page, the
 * report. It runs in a worker, so that a session's copies and zips hold up no
 * other session; what it did comes back as a report:
 *   {"damaged":[product,…],"packages":[{"package":index,"complete":bool},…]}
 * with films and then posters counted through as products. */
#include "produce/run.h"

#include "base/files.h"
#include "package/package.h"
#include "produce/room.h"

#include <stdlib.h>
#include <string.h>

/* A product that is damaged twice on its way out tells of the disk. */
#define ROUNDS_MOST 3
/* A worker copies, sums and zips so much in the time of one unit. */
#define BYTES_PER_UNIT (8 << 20)

int64_t run_delivery_units(const struct queue *queue)
{
    struct produce_need need;
    room_estimate(queue, &need);
    return 1 + need.out_bytes / BYTES_PER_UNIT;
}

/* --- in the worker -------------------------------------------------------- */

struct delivering {
    struct run *run;
    struct results results;
    json_t *last;     /* the report of the run before */
    json_t *written;  /* for the new one */
    json_t *damaged;  /* products, by number */
    json_t *packages; /* for main */
};

static bool is_path(const char *ours, const char *path)
{
    return ours && !strcmp(ours, path);
}

/* Once, however many outlets have it. */
static void deliver_note(const struct delivering *delivering, size_t product)
{
    for (size_t i = 0; i < json_array_size(delivering->damaged); i++)
        if ((size_t)json_integer_value(
                json_array_get(delivering->damaged, i)) == product)
            return;
    json_array_append_new(delivering->damaged,
                          json_integer((json_int_t)product));
}

static void deliver_damaged(void *opaque, const char *path)
{
    const struct delivering *delivering = opaque;
    const struct queue *queue = &delivering->run->queue;
    size_t films = queue->plan->rendition_count;
    for (size_t i = 0; i < films; i++)
        if (is_path(queue->rendition_results[i].path, path))
            deliver_note(delivering, i);
    for (size_t i = 0; i < queue->plan->poster_count; i++)
        if (is_path(queue->poster_results[i].path, path) ||
            is_path(queue->poster_results[i].jpeg_path, path) ||
            is_path(queue->poster_results[i].sheet_path, path))
            deliver_note(delivering, films + i);
}

/* What the last run delivered to an outlet that this one leaves alone. */
static json_t *last_package(const json_t *last, const char *folder)
{
    size_t i;
    json_t *package;
    json_array_foreach(json_object_get(last, "packages"), i, package)
    {
        const char *name =
            json_string_value(json_object_get(package, "folder"));
        if (name && !strcmp(name, folder))
            return package;
    }
    return NULL;
}

static int deliver_package(struct delivering *delivering, size_t index,
                           struct log *log)
{
    const struct queue *queue = &delivering->run->queue;
    const struct package *package = queue->plan->packages[index];
    json_t *object = NULL;
    if (!package->wanted) {
        json_array_append(delivering->written,
                          last_package(delivering->last, package->folder));
        return 0;
    }
    int ret = package_write(log, queue->plan, package, &delivering->results,
                            queue->options->memo, queue->options->out,
                            delivering->last, &object);
    bool complete = json_is_true(json_object_get(object, "complete"));
    json_array_append_new(delivering->written, object);
    if (ret == AVERROR_INVALIDDATA && json_array_size(delivering->damaged))
        return 0; /* the others are looked at, then all is made again */
    if (ret >= 0)
        json_array_append_new(delivering->packages,
                              json_pack("{s:I,s:b}", "package",
                                        (json_int_t)index, "complete",
                                        complete));
    return ret;
}

static int deliver_all(struct delivering *delivering, struct log *log)
{
    const struct queue *queue = &delivering->run->queue;
    const struct plan *plan = queue->plan;
    const char *out = queue->options->out;
    /* Whoever took it away does not want parts of it back. */
    if (!files_is_folder(plan->session->folder))
        return log_fail(log, AVERROR(ENOENT),
                        _("%s: the session's folder is gone; nothing was "
                          "delivered"),
                        plan->session->folder);
    const char *other =
        json_string_value(json_object_get(delivering->last, "foreign"));
    if (other)
        log_warn(log,
                 _("%s: another session (%s) was delivered here before; its "
                   "films stay, but the page and the report become this "
                   "session's: give each session a folder of its own with -o"),
                 out, other);
    int ret = files_make_folders(log, out);
    for (size_t i = 0; ret >= 0 && i < plan->package_count; i++)
        ret = deliver_package(delivering, i, log);
    if (json_array_size(delivering->damaged))
        return ret;
    if (ret >= 0)
        ret = package_page(log, plan, &delivering->results, out);
    if (ret < 0)
        return ret;
    package_withdraw(log, plan, queue->options->memo, out, delivering->last);
    return package_report(log, plan, &delivering->results, delivering->written,
                          queue->options->memo, out);
}

int run_deliver(void *context, const struct buffer *request,
                struct buffer *reply, struct log *log)
{
    struct run *run = context;
    struct queue *queue = &run->queue;
    struct delivering delivering = {
        .run = run,
        .last = package_last_report(queue->plan, queue->options->memo,
                                    queue->options->out),
        .written = json_array(),
        .damaged = json_array(),
        .packages = json_array(),
    };
    delivering.results =
        (struct results){queue->rendition_results, queue->poster_results,
                         deliver_damaged, &delivering};
    int ret = deliver_all(&delivering, log);
    /* What was learnt of delivered files is this process's only. A memo that
     * can't be kept costs the next run time, nobody a word. */
    memo_save(NULL, queue->options->memo);
    json_t *told = json_pack("{s:o,s:o}", "damaged", delivering.damaged,
                             "packages", delivering.packages);
    char *text = json_dumps(told, JSON_COMPACT);
    buffer_puts(reply, text ? text : "{}");
    free(text);
    json_decref(told);
    json_decref(delivering.written);
    json_decref(delivering.last);
    return ret;
}

/* --- in main -------------------------------------------------------------- */

void run_ask_delivery(struct run *run, struct worker_item *item)
{
    /* No deadline: a network folder takes what it takes. */
    *item =
        (struct worker_item){.id = RUN_DELIVERY_ID, .duty = &run->delivering};
    buffer_puts(&item->request, "{}");
}

static bool run_has_failures(const struct run *run,
                             const struct package *package)
{
    const struct queue *queue = &run->queue;
    for (size_t i = 0; i < queue->plan->rendition_count; i++)
        for (size_t k = 0; k < package->rendition_count; k++)
            if (package->renditions[k] == queue->plan->renditions[i] &&
                queue->rendition_results[i].state == RESULT_FAILED)
                return true;
    for (size_t i = 0; i < queue->plan->poster_count; i++)
        for (size_t k = 0; k < package->poster_count; k++)
            if (package->posters[k] == queue->plan->posters[i] &&
                queue->poster_results[i].state == RESULT_FAILED)
                return true;
    return false;
}

static const char *incomplete_sentence(const struct run *run,
                                       const struct package *package)
{
    return run_has_failures(run, package)
               ? _("some of its films or posters failed; what is ready lies "
                   "in the folder, the zip was not made")
               : _("not all of its films were asked for or could be planned; "
                   "what is ready lies in the folder, the zip was not made");
}

static void run_tell_package(struct run *run, const struct package *package,
                             bool complete)
{
    struct queue *queue = &run->queue;
    struct produce_event event = {
        .kind = EVENT_ITEM,
        .units = queue->units_done,
        .total = queue->units_total,
        .item = package->folder,
        .what = "package",
        .state = complete ? "made" : "incomplete",
        .sentence = complete ? NULL : incomplete_sentence(run, package),
    };
    queue->summary->packages += complete;
    queue->summary->incomplete += !complete;
    queue->event(queue->opaque, &event);
}

static void run_tell_packages(struct run *run, const json_t *told)
{
    const struct plan *plan = run->queue.plan;
    size_t i;
    json_t *package;
    json_array_foreach(json_object_get(told, "packages"), i, package)
    {
        size_t index =
            (size_t)json_integer_value(json_object_get(package, "package"));
        if (index < plan->package_count)
            run_tell_package(
                run, plan->packages[index],
                json_is_true(json_object_get(package, "complete")));
    }
}

/* Makes once more what turned out damaged on its way out; false when that was
 * tried often enough. */
static bool run_goes_back(struct run *run, const json_t *damaged)
{
    size_t i;
    json_t *product;
    if (++run->rounds == ROUNDS_MOST)
        return false;
    json_array_foreach(damaged, i, product)
        queue_damaged(&run->queue, (size_t)json_integer_value(product));
    run->queue.units_total += run->delivery_units;
    run->state = RUN_MAKING;
    return true;
}

void run_end_delivery(struct run *run, const struct worker_result *result)
{
    struct queue *queue = &run->queue;
    struct log *log = run->part->log;
    json_t *told =
        json_loadb(result->reply->data ? result->reply->data : "{}",
                   result->reply->size ? result->reply->size : 2, 0, NULL);
    const json_t *damaged = json_object_get(told, "damaged");
    run->state = RUN_OVER;
    /* What failed does not end at 100 %. */
    if (result->code >= 0)
        queue->units_done += run->delivery_units;
    if (result->code < 0)
        run->code = log_fail(log, result->code, "%s", result->sentence);
    else if (!json_array_size(damaged))
        run_tell_packages(run, told);
    else if (!run_goes_back(run, damaged))
        run->code =
            log_fail(log, AVERROR(EIO),
                     _("%s: what is written there comes back damaged again and "
                       "again; check the disk, or name another folder with "
                       "--store"),
                     queue->options->store);
    json_decref(told);
    queue_tick(queue);
}
