/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns make --watch: which folders under a root are sessions, and when one has
 * come to rest. Looks at names, sizes and times only. inotify wakes it early;
 * what it trusts is the look itself, so network folders, which send no such
 * events, are served too. */
#include "commands.h"

#include "base/digest.h"
#include "base/files.h"
#include "visit.h"

#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include <libavutil/common.h>
#include <libavutil/time.h>

#define REST_MS    10000 /* unchanged for so long: nobody is copying any more */
#define LOOK_MS    3000  /* between two looks, */
#define LOOK_SHARE 10    /* or so many times as long as one takes; */
#define LOOK_MOST  300000
#define DEPTH_MOST 6 /* folders inside a session */

struct watched {
    const char *folder;
    char seen[DIGEST_TEXT]; /* state at the last look */
    char made[DIGEST_TEXT]; /* state that was made; "" none yet */
    int64_t since_ms;       /* since when `seen` stands */
    int64_t again_ms; /* when `made` is tried once more; 0: it is done with */
};

struct watch {
    struct log *log;
    struct progress *progress;
    struct cli cli;
    struct arena *arena;
    struct watched *list;
    size_t count;
    bool many;       /* not just the one session that was named */
    int notify;      /* inotify; -1: not to be had */
    int64_t look_ms; /* what the last look took */
};

/* What the program itself writes must not wake it again. */
static bool is_own(const struct cli *cli, const char *path, int depth)
{
    const char *given[] = {cli->output, cli->store};
    struct stat own, found;
    if (depth == 0 && !strcmp(files_name(path), "out"))
        return true;
    for (size_t i = 0; i < FF_ARRAY_ELEMS(given); i++)
        if (given[i] && stat(given[i], &own) == 0 && stat(path, &found) == 0 &&
            own.st_dev == found.st_dev && own.st_ino == found.st_ino)
            return true;
    return false;
}

static void state_add(struct digest *digest, const struct cli *cli,
                      const char *folder, int depth)
{
    struct arena *arena = arena_create();
    char **names;
    size_t count;
    if (depth > DEPTH_MOST ||
        files_list(NULL, folder, arena, &names, &count) < 0)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat stat_of;
        char *path = files_join(arena, folder, names[i]);
        if (is_own(cli, path, depth) || files_is_of_desktop(names[i]) ||
            stat(path, &stat_of) < 0)
            continue;
        digest_field_text(digest, names[i]);
        if (S_ISDIR(stat_of.st_mode)) {
            state_add(digest, cli, path, depth + 1);
            continue;
        }
        digest_field_int(digest, stat_of.st_size);
        digest_field_int(digest, stat_of.st_mtim.tv_sec);
        digest_field_int(digest, stat_of.st_mtim.tv_nsec);
    }
    arena_destroy(&arena);
}

static void state_of(const struct cli *cli, const char *folder,
                     char out[DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    state_add(digest, cli, folder, 0);
    digest_finish_text(digest, out);
    digest_destroy(&digest);
}

static void watch_add(struct watch *watch, const char *folder)
{
    for (size_t i = 0; i < watch->count; i++)
        if (!strcmp(watch->list[i].folder, folder))
            return;
    struct watched *watched =
        ARENA_PUSH(watch->arena, watch->list, watch->count);
    watched->folder = arena_strdup(watch->arena, folder);
    if (watch->notify >= 0)
        inotify_add_watch(watch->notify, folder,
                          IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE);
    log_info(watch->log, _("watching %s"), folder);
}

/* Its file may be misnamed, as desktops hide endings: making it tells that,
 * where nothing at all would leave the user waiting. */
static bool is_session(struct arena *arena, const char *folder)
{
    static const char *const names[] = {"session.yaml", "session.yaml.txt",
                                        "session.yml"};
    for (size_t i = 0; i < FF_ARRAY_ELEMS(names); i++)
        if (files_exist(files_join(arena, folder, names[i])))
            return true;
    return false;
}

/* A root is a session itself, or holds sessions. */
static void watch_find(struct watch *watch, const char *root)
{
    struct arena *arena = arena_create();
    char **names;
    size_t count = 0;
    if (is_session(arena, root))
        watch_add(watch, root);
    else if (files_list(NULL, root, arena, &names, &count) < 0)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        char *folder = files_join(arena, root, names[i]);
        if (files_is_folder(folder) && is_session(arena, folder))
            watch_add(watch, folder);
    }
    arena_destroy(&arena);
}

