#include "src/core/card.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "src/core/setting.h"

struct reader {
    struct bd_card_faults faults;
    yaml_document_t document;
    char place[160]; /* "planes[1].z_m"; cut if longer, it is only for messages */
};

void bd_card_fault(struct bd_card_faults *faults, unsigned line, unsigned column, const char *format, ...)
{
    enum { REST = 32 }; /* kept free for "and N more" */
    faults->n++;
    struct bd_error *err = faults->err;
    if (err == NULL)
        return;
    if (faults->n == 1)
        err->message[0] = '\0';
    char fault[sizeof err->message - REST], position[32];
    (void)snprintf(position, sizeof position, column > 0 ? "%u:%u" : "%u", line, column);
    int used = snprintf(fault, sizeof fault, "%s%.400s:%s: ", faults->n > 1 ? "\n" : "", faults->path, position);
    va_list args;
    va_start(args, format);
    used += vsnprintf(fault + used, sizeof fault - (size_t)used, format, args);
    va_end(args);
    const size_t before = strlen(err->message);
    if (faults->n == 1 || (faults->n_hidden == 0 && before + (size_t)used < sizeof fault))
        memcpy(err->message + before, fault, strlen(fault) + 1);
    else
        faults->n_hidden++;
}

enum bd_status bd_card_finish(struct bd_card_faults *faults)
{
    if (faults->n == 0)
        return BD_OK;
    if (faults->err != NULL) {
        faults->err->status = BD_BAD_INPUT;
        const size_t used = strlen(faults->err->message);
        if (faults->n_hidden > 0)
            (void)snprintf(faults->err->message + used, sizeof faults->err->message - used, "\nand %zu more",
                           faults->n_hidden);
    }
    return BD_BAD_INPUT;
}

static void fault_at(struct reader *reader, const yaml_node_t *node, const char *format, ...) BD_PRINTF(3, 4);
static void fault_at(struct reader *reader, const yaml_node_t *node, const char *format, ...)
{
    char what[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    bd_card_fault(&reader->faults, (unsigned)node->start_mark.line + 1, (unsigned)node->start_mark.column + 1,
                  "%s: %s", reader->place[0] != '\0' ? reader->place : "card", what);
}

/* Go one step down in `place`; the caller comes back with leave(). */
static size_t enter_key(struct reader *reader, const char *key)
{
    const size_t before = strlen(reader->place);
    (void)snprintf(reader->place + before, sizeof reader->place - before, "%s%s", before > 0 ? "." : "", key);
    return before;
}

static size_t enter_index(struct reader *reader, size_t index)
{
    const size_t before = strlen(reader->place);
    (void)snprintf(reader->place + before, sizeof reader->place - before, "[%zu]", index);
    return before;
}

static void leave(struct reader *reader, size_t before)
{
    reader->place[before] = '\0';
}

/* Text of a node, or NULL if it is not a scalar or holds a NUL ("\0" in double quotes). */
static const char *scalar(const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE)
        return NULL;
    const char *text = (const char *)node->data.scalar.value;
    return strlen(text) == node->data.scalar.length ? text : NULL;
}

static void fault_expected(struct reader *reader, const yaml_node_t *node, const char *expected)
{
    if (node->type == YAML_SEQUENCE_NODE)
        fault_at(reader, node, "expected %s, found a list", expected);
    else if (node->type == YAML_MAPPING_NODE)
        fault_at(reader, node, "expected %s, found a block", expected);
    else
        fault_at(reader, node, "expected %s, found '%.60s'", expected, (const char *)node->data.scalar.value);
}

static const char *comma(size_t i)
{
    return i > 0 ? ", " : "";
}

/* Index of the word, or -1 after a fault that lists the words. */
static int read_word(struct reader *reader, const struct bd_card_field *field, const yaml_node_t *node,
                     const char *text)
{
    char known[300] = "";
    for (int i = 0; field->words[i] != NULL; i++) {
        if (strcmp(field->words[i], text) == 0)
            return i;
        const size_t used = strlen(known);
        (void)snprintf(known + used, sizeof known - used, "%s%s", comma((size_t)i), field->words[i]);
    }
    fault_at(reader, node, "'%.60s' is not one of: %s", text, known);
    return -1;
}

