// Prints what Darknet itself makes of a network, as JSON: one [kind, width, height, channels, outputs] a layer and, when weights and an input are given,
// the numbers that each layer computes. Called by make-darknet-fixtures.py; needs Debian's package darknet.
//   cc darknet-layers.c -I/usr/lib/darknet/include -L/usr/lib/darknet -ldarknet -Wl,-rpath,/usr/lib/darknet -o darknet-layers
//   darknet-layers CFG [WEIGHTS INPUT-FLOATS]
#include <darknet.h>

extern char *get_layer_string(LAYER_TYPE type);

int main(int count, char **arguments) {
  gpu_index = -1;
  network *net = parse_network_cfg(arguments[1]);
  set_batch_network(net, 1);
  if (count > 3) {
    load_weights(net, arguments[2]);
    float *input = calloc(net->inputs, sizeof(float));
    FILE *file = fopen(arguments[3], "rb");
    if (!file || fread(input, sizeof(float), net->inputs, file) != (size_t)net->inputs) return 1;
    network_predict(net, input);
  }
  printf("[");
  for (int i = 0; i < net->n; ++i) {
    layer l = net->layers[i];
    printf("%s[\"%s\", %d, %d, %d, %d", i ? ",\n" : "", get_layer_string(l.type), l.out_w, l.out_h, l.out_c, l.outputs);
    if (count > 3) {
      printf(", [");
      for (int j = 0; j < l.outputs; ++j) printf("%s%.9g", j ? "," : "", l.output[j]);
      printf("]");
    }
    printf("]");
  }
  printf("]\n");
  return 0;
}
