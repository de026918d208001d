#include "text/wordnet.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/check.hpp"
#include "text/wordnet_file.hpp"

namespace beholder::text {
namespace fs = std::filesystem;

namespace {

constexpr std::array<const char*, 4> kSuffix = {"noun", "verb", "adj", "adv"};
constexpr std::array<const char*, 4> kLetter = {"n", "v", "a", "r"};
// The taxonomies of WordNet 3.0 are at most 19 deep; more means that hypernyms go in a circle.
constexpr int kMaxDepth = 100;

int index_of(PartOfSpeech pos) { return static_cast<int>(pos); }

struct Ending {
  std::string_view from, to;
};

/// morphy's endings in the order in which it tries them (morphy(7WN)).
const std::vector<Ending>& endings(PartOfSpeech pos) {
  static const std::array<std::vector<Ending>, 4> table = {{
      {{"s", ""},
       {"ses", "s"},
       {"ves", "f"},
       {"xes", "x"},
       {"zes", "z"},
       {"ches", "ch"},
       {"shes", "sh"},
       {"men", "man"},
       {"ies", "y"}},
      {{"s", ""},
       {"ies", "y"},
       {"es", "e"},
       {"es", ""},
       {"ed", "e"},
       {"ed", ""},
       {"ing", "e"},
       {"ing", ""}},
      {{"er", ""}, {"est", ""}, {"er", "e"}, {"est", "e"}},
      {},
  }};
  return table[index_of(pos)];
}

std::string entry_form(std::string_view word) {
  std::string form(word);
  for (char& c : form) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == ' ') c = '_';
  }
  return form;
}

/// A synset's place in its taxonomy.
struct Ancestry {
  std::vector<std::pair<std::uint32_t, int>> distances;  ///< itself and all above it, nearest first
  int min_depth = 0;                                     ///< of the shortest way to a root
  int max_depth = 0;                                     ///< of the longest

  int distance(std::uint32_t offset) const {  // -1 if `offset` is not above
    for (const auto& [above, steps] : distances)
      if (above == offset) return steps;
    return -1;
  }
};

}  // namespace

struct WordNet::Impl {
  fs::path directory;
  std::array<std::array<std::unique_ptr<WordNetFile>, 3>, 4> files;
  std::unordered_map<std::uint64_t, Ancestry> ancestries;
  std::mutex files_mutex, ancestries_mutex;

  enum Kind { kIndex, kData, kExceptions };

  fs::path path(Kind kind, PartOfSpeech pos) const {
    const std::string suffix = kSuffix[index_of(pos)];
    if (kind == kExceptions) return directory / (suffix + ".exc");
    return directory / ((kind == kIndex ? "index." : "data.") + suffix);
  }

  const WordNetFile& file(Kind kind, PartOfSpeech pos) {
    const std::lock_guard<std::mutex> lock(files_mutex);
    auto& slot = files[index_of(pos)][kind];
    if (!slot) slot = std::make_unique<WordNetFile>(path(kind, pos));
    return *slot;
  }

  /// The offsets of an entry's senses; empty if `form` is no entry.
  std::vector<std::uint32_t> senses(const std::string& form, PartOfSpeech pos) {
    const WordNetFile& index = file(kIndex, pos);
    const std::string_view line = index.find_line(form);
    std::vector<std::uint32_t> offsets;
    if (line.empty()) return offsets;
    // lemma pos synset_cnt p_cnt [ptr_symbol…] sense_cnt tagsense_cnt synset_offset…
    WordNetFields fields(index, line);
    fields.word();
    fields.word();
    const std::uint32_t count = fields.number();
    for (std::uint32_t skip = fields.number() + 2; skip > 0; --skip) fields.word();
    for (std::uint32_t i = 0; i < count; ++i) offsets.push_back(fields.number());
    return offsets;
  }

  /// The fields of a synset's line after its offset and file number and letter.
  WordNetFields open(Synset synset) {
    const WordNetFile& data = file(kData, synset.pos);
    check(synset.offset < data.text().size(), ErrorCode::kDataFormat, data.path().string(),
          ": no synset at byte ", synset.offset, "; take offsets from the same WordNet");
    const std::string_view line = data.line_at(synset.offset);
    WordNetFields fields(data, line);
    if (fields.number() != synset.offset) fields.damaged("is not the synset that was named");
    fields.word();
    fields.word();
    return fields;
  }

