/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the way from libyaml's events to a tree with places, and the sentences
 * about YAML that can't be read. Knows no key; what the keys mean is said by
 * option tables and by who reads the tree. */
#include "base/yaml.h"

#include "base/log.h"
#include "base/text.h"

#include <yaml.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH  32
#define WIDE_COLON "："

struct reader {
    yaml_parser_t parser;
    struct arena *arena;
    struct faults *faults;
    const char *file;
    const char *text;
    size_t size;
    bool is_broken;          /* nothing more can be read */
    struct fault_place wide; /* full-width colon that broke it; row 0: none */
};

static struct fault_place place(const struct reader *reader, int line,
                                int column)
{
    return (struct fault_place){
        .file = reader->file, .row = line, .column = column};
}

static struct fault_place place_of_mark(const struct reader *reader,
                                        const yaml_mark_t *mark)
{
    return place(reader, (int)mark->line + 1, (int)mark->column + 1);
}

/* The `line`th line, counted from 1; memory of the arena, NULL past the end. */
static const char *line_text(const struct reader *reader, int line)
{
    const char *at = reader->text, *end = at + reader->size;
    for (int i = 1; i < line; i++) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        if (!next)
            return NULL;
        at = next + 1;
    }
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    return arena_strndup(reader->arena, at, (size_t)((stop ? stop : end) - at));
}

/* A full-width colon where the key's own should be: before any other. */
static const char *wide_colon(const char *line)
{
    const char *wide = line ? strstr(line, WIDE_COLON) : NULL;
    if (!wide)
        return NULL;
    size_t before = (size_t)(wide - line);
    size_t length = strcspn(line, "#\"'");
    const char *colon = strstr(line, ": ");
    if (length < before || (colon && colon < wide))
        return NULL;
    return wide;
}

static void fault_wide_colon(struct reader *reader, struct fault_place where)
{
    fault_add(reader->faults, FAULT_SESSION, where,
              _("there is a full-width colon (%s) after a key; write an "
                "ordinary colon and a blank instead: \"key: value\""),
              WIDE_COLON);
}

/* libyaml notices at the next key what a line above did wrong. */
static bool explain_wide_colon(struct reader *reader, int line)
{
    for (int i = line; i > 0 && i > line - 4; i--) {
        const char *text = line_text(reader, i);
        const char *wide = wide_colon(text);
        if (!wide)
            continue;
        size_t bytes = (size_t)(wide - text);
        int column =
            (int)text_count(arena_strndup(reader->arena, text, bytes)) + 1;
        reader->wide = place(reader, i, column);
        return true;
    }
    return false;
}

static bool has_tab_in_front(const char *line)
{
    return line && strspn(line, " \t") > strspn(line, " ");
}

static bool explain_tab(struct reader *reader, int line)
{
    if (!has_tab_in_front(line_text(reader, line)))
        return false;
    fault_add(reader->faults, FAULT_SESSION, place(reader, line, 1),
              _("the line begins with a tab; indent it with blanks instead"));
    return true;
}

static bool explain_quote(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (!parser->context || !strstr(parser->context, "quoted scalar"))
        return false;
    fault_add(reader->faults, FAULT_SESSION,
              place_of_mark(reader, &parser->context_mark),
              _("the quotation mark that opens here is never closed, or is "
                "followed by a backslash that means nothing; close it, or "
                "write the text without it"));
    return true;
}

/* `title: "a" b`: the text goes on after its closing mark. */
static bool explain_text_after_quote(struct reader *reader, int line)
{
    const char *text = line_text(reader, line);
    const char *value = text ? strstr(text, ": ") : NULL;
    if (!value || !reader->parser.problem ||
        !strstr(reader->parser.problem, "expected"))
        return false;
    value += 1 + strspn(value + 1, " ");
    const char *close =
        *value == '"' || *value == '\'' ? strchr(value + 1, *value) : NULL;
    if (!close || !close[1 + strspn(close + 1, " \r")])
        return false;
    fault_add(reader->faults, FAULT_SESSION, place(reader, line, 0),
              _("there is text after the closing quotation mark; put the "
                "whole value in quotes, or none of it"));
    return true;
}

static void fault_bytes(struct reader *reader)
{
    int line = 1;
    size_t offset = reader->parser.problem_offset;
    for (size_t i = 0; i < offset && i < reader->size; i++)
        line += reader->text[i] == '\n';
    fault_add(reader->faults, FAULT_SESSION, place(reader, line, 0),
              _("there is a character that can't stand in such a file "
                "(0x%02x); remove it, or save the file as UTF-8 text"),
              (unsigned)reader->parser.problem_value);
}

