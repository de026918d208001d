#include "train/feature_cache.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>

#include "core/check.hpp"
#include "core/permutation.hpp"
#include "io/half.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::train {
namespace fs = std::filesystem;

namespace {

/// Appends floats as fp16.
void append_half(std::ofstream& out, const at::Tensor& values) {
  const at::Tensor half = values.to(at::kHalf).contiguous();
  out.write(static_cast<const char*>(half.data_ptr()),
            static_cast<std::streamsize>(half.numel() * 2));
  out.flush();
}

/// Truncates a file to whole rows and returns their number; 0 for a missing file.
std::int64_t whole_rows(const fs::path& path, std::uint64_t row_bytes) {
  if (!fs::exists(path)) return 0;
  const std::uint64_t rows = fs::file_size(path) / row_bytes;
  fs::resize_file(path, rows * row_bytes);
  return static_cast<std::int64_t>(rows);
}

/// The crop that a view after the first two shows, the same at every run.
vision::Image crop_of(const vision::Image& picture, const std::string& name, std::int64_t view) {
  std::mt19937_64 random(std::stoull(fingerprint(concat(name, " ", view)), nullptr, 16));
  const auto between = [&](double low, double high) {
    return low + (high - low) * uniform(random);
  };
  const double area = between(0.6, 1.0), stretch = std::exp(between(-0.2, 0.2));
  const auto part = [](int side, double share) {
    return std::clamp(static_cast<int>(std::lround(side * share)), 1, side);
  };
  const int width = part(picture.width, std::sqrt(area) * stretch);
  const int height = part(picture.height, std::sqrt(area) / stretch);
  const int left = static_cast<int>(between(0, picture.width - width + 1));
  const int top = static_cast<int>(between(0, picture.height - height + 1));
  return vision::crop_image(picture, std::min(left, picture.width - width),
                            std::min(top, picture.height - height), width, height);
}

}  // namespace

std::string fingerprint(const std::string& text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const unsigned char byte : text) hash = (hash ^ byte) * 1099511628211ULL;
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  return digits;
}

PictureCache PictureCache::build(const fs::path& folder, const std::vector<fs::path>& pictures,
                                 std::int64_t views, const vision::VisionEncoder& encoder,
                                 const vision::Grid& grid,
                                 const vision::ImageProcessorConfig& image,
                                 const std::string& weights_fingerprint, const Progress& progress) {
  const std::int64_t patch = encoder.config().patch_size;
  const std::int64_t height = grid.rows * patch, width = grid.columns * patch;
  PictureCache cache;
  cache.count_ = static_cast<std::int64_t>(pictures.size());
  cache.views_ = views;
  cache.grid_ = grid;
  cache.width_ = encoder.cell_size();
  std::string identity =
      concat("cells 2 ", weights_fingerprint, " ", width, "x", height, " ",
             static_cast<int>(image.resample), " ", image.image_mean[0], " ", image.image_mean[1],
             " ", image.image_mean[2], " ", image.image_std[0], " ", image.image_std[1], " ",
             image.image_std[2], " ", cache.width_, " ", views);
  for (const fs::path& picture : pictures) {
    std::error_code missing;  // told of with all others when it is read
    identity += concat("\n", picture.string(), " ", fs::file_size(picture, missing));
  }
  fs::create_directories(folder);
  const fs::path path = folder / (fingerprint(identity) + ".cells");
  const std::uint64_t row_bytes = 2ULL * views * grid.cells() * cache.width_;
  const std::int64_t done = whole_rows(path, row_bytes);
  if (done < cache.count_) {
    const vision::ImageProcessor processor(image);
    std::ofstream out(path, std::ios::binary | std::ios::app);
    std::string unreadable;
    // One view at a time: its feature maps fit into the processor's cache, those of a batch do not.
    at::Tensor pixels = at::empty({1, 3, height, width});
    for (std::int64_t i = done; i < cache.count_; ++i) {
      try {
        const vision::Image picture = vision::load_image(pictures[i]);
        const std::string name = pictures[i].filename().string();
        for (std::int64_t view = 0; view < views && unreadable.empty(); ++view) {
          processor.process(view < 2 ? picture : crop_of(picture, name, view),
                            static_cast<int>(width), static_cast<int>(height),
                            pixels.data_ptr<float>(), mirrored_view(view));
          append_half(out, encoder.cells(pixels));
        }
      } catch (const Error& error) {
        unreadable += concat("\n  ", error.what());
      }
      check(static_cast<bool>(out), ErrorCode::kFileAccess, path.string(),
            ": cannot be written; is the disk full?");
      if (progress && unreadable.empty()) progress(i + 1, cache.count_);
    }
    check(unreadable.empty(), ErrorCode::kDataFormat, "pictures that cannot be read:", unreadable,
          "\nmend or remove their rows");
  }
  if (!pictures.empty()) cache.file_ = std::make_shared<io::MappedFile>(io::MappedFile::open(path));
  return cache;
}

