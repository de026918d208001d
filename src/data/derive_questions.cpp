#include "data/derive_questions.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/check.hpp"
#include "core/random.hpp"
#include "data/derive_candidates.hpp"
#include "data/json_lines.hpp"

namespace beholder::data {
namespace fs = std::filesystem;

namespace {

/// All pictures that can answer the questions of one key.
struct Pool {
  std::string type;
  std::vector<std::string> wordings;
  std::vector<std::pair<std::size_t, Evidence>> yes, no;
};

/// Takes pairs of a picture with "yes" and one with "no" and asks both the same sentence, until
/// `wanted` rows are there. Mere existence, of which there is plenty, gets about three of eight.
void select_yes_no(std::map<std::string, Pool>& pools, std::size_t limit, std::size_t wanted,
                   const std::vector<CaptionRow>& captions, Random& random,
                   std::vector<std::vector<DerivedRow>>& rows) {
  std::vector<Pool*> slots, existence;
  for (auto& [key, pool] : pools) {
    random.shuffle(pool.yes);
    random.shuffle(pool.no);
    std::vector<Pool*>& kind = pool.type == "yes/no existence" ? existence : slots;
    kind.insert(kind.end(), std::min(pool.yes.size(), pool.no.size()), &pool);
  }
  random.shuffle(existence);
  existence.resize(std::min(existence.size(), slots.size() * 6 / 10 + 10));
  slots.insert(slots.end(), existence.begin(), existence.end());
  random.shuffle(slots);
  const auto drop_full = [&](std::vector<std::pair<std::size_t, Evidence>>& pictures) {
    while (!pictures.empty() && rows[pictures.back().first].size() >= limit) pictures.pop_back();
  };
  std::size_t taken = 0;
  for (Pool* pool : slots) {
    if (taken + 2 > wanted) return;
    drop_full(pool->yes);
    drop_full(pool->no);
    if (pool->yes.empty() || pool->no.empty()) continue;
    const std::string& question = pool->wordings[random.below(pool->wordings.size())];
    for (auto* side : {&pool->yes, &pool->no}) {
      const auto& [picture, evidence] = side->back();
      rows[picture].push_back({captions[picture].image, question, side == &pool->yes ? "yes" : "no",
                               pool->type, evidence});
      side->pop_back();
    }
    taken += 2;
  }
}

/// Thins out answers that would dominate their type.
bool too_common(const OpenCandidate& candidate, Random& random) {
  if (candidate.type == "animal" && candidate.answer == "dog") return random.below(3) != 0;
  if (candidate.type == "count" && candidate.answer == "1") return random.below(5) >= 2;
  return false;
}

}  // namespace

std::vector<DerivedRow> derive_questions(const std::vector<CaptionRow>& captions,
                                         const DeriveOptions& options) {
  check(options.max_per_picture >= 2, ErrorCode::kUsage,
        "rows a picture: ", options.max_per_picture, "; expected 2 or more");
  check(options.yes_no_share >= 0 && options.yes_no_share <= 1, ErrorCode::kUsage,
        "share of yes/no rows: ", options.yes_no_share, "; expected 0 to 1");
  const auto limit = static_cast<std::size_t>(options.max_per_picture);
  const auto yes_no_limit =
      static_cast<std::size_t>(std::lround(options.yes_no_share * options.max_per_picture));

  Random random(options.seed);
  std::map<std::string, Pool> pools;
  std::vector<std::vector<OpenCandidate>> open(captions.size());
  for (std::size_t i = 0; i < captions.size(); ++i) {
    const PictureFacts facts(captions[i].captions);
    for (YesNoCandidate& candidate : yes_no_candidates(facts)) {
      Pool& pool = pools[candidate.key];
      pool.type = candidate.type;
      pool.wordings = std::move(candidate.wordings);
      (candidate.yes ? pool.yes : pool.no).emplace_back(i, std::move(candidate.evidence));
    }
    open[i] = open_candidates(facts);
  }

  std::vector<std::vector<DerivedRow>> chosen(captions.size());
  std::size_t open_rows = 0;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    std::set<std::string> asked;
    random.shuffle(open[i]);
    for (const OpenCandidate& candidate : open[i]) {
      if (chosen[i].size() >= limit - yes_no_limit) break;
      if (too_common(candidate, random)) continue;
      // One question a slot: the first wording names it.
      if (!asked.insert(candidate.wordings.front()).second) continue;
      chosen[i].push_back({captions[i].image,
                           candidate.wordings[random.below(candidate.wordings.size())],
                           candidate.answer, candidate.type, candidate.evidence});
    }
    open_rows += chosen[i].size();
  }
  const double share = options.yes_no_share;
  const std::size_t wanted = share < 1 ? static_cast<std::size_t>(share / (1 - share) * open_rows)
                                       : captions.size() * limit;
  std::vector<std::vector<DerivedRow>> rows(captions.size());
  select_yes_no(pools, yes_no_limit, wanted, captions, random, rows);

  std::vector<DerivedRow> all;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    std::vector<DerivedRow>& mixed = rows[i];
    mixed.insert(mixed.end(), std::make_move_iterator(chosen[i].begin()),
                 std::make_move_iterator(chosen[i].end()));
    random.shuffle(mixed);
    all.insert(all.end(), std::make_move_iterator(mixed.begin()),
               std::make_move_iterator(mixed.end()));
  }
  return all;
}

std::string derived_jsonl(const std::vector<DerivedRow>& rows, const fs::path& out_folder) {
  std::string text;
  for (const DerivedRow& row : rows) {
    nlohmann::ordered_json object;
    object["image"] = picture_path_in(out_folder, row.image);
    object["question"] = row.question;
    object["answer"] = row.answer;
    object["type"] = row.type;
    object["evidence"] = row.evidence;
    text += object.dump() + "\n";
  }
  return text;
}

std::string derived_statistics(const std::vector<DerivedRow>& rows) {
  std::map<std::string, std::map<std::string, int>> types;
  std::set<std::string> pictures;
  std::size_t yes_no = 0;
  for (const DerivedRow& row : rows) {
    ++types[row.type][row.answer];
    pictures.insert(row.image.string());
    if (row.type.rfind("yes/no", 0) == 0) ++yes_no;
  }
  char line[160];
  std::snprintf(line, sizeof line, "%zu rows on %zu pictures, %.1f %% yes/no\n", rows.size(),
                pictures.size(), rows.empty() ? 0.0 : 100.0 * yes_no / rows.size());
  std::string text = line;
  for (const auto& [type, answers] : types) {
    int total = 0;
    std::vector<std::pair<int, std::string>> ranked;
    for (const auto& [answer, count] : answers) {
      total += count;
      ranked.emplace_back(-count, answer);
    }
    std::sort(ranked.begin(), ranked.end());
    std::snprintf(line, sizeof line, "  %-17s %6d rows, %4zu answers:", type.c_str(), total,
                  ranked.size());
    text += line;
    for (std::size_t i = 0; i < ranked.size() && i < 6; ++i)
      text += (i == 0 ? " " : ", ") + ranked[i].second + " " + std::to_string(-ranked[i].first);
    text += "\n";
  }
  return text;
}

}  // namespace beholder::data
