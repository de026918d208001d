#include "vision/intake/image_writer.hpp"

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

#include <webp/encode.h>

#include <cctype>
#include <string>

#include "core/check.hpp"
#include "core/file.hpp"

namespace beholder::vision {
namespace {

constexpr int kQuality = 92;  // of 100; above 90 the JPEG writer keeps the colours' resolution

void append(void* to, void* data, int size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(data),
                                        static_cast<std::size_t>(size));
}

std::string extension_of(const std::filesystem::path& path) {
  std::string out = path.extension().string();
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string webp(const Image& image) {
  std::uint8_t* bytes = nullptr;
  const std::size_t size =
      WebPEncodeRGB(image.rgb.data(), image.width, image.height, 3 * image.width, kQuality, &bytes);
  check(size > 0, ErrorCode::kUnsupported, "a picture of ", image.width, " x ", image.height,
        " pixels cannot be written as WebP; choose PNG");
  std::string out(reinterpret_cast<const char*>(bytes), size);
  WebPFree(bytes);
  return out;
}

}  // namespace

void write_png(const std::filesystem::path& path, const Image& image) {
  std::string content;
  stbi_write_png_to_func(append, &content, image.width, image.height, 3, image.rgb.data(),
                         3 * image.width);
  write_file_atomic(path, content);
}

void write_image(const std::filesystem::path& path, const Image& image) {
  check_image_name(path);
  const std::string extension = extension_of(path);
  if (extension == ".png") return write_png(path, image);
  std::string content;
  if (extension == ".webp")
    content = webp(image);
  else
    stbi_write_jpg_to_func(append, &content, image.width, image.height, 3, image.rgb.data(),
                           kQuality);
  write_file_atomic(path, content);
}

void check_image_name(const std::filesystem::path& path) {
  const std::string extension = extension_of(path);
  check(extension == ".png" || extension == ".jpg" || extension == ".jpeg" || extension == ".webp",
        ErrorCode::kUsage, path.string(),
        ": pictures are written as .png, .jpg, .jpeg or .webp; give the name one of these endings");
}

}  // namespace beholder::vision
