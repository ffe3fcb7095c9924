/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the probing of recordings and photos in workers: what is asked, and
 * what becomes of a worker that dies over a file. Knows no format. */
#include "ingest/session_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <libavutil/common.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "base/memo.h"
#include "base/worker.h"

#define PHOTO_DEADLINE_MS (PATIENCE_S * 1000)
/* An index is one pass over the whole file, which may be 100 GB and lie on a
 * slow network folder: 5 MB/s, up to six hours, and no less than for a photo.
 */
#define RECORDING_BYTES_PER_MS     5000
#define RECORDING_DEADLINE_MOST_MS (6 * 60 * 60 * 1000)

struct probe_run {
    struct arena *arena;
    struct confinement confinement;
    struct probes *probes;
    struct memo *memo; /* may be NULL */
    const char *what;  /* in the memo: facts as this very program tells them */
    int patience_s;
    size_t *left; /* what the memo does not know */
    size_t left_count;
    size_t next;
};

void probes_add_recording(struct probes *probes, struct session *session,
                          const struct recording *recording, const char *store)
{
    if (!recording || recording->trouble)
        return;
    struct recording *found = NULL;
    for (size_t i = 0; i < session->recording_count; i++) {
        if (session->recordings[i] == recording)
            found = session->recordings[i];
    }
    if (!found && session->music_bed == recording)
        found = (struct recording *)(uintptr_t)recording;
    for (size_t i = 0; i < probes->count; i++) {
        if (probes->list[i].recording == found)
            return;
    }
    if (!found)
        return;
    struct probe *probe =
        ARENA_PUSH(session->arena, probes->list, probes->count);
    probe->recording = found;
    probe->wish = session_wish(session, found, true);
    probe->index_path = index_file(session->arena, store, recording->path);
}

void probes_add_photo(struct probes *probes, struct session *session,
                      const struct photo *photo)
{
    for (size_t i = 0; i < probes->count; i++) {
        if (probes->list[i].photo == photo)
            return;
    }
    for (size_t i = 0; i < session->photo_count; i++) {
        if (session->photos[i] != photo)
            continue;
        struct probe *probe =
            ARENA_PUSH(session->arena, probes->list, probes->count);
        probe->photo = session->photos[i];
    }
}

/* --- what is asked ------------------------------------------------------- */

static json_t *wish_write(const struct index_wish *wish)
{
    json_t *list = json_array();
    for (size_t i = 0; i < wish->count && list; i++)
        json_array_append_new(
            list, json_pack("[I,I]", (json_int_t)wish->ranges[i].from_flicks,
                            (json_int_t)wish->ranges[i].to_flicks));
    return json_pack("{s:b,s:o}", "whole", wish->whole, "ranges", list);
}

static struct index_wish wish_read(const json_t *wish, struct arena *arena)
{
    const json_t *list = json_object_get(wish, "ranges");
    struct index_wish out = {.whole =
                                 json_is_true(json_object_get(wish, "whole")),
                             .count = json_array_size(list)};
    struct index_range *ranges =
        arena_alloc(arena, out.count * sizeof(*ranges));
    for (size_t i = 0; i < out.count; i++) {
        const json_t *range = json_array_get(list, i);
        ranges[i].from_flicks = json_integer_value(json_array_get(range, 0));
        ranges[i].to_flicks = json_integer_value(json_array_get(range, 1));
    }
    out.ranges = ranges;
    return out;
}

/* --- in the worker ------------------------------------------------------- */

struct forwarder {
    struct log *log;
    bool warned;
};

/* The trouble of a file is a fault of rows, told with them: as a message it
 * would be told twice. */
static void forward_warning(void *opaque, enum log_level level,
                            const char *message)
{
    struct forwarder *forwarder = opaque;
    forwarder->warned |= level == LOG_LEVEL_WARNING;
    if (level == LOG_LEVEL_WARNING)
        log_warn(forwarder->log, "%s", message);
    else if (level > LOG_LEVEL_WARNING)
        log_verbose(forwarder->log, "%s", message);
}

static int probe_start(void *context, struct log *log)
{
    const struct probe_run *run = context;
    return confine_self(log, &run->confinement);
}

