// The 8-bit pixels that a published model would see: bench/blip_pixels.py compares them.
//   blip_pixels SIZE PICTURE... > SIZE * SIZE * 3 bytes each
#include <cstdio>
#include <string>

#include "beholder/error.hpp"
#include "core/file.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/preprocess/image_processor.hpp"

int main(int argc, char** argv) try {
  using namespace beholder;
  if (argc < 3) {
    std::fprintf(stderr, "usage: blip_pixels SIZE PICTURE...\n");
    return 2;
  }
  const int size = std::stoi(argv[1]);
  for (int i = 2; i < argc; ++i) {
    const auto bytes = read_file_bytes(argv[i]);
    const vision::Image image = vision::decode_image(bytes.data(), bytes.size(), argv[i], {});
    const vision::Image resized =
        vision::resize_image(image, size, size, vision::Resample::kPillowBicubic);
    std::fwrite(resized.rgb.data(), 1, resized.rgb.size(), stdout);
  }
  return 0;
} catch (const beholder::Error& error) {
  std::fprintf(stderr, "blip_pixels: %s\n", error.what());
  return error.exit_code();
}
