#include "settings.h"

#include <stdlib.h>
#include <string.h>

const char *const settings_schema =
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
    "\"tags\": {\"description\": \"The tags that move.\", \"type\": \"array\","
    " \"items\": {\"type\": \"string\"},"
    " \"default\": [\"latest\", \"main\", \"master\", \"edge\"]}}}";

static const char *const defaults[] = {"latest", "main", "master", "edge"};

// As much of JSON as these settings need: one object, one list of plain strings.
typedef struct {
  const uint8_t *at, *end;
} reader_t;

// Takes this character, and the space before it, if it comes next.
static bool take(reader_t *reader, uint8_t character) {
  while (reader->at < reader->end && strchr(" \t\r\n", *reader->at)) reader->at++;
  if (reader->at == reader->end || *reader->at != character) return false;
  reader->at++;
  return true;
}

static bool take_string(reader_t *reader, contract_string_t *string) {
  if (!take(reader, '"')) return false;
  string->ptr = (uint8_t *)reader->at;
  while (reader->at < reader->end && *reader->at != '"') {
    if (*reader->at == '\\') return false;
    reader->at++;
  }
  string->len = reader->at - string->ptr;
  return take(reader, '"');
}

static bool take_tags(reader_t *reader, settings_t *settings) {
  settings->count = 0;
  if (!take(reader, '[')) return false;
  if (take(reader, ']')) return true;
  do {
    contract_string_t tag;
    if (!take_string(reader, &tag)) return false;
    settings->tags = realloc(settings->tags, (settings->count + 1) * sizeof tag);
    if (!settings->tags) abort();
    settings->tags[settings->count++] = tag;
  } while (take(reader, ','));
  return take(reader, ']');
}

const char *read_settings(contract_string_t text, settings_t *settings) {
  settings->count = sizeof defaults / sizeof *defaults;
  settings->tags = malloc(settings->count * sizeof *settings->tags);
  if (!settings->tags) abort();
  for (size_t i = 0; i < settings->count; i++) {
    contract_string_set(&settings->tags[i], defaults[i]);
  }

  reader_t reader = {text.ptr, text.ptr + text.len};
  if (!take(&reader, '{')) return "the settings are not a JSON object";
  if (take(&reader, '}')) return NULL;
  contract_string_t key;
  if (!take_string(&reader, &key) || key.len != 4 || memcmp(key.ptr, "tags", 4) != 0) {
    return "the settings have a key that this policy does not know; it knows tags";
  }
  if (!take(&reader, ':') || !take_tags(&reader, settings) || !take(&reader, '}')) {
    return "the setting tags is not a list of plain strings";
  }
  return NULL;
}
