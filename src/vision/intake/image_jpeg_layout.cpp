#include "vision/intake/image_jpeg_layout.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace beholder::vision {
namespace {

// A DHT segment's tables (T.81, B.2.4.2). Some versions of stb_image, Debian 12's too, write beyond
// their arrays when a table claims more than 256 codes.
void check_huffman_tables(const ImageSource& source, const std::uint8_t* tables, std::size_t size) {
  constexpr std::size_t kTableHeader = 17;
  while (size > 0) {
    std::size_t codes = 0;
    for (std::size_t i = 1; i < kTableHeader && i < size; ++i) codes += tables[i];
    if (codes > 256 || size < kTableHeader || codes > size - kTableHeader)
      source.corrupt("JPEG", "a Huffman table that is not possible");
    tables += kTableHeader + codes;
    size -= kTableHeader + codes;
  }
}

struct Component {
  int id = 0, across = 1, down = 1;  ///< sampling factors
  /// Bits of each coefficient that are still to come: 0 where its last scan is there.
  std::array<std::uint8_t, 64> missing{};
};

/// The picture's size and its components, and which of their coefficients the scans bring.
class Frame {
 public:
  /// A start-of-frame segment's body (B.2.2).
  void begin(const std::uint8_t* body, std::size_t size) {
    if (size < 6) return;
    height_ = body[1] << 8 | body[2];
    width_ = body[3] << 8 | body[4];
    components_.clear();
    scanned_.clear();
    for (std::size_t i = 0; i < body[5] && 8 + 3 * i < size; ++i) {
      const std::uint8_t* p = body + 6 + 3 * i;
      components_.push_back({p[0], std::max(1, p[1] >> 4), std::max(1, p[1] & 15), {}});
      components_.back().missing.fill(255);
    }
  }

  /// A start-of-scan segment's body (B.2.3).
  void scan(const std::uint8_t* body, std::size_t size) {
    const std::size_t count = size > 0 ? body[0] : 0;
    if (size < 1 + 2 * count + 3) return;
    const std::uint8_t* spectrum = body + 1 + 2 * count;
    scanned_.clear();
    for (std::size_t i = 0; i < count; ++i)
      for (Component& one : components_) {
        if (one.id != body[1 + 2 * i]) continue;
        scanned_.push_back(&one);
        for (int k = spectrum[0]; k <= std::min<int>(spectrum[1], 63); ++k)
          one.missing[k] = spectrum[2] & 15;
      }
  }

  /// Restart markers within the last scan, one after each `interval` units but the last.
  std::size_t restarts(std::size_t interval) const {
    if (interval == 0 || scanned_.empty() || width_ == 0 || height_ == 0) return 0;
    int across = 1, down = 1;
    for (const Component& one : components_) {
      across = std::max(across, one.across);
      down = std::max(down, one.down);
    }
    const auto blocks = [](int size, int part, int whole) {
      const int samples = (size * part + whole - 1) / whole;
      return static_cast<std::size_t>((samples + 7) / 8);
    };
    const bool alone = scanned_.size() == 1;
    const std::size_t units = alone ? blocks(width_, scanned_[0]->across, across) *
                                          blocks(height_, scanned_[0]->down, down)
                                    : blocks(width_, 1, across) * blocks(height_, 1, down);
    return (units + interval - 1) / interval - 1;
  }

  bool complete() const {
    return !components_.empty() &&
           std::all_of(components_.begin(), components_.end(), [](const Component& one) {
             return std::all_of(one.missing.begin(), one.missing.end(),
                                [](std::uint8_t bits) { return bits == 0; });
           });
  }

 private:
  int width_ = 0, height_ = 0;
  std::vector<Component> components_;
  std::vector<const Component*> scanned_;
};

class Walk {
 public:
  explicit Walk(const ImageSource& source) : source_(source) {}

  JpegLayout run() {
    const std::uint8_t* d = source_.data;
    for (std::size_t i = 2; i + 1 < source_.size;) {
      // Outside a segment only markers count: this skips entropy-coded data and stray bytes alike.
      const int marker = d[i + 1];
      if (d[i] != 0xFF || marker == 0 || marker == 0xFF) {
        ++i;
        continue;
      }
      if (in_scan_ && marker >= 0xD0 && marker <= 0xD7) {
        ++restarts_;
        i += 2;
        continue;
      }
      end_scan(i);
      if (marker == 0xD9) return layout_;
      i += 2;
      if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) continue;
      if (source_.size - i < 2) break;
      const std::size_t length = d[i] << 8 | d[i + 1];
      if (length < 2 && last_end_ == 0)
        source_.corrupt("JPEG", "a segment shorter than its own length field");
      if (length < 2 || length > source_.size - i) break;
      segment(marker, d + i + 2, length - 2);
      i += length;
      if (in_scan_) scan_begin_ = i;
    }
    return without_end();
  }

 private:
  void segment(int marker, const std::uint8_t* body, std::size_t size) {
    if (marker == 0xEE && size >= 12 && std::memcmp(body, "Adobe", 5) == 0) layout_.adobe = true;
    if (marker == 0xC4) check_huffman_tables(source_, body, size);
    if (marker == 0xDD && size >= 2) interval_ = static_cast<std::size_t>(body[0] << 8 | body[1]);
    const bool frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame && size >= 6) {
      layout_.components = body[5];
      frame_.begin(body, size);
    }
    layout_.scan_end = 0;
    in_scan_ = marker == 0xDA;
    if (in_scan_) frame_.scan(body, size);
    restarts_ = 0;
  }

  void end_scan(std::size_t end) {
    if (!in_scan_) return;
    in_scan_ = false;
    layout_.scan_end = last_end_ = end;
    if (restarts_ < frame_.restarts(interval_))
      source_.corrupt("JPEG", "truncated: its scan ends too early");
  }

  // The file ended, or what follows the last scan is no JPEG.
  JpegLayout without_end() {
    if (in_scan_) {
      std::size_t end = source_.size;
      while (end > scan_begin_ && source_.data[end - 1] == 0) --end;
      layout_.zeros_dropped = end < source_.size;
      // A zero behind 0xFF makes it a byte of the data.
      if (end < source_.size && end > scan_begin_ && source_.data[end - 1] == 0xFF) ++end;
      end_scan(end);
    }
    if (last_end_ == 0 || !frame_.complete())
      source_.corrupt("JPEG", "truncated: the end marker is missing");
    layout_.scan_end = last_end_;
    layout_.end_missing = true;
    return layout_;
  }

  const ImageSource& source_;
  JpegLayout layout_;
  Frame frame_;
  bool in_scan_ = false;
  std::size_t scan_begin_ = 0, last_end_ = 0, interval_ = 0, restarts_ = 0;
};

}  // namespace

JpegLayout check_jpeg_whole(const ImageSource& source) { return Walk(source).run(); }

}  // namespace beholder::vision