  std::vector<std::string> lemmas(WordNetFields& fields) {
    std::vector<std::string> names;
    for (std::uint32_t count = fields.number(16); count > 0; --count) {
      const std::string_view name = fields.word();
      fields.word();
      names.emplace_back(name.substr(0, name.find('(')));  // adjectives carry markers: "(p)"
    }
    return names;
  }

  std::vector<Synset> hypernyms(Synset synset) {
    WordNetFields fields = open(synset);
    lemmas(fields);
    std::vector<Synset> classes, instances;
    for (std::uint32_t count = fields.number(); count > 0; --count) {
      const std::string_view symbol = fields.word();
      const Synset target{synset.pos, fields.number()};
      fields.word();
      fields.word();
      if (symbol == "@") classes.push_back(target);
      if (symbol == "@i") instances.push_back(target);
    }
    classes.insert(classes.end(), instances.begin(), instances.end());
    return classes;
  }

  const Ancestry& ancestry(Synset synset) {
    const std::lock_guard<std::mutex> lock(ancestries_mutex);
    return ancestry_below(synset, 0);
  }

  // References into an unordered_map stay valid while it grows, and entries are never removed.
  const Ancestry& ancestry_below(Synset synset, int depth) {
    const std::uint64_t key = std::uint64_t(index_of(synset.pos)) << 32 | synset.offset;
    if (const auto known = ancestries.find(key); known != ancestries.end()) return known->second;
    check(depth < kMaxDepth, ErrorCode::kDataFormat, file(kData, synset.pos).path().string(),
          ": the hypernyms of the synset at byte ", synset.offset, " go in a circle");
    Ancestry result;
    bool first = true;
    std::unordered_map<std::uint32_t, int> nearest{{synset.offset, 0}};
    for (const Synset& above : hypernyms(synset)) {
      const Ancestry& parent = ancestry_below(above, depth + 1);
      result.min_depth =
          first ? parent.min_depth + 1 : std::min(result.min_depth, parent.min_depth + 1);
      result.max_depth = std::max(result.max_depth, parent.max_depth + 1);
      for (const auto& [offset, steps] : parent.distances) {
        const auto [at, added] = nearest.emplace(offset, steps + 1);
        if (!added) at->second = std::min(at->second, steps + 1);
      }
      first = false;
    }
    result.distances.assign(nearest.begin(), nearest.end());
    std::sort(result.distances.begin(), result.distances.end(), [](const auto& a, const auto& b) {
      return std::tie(a.second, a.first) < std::tie(b.second, b.first);
    });
    return ancestries.emplace(key, std::move(result)).first->second;
  }
};

bool WordNet::installed(const fs::path& directory) {
  std::error_code ignored;
  return fs::exists(directory / "index.noun", ignored) &&
         fs::exists(directory / "data.noun", ignored);
}

WordNet::WordNet(fs::path directory) : impl_(std::make_unique<Impl>()) {
  check(installed(directory), ErrorCode::kFileNotFound, directory.string(),
        ": holds no WordNet database (index.noun, data.noun); install it (Debian package "
        "wordnet-base) or name its directory");
  impl_->directory = std::move(directory);
}

WordNet::~WordNet() = default;

bool WordNet::contains(std::string_view word, PartOfSpeech pos) const {
  return !impl_->file(Impl::kIndex, pos).find_line(entry_form(word)).empty();
}

std::vector<std::string> WordNet::exceptions(std::string_view word, PartOfSpeech pos) const {
  const WordNetFile& file = impl_->file(Impl::kExceptions, pos);
  const std::string_view line = file.find_line(entry_form(word));
  std::vector<std::string> bases;
  if (line.empty()) return bases;
  WordNetFields fields(file, line);
  fields.word();
  while (!fields.done()) bases.emplace_back(fields.word());
  return bases;
}

std::vector<std::string> WordNet::base_forms(std::string_view word, PartOfSpeech pos) const {
  const std::string form = entry_form(word);
  std::vector<std::string> candidates = {form};
  const std::vector<std::string> irregular = exceptions(form, pos);
  candidates.insert(candidates.end(), irregular.begin(), irregular.end());
  if (irregular.empty()) {
    for (const Ending& ending : endings(pos)) {
      if (form.size() < ending.from.size()) continue;
      const std::size_t stem = form.size() - ending.from.size();
      if (form.compare(stem, std::string::npos, ending.from) == 0)
        candidates.push_back(form.substr(0, stem).append(ending.to));
    }
  }
  std::vector<std::string> forms;
  for (const std::string& candidate : candidates)
    if (std::find(forms.begin(), forms.end(), candidate) == forms.end() && contains(candidate, pos))
      forms.push_back(candidate);
  return forms;
}