static void read_number(struct reader *reader, const struct bd_card_field *field, const yaml_node_t *node,
                        void *target)
{
    const int whole = field->type == BD_CARD_WHOLE;
    const char *text = scalar(node);
    double value;
    if (text == NULL || !bd_setting_parse_number(text, &value) ||
        (whole && text[strspn(text, "+-0123456789")] != '\0'))
        fault_expected(reader, node, whole ? "a whole number" : "a number");
    else if (value < field->min || value > field->max)
        fault_at(reader, node, "%.60s is outside the allowed range %.12g to %.12g", text, field->min, field->max);
    else if (whole)
        *(int *)target = (int)value;
    else
        *(double *)target = value;
}

static void read_text(struct reader *reader, const struct bd_card_field *field, const yaml_node_t *node,
                      void *target)
{
    const char *text = scalar(node);
    if (text == NULL || text[0] == '\0')
        fault_expected(reader, node, "text");
    else if (field->type == BD_CARD_TEXT && strlen(text) >= field->size)
        fault_at(reader, node, "text is longer than %zu characters: '%.60s'", field->size - 1, text);
    else if ((field->words == NULL || read_word(reader, field, node, text) >= 0) && field->type == BD_CARD_TEXT)
        memcpy(target, text, strlen(text) + 1);
}

static void read_choice(struct reader *reader, const struct bd_card_field *field, const yaml_node_t *node,
                        void *target)
{
    const char *text = scalar(node);
    if (text == NULL)
        fault_expected(reader, node, "a word");
    const int index = text != NULL ? read_word(reader, field, node, text) : -1;
    if (index >= 0)
        *(int *)target = index;
}

static void read_bool(struct reader *reader, const yaml_node_t *node, void *target)
{
    const char *text = scalar(node);
    if (text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
        *(int *)target = text[0] == 't';
    else
        fault_expected(reader, node, "true or false");
}

static void set_initial(const struct bd_card_field *fields, void *block)
{
    for (const struct bd_card_field *field = fields; field->name != NULL; field++) {
        void *target = (char *)block + field->offset;
        if (field->list)
            continue;
        if (field->type == BD_CARD_NUMBER)
            *(double *)target = field->initial;
        else if (field->type == BD_CARD_WHOLE || field->type == BD_CARD_BOOL || field->type == BD_CARD_CHOICE)
            *(int *)target = (int)field->initial;
        else if (field->type == BD_CARD_BLOCK)
            set_initial(field->fields, target);
    }
}

static const struct bd_card_field *find_field(const struct bd_card_field *fields, const char *key)
{
    for (; fields->name != NULL; fields++)
        if (fields->type != BD_CARD_LINE && strcmp(fields->name, key) == 0)
            return fields;
    return NULL;
}

static void list_keys(const struct bd_card_field *fields, char *text, size_t size)
{
    text[0] = '\0';
    for (; fields->name != NULL; fields++) {
        const size_t used = strlen(text);
        if (fields->type != BD_CARD_LINE)
            (void)snprintf(text + used, size - used, "%s%s", comma(used), fields->name);
    }
}

/* The key of a pair, or NULL after a fault if it is no word or was given before. */
static const char *read_key(struct reader *reader, const yaml_node_t *block, const yaml_node_pair_t *pair)
{
    const yaml_node_t *node = yaml_document_get_node(&reader->document, pair->key);
    const char *key = scalar(node);
    if (key == NULL) {
        fault_expected(reader, node, "a key");
        return NULL;
    }
    for (const yaml_node_pair_t *other = block->data.mapping.pairs.start; other < pair; other++) {
        const yaml_node_t *before = yaml_document_get_node(&reader->document, other->key);
        if (scalar(before) != NULL && strcmp(scalar(before), key) == 0) {
            fault_at(reader, node, "key '%.60s' is given twice, first in line %zu", key,
                     before->start_mark.line + 1);
            return NULL;
        }
    }
    return key;
}

static void read_field(struct reader *reader, const struct bd_card_field *field, const yaml_node_t *node,
                       void *block);

/* One pair of a block whose keys are data: the next entry of the list `field`. */
static void read_pair(struct reader *reader, const struct bd_card_field *field, const yaml_node_pair_t *pair,
                      void *block)
{
    size_t *n = (size_t *)(void *)((char *)block + field->n_offset);
    const yaml_node_t *key = yaml_document_get_node(&reader->document, pair->key);
    if (*n == field->n_max) {
        fault_at(reader, key, "more than %zu keys", field->n_max);
        return;
    }
    void *entry = (char *)block + field->offset + (*n)++ * field->size;
    read_field(reader, &field->fields[0], key, entry);
    read_field(reader, &field->fields[1], yaml_document_get_node(&reader->document, pair->value), entry);
    for (const struct bd_card_field *rest = &field->fields[2]; rest->name != NULL; rest++)
        if (rest->type == BD_CARD_LINE)
            *(unsigned *)(void *)((char *)entry + rest->offset) = (unsigned)key->start_mark.line + 1;
}

static void read_block(struct reader *reader, const struct bd_card_field *fields, const yaml_node_t *node,
                       void *block)
{
    set_initial(fields, block);
    if (node->type != YAML_MAPPING_NODE) {
        fault_expected(reader, node, "a block {key: value}");
        return;
    }
    const struct bd_card_field *const any = find_field(fields, "*");
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
         pair++) {
        const char *key = read_key(reader, node, pair);
        if (key == NULL)
            continue;
        const struct bd_card_field *field = find_field(fields, key);
        if (field == NULL && any == NULL) {
            char known[400];
            list_keys(fields, known, sizeof known);
            fault_at(reader, yaml_document_get_node(&reader->document, pair->key),
                     "unknown key '%.60s'; known here: %s", key, known);
            continue;
        }
        const size_t before = enter_key(reader, key);
        if (field != NULL && field != any)
            read_field(reader, field, yaml_document_get_node(&reader->document, pair->value), block);
        else
            read_pair(reader, any, pair, block);
        leave(reader, before);
    }
    for (const struct bd_card_field *field = fields; field->name != NULL; field++) {
        if (field->type == BD_CARD_LINE)
            *(unsigned *)(void *)((char *)block + field->offset) = (unsigned)node->start_mark.line + 1;
        int given = !field->required;
        for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
             !given && pair < node->data.mapping.pairs.top; pair++) {
            const char *key = scalar(yaml_document_get_node(&reader->document, pair->key));
            given = key != NULL && strcmp(key, field->name) == 0;
        }
        if (!given)
            fault_at(reader, node, "required key '%s' is missing", field->name);
    }
}

