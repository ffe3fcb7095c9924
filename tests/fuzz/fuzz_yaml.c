/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session.yaml and its like: a tree with places, or faults that say why not. */
#include "fuzz.h"

#include "base/yaml.h"

static void walk(const struct yaml_node *node)
{
    FUZZ_CHECK(node->kind != YAML_NONE);
    FUZZ_CHECK(node->kind != YAML_SCALAR || node->text);
    for (size_t i = 0; i < node->count; i++) {
        FUZZ_CHECK(node->kind != YAML_MAP || node->items[i].key);
        FUZZ_CHECK(node->items[i].line > 0 && node->items[i].column > 0);
        walk(&node->items[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct faults faults = {.arena = arena_create()};
    const struct yaml_node *root = yaml_parse(
        faults.arena, &faults, "session.yaml", (const char *)data, size);
    FUZZ_CHECK(root || faults.count > 0 || size == 0);
    if (root)
        walk(root);
    arena_destroy(&faults.arena);
    return 0;
}
