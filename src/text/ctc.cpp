#include "text/ctc.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "text/vocabulary_file.hpp"

namespace beholder::text {
namespace {

double probability_of(const float* logits, std::int64_t classes, float highest) {
  double sum = 0;
  for (std::int64_t i = 0; i < classes; ++i) sum += std::exp(logits[i] - highest);
  return 1 / sum;
}

}  // namespace

Characters Characters::load(const std::filesystem::path& path) {
  std::vector<std::string> list = read_vocabulary_file(path);
  check(!list.empty(), ErrorCode::kModelFormat, path.string(), ": holds no characters");
  list.emplace_back(" ");
  return Characters(std::move(list));
}

ReadText ctc_decode(const float* logits, std::int64_t places, const Characters& characters) {
  const std::int64_t classes = characters.classes();
  ReadText out;
  std::int64_t before = 0, count = 0;
  for (std::int64_t place = 0; place < places; ++place, logits += classes) {
    const float* const best = std::max_element(logits, logits + classes);
    const std::int64_t index = best - logits;
    if (index != 0 && index != before) {
      out.text += characters.of_class(index);
      out.confidence += probability_of(logits, classes, *best);
      ++count;
    }
    before = index;
  }
  if (count > 0) out.confidence /= static_cast<double>(count);
  const std::size_t first = out.text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  out.text = out.text.substr(first, out.text.find_last_not_of(' ') - first + 1);
  return out;
}

}  // namespace beholder::text
