// The row types that every dataset reader makes and training, evaluation and auditing take.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace beholder::data {

/// One question about one picture.
struct QaRow {
  std::filesystem::path
      image;  ///< as given if absolute, else joined to the file's folder; empty: no picture
  std::string question;  ///< as written in the file, never empty
  std::vector<std::pair<std::string, int>>
      answers;  ///< answer text and how many people gave it (≥ 1); empty where none is needed
  std::string type;     ///< the set's own question type; may be empty
  std::string program;  ///< the right one, JSON in CLEVR's form; may be empty
  std::string keys;     ///< all else that the row says, ids above all: a JSON object; may be empty
};

/// One picture with its descriptions.
struct CaptionRow {
  std::filesystem::path image;        ///< resolved as in `QaRow`
  std::vector<std::string> captions;  ///< at least one, none empty
  std::string keys;                   ///< as in `QaRow`
};

}  // namespace beholder::data
