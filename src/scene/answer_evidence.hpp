// What a photo says for and against each of a list of answers.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "beholder/types.hpp"
#include "text/name_tree.hpp"
#include "text/question_kind.hpp"
#include "vision/intake/image.hpp"

namespace beholder::scene {

/// What is known of a photo, whatever is asked about it.
struct PhotoFacts {
  std::vector<float> words;     ///< a score of each word that photos are told by
  std::vector<double> classes;  ///< probabilities, text::NameTree::kClasses
  std::vector<Object> things;   ///< the detector's, of any certainty; empty where it was not asked
  int width = 0, height = 0;    ///< that the things' boxes are in, px
  const vision::Image* photo = nullptr;  ///< of any size, for colours
};

/// The kinds of evidence, each a number for every answer; 0 says nothing.
enum class Evidence : std::size_t {
  kPrior,         ///< log-probability without the picture
  kWord,          ///< the photo's score of the answer's word
  kSeen,          ///< logit of the detector's certainty of the thing
  kSeeable,       ///< 1 for things that the detector knows
  kNamed,         ///< log of the classifier's mass of the thing, against what is usual
  kCountLikely,   ///< log-probability of the number, each thing being there or not by itself
  kCountNear,     ///< minus the distance of the number from the expected one, in logarithms
  kCountNone,     ///< 1 for zero, where the detector knows what is counted
  kColorOfThing,  ///< log of the colour's share in the thing's box, against what is usual
  kColorOfPhoto,  ///< the same of the whole photo, where the thing was not found
};
constexpr std::size_t kEvidences = 10;

/// Forms of questions that weigh evidence differently.
enum class AnswerForm : std::size_t { kYesNo, kNumber, kColor, kAlternative, kOther };
constexpr std::size_t kAnswerForms = 5;
AnswerForm answer_form(const text::AskedFor& asked);

/// What a photo shows on average, against which evidence is taken.
struct UsualPhoto {
  std::vector<double> classes;  ///< as `PhotoFacts::classes`
  std::vector<double> colors;   ///< shares of `kPhotoColors`
};

/// The names of vision::color_name, in the order of `UsualPhoto::colors`.
constexpr std::array<const char*, 12> kPhotoColors = {"gray",   "red",    "blue",  "green",
                                                      "brown",  "purple", "cyan",  "yellow",
                                                      "orange", "pink",   "white", "black"};
using ColorShares = std::array<double, kPhotoColors.size()>;

/// The shares of colours in the middle of a part of a picture.
/// @param box left, top, right, bottom as shares of the picture
ColorShares color_shares(const vision::Image& photo, const std::array<double, 4>& box);

/// Any number of threads may ask.
class AnswerEvidence {
 public:
  /// @param answers as `evidence` numbers them  @param words as `PhotoFacts::words` numbers them,
  /// the concepts of text::concept_of  @param tree must outlive this
  AnswerEvidence(const std::vector<std::string>& answers, const std::vector<std::string>& words,
                 const text::NameTree& tree, UsualPhoto usual);

  /// Whether the detector's things matter to a question.
  bool wants_things(const text::AskedFor& asked, std::string_view question) const;

  /// @param prior log-probabilities of the answers
  /// @return kEvidences numbers an answer, answer by answer
  std::vector<float> of(const text::AskedFor& asked, std::string_view question,
                        const std::vector<float>& prior, const PhotoFacts& facts) const;

 private:
  using Kinds = std::set<std::string>;  // of the detector's things

  struct Candidate {
    int word = -1;                     // place in `words`
    Kinds things;                      // that the answer names
    std::vector<std::size_t> classes;  // that it names
    double usual_mass = 0;             // of these
    int number = -1;
    std::vector<std::size_t> colors;
  };

  Kinds things_named(const std::string& noun) const;
  Kinds things_asked(std::string_view question) const;
  void add_words(const PhotoFacts& facts, std::vector<float>& out) const;
  void add_things(const PhotoFacts& facts, std::vector<float>& out) const;
  void add_names(const PhotoFacts& facts, std::vector<float>& out) const;
  void add_counts(const Kinds& kinds, const PhotoFacts& facts, std::vector<float>& out) const;
  void add_colors(const Kinds& kinds, const PhotoFacts& facts, std::vector<float>& out) const;

  const text::NameTree& tree_;
  UsualPhoto usual_;
  std::vector<Candidate> candidates_;
};

}  // namespace beholder::scene
