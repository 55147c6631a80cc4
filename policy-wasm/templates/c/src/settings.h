// What an operator may set: {"tags": ["latest", "main"]}.
#pragma once

#include "contract.h"

// The same as JSON Schema.
extern const char *const settings_schema;

typedef struct {
  // The tags that move.
  contract_string_t *tags;
  size_t count;
} settings_t;

// Reads them; NULL where all is well, else what is wrong.
const char *read_settings(contract_string_t text, settings_t *settings);
