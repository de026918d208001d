// Nouns and what they are kinds of, over the classes of a picture classifier.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

/// The part of WordNet 3.0 (Miller 1995) that an ImageNet classifier's classes and a detector's
/// objects are in, as tools/make_names.py writes it. Safe to use from several threads.
class NameTree {
 public:
  /// Beside the model's weights.
  static constexpr const char* kFileName = "names.json";
  static constexpr std::size_t kClasses = 1000;

  /// @throws Error kFileNotFound, kFileAccess, kModelFormat
  static NameTree load(const std::filesystem::path& path);
  /// @param name stands for the file in messages  @throws Error kModelFormat
  static NameTree parse(std::string_view json, const std::string& name);

  /// Number of meanings; a meaning is an index below it.
  std::size_t size() const { return synsets_.size(); }
  std::size_t of_class(std::size_t which) const { return classes_.at(which); }
  /// The detector's objects by name, each with its meaning.
  const std::map<std::string, std::size_t>& objects() const { return objects_; }
  /// The name of a meaning: the first of its words, in lower case as all answers are.
  const std::string& word(std::size_t meaning) const { return synsets_.at(meaning).word; }

  /// The meanings of a noun, in the singular or plural, of one word or several: those that are
  /// among its first three in WordNet, and an object of that name. Empty for what is not in the
  /// tree.
  std::vector<std::size_t> senses(std::string_view noun) const;

  /// Whether `meaning` is `above` or a kind of it.
  bool is_a(std::size_t meaning, std::size_t above) const;
  bool is_any(std::size_t meaning, const std::vector<std::size_t>& above) const;

  /// The probability of each meaning: of all classes that are kinds of it, each once.
  /// @param probabilities kClasses  @return size()
  std::vector<double> masses(const std::vector<double>& probabilities) const;
  /// The same of several meanings together.
  double mass(const std::vector<double>& probabilities,
              const std::vector<std::size_t>& meanings) const;

  /// How many classes are kinds of a meaning.
  std::size_t classes_under(std::size_t meaning) const { return synsets_.at(meaning).classes; }
  /// Which share of the kinds that WordNet knows of these meanings are classes, 0..1.
  double coverage(const std::vector<std::size_t>& meanings) const;

 private:
  struct Synset {
    std::string word;
    std::vector<std::size_t> above;  ///< itself and all that it is a kind of, sorted
    std::size_t classes = 0;
    std::int64_t leaves = 1;
  };

  std::vector<std::size_t> known(const std::string& noun) const;

  std::vector<Synset> synsets_;
  std::vector<std::size_t> classes_;
  std::map<std::string, std::size_t> objects_;
  std::map<std::string, std::vector<std::size_t>> meanings_;  ///< by word, in lower case
};

}  // namespace beholder::text
