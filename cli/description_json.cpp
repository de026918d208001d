#include "description_json.hpp"

namespace beholder::cli {

nlohmann::ordered_json description_json(const Description& description) {
  nlohmann::ordered_json out = {{"text", description.text},
                                {"probability", description.probability},
                                {"confidence", description.confidence},
                                {"abstained", description.abstained},
                                {"guess", description.guess},
                                {"words", nlohmann::ordered_json::array()}};
  for (const DescribedWord& word : description.words)
    out["words"].push_back({{"word", word.word}, {"probability", word.probability}});
  return out;
}

}  // namespace beholder::cli
