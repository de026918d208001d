#include "vision/image_writer.hpp"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#endif
#include <stb/stb_image_write.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#include <string>

#include "core/file.hpp"

namespace beholder::vision {

void write_png(const std::filesystem::path& path, const Image& image) {
  std::string content;
  const auto append = [](void* to, void* data, int size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(data),
                                          static_cast<std::size_t>(size));
  };
  stbi_write_png_to_func(append, &content, image.width, image.height, 3, image.rgb.data(),
                         3 * image.width);
  write_file_atomic(path, content);
}

}  // namespace beholder::vision
