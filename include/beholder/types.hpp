// What goes into the engine and what comes out of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace beholder {

/// What an engine answers when its confidence is below the threshold.
inline constexpr const char* kAbstention = "I don't know";

struct EngineOptions {
  int threads = 0;     ///< processor cores to use; 0: all
  bool int8 = false;   ///< multiply int8 weights as int8: faster, a little less exact
  bool mirror = true;  ///< look at the mirror image too: right more often, twice the vision time
  std::uint64_t max_pixels = 178'956'970;  ///< larger pictures are refused before decoding
};

/// Milliseconds of the wall clock.
struct Timing {
  double decode = 0;  ///< bytes to pixels, resize and normalisation; 0 for a kept picture
  double vision =
      0;  ///< vision encoder and the decoder's image keys and values; 0 for a kept picture
  double text = 0;    ///< tokenizer and text encoder
  double fusion = 0;  ///< generation
};

struct AnswerOptions {
  int top_k = 1;               ///< answers listed, 1..num_beams
  int num_beams = 5;           ///< hypotheses kept while searching
  double min_confidence = -1;  ///< abstain below; 0 never; negative: the model's own threshold
  std::vector<std::string> choices;  ///< if not empty, the answer is one of these
};

struct ScoredAnswer {
  std::string answer;
  double probability = 0;  ///< the network's own, before calibration; among choices they sum to 1
};

struct Answer {
  std::string text;                 ///< the best answer, or `kAbstention`
  double confidence = 0;            ///< calibrated probability that `top_k[0]` is right, 0..1
  bool abstained = false;           ///< the confidence was below the threshold
  bool familiar = true;             ///< picture and question are like what the model was trained on
  std::vector<ScoredAnswer> top_k;  ///< best first; never empty
  Timing timing;
};

struct DescribeOptions {
  int num = 1;  ///< different descriptions wanted
  int num_beams = 4;
  double length_penalty = 0.6;  ///< above 0 favours longer descriptions
  int max_new_tokens = 30;
  double temperature = 0;  ///< above 0: sample instead of searching
  int top_k = 0;           ///< sampling: keep the k likeliest tokens; 0: all
  double top_p = 0.9;      ///< sampling: keep the likeliest tokens with this much probability
  std::uint64_t seed = 0;  ///< sampling
};

struct Description {
  std::string text;
  double probability = 0;  ///< geometric mean of the tokens' probabilities, 0..1
};

struct Descriptions {
  std::vector<Description> list;  ///< best first, all different
  Timing timing;
};

}  // namespace beholder
