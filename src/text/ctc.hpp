// From a network's scores along a line to the text of the line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace beholder::text {

/// The characters that a network for reading tells apart, in its order.
class Characters {
 public:
  /// Of a file with one character, in UTF-8, a line; a blank is added behind the last.
  /// @throws Error as `read_vocabulary_file`
  static Characters load(const std::filesystem::path& path);
  explicit Characters(std::vector<std::string> characters) : list_(std::move(characters)) {}

  /// Classes of the network: "nothing here", which CTC calls the blank, and the characters.
  std::int64_t classes() const { return static_cast<std::int64_t>(list_.size()) + 1; }
  const std::string& of_class(std::int64_t index) const { return list_.at(index - 1); }

 private:
  std::vector<std::string> list_;
};

struct ReadText {
  std::string text;       ///< UTF-8, without blanks at its ends
  double confidence = 0;  ///< mean probability of its characters, 0..1; 0 for no text
};

/// Greedy decoding of connectionist temporal classification (Graves et al. 2006, section 3.2): the
/// likeliest class of each place, of which repetitions and class 0 are left out. A blank is put
/// where letters stand twice as far apart as is usual in the line, and marks of East Asian width
/// become plain ones in lines without East Asian letters: the network leaves many blanks out, and
/// has both kinds of marks.
/// @param logits (places, classes)
ReadText ctc_decode(const float* logits, std::int64_t places, const Characters& characters);

}  // namespace beholder::text
