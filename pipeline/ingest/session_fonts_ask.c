/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the workers that look at carried fonts: what they are let read and
 * write, how a question is served, and which answers are remembered. */
#include "ingest/session_fonts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memo.h"
#include "base/worker.h"
#include "ingest/carried.h"

#define FONT_DEADLINE_MS (PATIENCE_S * 1000)

struct font_ask *font_asks_add(struct font_asks *asks, json_t *question,
                               const char *path, const char *memo)
{
    struct font_ask *ask =
        ARENA_PUSH(asks->session->arena, asks->list, asks->count);
    ask->question = question;
    ask->path = path;
    ask->memo = memo;
    return ask;
}

void font_asks_clear(struct font_asks *asks)
{
    for (size_t i = 0; i < asks->count; i++) {
        json_decref(asks->list[i].question);
        json_decref(asks->list[i].answer);
    }
    asks->list = NULL;
    asks->count = 0;
}

json_t *font_ask_recall(const struct font_asks *asks,
                        const struct font_ask *ask)
{
    const char *text =
        ask->memo ? memo_find(asks->options->memo, ask->memo, ask->path) : NULL;
    return text ? json_loads(text, 0, NULL) : NULL;
}

/* --- in the worker -------------------------------------------------------- */

struct font_run {
    struct font_asks *asks;
    struct confinement confinement;
    size_t next;
};

static int font_start(void *context, struct log *log)
{
    const struct font_run *run = context;
    return confine_self(log, &run->confinement);
}

static const char *asked(const json_t *question, const char *key)
{
    const char *text = json_string_value(json_object_get(question, key));
    return text ? text : "";
}

static int take_fonts(struct log *log, const json_t *question, const char *kind,
                      const char *store, json_t **answer)
{
    struct font_taker taker = {
        .log = log, .store = store, .list = json_array()};
    const char *path = asked(question, "path");
    const char *charset = asked(question, "charset");
    int ret =
        strcmp(kind, "script") == 0
            ? script_take_fonts(log, path, *charset ? charset : NULL, &taker)
            : recording_take_fonts(log, path, &taker);
    *answer = taker.list;
    return ret;
}

static int answer_font(struct log *log, const json_t *question,
                       const char *store, json_t **answer)
{
    const char *kind = asked(question, "kind");
    const char *path = asked(question, "path");
    if (strcmp(kind, "names") == 0) {
        *answer = font_read_names(log, path);
        return *answer ? 0 : AVERROR_INVALIDDATA;
    }
    if (strcmp(kind, "table") == 0) {
        json_int_t index =
            json_integer_value(json_object_get(question, "index"));
        *answer = json_true();
        return font_write_table(log, path, asked(question, "digest"),
                                (int)index, asked(question, "table"));
    }
    return take_fonts(log, question, kind, store, answer);
}

static int font_serve(void *context, const struct buffer *request,
                      struct buffer *reply, struct log *log)
{
    const struct font_run *run = context;
    json_t *question = json_loadb(request->data, request->size, 0, NULL);
    json_t *answer = NULL;
    int ret = answer_font(log, question, run->asks->options->store, &answer);
    char *text = ret >= 0 && answer
                     ? json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY)
                     : NULL;
    if (text)
        buffer_puts(reply, text);
    free(text);
    json_decref(answer);
    json_decref(question);
    return ret;
}

/* --- in main -------------------------------------------------------------- */

static bool font_next(void *context, struct worker_item *item)
{
    struct font_run *run = context;
    struct font_asks *asks = run->asks;
    while (run->next < asks->count && asks->list[run->next].answer)
        run->next++;
    if (run->next == asks->count)
        return false;
    size_t id = run->next++;
    struct font_ask *ask = &asks->list[id];
    ask->began_ns = memo_now();
    if (files_stamp(ask->path, &ask->before) < 0)
        ask->before = (struct file_stamp){0};
    char *text = json_dumps(ask->question, JSON_COMPACT);
    *item = (struct worker_item){
        .id = (int64_t)id,
        .deadline_ms =
            worker_deadline_ms(FONT_DEADLINE_MS, asks->options->patience_s),
    };
    /* A path that is no UTF-8 makes no JSON; the worker then finds no file. */
    buffer_puts(&item->request, text ? text : "{}");
    free(text);
    return true;
}

static void font_done(void *context, const struct worker_result *result)
{
    struct font_run *run = context;
    struct font_asks *asks = run->asks;
    struct font_ask *ask = &asks->list[result->id];
    ask->code = result->code;
    if (result->code >= 0)
        ask->answer = json_loadb(result->reply->data, result->reply->size,
                                 JSON_DECODE_ANY, NULL);
    if (!ask->answer) {
        ask->code = result->code < 0 ? result->code : AVERROR_INVALIDDATA;
        ask->sentence = arena_strdup(asks->session->arena,
                                     result->sentence ? result->sentence
                                                      : _("it is damaged"));
        return;
    }
    char *text = ask->memo ? json_dumps(ask->answer, JSON_COMPACT) : NULL;
    if (text)
        memo_keep(asks->options->memo, ask->memo, ask->path, &ask->before,
                  ask->began_ns, text);
    free(text);
}

int font_asks_run(struct log *log, struct font_asks *asks)
{
    struct session *session = asks->session;
    const char *folder =
        files_join(session->arena, asks->options->store, "fonts");
    struct font_run run = {.asks = asks};
    size_t left = 0;
    for (size_t i = 0; i < asks->count; i++)
        left += !asks->list[i].answer;
    if (!left)
        return 0;
    run.confinement.arena = session->arena;
    session_confine(session, &run.confinement);
    for (size_t i = 0; i < asks->count; i++)
        confinement_read(&run.confinement, asks->list[i].path);
    confinement_write(&run.confinement, folder);
    struct worker_job job = {
        .count = asks->options->jobs > 1 ? asks->options->jobs : 1,
        .duty = {.serve = font_serve,
                 .start = font_start,
                 .context = &run,
                 .items_per_worker = 64},
        .context = &run,
        .next = font_next,
        .done = font_done,
        .tells_errors = true,
        .stop = asks->options->stop,
    };
    if ((size_t)job.count > left)
        job.count = (int)left;
    return workers_run(log, &job);
}
