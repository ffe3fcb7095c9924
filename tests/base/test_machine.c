/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/machine.h: what is free by the kernel's files, as they are on a
 * bare machine, in a container and under a service's limit, with control groups
 * of either version. */
#include "base/machine.h"

#include "base/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sched.h>
#include <string.h>

#include <cmocka.h>

#define MB (INT64_C(1) << 20)

static void place(struct scratch *scratch, const char *name, const char *text)
{
    char *path = scratch_path(scratch, name);
    char *folder =
        arena_strndup(scratch->arena, path, (size_t)(files_name(path) - path));
    assert_int_equal(files_make_folders(NULL, folder), 0);
    assert_int_equal(files_write(NULL, path, text, strlen(text)), 0);
}

static void bare(void **state)
{
    struct scratch *scratch = *state;
    assert_int_equal(machine_memory(scratch->folder), -1);
    place(scratch, "proc/meminfo",
          "MemTotal:        8000000 kB\nMemFree:          100000 kB\n"
          "MemAvailable:    4096000 kB\nBuffers: 1 kB\n");
    assert_int_equal(machine_memory(scratch->folder), 4000 * MB);
    /* A kernel with groups and no limits. */
    place(scratch, "proc/self/cgroup", "1:name=systemd:/x\n0::/user/a.scope\n");
    place(scratch, "sys/fs/cgroup/user/memory.max", "max\n");
    assert_int_equal(machine_memory(scratch->folder), 4000 * MB);
}

static void limited(void **state)
{
    struct scratch *scratch = *state;
    place(scratch, "proc/meminfo", "MemAvailable:    4096000 kB\n");
    place(scratch, "proc/self/cgroup", "0::/user/a.scope\n");
    place(scratch, "sys/fs/cgroup/user/memory.max", "2097152000\n");
    place(scratch, "sys/fs/cgroup/user/memory.current", "1572864000\n");
    assert_int_equal(machine_memory(scratch->folder), 500 * MB);
    /* Files that were read don't count. */
    place(scratch, "sys/fs/cgroup/user/memory.stat",
          "anon 5\nfile 9\ninactive_file 524288000\nactive_file 7\n");
    assert_int_equal(machine_memory(scratch->folder), 1000 * MB);
    place(scratch, "sys/fs/cgroup/user/a.scope/memory.max", "104857600\n");
    assert_int_equal(machine_memory(scratch->folder), 100 * MB);
    place(scratch, "sys/fs/cgroup/user/a.scope/memory.current", "999999999\n");
    assert_int_equal(machine_memory(scratch->folder), 0);
}

/* A container sees its own group as the root. */
static void contained(void **state)
{
    struct scratch *scratch = *state;
    place(scratch, "proc/meminfo", "MemAvailable:    4096000 kB\n");
    place(scratch, "proc/self/cgroup", "0::/\n");
    place(scratch, "sys/fs/cgroup/memory.max", "1048576000\n");
    place(scratch, "sys/fs/cgroup/memory.current", "0\n");
    assert_int_equal(machine_memory(scratch->folder), 1000 * MB);
}

static void own(void **state)
{
    int64_t available = machine_memory("");
    assert_true(available > 16 * MB && available < (INT64_C(1) << 50));
}

/* --- control groups of version 1 ------------------------------------------ */

static void limited_1(void **state)
{
    struct scratch *scratch = *state;
    place(scratch, "proc/meminfo", "MemAvailable:    4096000 kB\n");
    place(scratch, "proc/self/cgroup",
          "11:memory_recursiveprot:/no\n4:blkio,memory:/docker/abc\n"
          "0::/init.scope\n");
    assert_int_equal(machine_memory(scratch->folder), 4000 * MB);
    /* The most that the kernel counts is no limit. */
    place(scratch, "sys/fs/cgroup/memory/memory.limit_in_bytes",
          "9223372036854771712\n");
    place(scratch, "sys/fs/cgroup/memory/memory.usage_in_bytes", "5\n");
    assert_int_equal(machine_memory(scratch->folder), 4000 * MB);
    place(scratch, "sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes",
          "1048576000\n");
    place(scratch, "sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes",
          "524288000\n");
    place(scratch, "sys/fs/cgroup/memory/docker/abc/memory.stat",
          "inactive_file 1\ntotal_inactive_file 104857600\n");
    assert_int_equal(machine_memory(scratch->folder), 600 * MB);
}

/* A container is told the path outside, and sees its own group as the root. */
static void contained_1(void **state)
{
    struct scratch *scratch = *state;
    place(scratch, "proc/meminfo", "MemAvailable:    4096000 kB\n");
    place(scratch, "proc/self/cgroup", "4:memory:/docker/abc\n");
    place(scratch, "sys/fs/cgroup/memory/memory.limit_in_bytes",
          "1048576000\n");
    place(scratch, "sys/fs/cgroup/memory/memory.usage_in_bytes", "0\n");
    assert_int_equal(machine_memory(scratch->folder), 1000 * MB);
}

/* --- processors ----------------------------------------------------------- */

static void shares(void **state)
{
    struct scratch *scratch = *state;
    int all = machine_processors(scratch->folder);
    assert_true(all >= 1);
    place(scratch, "proc/self/cgroup", "0::/user/a.scope\n");
    place(scratch, "sys/fs/cgroup/user/cpu.max", "max 100000\n");
    assert_int_equal(machine_processors(scratch->folder), all);
    place(scratch, "sys/fs/cgroup/user/cpu.max", "110000 100000\n");
    assert_int_equal(machine_processors(scratch->folder), all < 2 ? all : 2);
    place(scratch, "sys/fs/cgroup/user/a.scope/cpu.max", "50000 100000\n");
    assert_int_equal(machine_processors(scratch->folder), 1);
}

static void shares_1(void **state)
{
    struct scratch *scratch = *state;
    int all = machine_processors(scratch->folder);
    place(scratch, "proc/self/cgroup", "3:cpu,cpuacct:/docker/abc\n");
    place(scratch, "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us", "-1\n");
    place(scratch, "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us",
          "100000\n");
    assert_int_equal(machine_processors(scratch->folder), all);
    place(scratch, "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us", "100000\n");
    assert_int_equal(machine_processors(scratch->folder), 1);
}

/* As taskset and a container's set of processors do. */
static void bound(void **state)
{
    struct scratch *scratch = *state;
    cpu_set_t before, one;
    assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
    CPU_ZERO(&one);
    for (int i = 0; i < CPU_SETSIZE && !CPU_COUNT(&one); i++)
        if (CPU_ISSET(i, &before))
            CPU_SET(i, &one);
    assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
    assert_int_equal(machine_processors(scratch->folder), 1);
    assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
}

#define RUN(test)                                                              \
    cmocka_unit_test_setup_teardown(test, scratch_create, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN(bare),   RUN(limited),   RUN(contained),
        RUN(own),    RUN(limited_1), RUN(contained_1),
        RUN(shares), RUN(shares_1),  RUN(bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