static void read_one_of(struct reader *reader, const struct bd_card_field *field, const yaml_node_t *node,
                        void *target)
{
    char known[200], expected[240];
    list_keys(field->fields, known, sizeof known);
    (void)snprintf(expected, sizeof expected, "exactly one of: %s", known);
    if (node->type != YAML_MAPPING_NODE) {
        fault_expected(reader, node, "a block {key: value}");
        return;
    }
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    const ptrdiff_t n = node->data.mapping.pairs.top - pair;
    if (n != 1) {
        fault_at(reader, node, "expected %s; found %td keys", expected, n);
        return;
    }
    const char *key = scalar(yaml_document_get_node(&reader->document, pair->key));
    const struct bd_card_field *chosen = key != NULL ? find_field(field->fields, key) : NULL;
    if (chosen == NULL) {
        fault_expected(reader, yaml_document_get_node(&reader->document, pair->key), expected);
        return;
    }
    *(int *)(void *)((char *)target + field->kind_offset) = (int)(chosen - field->fields) + 1;
    const size_t before = enter_key(reader, key);
    read_block(reader, chosen->fields, yaml_document_get_node(&reader->document, pair->value), target);
    leave(reader, before);
}

static size_t value_size(const struct bd_card_field *field)
{
    if (field->type == BD_CARD_NUMBER)
        return sizeof(double);
    return field->size > 0 ? field->size : sizeof(int);
}

static void read_value(struct reader *reader, const struct bd_card_field *field, const yaml_node_t *node,
                       void *target)
{
    switch (field->type) {
    case BD_CARD_NUMBER:
    case BD_CARD_WHOLE:
        read_number(reader, field, node, target);
        break;
    case BD_CARD_BOOL:
        read_bool(reader, node, target);
        break;
    case BD_CARD_TEXT:
    case BD_CARD_NOTE:
        read_text(reader, field, node, target);
        break;
    case BD_CARD_CHOICE:
        read_choice(reader, field, node, target);
        break;
    case BD_CARD_BLOCK:
        read_block(reader, field->fields, node, target);
        break;
    case BD_CARD_ONE_OF:
        read_one_of(reader, field, node, target);
        break;
    case BD_CARD_LINE:
        break;
    }
}

