/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which result belongs to what of the plan, for all who write of it. */
#include "package/package.h"

bool result_is_ready(const struct result *result)
{
    return result &&
           (result->state == RESULT_MADE || result->state == RESULT_REUSED);
}

const struct result *results_of_rendition(const struct results *results,
                                          const struct plan *plan,
                                          const struct rendition *rendition)
{
    for (size_t i = 0; i < plan->rendition_count; i++)
        if (plan->renditions[i] == rendition)
            return &results->renditions[i];
    return NULL;
}

const struct result *results_of_poster(const struct results *results,
                                       const struct plan *plan,
                                       const struct poster *poster)
{
    for (size_t i = 0; i < plan->poster_count; i++)
        if (plan->posters[i] == poster)
            return &results->posters[i];
    return NULL;
}
