#include "train/choose_captions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/check.hpp"
#include "data/json_lines.hpp"
#include "eval/metric_caption.hpp"

namespace beholder::train {
namespace fs = std::filesystem;

Candidates read_candidates(const fs::path& path) {
  Candidates out;
  data::for_each_json_row(path, [&](const nlohmann::json& row, const data::RowPlace& place) {
    if (row.contains("error")) return true;
    try {
      auto& texts = out[fs::weakly_canonical(row.at("image").get<std::string>())];
      for (const auto& description : row.at("descriptions"))
        // Withheld descriptions are candidates too.
        texts.push_back(
            description.at(description.contains("guess") ? "guess" : "text").get<std::string>());
    } catch (const nlohmann::json::exception&) {
      fail(
          ErrorCode::kDataFormat, place.str(),
          R"(: expected {"image": path, "descriptions": [{"text": …}]}, as `beholder caption --num` writes)");
    }
    return true;
  });
  return out;
}

std::vector<data::CaptionRow> choose_captions(const std::vector<data::CaptionRow>& captions,
                                              const Candidates& candidates, std::size_t keep) {
  check(!captions.empty(), ErrorCode::kDataFormat, "no captions to compare with");
  std::vector<std::vector<eval::Tokens>> references;
  for (const data::CaptionRow& row : captions) {
    references.emplace_back();
    for (const std::string& caption : row.captions)
      references.back().push_back(eval::caption_tokens(caption));
  }
  const eval::CiderScorer scorer(std::move(references));
  std::vector<data::CaptionRow> out;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    const auto found = candidates.find(fs::weakly_canonical(captions[i].image));
    if (found == candidates.end()) continue;
    std::vector<std::pair<double, std::size_t>> scored;
    for (std::size_t k = 0; k < found->second.size(); ++k)
      scored.emplace_back(-scorer.score(i, eval::caption_tokens(found->second[k])), k);
    std::sort(scored.begin(), scored.end());
    data::CaptionRow row;
    row.image = captions[i].image;
    for (std::size_t k = 0; k < std::min(keep, scored.size()); ++k)
      row.captions.push_back(found->second[scored[k].second]);
    if (!row.captions.empty()) out.push_back(std::move(row));
  }
  check(!out.empty(), ErrorCode::kDataFormat,
        "none of the captions' pictures has candidates; are the paths those of the same files?");
  return out;
}

std::string caption_jsonl(const std::vector<data::CaptionRow>& rows, const fs::path& folder) {
  std::string out;
  for (const data::CaptionRow& row : rows)
    out += nlohmann::ordered_json(
               {{"image", data::picture_path_in(folder, row.image)}, {"captions", row.captions}})
               .dump() +
           "\n";
  return out;
}

}  // namespace beholder::train
