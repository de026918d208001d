// What photos show by name, from the classes of the stem's own classifier and the detector's
// objects.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "beholder/types.hpp"
#include "scene/photo_objects.hpp"
#include "text/name_question.hpp"
#include "text/name_tree.hpp"

namespace beholder::scene {

/// The `names` section of a model's config.json: probabilities are sigmoid(offset + the sum of
/// slope · evidence), fit on photos with known names (docs/training.md).
struct NamesConfig {
  using Fit = PhotoObjectsConfig::Calibration;
  static constexpr std::size_t kClassEvidence = 1, kKindEvidence = 1, kObjectEvidence = 2,
                               kWhichEvidence = 2, kAloneEvidence = 3, kSeenEvidence = 1,
                               kBothEvidence = 4;
  double temperature = 1;       ///< of the softmax over the classes
  double min_confidence = 0.5;  ///< less certain names are not said
  Fit class_right;              ///< the likeliest class is the thing's name: logit(p)
  Fit kind_right;               ///< what several classes are kinds of: logit(their mass)
  Fit object_right;   ///< an object of the detector is what the photo is of: logit(confidence),
                      ///< log(its share of the photo)
  Fit which_right;    ///< the likeliest kind of a noun: logit(its share of the noun's mass),
                      ///< logit(the noun's mass)
  Fit present_alone;  ///< a noun that the detector does not know: logit(mass), log(coverage), 1 for
                      ///< things that do not live
  Fit present_seen;   ///< one that only the detector knows: logit(its best confidence)
  Fit present_both;   ///< one that both know: the evidence of the former, then of the latter
};

/// Answers questions for names. Any number of threads may ask.
class NameAnswerer {
 public:
  /// An object that the detector sees.
  struct Seen {
    std::string name;
    double confidence = 0;  ///< that it is there, 0..1
    double share = 0;       ///< of the photo's area, 0..1
  };
  struct Named {
    std::vector<ScoredAnswer> answers;  ///< best first; never empty
    double confidence = 0;              ///< that the first is right, 0..1
  };

  NameAnswerer(text::NameTree tree, NamesConfig config);

  /// Nothing for a noun that neither classes nor objects are kinds of, and for names of which none
  /// is certain enough.
  /// @param logits of the 1,000 classes  @param see asked once at most, and only when it matters
  /// @throws Error kModelFormat for logits that are not finite
  std::optional<Named> answer(const text::NameQuestion& question, const std::vector<float>& logits,
                              const std::function<std::vector<Seen>()>& see) const;

  const text::NameTree& tree() const { return tree_; }
  /// Of the classes, as names are told by. @throws as `answer`
  std::vector<double> probabilities(const std::vector<float>& logits) const;

 private:
  using Meanings = std::vector<std::size_t>;

  std::optional<Named> present(const Meanings& noun, const std::vector<double>& probabilities,
                               const std::function<std::vector<Seen>()>& see) const;
  std::optional<Named> name(const Meanings& noun, const std::vector<double>& probabilities,
                            const std::function<std::vector<Seen>()>& see) const;

  /// The best name so far, and what it means.
  struct Candidate {
    ScoredAnswer answer;
    std::optional<std::size_t> meaning;
  };
  std::vector<std::size_t> classes_below(const Meanings& noun,
                                         const std::vector<double>& probabilities) const;
  Candidate likeliest_class(const Meanings& noun, const std::vector<std::size_t>& classes,
                            const std::vector<double>& probabilities, double total) const;
  void try_kinds(const Meanings& noun, const std::vector<double>& masses, double total,
                 Candidate& best) const;
  void try_objects(const Meanings& noun, const std::vector<double>& masses,
                   const std::vector<Seen>& seen, Candidate& best) const;
  Named with_others(const Candidate& best, const std::vector<std::size_t>& classes,
                    const std::vector<double>& probabilities) const;
  bool detector_knows(const Meanings& noun) const;
  bool below(std::size_t meaning, const Meanings& noun) const;

  text::NameTree tree_;
  NamesConfig config_;
  std::vector<bool> sayable_;  ///< by meaning: a name that people would give a thing
  Meanings living_;
};

}  // namespace beholder::scene