static int probe_serve(void *context, const struct buffer *request,
                       struct buffer *reply, struct log *log)
{
    struct log quiet;
    struct forwarder forwarder = {.log = log};
    struct arena *arena = arena_create();
    log_init(&quiet, LOG_LEVEL_VERBOSE, forward_warning, &forwarder);
    json_t *asked = json_loadb(request->data, request->size, 0, NULL);
    const char *kind = json_string_value(json_object_get(asked, "kind"));
    const char *path = json_string_value(json_object_get(asked, "path"));
    const char *index = json_string_value(json_object_get(asked, "index"));
    json_t *facts = NULL;
    if (kind && path && strcmp(kind, "photo") == 0)
        facts = photo_probe(&quiet, path);
    else if (kind && path && index) {
        const struct index_wish wish =
            wish_read(json_object_get(asked, "wish"), arena);
        facts = recording_probe(&quiet, path, index, &wish);
    }
    if (forwarder.warned)
        json_object_set_new(facts, "warned", json_true());
    char *text = facts ? json_dumps(facts, JSON_COMPACT) : NULL;
    int ret = 0;
    if (text)
        buffer_puts(reply, text);
    else
        ret = log_fail(log, AVERROR(EINVAL),
                       _("the file could not be looked at; try again"));
    free(text);
    json_decref(facts);
    json_decref(asked);
    arena_destroy(&arena);
    log_clear(&quiet);
    return ret;
}

/* --- in main ------------------------------------------------------------- */

static const char *probe_path(const struct probe *probe)
{
    return probe->photo ? probe->photo->path : probe->recording->path;
}

/* Any other build may tell others. */
const char *session_facts_name(struct arena *arena)
{
    struct file_stamp program = {0};
    files_stamp("/proc/self/exe", &program);
    return arena_printf(arena, "facts %s %llx %llx %x %x", REELPRESS_VERSION,
                        (unsigned long long)program.size,
                        (unsigned long long)program.mtime_ns,
                        avformat_version(), avcodec_version());
}

static int probe_adopt(const struct probe *probe, const json_t *facts,
                       struct arena *arena)
{
    if (!probe->photo)
        return recording_adopt(NULL, probe->recording, facts, probe->index_path,
                               arena);
    photo_adopt(probe->photo, facts, arena);
    return 0;
}

static bool probe_is_usable(const struct probe *probe)
{
    return probe->photo ? probe->photo->usable : probe->recording->usable;
}

/* What a worker told of the file when it was as it is now. Only what was good
 * and without a warning is remembered: the rest is to be told again. */
static bool probe_recall(const struct probe_run *run, const struct probe *probe)
{
    const char *text = memo_find(run->memo, run->what, probe_path(probe));
    json_t *facts = text ? json_loads(text, 0, NULL) : NULL;
    bool known = facts && probe_adopt(probe, facts, run->arena) >= 0 &&
                 probe_is_usable(probe);
    json_decref(facts);
    /* An index may have been deleted: then the worker builds it again. */
    if (text && !known && probe->photo)
        probe->photo->trouble = NULL;
    else if (text && !known)
        probe->recording->trouble = NULL;
    return known;
}

static void probe_remember(const struct probe_run *run,
                           const struct probe *probe, const json_t *facts)
{
    bool unread = json_is_true(json_object_get(facts, "unread"));
    if (unread)
        unlink(probe->index_path);
    if (unread || !probe_is_usable(probe) || json_object_get(facts, "warned"))
        return;
    char *text = json_dumps(facts, JSON_COMPACT | JSON_SORT_KEYS);
    if (text)
        memo_keep(run->memo, run->what, probe_path(probe), &probe->before,
                  probe->began_ns, text);
    free(text);
}

static int64_t probe_deadline_ms(const struct probe *probe)
{
    if (probe->photo)
        return PHOTO_DEADLINE_MS;
    int64_t size = files_size(probe->recording->path);
    int64_t reading = size > 0 ? size / RECORDING_BYTES_PER_MS : 0;
    return FFMIN(PHOTO_DEADLINE_MS + reading, RECORDING_DEADLINE_MOST_MS);
}

static bool probe_next(void *context, struct worker_item *item)
{
    struct probe_run *run = context;
    if (run->next >= run->left_count)
        return false;
    size_t id = run->left[run->next++];
    struct probe *probe = &run->probes->list[id];
    probe->began_ns = memo_now();
    if (files_stamp(probe_path(probe), &probe->before) < 0)
        probe->before = (struct file_stamp){0};
    json_t *ask =
        probe->photo
            ? json_pack("{s:s, s:s}", "kind", "photo", "path",
                        probe->photo->path)
            : json_pack("{s:s, s:s, s:s, s:o}", "kind", "recording", "path",
                        probe->recording->path, "index", probe->index_path,
                        "wish", wish_write(&probe->wish));
    char *text = ask ? json_dumps(ask, JSON_COMPACT) : NULL;
    *item = (struct worker_item){
        .id = (int64_t)id,
        .deadline_ms =
            worker_deadline_ms(probe_deadline_ms(probe), run->patience_s),
    };
    /* A path that is no UTF-8 makes no JSON; the worker then says so. */
    buffer_puts(&item->request, text ? text : "{}");
    free(text);
    json_decref(ask);
    return true;
}