static void fault_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    reader->is_broken = true;
    if (parser->error == YAML_READER_ERROR) {
        fault_bytes(reader);
        return;
    }
    /* Quotes first: a broken one makes everything after it look wrong. */
    int line = (int)parser->problem_mark.line + 1;
    if (explain_quote(reader) || explain_tab(reader, line) ||
        explain_wide_colon(reader, line) ||
        explain_text_after_quote(reader, line) ||
        explain_text_after_quote(reader, line - 1))
        return;
    fault_add(reader->faults, FAULT_SESSION,
              place_of_mark(reader, &parser->problem_mark),
              _("the file can't be read from here on (%s); check this line "
                "and the one above: indentation in blanks, \"key: value\" "
                "with a blank after the colon, brackets closed"),
              parser->problem ? parser->problem : "YAML");
}

static bool next_event(struct reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event))
        return true;
    fault_syntax(reader);
    return false;
}

/* What people never mean when they fill a form in. */
static void refuse(struct reader *reader, const yaml_event_t *event,
                   const char *message)
{
    reader->is_broken = true;
    fault_add(reader->faults, FAULT_SESSION,
              place_of_mark(reader, &event->start_mark), "%s", message);
}

static bool refuse_extras(struct reader *reader, const yaml_event_t *event)
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

static void read_node(struct reader *reader, const yaml_event_t *event,
                      struct yaml_node *node, int depth);

static void read_list(struct reader *reader, struct yaml_node *node, int depth)
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
static bool read_key(struct reader *reader, const yaml_event_t *event,
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

static void check_key(struct reader *reader, const struct yaml_node *map,
                      const struct yaml_node *node)
{
    struct fault_place where = place(reader, node->key_line, node->key_column);
    where.field = node->key;
    /* {key：value} is to YAML a key without a value. */
    if (node->kind == YAML_SCALAR && !node->text[0] &&
        strstr(node->key, WIDE_COLON)) {
        fault_wide_colon(reader, where);
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

static void read_map(struct reader *reader, struct yaml_node *node, int depth)
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

static void read_node(struct reader *reader, const yaml_event_t *event,
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
static void read_document(struct reader *reader, struct yaml_node *root)
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
static bool is_bare_text(struct reader *reader, const struct yaml_node *root)
{
    if (root->kind != YAML_SCALAR || text_is_blank(root->text))
        return false;
    fault_add(reader->faults, FAULT_SESSION,
              place(reader, root->line, root->column),
              _("there is no key in this file; write lines of the form "
                "\"key: value\", with a blank after the colon"));
    return true;
}

static bool is_no_utf8(struct reader *reader)
{
    if (text_is_utf8(reader->text, reader->size))
        return false;
    fault_add(reader->faults, FAULT_SESSION, place(reader, 0, 0),
              _("the file is not UTF-8 text; save it as UTF-8"));
    return true;
}

static struct yaml_node *read_text(struct reader *reader)
{
    struct yaml_node *root = arena_alloc(reader->arena, sizeof(*root));
    root->text = "";
    reader->is_broken = false;
    reader->wide.row = 0;
    if (!yaml_parser_initialize(&reader->parser))
        abort(); /* as an arena does: no memory for a form */
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &reader->parser, (const unsigned char *)reader->text, reader->size);
    read_document(reader, root);
    yaml_parser_delete(&reader->parser);
    /* A file of one such line is one text to YAML. */
    if (!reader->is_broken && root->kind == YAML_SCALAR)
        explain_wide_colon(reader, root->line);
    return root;
}

/* Puts ":  " for the colon of three bytes, so that all places stay. */
static void mend_wide_colon(struct reader *reader)
{
    char *text = arena_strndup(reader->arena, reader->text, reader->size);
    char *line = text;
    for (int i = 1; i < reader->wide.row; i++)
        line = strchr(line, '\n') + 1;
    memcpy(strstr(line, WIDE_COLON), ":  ", 3);
    reader->text = text;
}

/* A full-width colon hides what is wrong below it: each is told, mended, and
 * the rest read, so that all faults come at once. */
static struct yaml_node *read_mending(struct reader *reader)
{
    size_t told = reader->faults->count;
    struct yaml_node *root = read_text(reader);
    while (reader->wide.row) {
        reader->faults->count = told;
        fault_wide_colon(reader, reader->wide);
        told = reader->faults->count;
        mend_wide_colon(reader);
        root = read_text(reader);
    }
    return root;
}

struct yaml_node *yaml_parse(struct arena *arena, struct faults *faults,
                             const char *file, const char *text, size_t size)
{
    struct reader reader = {
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
