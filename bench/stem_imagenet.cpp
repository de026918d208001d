// Proves the convolutional stem by its own ImageNet head: on photos whose captions mostly say
// "dog", the likeliest of the 1,000 classes should be a dog (151-268).
//   stem_imagenet WEIGHTS.safetensors CAPTIONS.jsonl
// WEIGHTS holds vision_encoder.stem.* and imagenet_head.* (a model or
// tools/convert_pretrained.py's).
#include <c10/core/InferenceMode.h>

#include <cstdio>
#include <regex>

#include "beholder/error.hpp"
#include "data/readers.hpp"
#include "nn/linear.hpp"
#include "vision/efficientnet_stem.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/preprocess/image_processor.hpp"

int main(int argc, char** argv) try {
  using namespace beholder;
  if (argc != 3) {
    std::fprintf(stderr, "usage: stem_imagenet WEIGHTS.safetensors CAPTIONS.jsonl\n");
    return 2;
  }
  const c10::InferenceMode inference;
  nn::StoredParameters parameters(io::SafetensorsFile::open(argv[1]));
  const vision::EfficientNetStem stem(parameters, "vision_encoder.stem");
  const nn::Linear head(parameters, "imagenet_head", 1280, 1000);
  const std::regex dog("\\bdogs?\\b", std::regex::icase);
  for (const int size : {256, 260, 320}) {
    const vision::ImageProcessor processor(vision::stem_processor(size));
    at::Tensor pixels = at::empty({1, 3, size, size});
    int photos = 0, dogs = 0;
    for (const data::CaptionRow& row : data::read_caption_jsonl(argv[2])) {
      int saying = 0;
      for (const std::string& caption : row.captions) saying += std::regex_search(caption, dog);
      if (saying < 4) continue;
      processor.process(vision::load_image(row.image), size, size, pixels.data_ptr<float>());
      const at::Tensor pooled = stem.forward(pixels).stride32.mean({2, 3});  // (1, 1280)
      const auto top = head.forward(pooled).argmax(-1).item<std::int64_t>();
      ++photos;
      dogs += top >= 151 && top <= 268;
    }
    std::printf("%d pixels: a dog on %d of %d photos (%.1f %%)\n", size, dogs, photos,
                100.0 * dogs / std::max(photos, 1));
  }
  return 0;
} catch (const beholder::Error& error) {
  std::fprintf(stderr, "stem_imagenet: %s\n", error.what());
  return error.exit_code();
}
