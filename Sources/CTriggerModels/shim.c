#include "shim.h"

static const unsigned char activate[] = {
#embed "../../Assets/models/activate.safetensors"
};

static const unsigned char hey_computer[] = {
#embed "../../Assets/models/hey-computer.safetensors"
};

static const struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} models[] = {
    {"activate", activate, sizeof activate},
    {"hey-computer", hey_computer, sizeof hey_computer},
};

const char *percept_trigger_model_name(size_t index) { return index < sizeof models / sizeof *models ? models[index].name : NULL; }

const unsigned char *percept_trigger_model(size_t index, size_t *count) {
  *count = models[index].count;
  return models[index].bytes;
}
