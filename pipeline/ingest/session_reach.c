/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which files of a session its workers may read. */
#include "ingest/session.h"

/* A file may lie anywhere by a link that the user placed in the session: the
 * link's target is opened up, nothing beside it. */
void session_confine(const struct session *session,
                     struct confinement *confinement)
{
    for (size_t i = 0; i < session->roots.count; i++)
        confinement_read(confinement, session->roots.folders[i]);
    for (size_t i = 0; i < session->recording_count; i++)
        confinement_read(confinement, session->recordings[i]->path);
    for (size_t i = 0; i < session->photo_count; i++)
        confinement_read(confinement, session->photos[i]->path);
    confinement_read(confinement, session->music_path);
    confinement_read(confinement, session->logo_path);
    for (size_t i = 0; session->faces && i < faces_count(session->faces); i++)
        confinement_read(confinement, faces_file(session->faces, i)->file);
}
