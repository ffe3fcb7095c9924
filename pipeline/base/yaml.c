/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the way from libyaml's events to a tree with places. Knows no key; what
 * the keys mean is said by option tables and by who reads the tree. */
#include "base/yaml.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/yaml_parts.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 32

static bool next_event(struct yaml_reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event))
        return true;
    yaml_fault_syntax(reader);
    return false;
}

/* What people never mean when they fill a form in. */
static void refuse(struct yaml_reader *reader, const yaml_event_t *event,
                   const char *message)
{
    reader->is_broken = true;
    fault_add(reader->faults, FAULT_SESSION,
              yaml_place_of(reader, &event->start_mark), "%s", message);
}

static bool refuse_extras(struct yaml_reader *reader, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (anchor || event->type == YAML_ALIAS_EVENT) {
        refuse(reader, event,
               _("\"&\" and \"*\" in front of a value are marks of YAML that "
                 "are not used here; put the value in quotes"));
        return true;
    }
    if (tag)
        refuse(reader, event,
               _("\"!\" in front of a value is a mark of YAML that is not "
                 "used here; put the value in quotes"));
    return tag;
}

static void read_node(struct yaml_reader *reader, const yaml_event_t *event,
                      struct yaml_node *node, int depth);

static void read_list(struct yaml_reader *reader, struct yaml_node *node,
                      int depth)
{
    node->kind = YAML_LIST;
    yaml_event_t event;
    while (!reader->is_broken && next_event(reader, &event)) {
        bool is_end = event.type == YAML_SEQUENCE_END_EVENT;
        if (!is_end) {
            struct yaml_node *item =
                ARENA_PUSH(reader->arena, node->items, node->count);
            read_node(reader, &event, item, depth);
        }
        yaml_event_delete(&event);
        if (is_end)
            return;
    }
}

/* The key is kept in `node`; false when it can't be one. */
static bool read_key(struct yaml_reader *reader, const yaml_event_t *event,
                     struct yaml_node *node)
{
    if (refuse_extras(reader, event))
        return false;
    if (event->type != YAML_SCALAR_EVENT) {
        refuse(reader, event,
               _("a list or a group of keys stands where a key should; write "
                 "\"key: value\""));
        return false;
    }
    node->key =
        arena_strndup(reader->arena, (const char *)event->data.scalar.value,
                      event->data.scalar.length);
    node->key_line = (int)event->start_mark.line + 1;
    node->key_column = (int)event->start_mark.column + 1;
    return true;
}

static void check_key(struct yaml_reader *reader, const struct yaml_node *map,
                      const struct yaml_node *node)
{
    struct fault_place where =
        yaml_place(reader, node->key_line, node->key_column);
    where.field = node->key;
    /* {key：value} is to YAML a key without a value. */
    if (node->kind == YAML_SCALAR && !node->text[0] &&
        strstr(node->key, WIDE_COLON)) {
        yaml_fault_wide_colon(reader->faults, where);
        return;
    }
    for (const struct yaml_node *other = map->items; other < node; other++) {
        if (strcmp(other->key, node->key) != 0)
            continue;
        fault_add(reader->faults, FAULT_SESSION, where,
                  _("the key \"%s\" is given twice, first in line %d; keep "
                    "one of the two"),
                  node->key, other->key_line);
        return;
    }
}

static void read_map(struct yaml_reader *reader, struct yaml_node *node,
                     int depth)
{
    node->kind = YAML_MAP;
    yaml_event_t event;
    while (!reader->is_broken && next_event(reader, &event)) {
        bool is_end = event.type == YAML_MAPPING_END_EVENT;
        struct yaml_node *item = NULL;
        if (!is_end) {
            item = ARENA_PUSH(reader->arena, node->items, node->count);
            if (!read_key(reader, &event, item))
                item = NULL;
        }
        yaml_event_delete(&event);
        if (is_end || !item || !next_event(reader, &event))
            return;
        read_node(reader, &event, item, depth);
        yaml_event_delete(&event);
        if (!reader->is_broken)
            check_key(reader, node, item);
    }
}

