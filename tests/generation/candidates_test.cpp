#include "generation/candidates.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace beholder::generation {
namespace {

GenerationOptions options_of(int beams) {
  GenerationOptions out;
  out.num_beams = beams;
  out.end_token = 0;
  return out;
}

TEST(Candidates, AreTheBestOfASort) {
  std::mt19937 random(5);
  std::uniform_int_distribution<int> coarse(-40, 0);  // many ties
  for (const std::size_t vocabulary : {3, 31, 32, 33, 500}) {
    std::vector<Hypothesis> alive(3);
    for (std::size_t row = 0; row < alive.size(); ++row)
      alive[row].log_probability = alive[row].ranked = -0.25 * static_cast<double>(row);
    std::vector<float> scores(alive.size() * vocabulary);
    for (float& score : scores) score = static_cast<float>(coarse(random)) / 4;
    for (std::size_t i = 2; i < scores.size(); i += 5)
      scores[i] = -std::numeric_limits<float>::infinity();
    constexpr std::size_t kEach = 5;  // beams + 1
    std::vector<Candidate> wanted;
    for (std::size_t row = 0; row < alive.size(); ++row) {
      std::vector<std::pair<float, std::int64_t>> sorted;  // negated, so that ties go by token
      for (std::size_t token = 0; token < vocabulary; ++token)
        if (const float score = scores[row * vocabulary + token]; score > -1e30f)
          sorted.push_back({-score, static_cast<std::int64_t>(token)});
      std::sort(sorted.begin(), sorted.end());
      if (sorted.size() > kEach) sorted.resize(kEach);
      for (const auto& [score, token] : sorted)
        wanted.push_back(
            {row, token, alive[row].log_probability - score, alive[row].ranked - score});
    }
    std::stable_sort(wanted.begin(), wanted.end(), [](const Candidate& a, const Candidate& b) {
      return a.log_probability > b.log_probability;
    });
    const auto found =
        likeliest(alive, scores.data(), vocabulary, options_of(static_cast<int>(kEach) - 1));
    ASSERT_EQ(found.size(), wanted.size()) << vocabulary;
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].row, wanted[i].row) << vocabulary << " " << i;
      EXPECT_EQ(found[i].token, wanted[i].token) << vocabulary << " " << i;
      EXPECT_EQ(found[i].log_probability, wanted[i].log_probability);
    }
  }
}

}  // namespace
}  // namespace beholder::generation
