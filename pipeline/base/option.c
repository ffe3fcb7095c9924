/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how a table fills a struct: defaults first, then a YAML map, with a
 * fault for each key and value that it can't place. Knows no key itself. */
#include "base/option.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

static void *field(const struct option *option, void *object)
{
    return (char *)object + option->offset;
}

static size_t field_size(enum option_type type)
{
    switch (type) {
    case OPTION_BOOL:
        return sizeof(bool);
    case OPTION_INT:
    case OPTION_BITS:
        return sizeof(int64_t);
    case OPTION_REAL:
        return sizeof(double);
    case OPTION_TEXT:
        return sizeof(const char *);
    case OPTION_CHOICE:
        return sizeof(int);
    case OPTION_COLOUR:
        return sizeof(uint32_t);
    case OPTION_LIST:
        return sizeof(struct option_list);
    case OPTION_NODE:
        return sizeof(const struct yaml_node *);
    case OPTION_NONE:
        break;
    }
    return 0;
}

void option_defaults(const struct option *table, size_t count, void *object,
                     struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        memset(field(&table[i], object), 0, field_size(table[i].type));
        if (!table[i].fallback || table[i].type == OPTION_NODE)
            continue;
        int ret = option_set(&table[i], object, table[i].fallback, arena, NULL);
        assert(ret >= 0); /* a table's default that its own line refuses */
        (void)ret;
    }
}

/* One map being loaded. */
struct loader {
    const struct option *table;
    size_t count;
    void *object;
    const struct yaml_node *map;
    const char *file;
    const char *const *skip;
    struct arena *arena;
    struct faults *faults;
};

static const struct option *find(const struct loader *loader, const char *key)
{
    const char *folded =
        text_trim(loader->arena, text_fold_width(loader->arena, key));
    for (size_t i = 0; i < loader->count; i++) {
        const struct option *option = &loader->table[i];
        if (text_equal_fold(folded, option->name) ||
            (option->alias && text_equal_fold(folded, option->alias)))
            return option;
    }
    return NULL;
}

static bool is_skipped(const struct loader *loader, const char *key)
{
    for (size_t i = 0; loader->skip && loader->skip[i]; i++) {
        if (strcmp(loader->skip[i], key) == 0)
            return true;
    }
    return false;
}

static struct fault_place key_place(const struct loader *loader,
                                    const struct yaml_node *node)
{
    return (struct fault_place){.file = loader->file,
                                .row = node->key_line,
                                .column = node->key_column,
                                .field = node->key,
                                .in_text = true};
}

static struct fault_place value_place(const struct loader *loader,
                                      const struct yaml_node *node)
{
    struct fault_place place = key_place(loader, node);
    if (node->line) {
        place.row = node->line;
        place.column = node->column;
    }
    return place;
}

/* All keys that the map may have: the table's, then the others'. */
static const char **known_keys(const struct loader *loader, bool with_aliases,
                               size_t *count)
{
    const char **keys = NULL;
    *count = 0;
    for (size_t i = 0; i < loader->count; i++) {
        const struct option *option = &loader->table[i];
        *(const char **)arena_push(loader->arena, &keys, count, sizeof(*keys)) =
            option->name;
        if (with_aliases && option->alias)
            *(const char **)arena_push(loader->arena, &keys, count,
                                       sizeof(*keys)) = option->alias;
    }
    for (size_t i = 0; loader->skip && loader->skip[i]; i++)
        *(const char **)arena_push(loader->arena, &keys, count, sizeof(*keys)) =
            loader->skip[i];
    return keys;
}

static void fault_unknown(const struct loader *loader,
                          const struct yaml_node *node)
{
    struct fault_place place = key_place(loader, node);
    size_t count;
    const char **keys = known_keys(loader, true, &count);
    const char *nearest = text_nearest(node->key, keys, count);
    if (strstr(node->key, "：")) {
        fault_add(loader->faults, FAULT_SESSION, place,
                  _("the key \"%s\" has a full-width colon in it; write an "
                    "ordinary colon and a blank: \"key: value\""),
                  node->key);
        return;
    }
    if (nearest) {
        fault_add(loader->faults, FAULT_SESSION, place,
                  _("the key \"%s\" is not known; did you mean \"%s\"?"),
                  node->key, nearest);
        return;
    }
    struct buffer list = {0};
    keys = known_keys(loader, false, &count);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&list, "%s%s", i ? ", " : "", keys[i]);
    fault_add(loader->faults, FAULT_SESSION, place,
              _("the key \"%s\" is not known; remove it, or use one of these: "
                "%s"),
              node->key, buffer_text(&list));
    buffer_clear(&list);
}

