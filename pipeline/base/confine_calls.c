/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the list of system calls that a worker never needs and a hijacked one
 * would: to reach others, to start programs, to leave its confinement. All
 * others stay allowed, since libraries differ in what they call. */
#include "base/confine_parts.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#define ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

/* io_uring is here as it does the other calls without passing this filter. */
static const int refused_always[] = {
    /* others by network or socket; the worker's own pair is open already */
    SCMP_SYS(socket),
    SCMP_SYS(socketcall),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    /* programs */
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    /* other processes */
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise),
    SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(tkill),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
    /* name spaces, mounts, files by handle */
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(chroot),
    SCMP_SYS(pivot_root),
    SCMP_SYS(mount),
    SCMP_SYS(umount),
    SCMP_SYS(umount2),
    SCMP_SYS(open_tree),
    SCMP_SYS(move_mount),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount),
    SCMP_SYS(fspick),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(quotactl),
    SCMP_SYS(acct),
    /* the kernel */
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(keyctl),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(reboot),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(syslog),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(vhangup),
};

static int filter_refuse_always(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < ELEMENTS(refused_always); i++) {
        int ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
                                   refused_always[i], 0);
        /* A call that this processor's kernels never had. */
        if (ret < 0 && ret != -EDOM)
            return ret;
    }
    return 0;
}

/* Signals reach the worker itself only: abort() is tgkill to itself. */
static int filter_refuse_signals(scmp_filter_ctx filter)
{
    const scmp_datum_t self = (scmp_datum_t)getpid();
    int ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(kill), 1,
                               SCMP_A0(SCMP_CMP_NE, self));
    if (ret >= 0)
        ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill),
                               1, SCMP_A0(SCMP_CMP_NE, self));
    return ret;
}

/* A terminal that the worker inherited could be made to believe that somebody
 * typed: TIOCSTI, and TIOCLINUX (pasting) on a console. */
static int filter_refuse_typing(scmp_filter_ctx filter)
{
    static const unsigned long requests[] = {TIOCSTI, TIOCLINUX};
    int ret = 0;
    for (size_t i = 0; ret >= 0 && i < ELEMENTS(requests); i++)
        ret = seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
            SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, requests[i]));
    return ret;
}

/* Threads may be made, name spaces not. clone3 has its flags in memory, where
 * no filter looks; without it the C library takes clone. */
static int filter_refuse_spaces(scmp_filter_ctx filter)
{
    static const unsigned spaces[] = {CLONE_NEWNS,  CLONE_NEWUTS,
                                      CLONE_NEWIPC, CLONE_NEWUSER,
                                      CLONE_NEWPID, CLONE_NEWNET};
    int ret =
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    for (size_t i = 0; ret >= 0 && i < ELEMENTS(spaces); i++)
        ret =
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                             SCMP_A0(SCMP_CMP_MASKED_EQ, spaces[i], spaces[i]));
    return ret;
}

static int filter_load(scmp_filter_ctx filter)
{
    int ret = filter_refuse_always(filter);
    if (ret >= 0)
        ret = filter_refuse_signals(filter);
    if (ret >= 0)
        ret = filter_refuse_typing(filter);
    if (ret >= 0)
        ret = filter_refuse_spaces(filter);
    /* By halves instead of in a row: every call of the worker passes here. */
    if (ret >= 0)
        ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    if (ret >= 0)
        ret = seccomp_load(filter);
    /* libseccomp's word for "the kernel refused". */
    return ret == -ECANCELED ? -EPERM : ret;
}

int confine_calls(void)
{
    /* The kernel looks at the missing filter only if it can filter at all:
     * EFAULT then, EINVAL without. */
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) < 0 &&
        errno != EFAULT)
        return errno == EINVAL || errno == ENOSYS ? 0 : AVERROR(errno);
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return AVERROR(ENOMEM);
    int ret = filter_load(filter);
    seccomp_release(filter);
    return ret < 0 ? ret : 1;
}