std::optional<std::string> WordNet::morphy(std::string_view word, PartOfSpeech pos) const {
  const std::vector<std::string> forms = base_forms(word, pos);
  if (forms.empty()) return std::nullopt;
  return forms.front();
}

std::vector<Synset> WordNet::synsets(std::string_view word, PartOfSpeech pos) const {
  std::vector<Synset> found;
  for (const std::string& form : base_forms(word, pos))
    for (const std::uint32_t offset : impl_->senses(form, pos)) found.push_back({pos, offset});
  return found;
}

std::vector<std::string> WordNet::lemmas(Synset synset) const {
  WordNetFields fields = impl_->open(synset);
  return impl_->lemmas(fields);
}

std::string WordNet::name(Synset synset) const {
  const std::vector<std::string> names = lemmas(synset);
  check(!names.empty(), ErrorCode::kDataFormat, "the synset at byte ", synset.offset,
        " has no lemma; install WordNet 3.0 again");
  const std::string first = entry_form(names.front());
  const std::vector<std::uint32_t> senses = impl_->senses(first, synset.pos);
  const auto at = std::find(senses.begin(), senses.end(), synset.offset);
  const std::string sense = std::to_string(at - senses.begin() + 1);
  return concat(first, '.', kLetter[index_of(synset.pos)], '.', sense.size() < 2 ? "0" : "", sense);
}

std::vector<Synset> WordNet::ancestors(Synset synset) const {
  std::vector<Synset> out;
  for (const auto& [offset, steps] : impl_->ancestry(synset).distances)
    out.push_back({synset.pos, offset});
  return out;
}

std::optional<double> WordNet::wup_similarity(Synset a, Synset b) const {
  const bool simulate_root = a.pos != PartOfSpeech::kNoun || b.pos != PartOfSpeech::kNoun;
  const Ancestry& of_a = impl_->ancestry(a);
  const Ancestry& of_b = impl_->ancestry(b);

  // The shared hypernyms of greatest minimum depth; the simulated root has depth 0.
  int best = simulate_root ? 0 : -1;
  std::vector<Synset> lowest;
  if (a.pos == b.pos) {
    for (const auto& [offset, steps] : of_a.distances) {
      if (of_b.distance(offset) < 0) continue;
      const Synset shared{a.pos, offset};
      const int depth = impl_->ancestry(shared).min_depth;
      if (depth > best) lowest.clear();
      if (depth >= best) lowest.push_back(shared);
      best = std::max(best, depth);
    }
  }
  const bool root_among = simulate_root && best == 0;
  if (lowest.empty() && !root_among) return std::nullopt;

  const bool is_a = std::find(lowest.begin(), lowest.end(), a) != lowest.end();
  if (root_among && !is_a) {
    // "*ROOT*" comes before every name of a root, and lies one above the farthest ancestor.
    const double depth = 1;
    const double to_a = of_a.distances.back().second + 1 + depth;
    const double to_b = of_b.distances.back().second + 1 + depth;
    return 2 * depth / (to_a + to_b);
  }
  Synset subsumer = is_a ? a : lowest.front();
  if (!is_a && lowest.size() > 1)
    subsumer = *std::min_element(lowest.begin(), lowest.end(),
                                 [this](Synset x, Synset y) { return name(x) < name(y); });

  // Shortest way between a synset and its subsumer through any shared hypernym: with several ways
  // up it may bypass the subsumer.
  const Ancestry& of_subsumer = impl_->ancestry(subsumer);
  const auto distance = [&](const Ancestry& below) {
    int nearest = below.distances.back().second + of_subsumer.distances.back().second + 2;
    if (!simulate_root) nearest = std::numeric_limits<int>::max();
    for (const auto& [offset, steps] : of_subsumer.distances)
      if (const int up = below.distance(offset); up >= 0) nearest = std::min(nearest, up + steps);
    return nearest;
  };
  const double depth = of_subsumer.max_depth + 1;
  return 2 * depth / (distance(of_a) + distance(of_b) + 2 * depth);
}

}  // namespace beholder::text
