#include "scene/text_reader.hpp"

#include <algorithm>
#include <cmath>

#include "core/cancel.hpp"
#include "core/check.hpp"
#include "nn/parameters.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::scene {
namespace {

/// Widths of lines are rounded up to a multiple, so that few sizes of kernels are made: what is
/// shorter stands before nothing, as in training.
constexpr int kWidthStep = 64, kLeastWidth = 192, kMostWidth = 4096;
/// What is read with less confidence may stand upside down,
constexpr double kPerhapsTurned = 0.6;
/// if it is read that much better the other way round.
constexpr double kTurnedBetter = 0.1;
/// Lines whose middles lie no farther apart, in heights of the lower one, stand in one row.
constexpr float kSameRow = 0.5f;

io::SafetensorsFile opened(const std::filesystem::path& folder, const char* name) {
  const std::filesystem::path path = folder / name;
  check(std::filesystem::exists(path), ErrorCode::kFileNotFound, path.string(),
        ": no such file; the model's config.json has reading, whose weights it holds: fetch the "
        "model again");
  return io::SafetensorsFile::open(path);
}

template <typename Network, typename... Sizes>
std::unique_ptr<const Network> made(const io::SafetensorsFile& file, Sizes... sizes) {
  nn::StoredParameters parameters(file);
  auto out = std::make_unique<Network>(parameters, sizes...);
  parameters.check_all_used();
  return out;
}

/// Bytes to -1..1, resized. @param columns of the result, which is 0 behind `width`
at::Tensor pixels_of(const vision::Image& image, int width, int height, int columns) {
  vision::ImageProcessorConfig range;
  range.image_mean = range.image_std = {0.5f, 0.5f, 0.5f};
  at::Tensor seen = at::empty({1, 3, height, width});
  vision::ImageProcessor(range).process(image, width, height, seen.data_ptr<float>());
  return columns == width ? seen : at::constant_pad_nd(seen, {0, columns - width});
}

/// A side in px, a multiple of what the detector takes.
int side_of(int px, double scale) {
  constexpr int kStride = vision::TextDetector::kStride;
  return std::max(1, static_cast<int>(std::lround(px * scale / kStride))) * kStride;
}

float distance(const vision::Corner& a, const vision::Corner& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1]);
}

}  // namespace

TextReader::TextReader(const std::filesystem::path& folder, ReadingConfig config)
    : config_(config),
      detection_file_(opened(folder, kDetectionFile)),
      recognition_file_(opened(folder, kRecognitionFile)),
      characters_(text::Characters::load(folder / kCharactersFile)) {}

const vision::TextDetector& TextReader::detector() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!detector_) detector_ = made<vision::TextDetector>(detection_file_);
  return *detector_;
}

const vision::TextRecognizer& TextReader::recognizer() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!recognizer_)
    recognizer_ = made<vision::TextRecognizer>(recognition_file_, characters_.classes());
  return *recognizer_;
}

void TextReader::load() const {
  detector();
  recognizer();
}

vision::Image TextReader::page_of(const vision::Image& image) {
  const double scale = static_cast<double>(kMostSide) / std::max(image.width, image.height);
  const auto shrunk = [&](int side) { return std::max(1, static_cast<int>(side * scale)); };
  if (scale < 1)
    return vision::resize_image(image, shrunk(image.width), shrunk(image.height),
                                vision::Resample::kArea);
  return {image.width, image.height, image.rgb};
}

text::ReadText TextReader::read_line(const vision::Image& line) const {
  constexpr int kHeight = vision::TextRecognizer::kHeight;
  const int width = std::clamp(
      static_cast<int>(std::ceil(static_cast<double>(kHeight) * line.width / line.height)), 1,
      kMostWidth);
  const int columns = std::max(kLeastWidth, (width + kWidthStep - 1) / kWidthStep * kWidthStep);
  const at::Tensor logits =
      recognizer().forward(pixels_of(line, width, kHeight, columns)).contiguous();  // (1, T, C)
  return text::ctc_decode(logits.data_ptr<float>(), logits.size(1), characters_);
}

std::vector<ReadLine> TextReader::read(const vision::Image& page,
                                       const std::atomic<bool>* cancel) const {
  const int shorter = std::min(page.width, page.height), longer = std::max(page.width, page.height);
  const double scale = std::min(std::max(1.0, static_cast<double>(config_.min_side) / shorter),
                                std::max(1.0, static_cast<double>(kMostSide) / longer));
  const int width = side_of(page.width, scale), height = side_of(page.height, scale);
  const at::Tensor map =
      detector().forward(pixels_of(page, width, height, width)).contiguous();  // (H, W)
  std::vector<ReadLine> out;
  for (const vision::TextRegion& region :
       vision::text_regions(map.data_ptr<float>(), height, width, page.height, page.width)) {
    check_cancelled(cancel);
    const vision::Image line = vision::straightened(page, region.corners);
    text::ReadText found = read_line(line);
    if (found.confidence < kPerhapsTurned) {
      text::ReadText turned = read_line(vision::turned_half(line));
      if (turned.confidence > found.confidence + kTurnedBetter) found = std::move(turned);
    }
    if (!found.text.empty())
      out.push_back({std::move(found.text), region.corners, found.confidence});
  }
  sort_as_read(out);
  return out;
}

LinePlace place_of(const ReadLine& line) {
  const auto& c = line.corners;
  LinePlace out;
  out.left = std::min(c[0][0], c[3][0]);
  out.right = std::max(c[1][0], c[2][0]);
  out.middle = (c[0][1] + c[1][1] + c[2][1] + c[3][1]) / 4;
  const float wide = distance(c[0], c[1]), high = distance(c[0], c[3]);
  out.height = std::min(wide, high);
  return out;
}

bool same_row(const LinePlace& a, const LinePlace& b) {
  return std::abs(a.middle - b.middle) <= kSameRow * std::min(a.height, b.height);
}

void sort_as_read(std::vector<ReadLine>& lines) {
  std::stable_sort(lines.begin(), lines.end(), [](const ReadLine& a, const ReadLine& b) {
    return place_of(a).middle < place_of(b).middle;
  });
  for (auto row = lines.begin(); row != lines.end();) {
    const LinePlace first = place_of(*row);
    const auto end = std::find_if_not(
        row, lines.end(), [&](const ReadLine& one) { return same_row(first, place_of(one)); });
    std::stable_sort(row, end, [](const ReadLine& a, const ReadLine& b) {
      return place_of(a).left < place_of(b).left;
    });
    row = end;
  }
}

}  // namespace beholder::scene