static void probe_set_trouble(const struct probe *probe, int code,
                              const char *trouble)
{
    if (probe->photo) {
        probe->photo->usable = false;
        probe->photo->trouble = trouble;
        probe->photo->trouble_code = code;
    } else {
        probe->recording->usable = false;
        probe->recording->trouble = trouble;
        probe->recording->trouble_code = code;
    }
}

static void probe_done(void *context, const struct worker_result *result)
{
    struct probe_run *run = context;
    struct arena *arena = run->arena;
    const struct probe *probe = &run->probes->list[result->id];
    json_t *facts = NULL;
    if (result->code == 0)
        facts = json_loadb(result->reply->data, result->reply->size, 0, NULL);
    if (!facts) {
        int code = result->code ? result->code : AVERROR_INVALIDDATA;
        const char *sentence = result->sentence
                                   ? result->sentence
                                   : _("the file could not be looked at");
        probe_set_trouble(probe, code, arena_strdup(arena, sentence));
        return;
    }
    int ret = probe_adopt(probe, facts, arena);
    if (ret >= 0)
        probe_remember(run, probe, facts);
    if (ret < 0 && !probe->recording->trouble)
        probe_set_trouble(probe, ret,
                          arena_printf(arena,
                                       _("its index can't be read (%s); try "
                                         "again"),
                                       LOG_REASON(ret)));
    json_decref(facts);
}

/* Sessions on a disc or on a colleague's folder may not be written to. */
static int probes_make_folder(struct log *log, const char *store,
                              const char *folder)
{
    int ret = files_make_folders(NULL, folder);
    if (ret == AVERROR(EROFS) || ret == AVERROR(EACCES) ||
        ret == AVERROR(EPERM))
        return log_fail(log, ret,
                        _("%s: the work folder can't be made (%s); name "
                          "another with --store, or have its rights changed"),
                        store, LOG_REASON(ret));
    return ret < 0 ? files_make_folders(log, folder) : 0;
}

/* One that another user made, with sudo as a rule: else each recording would
 * be told to be at fault. */
static int probes_check_folder(struct log *log, const char *store,
                               const char *folder)
{
    if (access(folder, W_OK | X_OK) == 0)
        return 0;
    int ret = AVERROR(errno);
    return log_fail(log, ret,
                    _("%s: the work folder can't be written to (%s); name "
                      "another with --store, or have its rights changed"),
                    store, LOG_REASON(ret));
}

static int probes_start(struct log *log, struct probes *probes,
                        struct session *session,
                        const struct ingest_options *options, bool again)
{
    if (!probes->count)
        return 0;
    const char *indexes = files_join(session->arena, options->store, "index");
    int ret = probes_make_folder(log, options->store, indexes);
    if (ret < 0)
        return ret;
    struct probe_run run = {
        .arena = session->arena,
        .probes = probes,
        .memo = options->memo,
        .what = session_facts_name(session->arena),
        .patience_s = options->patience_s,
        .left = arena_alloc(session->arena, probes->count * sizeof(*run.left)),
    };
    for (size_t i = 0; i < probes->count; i++) {
        if (again || !probe_recall(&run, &probes->list[i]))
            run.left[run.left_count++] = i;
    }
    if (run.left_count)
        ret = probes_check_folder(log, options->store, indexes);
    if (!run.left_count || ret < 0)
        return ret;
    run.confinement.arena = session->arena;
    session_confine(session, &run.confinement);
    confinement_write(&run.confinement, indexes);
    struct worker_job job = {
        .count = options->jobs > 1 ? options->jobs : 1,
        .duty = {.serve = probe_serve,
                 .start = probe_start,
                 .context = &run,
                 .items_per_worker = 64},
        .context = &run,
        .next = probe_next,
        .done = probe_done,
        .stop = options->stop,
    };
    if ((size_t)job.count > run.left_count)
        job.count = (int)run.left_count;
    return workers_run(log, &job);
}

int probes_run(struct log *log, struct probes *probes, struct session *session,
               const struct ingest_options *options)
{
    return probes_start(log, probes, session, options, false);
}

int probes_run_again(struct log *log, const struct probes *probes,
                     struct session *session,
                     const struct ingest_options *options)
{
    struct probes left = {0};
    for (size_t i = 0; i < probes->count; i++) {
        struct probe probe = probes->list[i];
        if (!probe.recording || !probe.recording->index)
            continue;
        probe.wish = session_wish(session, probe.recording, false);
        if (!index_answers(probe.recording->index, &probe.wish))
            *(struct probe *)ARENA_PUSH(session->arena, left.list, left.count) =
                probe;
    }
    return probes_start(log, &left, session, options, true);
}