/* The key's name in Chinese after its name in English is still twice. */
static bool is_twice(const struct loader *loader, const struct option *option,
                     const struct yaml_node *node)
{
    for (const struct yaml_node *other = loader->map->items; other < node;
         other++) {
        if (is_skipped(loader, other->key) ||
            find(loader, other->key) != option)
            continue;
        if (strcmp(other->key, node->key) != 0)
            fault_add(loader->faults, FAULT_SESSION, key_place(loader, node),
                      _("\"%s\" means the same as \"%s\" in line %d; keep one "
                        "of the two"),
                      node->key, other->key, other->key_line);
        return true; /* the same key was told by who read the YAML */
    }
    return false;
}

static void load_scalar(const struct loader *loader,
                        const struct option *option,
                        const struct yaml_node *node)
{
    struct buffer why = {0};
    const char *text = node->text;
    bool is_unset = !*text && option->type != OPTION_TEXT &&
                    option->type != OPTION_LIST &&
                    option->type != OPTION_COLOUR;
    /* "key:" with nothing behind it keeps the default, as a form does. */
    if (!is_unset &&
        option_set(option, loader->object, text, loader->arena, &why) < 0)
        fault_add(loader->faults, FAULT_SESSION, value_place(loader, node),
                  _("\"%s\" can't be the value of \"%s\": %s"), text, node->key,
                  buffer_text(&why));
    buffer_clear(&why);
}

static void load_list(const struct loader *loader, const struct option *option,
                      const struct yaml_node *node)
{
    struct option_list *list = field(option, loader->object);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *item = &node->items[i];
        if (item->kind != YAML_SCALAR || node->kind != YAML_LIST) {
            fault_add(loader->faults, FAULT_SESSION,
                      value_place(loader, item->line ? item : node),
                      _("\"%s\" takes a list of texts; write [one, two]"),
                      node->key);
            return;
        }
        *(const char **)arena_push(loader->arena, &list->items, &list->count,
                                   sizeof(*list->items)) =
            arena_strdup(loader->arena, item->text);
    }
}

static void load_node(const struct loader *loader, const struct option *option,
                      const struct yaml_node *node)
{
    void *out = field(option, loader->object);
    if (option->type == OPTION_NODE)
        *(const struct yaml_node **)out = node;
    else if (option->type == OPTION_LIST)
        *(struct option_list *)out = (struct option_list){0};

    if (option->type == OPTION_LIST && node->kind != YAML_SCALAR)
        load_list(loader, option, node);
    else if (option->type != OPTION_NODE && node->kind == YAML_SCALAR)
        load_scalar(loader, option, node);
    else if (option->type != OPTION_NODE)
        fault_add(loader->faults, FAULT_SESSION, value_place(loader, node),
                  _("\"%s\" takes one value, not a list or a group of keys; "
                    "write it on the same line, after the colon"),
                  node->key);
}

void option_load(const struct option *table, size_t count, void *object,
                 const struct yaml_node *map, const char *file,
                 const char *const *skip, struct arena *arena,
                 struct faults *faults)
{
    const struct loader loader = {table, count, object, map,
                                  file,  skip,  arena,  faults};
    if (!map || (map->kind == YAML_SCALAR && text_is_blank(map->text)))
        return;
    if (map->kind != YAML_MAP) {
        fault_add(faults, FAULT_SESSION, value_place(&loader, map),
                  _("keys should stand here; write lines of the form "
                    "\"key: value\", with a blank after the colon"));
        return;
    }
    for (size_t i = 0; i < map->count; i++) {
        const struct yaml_node *node = &map->items[i];
        if (is_skipped(&loader, node->key))
            continue;
        const struct option *option = find(&loader, node->key);
        if (!option)
            fault_unknown(&loader, node);
        else if (!is_twice(&loader, option, node))
            load_node(&loader, option, node);
    }
}
