/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the sentences about YAML that can't be read: what people did who fill a
 * form in, which is seldom what libyaml calls it. */
#include "base/yaml_parts.h"

#include "base/log.h"
#include "base/text.h"
#include "base/yaml.h"

#include <string.h>

struct fault_place yaml_place(const struct yaml_reader *reader, int line,
                              int column)
{
    return (struct fault_place){
        .file = reader->file, .row = line, .column = column, .in_text = true};
}

struct fault_place yaml_place_of(const struct yaml_reader *reader,
                                 const yaml_mark_t *mark)
{
    return yaml_place(reader, (int)mark->line + 1, (int)mark->column + 1);
}

/* The `line`th line, counted from 1; memory of the arena, NULL past the end. */
static const char *line_text(const struct yaml_reader *reader, int line)
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

void yaml_fault_wide_colon(struct faults *faults, struct fault_place where)
{
    fault_add(faults, FAULT_SESSION, where,
              _("there is a full-width colon (%s) after a key; write an "
                "ordinary colon and a blank instead: \"key: value\""),
              WIDE_COLON);
}

bool yaml_tell_wide_colon(const struct yaml_node *node, struct faults *faults,
                          struct fault_place where)
{
    if (node->kind != YAML_SCALAR || !strstr(node->text, WIDE_COLON))
        return false;
    yaml_fault_wide_colon(faults, where);
    return true;
}

/* libyaml notices at the next key what a line above did wrong. */
bool yaml_explain_wide_colon(struct yaml_reader *reader, int line)
{
    for (int i = line; i > 0 && i > line - 4; i--) {
        const char *text = line_text(reader, i);
        const char *wide = wide_colon(text);
        if (!wide)
            continue;
        size_t bytes = (size_t)(wide - text);
        int column =
            (int)text_count(arena_strndup(reader->arena, text, bytes)) + 1;
        reader->wide = yaml_place(reader, i, column);
        return true;
    }
    return false;
}

static bool has_tab_in_front(const char *line)
{
    return line && strspn(line, " \t") > strspn(line, " ");
}

static bool explain_tab(struct yaml_reader *reader, int line)
{
    if (!has_tab_in_front(line_text(reader, line)))
        return false;
    fault_add(reader->faults, FAULT_SESSION, yaml_place(reader, line, 1),
              _("the line begins with a tab; indent it with blanks instead"));
    return true;
}

static bool explain_quote(struct yaml_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (!parser->context || !strstr(parser->context, "quoted scalar"))
        return false;
    fault_add(reader->faults, FAULT_SESSION,
              yaml_place_of(reader, &parser->context_mark),
              _("the quotation mark that opens here is never closed, or is "
                "followed by a backslash that means nothing; close it, or "
                "write the text without it"));
    return true;
}

/* `title: "a" b`: the text goes on after its closing mark. */
static bool explain_text_after_quote(struct yaml_reader *reader, int line)
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
    fault_add(reader->faults, FAULT_SESSION, yaml_place(reader, line, 0),
              _("there is text after the closing quotation mark; put the "
                "whole value in quotes, or none of it"));
    return true;
}

static bool explain_bracket(struct yaml_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (!parser->context || !strstr(parser->context, "parsing a flow"))
        return false;
    fault_add(reader->faults, FAULT_SESSION,
              yaml_place_of(reader, &parser->context_mark),
              _("the bracket that opens here is not closed; close it at the "
                "end of the line, and put commas between what is in it"));
    return true;
}

/* The first column behind the colon of `date:2022-06-28`; 0: no such line. */
static int bare_colon(const struct yaml_reader *reader, int line)
{
    const char *text = line_text(reader, line);
    size_t start = text ? strspn(text, " -") : 0;
    size_t colon = text ? strcspn(text, ":") : 0;
    if (!text || colon == start || !text[colon] ||
        strchr("#\"'[{", text[start]))
        return 0;
    if (!text[colon + 1] || strchr(" \r", text[colon + 1]))
        return 0;
    return (int)text_count(arena_strndup(reader->arena, text, colon)) + 2;
}

