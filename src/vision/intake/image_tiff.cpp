// TIFF through libtiff, with handlers of the open file alone, so that nothing is printed.
#include <tiffio.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <optional>

#include "core/log.hpp"
#include "vision/intake/image_color.hpp"
#include "vision/intake/image_metadata.hpp"
#include "vision/intake/image_orientation.hpp"
#include "vision/intake/image_samples.hpp"
#include "vision/intake/image_source.hpp"
#include "vision/intake/image_tiff_samples.hpp"

namespace beholder::vision {
namespace {

struct Memory {
  const ImageSource& source;
  toff_t position = 0;
  std::string error;
};

tmsize_t read_memory(thandle_t handle, void* out, tmsize_t wanted) {
  auto& m = *static_cast<Memory*>(handle);
  if (wanted <= 0 || m.position >= m.source.size) return 0;
  const auto count = std::min<std::uint64_t>(m.source.size - m.position, wanted);
  std::memcpy(out, m.source.data + m.position, count);
  m.position += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t refuse_write(thandle_t, void*, tmsize_t) { return 0; }

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  auto& m = *static_cast<Memory*>(handle);
  if (whence == SEEK_CUR) offset += m.position;
  if (whence == SEEK_END) offset += m.source.size;
  return m.position = offset;
}

int close_memory(thandle_t) { return 0; }
toff_t memory_size(thandle_t handle) { return static_cast<Memory*>(handle)->source.size; }

int keep_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
  char text[256];
  std::vsnprintf(text, sizeof text, format, arguments);
  auto& error = static_cast<Memory*>(user)->error;
  if (error.empty()) error = text;
  return 1;
}

int drop_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

using Handle = std::unique_ptr<TIFF, void (*)(TIFF*)>;

Handle open_tiff(Memory& memory) {
  std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                       TIFFOpenOptionsFree);
  if (!options) throw std::bad_alloc();
  // 16-bit RGBA takes 8 bytes a pixel, and one strip may hold the whole picture.
  const std::uint64_t most_bytes = std::min<std::uint64_t>(memory.source.max_pixels, 1u << 30) * 8;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(),
                                      static_cast<tmsize_t>(most_bytes + (std::uint64_t{1} << 20)));
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_error, &memory);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), drop_warning, &memory);
  // "m": no memory mapping.
  return Handle(TIFFClientOpenExt("picture", "rm", &memory, read_memory, refuse_write, seek_memory,
                                  close_memory, memory_size, nullptr, nullptr, options.get()),
                TIFFClose);
}

// Neither a smaller copy nor a mask of another picture (TIFF 6.0, NewSubfileType).
bool is_full(TIFF* tiff) {
  std::uint32_t kind = 0;
  TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind);
  return (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0;
}

// Whether the file goes on to where the current directory says which one is next. libtiff takes a
// link that is cut off for the end.
bool has_link(TIFF* tiff, const ImageSource& source) {
  const bool big = (source.data[2] | source.data[3]) == 43;
  const std::uint64_t at = TIFFCurrentDirOffset(tiff), bytes = big ? 8 : 2;
  if (at > source.size || source.size - at < bytes) return false;
  std::uint64_t count = 0;
  for (std::uint64_t i = 0; i < bytes; ++i)
    count = count << 8 | source.data[at + (TIFFIsBigEndian(tiff) ? i : bytes - 1 - i)];
  const std::uint64_t left = source.size - at - bytes, entry = big ? 20 : 12, link = big ? 8 : 4;
  return left >= link && count <= (left - link) / entry;
}

// Goes to the first full picture: of the pages, else of what hangs below them (SubIFDs), else to
// the first of all. Of several pages it says so.
void choose_picture(TIFF* tiff, const Memory& memory) {
  const ImageSource& source = memory.source;
  constexpr int kMostPages = 1000;
  const std::uint64_t first = TIFFCurrentDirOffset(tiff);
  std::optional<std::uint64_t> chosen;
  std::vector<std::uint64_t> below;
  int pages = 0, seen = 0;
  do {
    if (is_full(tiff)) {
      if (pages++ == 0) chosen = TIFFCurrentDirOffset(tiff);
    }
    std::uint16_t count = 0;
    std::uint64_t* offsets = nullptr;
    if (!chosen && TIFFGetField(tiff, TIFFTAG_SUBIFD, &count, &offsets) && offsets != nullptr)
      below.insert(below.end(), offsets, offsets + count);
  } while (++seen < kMostPages && TIFFReadDirectory(tiff));
  const bool linked = chosen || has_link(tiff, source);
  for (std::size_t i = 0; !chosen && i < std::min<std::size_t>(below.size(), kMostPages); ++i)
    if (TIFFSetSubDirectory(tiff, below[i]) && is_full(tiff)) chosen = below[i];
  if (!chosen && (!linked || !memory.error.empty()))
    source.corrupt("TIFF", "its picture is missing behind the preview");
  if (!TIFFSetSubDirectory(tiff, chosen.value_or(first)))
    source.corrupt("TIFF", "its directory cannot be read again");
  if (pages > 1)
    log(LogLevel::kWarning, source.name, ": has ", pages >= kMostPages ? "at least " : "", pages,
        " pages; the first one is read");
}