static int64_t now_ms(void)
{
    return av_gettime_relative() / 1000;
}

/* Moved away, deleted, or on a network folder that is gone: nothing to make,
 * and when it is back it has to come to rest first. */
static bool watched_is_there(struct watched *watched)
{
    struct arena *arena = arena_create();
    bool there = is_session(arena, watched->folder);
    arena_destroy(&arena);
    if (!there)
        watched->seen[0] = '\0';
    return there;
}

/* To be made when it rests in a state that was not made yet. What changes
 * while it is made shows as another state at the next look. */
static bool watch_look(struct watch *watch, struct watched *watched)
{
    char state[DIGEST_TEXT];
    if (!watched_is_there(watched))
        return false;
    state_of(&watch->cli, watched->folder, state);
    if (strcmp(state, watched->seen)) {
        memcpy(watched->seen, state, DIGEST_TEXT);
        watched->since_ms = now_ms();
        return false;
    }
    bool again = watched->again_ms && now_ms() >= watched->again_ms;
    if ((!strcmp(watched->made, state) && !again) ||
        now_ms() - watched->since_ms < REST_MS)
        return false;
    memcpy(watched->made, state, DIGEST_TEXT);
    log_info(watch->log, _("%s has come to rest; making it"), watched->folder);
    return true;
}

/* After what may have passed by itself. */
static int64_t again_ms(void)
{
    return INT64_C(2000) * visit_patience_s();
}

/* All that are ready now, together. */
static void watch_make(struct watch *watch, const volatile int *stop)
{
    struct arena *arena = arena_create();
    const char **folders = arena_alloc(arena, watch->count * sizeof *folders);
    size_t *which = arena_alloc(arena, watch->count * sizeof *which);
    bool *again = arena_alloc(arena, watch->count * sizeof *again);
    size_t count = 0;
    int64_t begin_ms = now_ms();
    for (size_t i = 0; i < watch->count && !*stop; i++) {
        if (!watch_look(watch, &watch->list[i]))
            continue;
        folders[count] = watch->list[i].folder;
        which[count++] = i;
    }
    watch->look_ms = now_ms() - begin_ms;
    if (count && !*stop)
        command_make(watch->log, watch->progress, &watch->cli, folders, count,
                     watch->many, again, stop);
    for (size_t i = 0; i < count; i++)
        watch->list[which[i]].again_ms = again[i] ? now_ms() + again_ms() : 0;
    arena_destroy(&arena);
}

/* Many sessions on a slow network folder are not looked at without a pause. */
static void watch_wait(struct watch *watch)
{
    char events[4096];
    struct pollfd wake = {.fd = watch->notify, .events = POLLIN};
    int pause_ms = (int)FFMIN(watch->look_ms * LOOK_SHARE, LOOK_MOST);
    if (poll(&wake, watch->notify >= 0, FFMAX(pause_ms, LOOK_MS)) > 0) {
        while (read(watch->notify, events, sizeof events) > 0)
            ;
        /* A copy sends thousands of events: no look for each. */
        poll(NULL, 0, FFMAX(pause_ms, LOOK_MS / 3));
    }
}

int command_watch(struct log *log, struct progress *progress,
                  const struct cli *cli, const volatile int *stop)
{
    struct watch watch = {
        .log = log,
        .progress = progress,
        .cli = *cli,
        .arena = arena_create(),
        .notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC),
    };
    bool missing = false;
    watch.cli.partly = true;
    for (size_t i = 0; i < cli->argument_count; i++) {
        if (!files_is_folder(cli->arguments[i])) {
            log_fail(log, AVERROR(ENOTDIR),
                     _("%s: there is no such folder to watch"),
                     cli->arguments[i]);
            missing = true;
        }
        if (watch.notify >= 0)
            inotify_add_watch(watch.notify, cli->arguments[i],
                              IN_CREATE | IN_MOVED_TO);
    }
    watch.many =
        cli->argument_count > 1 || !is_session(watch.arena, cli->arguments[0]);
    while (!*stop && !missing) {
        for (size_t i = 0; i < cli->argument_count; i++)
            watch_find(&watch, cli->arguments[i]);
        watch_make(&watch, stop);
        watch_wait(&watch);
    }
    if (watch.notify >= 0)
        close(watch.notify);
    arena_destroy(&watch.arena);
    return *stop ? EXIT_INTERRUPTED : EXIT_NOTHING_MADE;
}
