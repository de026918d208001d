#include "text/wordpiece_tokenizer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/stand_in.hpp"
#include "text/vocabulary_file.hpp"
#include "text/word_joiner.hpp"

namespace beholder::text {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxWordCharacters = 100;  // `max_input_chars_per_word` of the reference
constexpr std::string_view kContinuation = "##";

/// The number of characters of valid UTF-8.
std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

nlohmann::json read_json(const fs::path& path) {
  const std::string text = read_file_text(path);
  refuse_stand_in(text, path.string());
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorCode::kModelFormat, path.string(), ": not valid JSON: ", error.what());
  }
}

/// A boolean setting; `fallback` if it is absent or null.
bool setting(const nlohmann::json& config, const char* name, bool fallback, const fs::path& path) {
  const auto it = config.find(name);
  if (it == config.end() || it->is_null()) return fallback;
  check(it->is_boolean(), ErrorCode::kModelFormat, path.string(), ": \"", name,
        "\" must be true, false or null, not ", it->dump());
  return it->get<bool>();
}

/// The WordPiece vocabulary of Hugging Face's one-file form, in the order of its ids.
std::vector<std::string> read_tokenizer_json(const fs::path& path) {
  const nlohmann::json file = read_json(path);
  const auto refuse = [&](const std::string& what) {
    fail(ErrorCode::kModelFormat, path.string(), ": ", what);
  };
  const nlohmann::json model = file.is_object() ? file.value("model", nlohmann::json()) : nullptr;
  if (!model.is_object() || model.value("type", nlohmann::json()) != "WordPiece")
    refuse("\"model\" must be of the type WordPiece");
  if (model.value("continuing_subword_prefix", nlohmann::json("##")) != "##")
    refuse("only the prefix \"##\" of continued words is supported");
  const nlohmann::json normalizer = file.value("normalizer", nlohmann::json());
  if (!normalizer.is_null() && !normalizer.is_object()) refuse("\"normalizer\" must be an object");
  if (normalizer.is_object() && normalizer.value("lowercase", nlohmann::json(true)) != true)
    refuse("only lower-casing tokenizers are read from this file; add vocab.txt");
  const nlohmann::json vocabulary = model.value("vocab", nlohmann::json());
  if (!vocabulary.is_object() || vocabulary.empty()) refuse("\"vocab\" must be an object");
  std::vector<std::string> pieces(vocabulary.size());
  for (const auto& [piece, id] : vocabulary.items()) {
    if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= pieces.size() || piece.empty() ||
        !pieces[id.get<std::size_t>()].empty())
      refuse("the ids of \"vocab\" must count from 0 without a gap; that of '" + piece +
             "' does not");
    pieces[id.get<std::size_t>()] = piece;
  }
  return pieces;
}

}  // namespace

WordPieceTokenizer WordPieceTokenizer::load(const fs::path& model_dir) {
  WordPieceTokenizer tokenizer;
  tokenizer.set_vocabulary(read_vocabulary_file(model_dir / "vocab.txt"));
  tokenizer.read_config(model_dir / "tokenizer_config.json", false);
  return tokenizer;
}

WordPieceTokenizer WordPieceTokenizer::load_published(const fs::path& model_dir) {
  WordPieceTokenizer tokenizer;
  tokenizer.set_vocabulary(fs::exists(model_dir / "vocab.txt")
                               ? read_vocabulary_file(model_dir / "vocab.txt")
                               : read_tokenizer_json(model_dir / "tokenizer.json"));
  tokenizer.read_config(model_dir / "tokenizer_config.json", true);
  return tokenizer;
}

void WordPieceTokenizer::set_vocabulary(std::vector<std::string> pieces) {
  pieces_ = std::move(pieces);
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const std::string_view piece = pieces_[i];
    initial_.insert(piece, static_cast<std::int64_t>(i));
    if (piece.size() > kContinuation.size() &&
        piece.substr(0, kContinuation.size()) == kContinuation) {
      continuation_.insert(piece.substr(kContinuation.size()), static_cast<std::int64_t>(i));
    }
  }
}

