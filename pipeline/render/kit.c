/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what a worker keeps from item to item: fonts, logo, open recordings, the
 * last photo. Refuses to know what is made with them. */
#include "render/kit.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "render/photo.h"
#include "render/pictures.h"

/* Idle open recordings: both sides of a dissolve, and one more. */
#define KIT_READERS 3

struct render_kit {
    const struct session *session;
    struct overlay_library *library; /* NULL until it is asked for */
    AVFrame *logo;                   /* NULL until it is asked for */
    struct picture_reader *readers[KIT_READERS]; /* newest first */
    const struct photo *photo_of;
    AVFrame *photo; /* of photo_of */
    struct kit_pictures pictures;
};

int render_kit_create(struct log *log, const struct session *session,
                      struct render_kit **out)
{
    (void)log;
    struct render_kit *kit = calloc(1, sizeof(*kit));
    *out = kit;
    if (!kit)
        return AVERROR(ENOMEM);
    kit->session = session;
    kit_pictures_init(&kit->pictures, kit);
    return 0;
}

void render_kit_destroy(struct render_kit **kit)
{
    if (!*kit)
        return;
    overlay_library_destroy(&(*kit)->library);
    av_frame_free(&(*kit)->logo);
    av_frame_free(&(*kit)->photo);
    for (size_t i = 0; i < KIT_READERS; i++)
        picture_reader_destroy(&(*kit)->readers[i]);
    free(*kit);
    *kit = NULL;
}

int render_kit_library(struct render_kit *kit, struct log *log,
                       struct overlay_library **out)
{
    int ret = kit->library ? 0
                           : overlay_library_create(log, kit->session->faces,
                                                    &kit->library);
    *out = kit->library;
    return ret;
}

struct picture_source *render_kit_pictures(struct render_kit *kit)
{
    return &kit->pictures.source;
}

/* KIT_READERS: none. After a dissolve inside one recording two readers of it
 * lie here, and each of the next spans goes on with its own. */
static size_t render_kit_find_reader(const struct render_kit *kit,
                                     const struct recording *recording,
                                     size_t first)
{
    size_t found = KIT_READERS;
    for (size_t i = KIT_READERS; i--;) {
        const struct picture_reader *reader = kit->readers[i];
        if (reader && picture_reader_recording(reader) == recording)
            found = i;
    }
    for (size_t i = found; i < KIT_READERS; i++) {
        const struct picture_reader *reader = kit->readers[i];
        if (reader && picture_reader_recording(reader) == recording &&
            picture_reader_continues(reader, first))
            return i;
    }
    return found;
}

int render_kit_take_reader(struct render_kit *kit, struct log *log,
                           const struct recording *recording, size_t first,
                           struct picture_reader **out)
{
    size_t found = render_kit_find_reader(kit, recording, first);
    if (found == KIT_READERS)
        return picture_reader_create(log, recording, out);
    *out = kit->readers[found];
    kit->readers[found] = NULL;
    return 0;
}

void render_kit_give_reader(struct render_kit *kit,
                            struct picture_reader **reader)
{
    size_t place = 0;
    while (place < KIT_READERS - 1 && kit->readers[place])
        place++;
    picture_reader_destroy(&kit->readers[place]);
    for (; place; place--)
        kit->readers[place] = kit->readers[place - 1];
    kit->readers[0] = *reader;
    *reader = NULL;
}

int render_kit_photo(struct render_kit *kit, struct log *log,
                     const struct photo *photo, AVFrame **out)
{
    *out = NULL;
    if (kit->photo_of != photo) {
        av_frame_free(&kit->photo);
        kit->photo_of = NULL;
        int ret = photo_load(log, photo, &kit->photo);
        if (ret < 0)
            return ret;
        kit->photo_of = photo;
    }
    *out = av_frame_clone(kit->photo);
    return *out ? 0 : AVERROR(ENOMEM);
}

int render_kit_logo(struct render_kit *kit, struct log *log,
                    const struct script_box *box, enum logo_corner corner,
                    struct logo *out)
{
    const struct session *session = kit->session;
    *out = (struct logo){0};
    if (!session->logo_path || box->right <= box->left)
        return 0;
    int ret = 0;
    if (!kit->logo)
        ret = logo_load(log, session->logo_path, session->logo, &kit->logo);
    return ret < 0 ? ret : logo_fit(log, kit->logo, box, corner, out);
}