static void read_field(struct reader *reader, const struct bd_card_field *field, const yaml_node_t *node,
                       void *block)
{
    char *target = (char *)block + field->offset;
    if (!field->list) {
        read_value(reader, field, node, target);
        return;
    }
    if (node->type != YAML_SEQUENCE_NODE) {
        fault_expected(reader, node, "a list [value, ...]");
        return;
    }
    const yaml_node_item_t *items = node->data.sequence.items.start;
    const size_t n = (size_t)(node->data.sequence.items.top - items);
    if (n < field->n_min || n > field->n_max) {
        if (field->n_min == field->n_max)
            fault_at(reader, node, "expected %zu values, found %zu", field->n_max, n);
        else
            fault_at(reader, node, "expected %zu to %zu values, found %zu", field->n_min, field->n_max, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const size_t before = enter_index(reader, i);
        read_value(reader, field, yaml_document_get_node(&reader->document, items[i]),
                   target + i * value_size(field));
        leave(reader, before);
    }
    if (field->n_min != field->n_max)
        *(size_t *)(void *)((char *)block + field->n_offset) = n;
}

/* What libyaml itself refuses: its own words, and the place of the problem rather than of the block around it. */
static void fault_yaml(struct reader *reader, const yaml_parser_t *parser, const char *text, size_t length)
{
    size_t line = parser->problem_mark.line + 1, column = parser->problem_mark.column + 1;
    if (parser->error == YAML_READER_ERROR) { /* wrong encoding: only the offset is set */
        line = column = 1;
        for (size_t i = 0; i < parser->problem_offset && i < length; i++) {
            column = text[i] == '\n' ? 1 : column + 1;
            line += text[i] == '\n';
        }
    }
    const char *problem = parser->problem != NULL ? parser->problem : "out of memory";
    const char *context = parser->context;
    bd_card_fault(&reader->faults, (unsigned)line, (unsigned)column, "%s%s%s", problem,
                  context != NULL ? ", " : "", context != NULL ? context : "");
}

enum bd_status bd_card_read(const char *path, const char *text, size_t length, const struct bd_card_field *fields,
                            void *out, struct bd_error *err)
{
    struct reader reader = {.faults = {.path = path, .err = err}};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    if (!yaml_parser_load(&parser, &reader.document)) {
        fault_yaml(&reader, &parser, text, length);
        yaml_parser_delete(&parser);
        return bd_card_finish(&reader.faults);
    }
    const yaml_node_t *root = yaml_document_get_root_node(&reader.document);
    if (root == NULL)
        bd_card_fault(&reader.faults, 1, 1, "empty card");
    else
        read_block(&reader, fields, root, out);
    yaml_document_delete(&reader.document);
    if (root != NULL) {
        if (!yaml_parser_load(&parser, &reader.document)) {
            fault_yaml(&reader, &parser, text, length);
        } else {
            root = yaml_document_get_root_node(&reader.document);
            if (root != NULL)
                bd_card_fault(&reader.faults, (unsigned)root->start_mark.line + 1,
                              (unsigned)root->start_mark.column + 1, "a second document: one card per file");
            yaml_document_delete(&reader.document);
        }
    }
    yaml_parser_delete(&parser);
    return bd_card_finish(&reader.faults);
}

/* Node of a key in a block, or NULL. */
static const yaml_node_t *find_key(yaml_document_t *document, const yaml_node_t *block, const char *key)
{
    if (block == NULL || block->type != YAML_MAPPING_NODE)
        return NULL;
    for (const yaml_node_pair_t *pair = block->data.mapping.pairs.start; pair < block->data.mapping.pairs.top;
         pair++) {
        const yaml_node_t *name = yaml_document_get_node(document, pair->key);
        if (name->type == YAML_SCALAR_NODE && strcmp((const char *)name->data.scalar.value, key) == 0)
            return yaml_document_get_node(document, pair->value);
    }
    return NULL;
}

void bd_card_peek(const char *text, size_t length, const char *block, const char *key, char *value, size_t size)
{
    yaml_parser_t parser;
    yaml_document_t document;
    value[0] = '\0';
    if (!yaml_parser_initialize(&parser))
        return;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    if (yaml_parser_load(&parser, &document)) {
        const yaml_node_t *node = find_key(&document, yaml_document_get_root_node(&document), block);
        node = find_key(&document, node, key);
        if (node != NULL && node->type == YAML_SCALAR_NODE)
            (void)snprintf(value, size, "%s", (const char *)node->data.scalar.value);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
}