/* Noticed at the next key, as what a full-width colon does. */
static bool explain_bare_colon(struct yaml_reader *reader, int line)
{
    for (int i = line; i > 0 && i > line - 3; i--) {
        int column = bare_colon(reader, i);
        if (!column)
            continue;
        fault_add(
            reader->faults, FAULT_SESSION, yaml_place(reader, i, column),
            _("a blank is missing after the colon; write \"key: value\""));
        return true;
    }
    return false;
}

static bool explain_second_colon(struct yaml_reader *reader, int line)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *text = line_text(reader, line);
    const char *first = text ? strstr(text, ": ") : NULL;
    if (!first || !strstr(parser->problem, "mapping values") ||
        !strstr(first + 1, ":"))
        return false;
    fault_add(reader->faults, FAULT_SESSION,
              yaml_place_of(reader, &parser->problem_mark),
              _("the value has a colon with a blank in it; put the whole "
                "value in quotes, such as title: \"one: two\""));
    return true;
}

static bool explain_sign(struct yaml_reader *reader)
{
    static const char *const problems[] = {"cannot start any token",
                                           "node content", "entries are not",
                                           "mapping keys are not"};
    const yaml_parser_t *parser = &reader->parser;
    for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
        if (!strstr(parser->problem, problems[i]))
            continue;
        fault_add(reader->faults, FAULT_SESSION,
                  yaml_place_of(reader, &parser->problem_mark),
                  _("a value can't begin with this sign; put the whole value "
                    "in quotes"));
        return true;
    }
    return false;
}

static bool explain_indentation(struct yaml_reader *reader, int line)
{
    static const char *const problems[] = {"mapping values", "expected key",
                                           "document start", "'-' indicator"};
    const yaml_parser_t *parser = &reader->parser;
    const char *text = line_text(reader, line);
    bool is_any = false;
    for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++)
        is_any = is_any || strstr(parser->problem, problems[i]);
    /* Of a key too many libyaml shows the colon, else the line's begin. */
    if (!is_any || !text || line == 1 ||
        (parser->problem_mark.column > strspn(text, " ") &&
         !strstr(parser->problem, problems[0])))
        return false;
    fault_add(reader->faults, FAULT_SESSION, yaml_place(reader, line, 1),
              _("the line does not begin where the lines above do; keys of "
                "one level must stand exactly under one another, indented "
                "with blanks"));
    return true;
}

static void fault_bytes(struct yaml_reader *reader)
{
    int line = 1;
    size_t offset = reader->parser.problem_offset;
    for (size_t i = 0; i < offset && i < reader->size; i++)
        line += reader->text[i] == '\n';
    fault_add(reader->faults, FAULT_SESSION, yaml_place(reader, line, 0),
              _("there is a character that can't stand in such a file "
                "(0x%02x); remove it, or save the file as UTF-8 text"),
              (unsigned)reader->parser.problem_value);
}

void yaml_fault_syntax(struct yaml_reader *reader)
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
        yaml_explain_wide_colon(reader, line) ||
        explain_text_after_quote(reader, line) ||
        explain_text_after_quote(reader, line - 1) || explain_bracket(reader))
        return;
    if (parser->problem &&
        (explain_bare_colon(reader, line) ||
         explain_second_colon(reader, line) || explain_sign(reader) ||
         explain_indentation(reader, line)))
        return;
    fault_add(reader->faults, FAULT_SESSION,
              yaml_place_of(reader, &parser->problem_mark),
              _("the file can't be read from here on; check this line and the "
                "one above: indentation in blanks, \"key: value\" with a blank "
                "after the colon, brackets closed"));
}

/* Puts ":  " for the colon of three bytes, so that all places stay. */
void yaml_mend_wide_colon(struct yaml_reader *reader)
{
    char *text = arena_strndup(reader->arena, reader->text, reader->size);
    char *line = text;
    for (int i = 1; i < reader->wide.row; i++)
        line = strchr(line, '\n') + 1;
    memcpy(strstr(line, WIDE_COLON), ":  ", 3);
    reader->text = text;
}
