// Whether BLIP checkpoints of full size say what the reference says, token by token, and by how
// much their numbers differ.
//   blip_agreement FOLDER PICTURE_FOLDER      # FOLDER as tools/golden_blip.py --full wrote it
// Only where the reference's two likeliest tokens lie farther apart than ten times the largest
// difference of logits is another token a fault; the rest is counted and shown.
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "core/file.hpp"
#include "engine/engine_impl.hpp"
#include "models/blip/blip_model.hpp"
#include "nn/shape.hpp"
#include "text/vocabulary_file.hpp"
#include "text/word_joiner.hpp"

namespace {

using namespace beholder;
using Json = nlohmann::json;
namespace fs = std::filesystem;

double largest_difference(const at::Tensor& got, const Json& wanted) {
  const at::Tensor values = got.contiguous().reshape({-1});
  if (values.numel() != static_cast<std::int64_t>(wanted.size()))
    throw Error(ErrorCode::kShape, "golden.json has another number of values");
  double largest = 0;
  for (std::int64_t i = 0; i < values.numel(); ++i)
    largest = std::max(largest, std::abs(values[i].item<double>() -
                                         wanted[static_cast<std::size_t>(i)].get<double>()));
  return largest;
}

/// Texts compared with the reference's tokens, apart by whether the reference was sure.
struct Tally {
  int sure = 0, sure_equal = 0, unsure = 0, unsure_equal = 0;

  void add(bool equal, bool is_sure) {
    ++(is_sure ? sure : unsure);
    if (equal) ++(is_sure ? sure_equal : unsure_equal);
  }
  void print(const char* what) const {
    std::printf("  %-8s %d of %d equal where the gap allows a verdict, %d of %d elsewhere\n", what,
                sure_equal, sure, unsure_equal, unsure);
  }
};

struct Family {
  explicit Family(const fs::path& folder)
      : golden(Json::parse(read_file_text(folder / "golden.json"))),
        words(text::read_vocabulary_file(folder / "vocab.txt")),
        model(std::make_shared<models::blip::BlipModel>(folder, EngineOptions())),
        engine(engine::engine_over(model)),
        networks(model->networks()) {}

  /// What tokens say behind the words of a prompt; the lowest numbers are special ones.
  std::string said(const Json& tokens, std::vector<std::string> pieces = {}) const {
    for (const std::int64_t id : tokens)
      if (id != 0 && (id < 100 || id > 103) && id < static_cast<std::int64_t>(words.size()))
        pieces.push_back(words[static_cast<std::size_t>(id)]);
    return text::join_pieces(pieces);
  }

  Json golden;
  std::vector<std::string> words;
  std::shared_ptr<const models::blip::BlipModel> model;
  Engine engine;
  const models::blip::BlipNetworks& networks;
};

/// Of what the picture's side gives; also the logits behind it, where the row has them.
double difference_of(const Family& family, const Picture& seen, const Json& row) {
  if (!row.contains("logits")) return 0;
  const auto ids = row["ids"].get<std::vector<std::int64_t>>();
  const auto written = row["logits_ids"].get<std::vector<std::int64_t>>();
  const c10::InferenceMode inference;
  const at::Tensor question = family.networks.text_encoder->forward(
      nn::id_tensor(ids).unsqueeze(0),
      static_cast<const models::blip::BlipPicture&>(*seen.encoded()).image, false);
  const auto& decoder = *family.networks.text_decoder;
  const at::Tensor logits = decoder.logits(
      decoder.forward(nn::id_tensor(written).unsqueeze(0), decoder.project(question), true));
  return largest_difference(logits[0].slice(1, 0, 40), row["logits"]);
}

/// @return the largest difference of logits
double answers(const fs::path& folder, const fs::path& pictures) {
  const Family family(folder);
  double error = 0;
  for (const Json& picture : family.golden["pictures"]) {
    const Picture seen = family.engine.encode(pictures / picture["file"].get<std::string>());
    for (const Json& row : picture["outputs"])
      error = std::max(error, difference_of(family, seen, row));
  }
  Tally greedy, beam;
  for (const Json& picture : family.golden["pictures"]) {
    const Picture seen = family.engine.encode(pictures / picture["file"].get<std::string>());
    for (const Json& row : picture["outputs"])
      for (const auto& [beams, name, tally] :
           {std::tuple{1, "greedy", &greedy}, std::tuple{3, "beam", &beam}}) {
        AnswerOptions options;
        options.num_beams = beams;
        options.max_new_tokens = family.golden["limit"];
        const std::string got =
            family.engine.answer(seen, row["question"], options).top_k[0].answer;
        const std::string wanted = family.said(row[name]);
        tally->add(got == (wanted.empty() ? kAbstention : wanted),
                   row["gap"].get<double>() > 10 * error);
      }
  }
  std::printf("answers to %zu pictures; largest difference of logits %.2e\n",
              family.golden["pictures"].size(), error);
  greedy.print("greedy");
  beam.print("beam");
  return error;
}

void captions(const fs::path& folder, const fs::path& pictures, double error) {
  const Family family(folder);
  Tally greedy, beam, wide;
  for (const Json& picture : family.golden["pictures"]) {
    const Picture seen = family.engine.encode(pictures / picture["file"].get<std::string>());
    for (const Json& row : picture["outputs"])
      for (const auto& [beams, name, tally] :
           {std::tuple{1, "greedy", &greedy}, std::tuple{3, "beam", &beam},
            std::tuple{5, "beam5", &wide}}) {
        DescribeOptions options;
        options.prompt = row["prompt"];
        options.num_beams = beams;
        options.length_penalty = 1;
        options.max_new_tokens = family.golden["limit"];
        std::vector<std::string> prompt;
        std::string word;
        for (const char c : options.prompt + " ") {
          if (c != ' ')
            word += c;
          else if (!word.empty())
            prompt.push_back(std::exchange(word, ""));
        }
        tally->add(
            family.engine.describe(seen, options).list.at(0).text == family.said(row[name], prompt),
            row["gap"].get<double>() > 10 * error);
      }
  }
  std::printf("descriptions of %zu pictures\n", family.golden["pictures"].size());
  greedy.print("greedy");
  beam.print("3 beams");
  wide.print("5 beams");
}

void matches(const fs::path& folder, const fs::path& pictures) {
  const Family family(folder);
  double probability = 0, cosine = 0;
  for (const Json& picture : family.golden["pictures"]) {
    const Picture seen = family.engine.encode(pictures / picture["file"].get<std::string>());
    for (const Json& row : picture["outputs"]) {
      const Match match = family.engine.match(seen, row["text"]);
      const double no = row["itm"][0], yes = row["itm"][1];
      probability =
          std::max(probability, std::abs(match.probability - 1 / (1 + std::exp(no - yes))));
      cosine = std::max(cosine, std::abs(match.cosine - row["cosine"].get<double>()));
    }
  }
  std::printf(
      "matches of %zu pictures; largest difference of probabilities %.2e, of cosines %.2e\n",
      family.golden["pictures"].size(), probability, cosine);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::fprintf(stderr, "usage: blip_agreement FOLDER PICTURE_FOLDER\n");
    return 2;
  }
  const fs::path folder = argv[1], pictures = argv[2];
  const double error = answers(folder / "vqa", pictures);
  captions(folder / "caption", pictures, error);
  matches(folder / "itm", pictures);
  return 0;
} catch (const beholder::Error& error) {
  std::fprintf(stderr, "blip_agreement: %s\n", error.what());
  return error.exit_code();
}
