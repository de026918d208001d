// The four inks of a JPEG, which stb_image gives out as RGB only, through libjpeg-turbo.
#include <csetjmp>
#include <cstdio>

// libjpeg's header needs FILE, and so stands behind <cstdio>.
#include <jpeglib.h>

#include "vision/intake/image_source.hpp"

namespace beholder::vision {
namespace {

struct Errors {
  jpeg_error_mgr base;
  std::jmp_buf back;
};

[[noreturn]] void give_up(j_common_ptr info) {
  std::longjmp(reinterpret_cast<Errors*>(info->err)->back, 1);
}

void say_nothing(j_common_ptr) {}

// No object with a destructor may live between setjmp and longjmp.
bool read_inks(const ImageSource& source, std::vector<std::uint8_t>& out) {
  jpeg_decompress_struct info;
  Errors errors;
  info.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = give_up;
  errors.base.output_message = say_nothing;
  if (setjmp(errors.back) != 0) {
    jpeg_destroy_decompress(&info);
    return false;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, source.data, static_cast<unsigned long>(source.size));
  jpeg_read_header(&info, TRUE);
  if (info.num_components != 4) give_up(reinterpret_cast<j_common_ptr>(&info));
  info.out_color_space = JCS_CMYK;
  jpeg_start_decompress(&info);
  const std::size_t row = std::size_t{info.output_width} * 4;
  if (out.size() != row * info.output_height) give_up(reinterpret_cast<j_common_ptr>(&info));
  while (info.output_scanline < info.output_height) {
    JSAMPROW to = out.data() + info.output_scanline * row;
    jpeg_read_scanlines(&info, &to, 1);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return true;
}

}  // namespace

std::vector<std::uint8_t> read_jpeg_inks(const ImageSource& source, int width, int height) {
  std::vector<std::uint8_t> inks(static_cast<std::size_t>(width) * height * 4);
  if (!read_inks(source, inks)) return {};
  // Adobe's programs, and with them all others, store 255 less the ink.
  for (std::uint8_t& value : inks) value = 255 - value;
  return inks;
}

}  // namespace beholder::vision