static void read_node(struct yaml_reader *reader, const yaml_event_t *event,
                      struct yaml_node *node, int depth)
{
    node->line = (int)event->start_mark.line + 1;
    node->column = (int)event->start_mark.column + 1;
    node->text = "";
    if (refuse_extras(reader, event))
        return;
    if (depth >= MAX_DEPTH) {
        refuse(reader, event,
               _("there are too many levels inside each other; check the "
                 "brackets and the indentation"));
        return;
    }
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        read_list(reader, node, depth + 1);
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        read_map(reader, node, depth + 1);
    } else {
        node->kind = YAML_SCALAR;
        node->text =
            arena_strndup(reader->arena, (const char *)event->data.scalar.value,
                          event->data.scalar.length);
    }
}

/* One document's root, and after it nothing but the end. */
static void read_document(struct yaml_reader *reader, struct yaml_node *root)
{
    yaml_event_t event;
    int documents = 0;
    for (bool is_end = false; !is_end && !reader->is_broken;) {
        if (!next_event(reader, &event))
            return;
        is_end = event.type == YAML_STREAM_END_EVENT;
        if (event.type == YAML_DOCUMENT_START_EVENT) {
            if (documents++)
                refuse(reader, &event,
                       _("a second document begins here (\"---\"); keep one "
                         "document in the file"));
        } else if (!is_end && event.type != YAML_STREAM_START_EVENT &&
                   event.type != YAML_DOCUMENT_END_EVENT) {
            read_node(reader, &event, root, 0);
        }
        yaml_event_delete(&event);
    }
}

/* A file of one bare text: mostly a lost colon. */
static bool is_bare_text(struct yaml_reader *reader,
                         const struct yaml_node *root)
{
    if (root->kind != YAML_SCALAR || text_is_blank(root->text))
        return false;
    fault_add(reader->faults, FAULT_SESSION,
              yaml_place(reader, root->line, root->column),
              _("there is no key in this file; write lines of the form "
                "\"key: value\", with a blank after the colon"));
    return true;
}

static bool is_no_utf8(struct yaml_reader *reader)
{
    if (text_is_utf8(reader->text, reader->size))
        return false;
    fault_add(reader->faults, FAULT_SESSION, yaml_place(reader, 0, 0),
              _("the file is not UTF-8 text; save it as UTF-8"));
    return true;
}

static struct yaml_node *read_text(struct yaml_reader *reader)
{
    struct yaml_node *root = arena_alloc(reader->arena, sizeof(*root));
    root->text = "";
    reader->is_broken = false;
    reader->wide.row = 0;
    if (!yaml_parser_initialize(&reader->parser))
        memory_gone();
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &reader->parser, (const unsigned char *)reader->text, reader->size);
    read_document(reader, root);
    yaml_parser_delete(&reader->parser);
    /* A file of one such line is one text to YAML. */
    if (!reader->is_broken && root->kind == YAML_SCALAR)
        yaml_explain_wide_colon(reader, root->line);
    return root;
}

/* A full-width colon hides what is wrong below it: each is told, mended, and
 * the rest read, so that all faults come at once. */
static struct yaml_node *read_mending(struct yaml_reader *reader)
{
    size_t told = reader->faults->count;
    struct yaml_node *root = read_text(reader);
    while (reader->wide.row) {
        reader->faults->count = told;
        yaml_fault_wide_colon(reader->faults, reader->wide);
        told = reader->faults->count;
        yaml_mend_wide_colon(reader);
        root = read_text(reader);
    }
    return root;
}

struct yaml_node *yaml_parse(struct arena *arena, struct faults *faults,
                             const char *file, const char *text, size_t size)
{
    struct yaml_reader reader = {
        .arena = arena, .faults = faults, .file = file, .text = text};
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        reader.text += 3;
        size -= 3;
    }
    reader.size = size;
    if (is_no_utf8(&reader))
        return NULL;
    struct yaml_node *root = read_mending(&reader);
    if (reader.is_broken || is_bare_text(&reader, root))
        return NULL;
    if (root->kind != YAML_LIST)
        root->kind = YAML_MAP;
    return root;
}

const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->items[i].key, key) == 0)
            return &map->items[i];
    }
    return NULL;
}