void WordPieceTokenizer::read_config(const fs::path& path, bool optional) {
  const nlohmann::json config =
      !optional || fs::exists(path) ? read_json(path) : nlohmann::json::object();
  check(config.is_object(), ErrorCode::kModelFormat, path.string(), ": must hold a JSON object");
  options_.do_lower_case = setting(config, "do_lower_case", true, path);
  options_.strip_accents = setting(config, "strip_accents", options_.do_lower_case, path);
  options_.tokenize_chinese_chars = setting(config, "tokenize_chinese_chars", true, path);
  check(setting(config, "do_basic_tokenize", true, path), ErrorCode::kModelFormat, path.string(),
        ": \"do_basic_tokenize\": false is not supported");

  constexpr std::array<std::array<const char*, 2>, kSpecials> kNames = {{{"pad_token", "[PAD]"},
                                                                         {"unk_token", "[UNK]"},
                                                                         {"cls_token", "[CLS]"},
                                                                         {"sep_token", "[SEP]"},
                                                                         {"mask_token", "[MASK]"}}};
  for (std::size_t k = 0; k < kSpecials; ++k) {
    const auto& [name, fallback] = kNames[k];
    const nlohmann::json given = config.value(name, nlohmann::json());
    const nlohmann::json piece = given.is_null()     ? fallback
                                 : given.is_object() ? given.value("content", given)
                                                     : given;
    check(piece.is_string(), ErrorCode::kModelFormat, path.string(), ": \"", name,
          "\" must be a string");
    const auto text = piece.get<std::string>();
    special_ids_[k] = initial_.find(text);
    check(!text.empty() && special_ids_[k] >= 0, ErrorCode::kModelFormat, path.string(), ": the ",
          name, " \"", text, "\" is not a line of vocab.txt beside it");
  }
}

std::vector<std::int64_t> WordPieceTokenizer::encode(std::string_view text) const {
  std::vector<std::int64_t> ids{special_ids_[kCls]};
  append_text(text, &ids);
  ids.push_back(special_ids_[kSep]);
  return ids;
}

std::vector<std::int64_t> WordPieceTokenizer::encode_plain(std::string_view text) const {
  std::vector<std::int64_t> ids;
  append_text(text, &ids);
  return ids;
}

std::string WordPieceTokenizer::decode(const std::vector<std::int64_t>& ids) const {
  std::vector<std::string> pieces;
  for (const std::int64_t id : ids)
    if (!is_special(id)) pieces.push_back(token(id));
  return join_pieces(pieces);
}

const std::string& WordPieceTokenizer::token(std::int64_t id) const {
  check(id >= 0 && id < static_cast<std::int64_t>(pieces_.size()), ErrorCode::kUsage, "token id ",
        id, " is outside the vocabulary of ", pieces_.size(), " pieces");
  return pieces_[static_cast<std::size_t>(id)];
}

bool WordPieceTokenizer::is_special(std::int64_t id) const {
  return id < 0 || id >= static_cast<std::int64_t>(pieces_.size()) ||
         std::find(special_ids_.begin(), special_ids_.end(), id) != special_ids_.end();
}

void WordPieceTokenizer::append_text(std::string_view text, std::vector<std::int64_t>* ids) const {
  const auto append_words = [&](std::string_view part) {
    const std::string normalized = normalize(part, options_);
    for (const std::string_view word : split_words(normalized)) append_word(word, ids);
  };
  // The reference finds special tokens in the raw text, before it normalises what lies between.
  std::size_t start = 0;
  for (std::size_t position = 0; position < text.size();) {
    std::int64_t found = -1;
    std::size_t length = 0;
    for (const std::int64_t id : special_ids_) {
      const std::string& piece = pieces_[static_cast<std::size_t>(id)];
      if (piece.size() > length && text[position] == piece[0] &&
          text.compare(position, piece.size(), piece) == 0) {
        found = id;
        length = piece.size();
      }
    }
    if (found < 0) {
      ++position;
      continue;
    }
    append_words(text.substr(start, position - start));
    ids->push_back(found);
    position += length;
    start = position;
  }
  append_words(text.substr(start));
}

void WordPieceTokenizer::append_word(std::string_view word, std::vector<std::int64_t>* ids) const {
  if (count_characters(word) > kMaxWordCharacters) {
    ids->push_back(special_ids_[kUnk]);
    return;
  }
  const std::size_t before = ids->size();
  const PieceTrie* trie = &initial_;
  while (!word.empty()) {
    const PieceTrie::Match match = trie->longest_prefix(word);
    if (match.length == 0) {
      ids->resize(before);
      ids->push_back(special_ids_[kUnk]);
      return;
    }
    ids->push_back(match.id);
    word.remove_prefix(match.length);
    trie = &continuation_;
  }
}

}  // namespace beholder::text