at::Tensor PictureCache::cells(const std::vector<std::int64_t>& pictures,
                               const std::vector<std::int64_t>& views) const {
  const std::int64_t size = grid_.cells() * width_;
  at::Tensor out = at::empty({static_cast<std::int64_t>(pictures.size()), grid_.cells(), width_});
  const auto* stored = reinterpret_cast<const std::uint16_t*>(file_->data());
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    check(pictures[i] >= 0 && pictures[i] < count_ && views[i] >= 0 && views[i] < views_,
          ErrorCode::kInternal, "no cached picture ", pictures[i], ", view ", views[i]);
    io::floats_from_halves(stored + (views_ * pictures[i] + views[i]) * size,
                           out.data_ptr<float>() + static_cast<std::int64_t>(i) * size, size);
  }
  return out;
}

QuestionCache QuestionCache::build(const fs::path& folder,
                                   const std::vector<std::string>& questions,
                                   const models::native::Networks& networks,
                                   const text::Tokenizer& tokenizer, std::int64_t max_tokens,
                                   const std::string& weights_fingerprint,
                                   const Progress& progress) {
  QuestionCache cache;
  cache.width_ = networks.text.config().hidden_size;
  std::vector<std::vector<std::int64_t>> ids;
  std::string identity = concat("questions 1 ", weights_fingerprint);
  cache.offsets_.push_back(0);
  for (const std::string& question : questions) {
    ids.push_back(tokenizer.encode(question));
    check(static_cast<std::int64_t>(ids.back().size()) <= max_tokens, ErrorCode::kQuestionTooLong,
          "'", question, "' has ", ids.back().size(), " tokens, at most ", max_tokens,
          " are taken; shorten or remove it");
    cache.offsets_.push_back(cache.offsets_.back() + static_cast<std::int64_t>(ids.back().size()));
    cache.index_.emplace(question, static_cast<std::int64_t>(cache.index_.size()));
    identity += "\n" + question;
  }
  check(cache.index_.size() == questions.size(), ErrorCode::kInternal, "repeated questions");
  fs::create_directories(folder);
  const fs::path path = folder / (fingerprint(identity) + ".tokens");
  const std::uint64_t token_bytes = 2ULL * cache.width_;
  const std::int64_t done_tokens = whole_rows(path, token_bytes);
  // Resume at the first question that was not written whole.
  std::size_t start = 0;
  while (start < questions.size() && cache.offsets_[start + 1] <= done_tokens) ++start;
  if (start < questions.size()) {
    if (fs::exists(path)) fs::resize_file(path, cache.offsets_[start] * token_bytes);
    std::ofstream out(path, std::ios::binary | std::ios::app);
    constexpr std::size_t kBatch = 64;
    for (; start < questions.size(); start += kBatch) {
      const std::size_t end = std::min(start + kBatch, questions.size());
      std::size_t longest = 0;
      for (std::size_t i = start; i < end; ++i) longest = std::max(longest, ids[i].size());
      const auto rows = static_cast<std::int64_t>(end - start);
      at::Tensor input = at::zeros({rows, static_cast<std::int64_t>(longest)}, at::kLong);
      at::Tensor mask = at::zeros_like(input);
      for (std::size_t i = start; i < end; ++i) {
        for (std::size_t t = 0; t < ids[i].size(); ++t) {
          input.data_ptr<std::int64_t>()[(i - start) * longest + t] = ids[i][t];
          mask.data_ptr<std::int64_t>()[(i - start) * longest + t] = 1;
        }
      }
      const at::Tensor embeds = networks.text.forward(input, mask);  // (rows, longest, D)
      append_half(out, embeds.masked_select(mask.unsqueeze(-1).to(at::kBool)));
      check(static_cast<bool>(out), ErrorCode::kFileAccess, path.string(),
            ": cannot be written; is the disk full?");
      if (progress)
        progress(static_cast<std::int64_t>(end), static_cast<std::int64_t>(questions.size()));
    }
  }
  if (!questions.empty())
    cache.file_ = std::make_shared<io::MappedFile>(io::MappedFile::open(path));
  return cache;
}

std::int64_t QuestionCache::index(const std::string& question) const {
  const auto found = index_.find(question);
  check(found != index_.end(), ErrorCode::kInternal, "question '", question, "' was not cached");
  return found->second;
}

std::pair<at::Tensor, at::Tensor> QuestionCache::embeds(
    const std::vector<std::int64_t>& questions) const {
  std::int64_t longest = 1;
  for (const std::int64_t q : questions) longest = std::max(longest, offsets_[q + 1] - offsets_[q]);
  const auto rows = static_cast<std::int64_t>(questions.size());
  at::Tensor out = at::zeros({rows, longest, width_});
  at::Tensor mask = at::zeros({rows, longest}, at::kLong);
  const auto* stored = reinterpret_cast<const std::uint16_t*>(file_->data());
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::int64_t begin = offsets_[questions[i]], length = offsets_[questions[i] + 1] - begin;
    io::floats_from_halves(stored + begin * width_, out.data_ptr<float>() + i * longest * width_,
                           length * width_);
    mask[i].slice(0, 0, length).fill_(1);
  }
  return {out, mask};
}

}  // namespace beholder::train
