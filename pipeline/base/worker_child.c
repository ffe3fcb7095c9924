/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the worker's side: takes a request, serves it, sends what it told and
 * its reply. Knows nothing of other workers, of deadlines, or of media. */
#include "base/worker_wire.h"

#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The one variable of its kind: what a process is can't be handed down to
 * worker_progress(), which has no object. Set once, right after the fork. */
static int socket_to_main = -1;

#define STATUS_NOTHING_MADE 2

void wire_append(struct buffer *out, enum wire_kind kind, int64_t value,
                 const void *bytes, size_t size)
{
    struct wire_head head = {
        .kind = (uint32_t)kind, .size = (uint32_t)size, .value = value};
    buffer_append(out, &head, sizeof(head));
    buffer_append(out, bytes, size);
}

/* A worker that main no longer listens to has nothing left to do. */
static void send_all(const char *bytes, size_t size)
{
    while (size) {
        ssize_t sent = send(socket_to_main, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            _exit(0);
        bytes += sent;
        size -= (size_t)sent;
    }
}

static void send_frame(enum wire_kind kind, int64_t value, const void *bytes,
                       size_t size)
{
    struct buffer out = {0};
    wire_append(&out, kind, value, bytes, size);
    send_all(out.data, out.size);
    buffer_clear(&out);
}

static void receive_all(void *bytes, size_t size)
{
    for (char *at = bytes; size;) {
        ssize_t got = recv(socket_to_main, at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            _exit(0);
        at += got;
        size -= (size_t)got;
    }
}

static void receive_request(struct buffer *request)
{
    struct wire_head head;
    receive_all(&head, sizeof(head));
    buffer_reset(request);
    char bytes[4096];
    for (size_t left = head.size; left;) {
        size_t size = left < sizeof(bytes) ? left : sizeof(bytes);
        receive_all(bytes, size);
        buffer_append(request, bytes, size);
        left -= size;
    }
}

/* The item's log: the code matters to main for the first error only, and that
 * is the one which the log has kept. */
static void forward(void *opaque, enum log_level level, const char *message)
{
    const struct log *log = opaque;
    int64_t code = level == LOG_LEVEL_ERROR ? log->first_code : 0;
    send_frame(WIRE_LOG, code * 256 + (int64_t)level, message, strlen(message));
}

static void send_reply(int code, const struct log *log,
                       const struct buffer *reply)
{
    struct buffer out = {0};
    const char *sentence = log->first_error ? log->first_error : "";
    buffer_append(&out, sentence, strlen(sentence) + 1);
    buffer_append(&out, reply->data, reply->size);
    send_frame(WIRE_REPLY, code < 0 ? code : 0, out.data, out.size);
    buffer_clear(&out);
}

_Noreturn void worker_live(int socket, const struct worker_duty *duty,
                           const struct log *log)
{
    enum log_level level = log ? log->level : LOG_LEVEL_NONE;
    struct buffer request = {0}, reply = {0};
    struct log started, told;
    socket_to_main = socket;
    log_init(&started, level, forward, &started);
    int unfit = duty->start ? duty->start(duty->context, &started) : 0;
    for (;;) {
        log_init(&told, level, forward, &told);
        receive_request(&request);
        buffer_reset(&reply);
        if (unfit < 0) {
            send_reply(unfit, &started, &reply);
            continue;
        }
        int code = duty->serve(duty->context, &request, &reply, &told);
        send_reply(code, &told, &reply);
        log_clear(&told);
    }
}

void memory_gone(void)
{
    const char *sentence =
        _("there is not enough memory; close other programs and run the same "
          "command again: what is finished is kept");
    if (socket_to_main >= 0)
        _exit(WORKER_WITHOUT_MEMORY);
    (void)!write(STDERR_FILENO, sentence, strlen(sentence));
    (void)!write(STDERR_FILENO, "\n", 1);
    _exit(STATUS_NOTHING_MADE);
}

void worker_progress(int64_t units)
{
    if (socket_to_main >= 0)
        send_frame(WIRE_PROGRESS, units, NULL, 0);
}
