// `beholder score`: whether texts belong to pictures.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "commands.hpp"
#include "engine_options.hpp"
#include "output.hpp"
#include "picture_input.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {
namespace {

struct Options {
  ModelOptions model;
  std::string picture;
  std::vector<std::string> texts;
  bool json = false;
};

void print(const Options& options, const std::string& text, const Json& figures) {
  if (options.json) {
    Json row = named_row(options.picture);
    row["text"] = text;
    row.update(figures);
    print_json(row);
  } else {
    std::printf("%s", shown(text).c_str());
    for (const auto& [name, value] : figures.items())
      std::printf("   %s %.4f", name.c_str(), value.get<double>());
    std::printf("\n");
  }
  flush_output();
}

void score(const Options& options) {
  const Engine engine = Engine::load(find_model(options.model.model), options.model.engine);
  const Picture picture = read_picture(engine, options.picture);
  for (const std::string& text : options.texts) {
    if (engine.can(Skill::kMatch)) {
      const Match match = engine.match(picture, text);
      print(options, text, {{"match", match.probability}, {"cosine", match.cosine}});
    } else {
      const Score found = engine.score(picture, text);
      print(options, text,
            {{"probability", found.probability}, {"log_probability", found.log_probability}});
    }
  }
}

}  // namespace

void add_score_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "score",
      "Say how well texts fit a picture: by an image-text matching model the probability that they "
      "belong together and the cosine of their embeddings; by the bundled one the probability of "
      "the text as a description, a word on average");
  verb->add_option("picture", options->picture, "a picture ('-': standard input)")->required();
  verb->add_option("texts", options->texts, "one or more texts")->required();
  add_model_options(verb, options->model);
  verb->add_flag("--json", options->json, "one JSON object a line");
  verb->callback([options] { score(*options); });
}

}  // namespace beholder::cli
