#include "data/name_questions.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/permutation.hpp"
#include "text/words.hpp"

namespace beholder::data {
namespace {

constexpr std::size_t kClasses = 1000;

}  // namespace

const std::vector<NamedClasses>& named_classes() {
  // Class numbers as in the list that goes with ILSVRC 2012, in the order of their WordNet ids.
  static const std::vector<NamedClasses> names = {
      {"bird", true, {{7, 24}, {80, 100}, {127, 146}}},
      {"fish", true, {{0, 6}, {389, 397}}},
      {"turtle", true, {{33, 37}}},
      {"snake", true, {{52, 68}}},
      {"dog", true, {{151, 268}}},
      {"cat", true, {{281, 285}}},
      {"bear", true, {{294, 297}}},
      {"butterfly", true, {{321, 326}}},
      {"rabbit", true, {{330, 332}}},
      {"horse", true, {{339, 339}}},
      {"zebra", true, {{340, 340}}},
      {"monkey", true, {{369, 382}}},
      {"elephant", true, {{385, 386}}},
      {"camel", true, {{354, 354}}},
      {"guitar", false, {{402, 402}, {546, 546}}},
      {"balloon", false, {{417, 417}}},
      {"basketball", false, {{430, 430}}},
      {"bathtub", false, {{435, 435}, {876, 876}}},
      {"bookcase", false, {{453, 453}}},
      {"canoe", false, {{472, 472}}},
      {"keyboard", false, {{508, 508}}},
      {"crib", false, {{520, 520}}},
      {"desk", false, {{526, 526}}},
      {"dining table", false, {{532, 532}}},
      {"dishwasher", false, {{534, 534}}},
      {"piano", false, {{579, 579}, {881, 881}}},
      {"laptop", false, {{620, 620}, {681, 681}}},
      {"microwave", false, {{651, 651}}},
      {"monitor", false, {{664, 664}, {782, 782}}},
      {"mountain bike", false, {{671, 671}}},
      {"pillow", false, {{721, 721}}},
      {"pool table", false, {{736, 736}}},
      {"printer", false, {{742, 742}}},
      {"refrigerator", false, {{760, 760}}},
      {"snowmobile", false, {{802, 802}}},
      {"soccer ball", false, {{805, 805}}},
      {"stove", false, {{827, 827}}},
      {"sofa", false, {{831, 831}}},
      {"lamp", false, {{619, 619}, {846, 846}}},
      {"television", false, {{851, 851}}},
      {"toilet", false, {{861, 861}}},
      {"wardrobe", false, {{894, 894}}},
      {"sink", false, {{896, 896}}},
      {"washing machine", false, {{897, 897}}},
  };
  return names;
}

std::vector<DerivedRow> name_questions(const std::vector<ClassifiedPicture>& pictures,
                                       const NameOptions& options) {
  const auto& names = named_classes();
  std::vector<std::vector<DerivedRow>> rows(pictures.size());
  std::vector<std::vector<std::int64_t>> shown(names.size()), without(names.size());
  for (std::size_t p = 0; p < pictures.size(); ++p) {
    const auto& probabilities = pictures[p].probabilities;
    check(probabilities.size() == kClasses, ErrorCode::kDataFormat, pictures[p].image.string(),
          ": ", probabilities.size(), " class probabilities, expected ", kClasses);
    for (std::size_t n = 0; n < names.size(); ++n) {
      double sum = 0;
      for (const auto& [first, last] : names[n].ranges)
        for (std::int64_t c = first; c <= last; ++c) sum += probabilities[c];
      if (sum >= options.sure) {
        shown[n].push_back(static_cast<std::int64_t>(p));
        if (names[n].animal)
          rows[p].push_back({pictures[p].image, "what animal is this?", names[n].name, "name", {}});
      } else if (sum < options.absent) {
        without[n].push_back(static_cast<std::int64_t>(p));
      }
    }
  }
  for (std::size_t n = 0; n < names.size(); ++n) {
    const std::size_t each = std::min(shown[n].size(), without[n].size());
    const std::string question =
        "is there " + text::with_article(names[n].name) + " in the picture?";
    for (const bool yes : {true, false})
      for (const std::int64_t p : some_of(yes ? shown[n] : without[n], each, options.seed + n))
        rows[p].push_back({pictures[p].image, question, yes ? "yes" : "no", "yes/no name", {}});
  }
  std::vector<DerivedRow> out;
  for (auto& list : rows) out.insert(out.end(), list.begin(), list.end());
  return out;
}

}  // namespace beholder::data