bool is_lab(const TiffLayout& layout) {
  return layout.photometric == PHOTOMETRIC_CIELAB || layout.photometric == PHOTOMETRIC_ICCLAB;
}

// Whether the first sample behind the colours is alpha. Four samples of RGB about which nothing is
// said are RGBA for Pillow, and for most writers that forget the tag.
Alpha alpha_of(const TiffLayout& layout, int colors) {
  if (layout.samples <= colors) return Alpha::kNone;
  if (layout.extras.empty())
    return colors == 3 && layout.samples == 4 ? Alpha::kStraight : Alpha::kNone;
  if (layout.extras[0] == EXTRASAMPLE_UNASSALPHA) return Alpha::kStraight;
  return layout.extras[0] == EXTRASAMPLE_ASSOCALPHA ? Alpha::kPremultiplied : Alpha::kNone;
}

// What libtiff's own conversion is right about: 8 bits or fewer, nothing but colour.
void check_convertible(TIFF* tiff, const TiffLayout& layout, const ImageSource& source) {
  const auto refuse = [&](const std::string& why) {
    source.unsupported(concat("a TIFF of a kind that is not supported (", why, ")"));
  };
  const std::string layout_text = concat(
      layout.samples, layout.samples == 1 ? " sample of " : " samples of ", layout.bits, " bits");
  if (layout.photometric == PHOTOMETRIC_CFA || layout.photometric == 34892)
    refuse("a camera's raw picture");
  if (layout.photometric == PHOTOMETRIC_SEPARATED && layout.ink_set != INKSET_CMYK)
    refuse("other inks than cyan, magenta, yellow and black");
  if (layout.photometric == PHOTOMETRIC_RGB || layout.photometric == PHOTOMETRIC_SEPARATED ||
      is_lab(layout))
    refuse(layout_text);
  if (layout.photometric > PHOTOMETRIC_YCBCR || layout.photometric == PHOTOMETRIC_MASK)
    refuse(concat("photometric interpretation ", layout.photometric));
  const int colors = layout.photometric == PHOTOMETRIC_YCBCR ? 3 : 1;
  // libtiff steps over what follows an index of 8 bits; it may not be alpha, then.
  const bool index_and_more = layout.photometric == PHOTOMETRIC_PALETTE && layout.bits == 8 &&
                              layout.planar == PLANARCONFIG_CONTIG &&
                              alpha_of(layout, colors) == Alpha::kNone;
  if (layout.samples != colors && !index_and_more) refuse(layout_text);
  char why[1024] = "";
  if (!TIFFRGBAImageOK(tiff, why)) refuse(why);
}

Image convert_by_libtiff(TIFF* tiff, const TiffLayout& layout, const Memory& memory) {
  check_convertible(tiff, layout, memory.source);
  // The stored order of rows.
  std::uint16_t orientation = ORIENTATION_TOPLEFT;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
  if (orientation < 1 || orientation > 8) orientation = ORIENTATION_TOPLEFT;
  std::vector<std::uint32_t> raster(static_cast<std::size_t>(layout.width) * layout.height);
  if (!TIFFReadRGBAImageOriented(tiff, layout.width, layout.height, raster.data(), orientation, 1))
    memory.source.corrupt("TIFF",
                          memory.error.empty() ? "its data cannot be decoded" : memory.error);
  Image image{static_cast<int>(layout.width), static_cast<int>(layout.height), {}};
  image.rgb.reserve(raster.size() * 3);
  for (const std::uint32_t pixel : raster)
    for (const std::uint32_t value : {TIFFGetR(pixel), TIFFGetG(pixel), TIFFGetB(pixel)})
      image.rgb.push_back(static_cast<std::uint8_t>(value));
  return image;
}

