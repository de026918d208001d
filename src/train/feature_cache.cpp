#include "train/feature_cache.hpp"

#include <fstream>

#include "core/check.hpp"
#include "io/half.hpp"
#include "vision/image_decoder.hpp"
#include "vision/image_processor.hpp"

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

/// Cuts a file to whole rows and says how many it has; a missing file has none.
std::int64_t whole_rows(const fs::path& path, std::uint64_t row_bytes) {
  if (!fs::exists(path)) return 0;
  const std::uint64_t rows = fs::file_size(path) / row_bytes;
  fs::resize_file(path, rows * row_bytes);
  return static_cast<std::int64_t>(rows);
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
                                 const vision::VisionEncoder& encoder,
                                 const vision::ImageProcessorConfig& image,
                                 const std::string& weights_fingerprint, const Progress& progress) {
  const std::int64_t side = image.size;
  const std::int64_t grid = encoder.config().grid();
  PictureCache cache;
  cache.count_ = static_cast<std::int64_t>(pictures.size());
  cache.tokens_ = grid * grid;
  cache.width_ = encoder.cell_size();
  std::string identity = concat("cells 1 ", weights_fingerprint, " ", side, " ",
                                static_cast<int>(image.resample), " ", cache.width_);
  for (const fs::path& picture : pictures) identity += "\n" + picture.string();
  fs::create_directories(folder);
  const fs::path path = folder / (fingerprint(identity) + ".cells");
  const std::uint64_t row_bytes = 2ULL * 2 * cache.tokens_ * cache.width_;  // both views, fp16
  const std::int64_t done = whole_rows(path, row_bytes);
  if (done < cache.count_) {
    const vision::ImageProcessor processor(image);
    std::ofstream out(path, std::ios::binary | std::ios::app);
    std::string unreadable;
    constexpr std::int64_t kBatch = 8;
    for (std::int64_t start = done; start < cache.count_; start += kBatch) {
      const std::int64_t batch = std::min(kBatch, cache.count_ - start);
      at::Tensor pixels = at::empty({2 * batch, 3, side, side});
      float* pixel = pixels.data_ptr<float>();
      for (std::int64_t i = 0; i < batch; ++i) {
        try {
          const vision::Image picture = vision::load_image(pictures[start + i]);
          for (const bool mirrored : {false, true}) {
            processor.process(picture, pixel, mirrored);
            pixel += 3 * side * side;
          }
        } catch (const Error& error) {
          unreadable += concat("\n  ", error.what());
        }
      }
      check(unreadable.empty(), ErrorCode::kDataFormat, "pictures that cannot be read:", unreadable,
            "\nmend or remove their rows");
      append_half(out, encoder.cells(pixels));
      check(static_cast<bool>(out), ErrorCode::kFileAccess, path.string(),
            ": cannot be written; is the disk full?");
      if (progress) progress(start + batch, cache.count_);
    }
  }
  cache.file_ = std::make_shared<io::MappedFile>(io::MappedFile::open(path));
  return cache;
}

at::Tensor PictureCache::cells(const std::vector<std::int64_t>& pictures,
                               const std::vector<bool>& mirrored) const {
  const std::int64_t view = tokens_ * width_;
  at::Tensor out = at::empty({static_cast<std::int64_t>(pictures.size()), tokens_, width_});
  const auto* stored = reinterpret_cast<const std::uint16_t*>(file_->data());
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    check(pictures[i] >= 0 && pictures[i] < count_, ErrorCode::kInternal, "no cached picture ",
          pictures[i]);
    io::floats_from_halves(stored + (2 * pictures[i] + (mirrored[i] ? 1 : 0)) * view,
                           out.data_ptr<float>() + static_cast<std::int64_t>(i) * view, view);
  }
  return out;
}

QuestionCache QuestionCache::build(const fs::path& folder,
                                   const std::vector<std::string>& questions,
                                   const engine::Networks& networks,
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
  // Begin again with the first question that is not whole.
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
