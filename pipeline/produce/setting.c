/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the form of a chunk's setting between processes and runs. */
#include "produce/setting.h"

#include <limits.h>
#include <libavutil/common.h>

json_t *setting_json(struct chunk_setting setting)
{
    return json_pack("[i,i,i]", setting.fill_step, setting.size_step,
                     setting.rate_step);
}

static int step_at(const json_t *list, size_t i, int last)
{
    return (int)av_clip64(json_integer_value(json_array_get(list, i)), 0, last);
}

struct chunk_setting setting_read(const json_t *list)
{
    return (struct chunk_setting){
        .fill_step = step_at(list, 0, FILL_STEPS - 1),
        .size_step = step_at(list, 1, INT_MAX),
        .rate_step = step_at(list, 2, RATE_STEPS),
    };
}