// Colours among the samples; 0 for kinds that are left to libtiff.
int plain_colors(const TiffLayout& layout) {
  if (layout.bits != 8 && !(layout.bits == 16 && !is_lab(layout))) return 0;
  switch (layout.photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK: return 1;
    case PHOTOMETRIC_RGB: return 3;
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB: return layout.bits == 8 ? 3 : 0;
    case PHOTOMETRIC_SEPARATED: return layout.ink_set == INKSET_CMYK ? 4 : 0;
    default: return 0;
  }
}

void check_samples(const TiffLayout& layout, const ImageSource& source) {
  if (layout.format != SAMPLEFORMAT_UINT && layout.format != SAMPLEFORMAT_VOID)
    source.unsupported(
        concat("a TIFF of ",
               layout.format == SAMPLEFORMAT_INT ? "signed numbers" : "floating-point numbers",
               ", which have no brightness of their own; scale them to 0..255 first"));
  constexpr int kMostSamples = 64;
  if (layout.samples > kMostSamples)
    source.unsupported(concat("a TIFF of ", layout.samples, " samples a pixel; at most ",
                              kMostSamples, " are read"));
}

Image convert_plain(TIFF* tiff, const TiffLayout& layout, int colors, const Memory& memory) {
  if (layout.samples < colors) memory.source.corrupt("TIFF", "fewer samples than colours");
  const SampleKind kind{colors, alpha_of(layout, colors)};
  std::vector<std::uint8_t> samples;
  if (!read_tiff_samples(tiff, layout, kind.channels(), samples) || !memory.error.empty())
    memory.source.corrupt("TIFF",
                          memory.error.empty() ? "its data cannot be decoded" : memory.error);
  const int step = kind.channels();
  if (layout.photometric == PHOTOMETRIC_MINISWHITE)
    for (std::size_t i = 0; i < samples.size(); i += step) samples[i] = 255 - samples[i];
  if (layout.photometric == PHOTOMETRIC_CIELAB)  // signed a* and b*
    for (std::size_t i = 0; i < samples.size(); ++i)
      if (i % step == 1 || i % step == 2) samples[i] ^= 0x80;
  const int width = static_cast<int>(layout.width), height = static_cast<int>(layout.height);
  if (is_lab(layout) && kind.alpha != Alpha::kNone)
    memory.source.unsupported("a TIFF of CIE L*a*b* with alpha");
  if (is_lab(layout)) lab_to_srgb(samples);
  Image image = from_samples(samples, width, height, kind);
  if (colors == 4 && kind.alpha == Alpha::kNone) image.cmyk = std::move(samples);
  return image;
}

// Profile and orientation as the directory has them.
Image with_metadata(TIFF* tiff, const TiffLayout& layout, Image image) {
  std::uint32_t size = 0;
  void* bytes = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &size, &bytes) && bytes != nullptr && !is_lab(layout))
    image.icc_profile.assign(static_cast<std::uint8_t*>(bytes),
                             static_cast<std::uint8_t*>(bytes) + size);
  if (profile_space(image.icc_profile) != "CMYK") image.cmyk.clear();
  std::uint16_t orientation = ORIENTATION_TOPLEFT;
  if (TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation))
    return apply_orientation(std::move(image), orientation);
  if (!TIFFGetField(tiff, TIFFTAG_XMLPACKET, &size, &bytes) || bytes == nullptr) return image;
  return apply_orientation(std::move(image),
                           xmp_orientation(std::string(static_cast<char*>(bytes), size)));
}

}  // namespace

Image decode_tiff(const ImageSource& source) {
  Memory memory{source, 0, {}};
  const Handle tiff = open_tiff(memory);
  if (!tiff) source.corrupt("TIFF", memory.error.empty() ? "no directory" : memory.error);
  choose_picture(tiff.get(), memory);
  memory.error.clear();  // of pages that are not read
  const TiffLayout layout = read_tiff_layout(tiff.get(), source);
  check_samples(layout, source);
  const int colors = plain_colors(layout);
  Image image = colors > 0 ? convert_plain(tiff.get(), layout, colors, memory)
                           : convert_by_libtiff(tiff.get(), layout, memory);
  if (!memory.error.empty()) source.corrupt("TIFF", memory.error);
  return with_metadata(tiff.get(), layout, std::move(image));
}

}  // namespace beholder::vision
