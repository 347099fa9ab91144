#pragma once
#include <stddef.h>

// The networks that the program carries in itself: files of docs/formats/triggerword.md.

// The name of network `index`; NULL for an index beyond the last.
const char *percept_trigger_model_name(size_t index);

// The bytes of network `index`, `count` of them.
const unsigned char *percept_trigger_model(size_t index, size_t *count);
