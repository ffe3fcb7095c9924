/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns one worker's process and socket: fork, hand over, read, end. Knows
 * nothing of the order of items and of what becomes of a failed one. */
#include "base/worker_slot.h"

#include "base/worker_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int64_t slot_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Main's handlers mean main's work. Ctrl-C, a closed terminal and a service's
 * end reach the whole process group: main decides, so workers don't hear them,
 * and a delivery that is under way comes to its end. */
static void reset_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Where memory runs out the system shall end a worker, whose item is tried
 * again, before main and what else the user has open. */
static void offer_memory(void)
{
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return;
    (void)!write(file, "200", 3);
    close(file);
}

static _Noreturn void live(int socket, struct slot *slots, int count,
                           pid_t parent, const struct worker_duty *duty,
                           const struct log *log)
{
    reset_signals();
    offer_memory();
    /* Main may have died before the request took hold. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
        _exit(0);
    /* An open end of another worker's socket would hide that main closed it.
     */
    for (int i = 0; i < count; i++) {
        if (slots[i].socket >= 0)
            close(slots[i].socket);
    }
    worker_live(socket, duty, log);
}

int slot_fork(struct slot *slot, struct slot *slots, int count,
              const struct worker_duty *duty, const struct log *log)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return AVERROR(errno);
    /* No handler of main's may run in the worker. */
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t pid = fork();
    int ret = pid < 0 ? AVERROR(errno) : 0;
    if (pid == 0) {
        close(ends[0]);
        live(ends[1], slots, count, parent, duty, log);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (ret < 0) {
        close(ends[0]);
        return ret;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    slot->pid = pid;
    slot->socket = ends[0];
    slot->served = 0;
    slot->duty = duty;
    buffer_reset(&slot->in);
    return 0;
}

void slot_renew(struct slot *slot)
{
    slot->deadline =
        slot->item.deadline_ms ? slot_now() + slot->item.deadline_ms : 0;
}

void slot_begin(struct slot *slot)
{
    const struct buffer *request = &slot->item.request;
    slot->is_busy = true;
    slot->served++;
    slot->units = 0;
    slot_renew(slot);
    buffer_reset(&slot->out);
    slot->sent = 0;
    wire_append(&slot->out, WIRE_REQUEST, slot->item.id, request->data,
                request->size);
    slot_send(slot);
}

void slot_send(struct slot *slot)
{
    while (slot->sent < slot->out.size) {
        ssize_t sent =
            send(slot->socket, slot->out.data + slot->sent,
                 slot->out.size - slot->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (sent < 0)
            break;
        slot->sent += (size_t)sent;
    }
    buffer_reset(&slot->out);
    slot->sent = 0;
}

int slot_receive(struct slot *slot)
{
    char bytes[65536];
    for (;;) {
        ssize_t got = recv(slot->socket, bytes, sizeof(bytes), MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return 0;
        if (got <= 0)
            return AVERROR_EOF;
        buffer_append(&slot->in, bytes, (size_t)got);
        /* One flooding worker must not keep main from the others. */
        if ((size_t)got < sizeof(bytes))
            return 0;
        if (slot->in.size > 4 * sizeof(bytes))
            return 0;
    }
}

bool slot_has_news(const struct slot *slot)
{
    struct pollfd news = {.fd = slot->socket, .events = POLLIN};
    return poll(&news, 1, 0) > 0;
}

/* True when the process is gone, its status in *status (-1: not to be had, as
 * whoever started main had told the system to reap its children). */
static bool wait_for(pid_t pid, int grace_ms, int *status)
{
    int64_t until = slot_now() + grace_ms;
    for (;;) {
        pid_t got = waitpid(pid, status, WNOHANG);
        if (got == pid)
            return true;
        if (got < 0 && errno != EINTR) {
            *status = -1;
            return true;
        }
        if (slot_now() >= until)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
}

/* A process that a dead network disk holds does not even die by SIGKILL; it
 * is given up rather than waited for without end. */
int slot_end(struct slot *slot, int grace_ms)
{
    int status = -1;
    close(slot->socket);
    if (!wait_for(slot->pid, grace_ms, &status)) {
        kill(slot->pid, SIGKILL);
        if (!wait_for(slot->pid, 3000, &status))
            status = -1;
    }
    slot->pid = 0;
    slot->socket = -1;
    buffer_reset(&slot->in);
    buffer_reset(&slot->out);
    slot->sent = 0;
    return status;
}

void slot_drop_item(struct slot *slot)
{
    buffer_clear(&slot->item.request);
    slot->item = (struct worker_item){0};
    slot->is_busy = false;
    slot->deadline = 0;
}
