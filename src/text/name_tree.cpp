#include "text/name_tree.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/check.hpp"
#include "core/file.hpp"
#include "text/lemmatizer.hpp"
#include "text/words.hpp"

namespace beholder::text {
namespace {

using Json = nlohmann::json;

/// Rarer meanings of a word are not what people ask about.
constexpr std::int64_t kLastSense = 3;

}  // namespace

NameTree NameTree::load(const std::filesystem::path& path) {
  return parse(read_file_text(path), path.string());
}

NameTree NameTree::parse(std::string_view json, const std::string& name) {
  NameTree out;
  const auto place = [&](const Json& value, std::size_t end) {
    const auto at = value.get<std::int64_t>();
    check(value.is_number_integer() && at >= 0 && static_cast<std::size_t>(at) < end,
          ErrorCode::kModelFormat, name, ": names place ", at, " of ", end,
          "; fetch the model again");
    return static_cast<std::size_t>(at);
  };
  try {
    const Json root = Json::parse(json);
    for (const Json& row : root.at("synsets")) {
      const std::size_t here = out.synsets_.size();
      Synset synset;
      for (const Json& word : row.at("words")) {
        const auto text = word.at(0).get<std::string>();
        if (synset.word.empty()) synset.word = lower_case(text);
        if (word.at(1).get<std::int64_t>() <= kLastSense)
          out.meanings_[lower_case(text)].push_back(here);
      }
      check(!synset.word.empty(), ErrorCode::kModelFormat, name, ": synset ", here,
            " has no word; fetch the model again");
      synset.leaves = row.at("leaves").get<std::int64_t>();
      check(synset.leaves >= 1, ErrorCode::kModelFormat, name, ": synset ", here,
            " has no leaves; fetch the model again");
      synset.above.push_back(here);
      // Hypernyms come earlier in the file, so there are no circles.
      for (const Json& above : row.at("kind_of")) {
        const std::vector<std::size_t>& all = out.synsets_[place(above, here)].above;
        synset.above.insert(synset.above.end(), all.begin(), all.end());
      }
      std::sort(synset.above.begin(), synset.above.end());
      synset.above.erase(std::unique(synset.above.begin(), synset.above.end()), synset.above.end());
      out.synsets_.push_back(std::move(synset));
    }
    for (const Json& one : root.at("classes"))
      out.classes_.push_back(place(one, out.synsets_.size()));
    for (const auto& [word, meaning] : root.at("objects").items())
      out.objects_[word] = place(meaning, out.synsets_.size());
  } catch (const Json::exception& error) {
    fail(ErrorCode::kModelFormat, name, ": ", error.what(), "; fetch the model again");
  }
  check(out.classes_.size() == kClasses, ErrorCode::kModelFormat, name, ": has ",
        out.classes_.size(), " classes, not ", kClasses, "; fetch the model again");
  for (const std::size_t one : out.classes_)
    for (const std::size_t above : out.synsets_[one].above) ++out.synsets_[above].classes;
  return out;
}

std::vector<std::size_t> NameTree::known(const std::string& noun) const {
  std::vector<std::size_t> out;
  const auto found = meanings_.find(noun);
  if (found != meanings_.end()) out = found->second;
  const auto object = objects_.find(noun);
  if (object != objects_.end() && std::find(out.begin(), out.end(), object->second) == out.end())
    out.push_back(object->second);
  return out;
}

std::vector<std::size_t> NameTree::senses(std::string_view noun) const {
  const std::string plain = lower_case(noun);
  std::vector<std::size_t> out = known(plain);
  if (!out.empty()) return out;
  return known(singular(plain));
}

bool NameTree::is_a(std::size_t meaning, std::size_t above) const {
  const std::vector<std::size_t>& all = synsets_.at(meaning).above;
  return std::binary_search(all.begin(), all.end(), above);
}

bool NameTree::is_any(std::size_t meaning, const std::vector<std::size_t>& above) const {
  return std::any_of(above.begin(), above.end(),
                     [&](std::size_t one) { return is_a(meaning, one); });
}

std::vector<double> NameTree::masses(const std::vector<double>& probabilities) const {
  check(probabilities.size() == kClasses, ErrorCode::kInternal, probabilities.size(),
        " probabilities of ", kClasses, " classes");
  std::vector<double> out(size());
  for (std::size_t one = 0; one < kClasses; ++one)
    for (const std::size_t above : synsets_[classes_[one]].above) out[above] += probabilities[one];
  return out;
}

double NameTree::mass(const std::vector<double>& probabilities,
                      const std::vector<std::size_t>& meanings) const {
  check(probabilities.size() == kClasses, ErrorCode::kInternal, probabilities.size(),
        " probabilities of ", kClasses, " classes");
  double out = 0;
  for (std::size_t one = 0; one < kClasses; ++one)
    if (is_any(classes_[one], meanings)) out += probabilities[one];
  return out;
}

double NameTree::coverage(const std::vector<std::size_t>& meanings) const {
  std::size_t classes = 0;
  std::int64_t leaves = 0;
  for (const std::size_t meaning : meanings) {
    classes += synsets_.at(meaning).classes;
    leaves += synsets_.at(meaning).leaves;
  }
  return leaves == 0 ? 0
                     : std::min(1.0, static_cast<double>(classes) / static_cast<double>(leaves));
}

}  // namespace beholder::text
