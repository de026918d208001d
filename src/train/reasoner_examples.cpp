#include "train/reasoner_examples.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include "core/check.hpp"
#include "data/json_lines.hpp"
#include "data/readers.hpp"
#include "program/world_json.hpp"
#include "text/value_words.hpp"

namespace beholder::train {
namespace fs = std::filesystem;

namespace {

fs::path plain_or_gz(const fs::path& folder, const std::string& name) {
  const fs::path plain = folder / name, packed = folder / (name + ".gz");
  return fs::exists(plain) || !fs::exists(packed) ? plain : packed;
}

/// What a value is called; the first is its name in programs. Plural adds "s".
using Synonyms = std::vector<std::string>;

struct Exchangeable {
  std::string attribute;
  std::vector<Synonyms> values;
};

/// The values and words of CLEVR.
const std::vector<Exchangeable>& exchangeable() {
  static const std::vector<Exchangeable> table = [] {
    std::vector<Exchangeable> out = {{"color", {}}, {"shape", {}}, {"size", {}}, {"material", {}}};
    for (Exchangeable& one : out)
      for (const text::ValueWords& words : text::value_words())
        if (words.attribute == one.attribute && words.in_clevr > 0)
          one.values.emplace_back(
              words.names.begin(),
              words.names.begin() + static_cast<std::ptrdiff_t>(words.in_clevr));
    return out;
  }();
  return table;
}

/// For each value of an attribute which one takes its place.
using Exchange = std::map<std::string, std::map<std::string, std::size_t>>;

Exchange draw_exchange(Random& random) {
  Exchange out;
  for (const Exchangeable& one : exchangeable()) {
    std::vector<std::size_t> order(one.values.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (random.chance(0.8)) random.shuffle(order);
    for (std::size_t i = 0; i < order.size(); ++i)
      out[one.attribute][one.values[i].front()] = order[i];
  }
  return out;
}

const Exchangeable* table_of(const std::string& attribute) {
  for (const Exchangeable& one : exchangeable())
    if (one.attribute == attribute) return &one;
  return nullptr;
}

/// The value that stands for `value`; itself where none does.
std::string exchanged(const Exchange& exchange, const std::string& attribute,
                      const std::string& value) {
  const Exchangeable* table = table_of(attribute);
  if (table == nullptr) return value;
  const auto& places = exchange.at(attribute);
  const auto found = places.find(value);
  return found == places.end() ? value : table->values[found->second].front();
}

/// A word of a question with the exchange done; a synonym is drawn for what is exchanged.
std::string exchanged_word(const Exchange& exchange, const std::string& word, Random& random) {
  for (const Exchangeable& one : exchangeable())
    for (const Synonyms& synonyms : one.values)
      for (const std::string& synonym : synonyms)
        for (const bool plural : {false, true}) {
          if (word != synonym + (plural ? "s" : "")) continue;
          const Synonyms& to = one.values[exchange.at(one.attribute).at(synonyms.front())];
          // "made of metal" and "what metal" want the noun, "metallic thing" not: the place of a
          // synonym in its list is kept where the other list has it too.
          const auto place = static_cast<std::size_t>(
              std::find(synonyms.begin(), synonyms.end(), synonym) - synonyms.begin());
          const std::string& chosen = one.attribute == "material"
                                          ? to[std::min(place, to.size() - 1)]
                                          : to[random.below(to.size())];
          return chosen + (plural ? "s" : "");
        }
  return word;
}

std::string mirrored(const std::string& word) {
  if (word == "left") return "right";
  return word == "right" ? "left" : word;
}

/// Which row of the scenes each number of "scene" stands for: that row or, where numbers go beyond
/// the rows (CLEVR's tools skip some), the numbers in rising order stand for the rows.
std::map<long, std::size_t> places_of_scenes(const fs::path& questions, std::size_t scenes) {
  std::map<long, std::size_t> out;
  data::for_each_json_row(questions, [&](const nlohmann::json& row, const data::RowPlace& place) {
    if (!row.contains("scene")) return true;
    check(row.at("scene").is_number_integer() && row.at("scene").get<long>() >= 0,
          ErrorCode::kDataFormat, place.str(), ": 'scene' is not a whole number from 0 on");
    out[row.at("scene").get<long>()] = 0;
    return true;
  });
  if (out.empty()) return out;
  const bool rows = out.rbegin()->first < static_cast<long>(scenes);
  check(rows || out.size() == scenes, ErrorCode::kDataFormat, questions.string(), ": names ",
        out.size(), " scenes up to ", out.rbegin()->first, ", and ", scenes, " are described");
  std::size_t rank = 0;
  for (auto& [number, place] : out) place = rows ? static_cast<std::size_t>(number) : rank++;
  return out;
}

}  // namespace

std::vector<ReasonerExample> read_reasoner_examples(const fs::path& folder) {
  std::vector<program::World> worlds;
  std::map<std::string, std::size_t> by_image;
  data::for_each_json_row(plain_or_gz(folder, "scenes.jsonl"),
                          [&](const nlohmann::json& row, const auto& place) {
                            if (row.contains("image") && row.at("image").is_string())
                              by_image[row.at("image").template get<std::string>()] = worlds.size();
                            worlds.push_back(program::world_from_clevr(row));
                            return true;
                          });
  const fs::path questions = plain_or_gz(folder, "questions.jsonl");
  const std::map<long, std::size_t> by_number = places_of_scenes(questions, worlds.size());
  std::vector<ReasonerExample> out;
  data::for_each_json_row(questions, [&](const nlohmann::json& row, const auto& place) {
    const char* form = R"({"image" or "scene", "question", "answer", "program"})";
    ReasonerExample example;
    example.question = data::required_string(row, "question", place, form);
    example.answer = data::label_to_answer(data::required_string(row, "answer", place, form));
    check(row.contains("program"), ErrorCode::kDataFormat, place.str(), ": no 'program'");
    example.program = program::program_from_json(row.at("program"));
    if (row.contains("scene")) {
      example.world = worlds[by_number.at(row.at("scene").template get<long>())];
    } else {
      const std::string image = data::required_string(row, "image", place, form);
      const auto world = by_image.find(image);
      check(world != by_image.end(), ErrorCode::kDataFormat, place.str(), ": no scene '", image,
            "'");
      example.world = worlds[world->second];
    }
    const auto execution = execute(example.program, example.world);
    check(execution.ok() && program::answer_text(execution.values.back()) == example.answer,
          ErrorCode::kDataFormat, place.str(), ": the program does not give the answer '",
          example.answer, "'");
    out.push_back(std::move(example));
    return true;
  });
  return out;
}

ReasonerExample renamed(const ReasonerExample& example, Random& random, double shake) {
  const Exchange exchange = draw_exchange(random);
  const bool mirror = random.chance(0.5);
  ReasonerExample out = example;
  out.question.clear();
  std::string word;
  const auto finish_word = [&] {
    out.question += exchanged_word(exchange, mirror ? mirrored(word) : word, random);
    word.clear();
  };
  for (const char c : example.question) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else {
      finish_word();
      out.question += c;
    }
  }
  finish_word();
  for (program::Step& step : out.program) {
    if (step.operation == program::Operation::kFilter)
      step.value = exchanged(exchange, step.attribute, step.value);
    else if (mirror && step.operation == program::Operation::kRelate)
      step.value = mirrored(step.value);
    else if (mirror && step.operation == program::Operation::kSuperlative)
      step.value = step.value == "leftmost"    ? "rightmost"
                   : step.value == "rightmost" ? "leftmost"
                                               : step.value;
  }
  const program::Step& last = example.program.back();
  if (last.operation == program::Operation::kQuery)
    out.answer = exchanged(exchange, last.attribute, example.answer);
  for (program::Thing& thing : out.world.things) {
    for (auto& [attribute, value] : thing.attributes) value = exchanged(exchange, attribute, value);
    // Largest follows the size's name, as it does where the size was read from a picture.
    if (mirror) thing.across = -thing.across;
    thing.across += random.between(-shake, shake);
    thing.depth += random.between(-shake, shake);
  }
  random.shuffle(out.world.things);
  return out;
}

std::vector<std::string> exchangeable_words() {
  std::vector<std::string> out;
  for (const Exchangeable& one : exchangeable())
    for (const Synonyms& synonyms : one.values)
      for (const std::string& synonym : synonyms) {
        out.push_back(synonym);
        out.push_back(synonym + "s");
      }
  return out;
}

bool transplant(ReasonerExample& example, const std::vector<program::World>& worlds,
                Random& random) {
  constexpr int kTries = 16;
  // Most filters find nothing in another scene: what says so is kept seldom.
  constexpr double kKeepNothing = 0.3;
  for (int i = 0; i < kTries && !worlds.empty(); ++i) {
    const program::World& world = random.among(worlds);
    const auto execution = execute(example.program, world);
    if (!execution.ok()) continue;
    const std::string answer = program::answer_text(execution.values.back());
    if ((answer == "no" || answer == "0") && !random.chance(kKeepNothing)) continue;
    example.world = world;
    example.answer = answer;
    return true;
  }
  return false;
}

}  // namespace beholder::train
