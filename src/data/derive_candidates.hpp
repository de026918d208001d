// Question–answer candidates of one picture, before the selection that balances them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "data/picture_facts.hpp"

namespace beholder::data {

/// A yes/no question that this picture can answer. Candidates with the same `key` share `wordings`,
/// so that the same sentence can be asked of a picture with the other answer.
struct YesNoCandidate {
  std::string key;
  std::string type;
  std::vector<std::string> wordings;
  bool yes = false;
  Evidence evidence;  ///< captions that support it; empty where nothing speaks against a "no"
};

/// A question with a short answer.
struct OpenCandidate {
  std::string type;
  std::vector<std::string> wordings;
  std::string answer;
  Evidence evidence;
};

std::vector<YesNoCandidate> yes_no_candidates(const PictureFacts& facts);
std::vector<OpenCandidate> open_candidates(const PictureFacts& facts);

/// Words that say that somebody "in the water" is in a boat or on a board.
inline const std::vector<std::string> kAfloat = {
    "boat*",  "kayak*", "canoe*",     "raft*", "paddl*", "surf*", "row*",     "sail*",
    "board*", "ski*",   "wakeboard*", "jet*",  "ship*",  "tub*",  "waterski*"};

/// "a dog", "an umbrella", "snow", "skis".
std::string with_article(const std::string& noun);

}  // namespace beholder::data
