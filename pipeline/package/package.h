/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What outlets receive: folders, captions, texts, sums, zips, the preview page
 * and the report. It sees results as documents and opens no media. */
#ifndef REELPRESS_PACKAGE_PACKAGE_H
#define REELPRESS_PACKAGE_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>
#include "base/log.h"
#include "base/memo.h"
#include "plan/plan.h"

enum result_state { RESULT_NONE, RESULT_MADE, RESULT_REUSED, RESULT_FAILED };

/* One finished product, as the producer kept it. */
struct result {
    enum result_state state;
    const char *sentence;     /* why it failed; NULL */
    const char *path;         /* rendition: the checked MP4 in the store or work
                                 folder; poster: the PNG */
    const char *jpeg_path;    /* posters; NULL none */
    const char *sheet_path;   /* posters: the contact sheet; NULL none */
    char digest[DIGEST_TEXT]; /* of the file at path */
    char jpeg_digest[DIGEST_TEXT];
    char sheet_digest[DIGEST_TEXT];
    int64_t bytes;
    json_t *figures; /* what the check measured; lent; may be NULL */
};

/* Made now or found made: its file is there to be delivered. NULL is not. */
bool result_is_ready(const struct result *result);

/* Results beside the plan's lists: same order, same counts. */
struct results {
    const struct result *renditions;
    const struct result *posters;
    /* Told of a file whose bytes are not those of its digest (lent path): it
     * is not delivered. Whoever made it makes it again and writes the package
     * once more. */
    void (*damaged)(void *opaque, const char *path);
    void *opaque;
};

/* The result of one of the plan's films or covers; NULL when the plan has no
 * such. */
const struct result *results_of_rendition(const struct results *results,
                                          const struct plan *plan,
                                          const struct rendition *rendition);
const struct result *results_of_poster(const struct results *results,
                                       const struct plan *plan,
                                       const struct poster *poster);

/* Writes one outlet's folder under `out` and its zip: films and posters first,
 * captions, 说明.txt (for people: title, text, six news elements, shot list
 * with time codes, contact), data/ (SHA256SUMS, metadata.json). Files that are
 * there and equal stay untouched; a file of ours that somebody edited is kept
 * beside under its own name and told; planned no more and unchanged: removed,
 * by the digests of the report before. Never zips an incomplete package.
 * `memo` (NULL: none) spares reading what lies there unchanged.
 * `*written` gets an object: files with sizes and digests. AVERROR_INVALIDDATA
 * after `damaged` was told of each file that is. */
int package_write(struct log *log, const struct plan *plan,
                  const struct package *package, const struct results *results,
                  struct memo *memo, const char *out, const json_t *last_report,
                  json_t **written);

/* Takes away what the last report lists of recipients that the plan has no
 * more, and zips that are called otherwise now: unchanged ones, of this
 * session's own runs only. */
void package_withdraw(struct log *log, const struct plan *plan,
                      struct memo *memo, const char *out,
                      const json_t *last_report);

/* out/index.html: one file without outside references, media by relative
 * paths, players with captions, posters, checks, in the session's language. */
int package_page(struct log *log, const struct plan *plan,
                 const struct results *results, const char *out);

/* out/report.json: per item files, digests, figures, decisions, versions; no
 * clock, no timings, no mention of what was reused. `packages` is an array of
 * package_write's objects. The memo will know it as this session's. */
int package_report(struct log *log, const struct plan *plan,
                   const struct results *results, const json_t *packages,
                   struct memo *memo, const char *out);
/* The report of the run before; what a run since then began to deliver stands
 * in it as "begun". NULL when there is neither. Where another session was
 * delivered to `out` before, its packages are left out, as nothing of theirs is
 * ours, and "foreign" is that session's title. "alike" is true where it may be
 * a copy of this session. */
json_t *package_last_report(const struct plan *plan, struct memo *memo,
                            const char *out);

/* `reelpress verify`: a delivered folder or zip. Sums against files, metadata
 * against files, nothing extra or missing; `decodes` is called for each media
 * file (path on disk; members of a zip are unpacked below `scratch`, the
 * caller's own folder, and removed). Tells each finding; 0, or
 * AVERROR_INVALIDDATA when anything is wrong. */
int package_verify(struct log *log, const char *path, const char *scratch,
                   int (*decodes)(void *opaque, struct log *log,
                                  const char *path),
                   void *opaque);

#endif
