/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the reading of a dead worker's status. Knows no item. */
#include "base/worker_end.h"

#include "base/worker_wire.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static bool ran_out_of_memory(int status)
{
    return status != -1 && WIFEXITED(status) &&
           WEXITSTATUS(status) == WORKER_WITHOUT_MEMORY;
}

static bool was_killed(int status)
{
    return status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

bool worker_end_is_memory(int status)
{
    return ran_out_of_memory(status) || was_killed(status);
}

void worker_end_describe(int status, bool is_late, struct buffer *out)
{
    if (is_late)
        buffer_puts(out, _("it went past its time limit"));
    else if (status == -1)
        buffer_puts(out, _("how is not known"));
    else if (ran_out_of_memory(status))
        buffer_puts(out, _("it ran out of memory"));
    else if (WIFEXITED(status))
        buffer_printf(out, _("it left with status %d"), WEXITSTATUS(status));
    else if (was_killed(status))
        buffer_puts(out, _("the system ended it, mostly for lack of memory"));
    else
        buffer_printf(out, _("signal %d, %s"), WTERMSIG(status),
                      strsignal(WTERMSIG(status)));
}

int worker_end_fail(struct log *log, int status, bool is_late, int deadline_ms)
{
    if (is_late)
        return log_fail(log, AVERROR(ETIMEDOUT),
                        _("the work was not done within %.4g seconds, twice; "
                          "probably an input is damaged: try another copy of "
                          "it, or leave it out"),
                        deadline_ms / 1000.0);
    if (was_killed(status))
        return log_fail(log, AVERROR_EXTERNAL,
                        _("the system ended the worker twice, mostly for lack "
                          "of memory; close other programs, or use a machine "
                          "with more memory"));
    if (ran_out_of_memory(status))
        return log_fail(log, AVERROR(ENOMEM),
                        _("the worker ran out of memory twice; close other "
                          "programs, or use a machine with more memory"));
    struct buffer how = {0};
    worker_end_describe(status, is_late, &how);
    int code = log_fail(log, AVERROR_EXTERNAL,
                        _("the worker crashed twice (%s); probably an input is "
                          "damaged: try another copy of it, or leave it out"),
                        buffer_text(&how));
    buffer_clear(&how);
    return code;
}
