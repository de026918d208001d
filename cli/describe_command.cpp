// `beholder describe`: writes captions of pictures.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "commands.hpp"
#include "drawing.hpp"
#include "each_picture.hpp"
#include "engine_options.hpp"
#include "json/results.hpp"
#include "number_range.hpp"
#include "output.hpp"
#include "picture_input.hpp"
#include "search_options.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {
namespace {

struct Options {
  ModelOptions model;
  std::vector<std::string> pictures;
  DescribeOptions describe;
  SearchOptions search;
  CaptionRules rules;
  double min_confidence = -1;
  std::string heatmap, word;
  bool json = false, force = false;
};

/// Where the model looked for the best description, or for one word of it: drawn to a file and, as
/// numbers for each word, for the row.
Json heat(const Engine& engine, const Options& options, const Picture& picture,
          const std::string& name, const std::string& description) {
  const AttentionMap map = engine.attention(picture, "", description);
  const std::vector<double>* weights = &map.overall;
  for (const AttentionMap::Word& word : map.words)
    if (word.text == options.word) weights = &word.weights;
  if (!options.word.empty() && weights == &map.overall)
    throw Error(ErrorCode::kUsage,
                "the description has no word '" + options.word + "': " + description);
  draw_heatmap(name, *weights, map.rows, map.columns, options.heatmap);
  return map;
}

void print(const Options& options, const std::string& name, const Descriptions& descriptions,
           const Json& heatmap) {
  if (options.json) {
    Json row = named_row(name);
    row.update(Json(descriptions));
    if (!heatmap.is_null()) row["heatmap"] = heatmap;
    print_json(row);
  } else {
    if (options.pictures.size() > 1) std::printf("%s\n", shown(name).c_str());
    // Withheld descriptions come last; one line is printed when all are withheld.
    for (std::size_t i = 0; i < descriptions.list.size(); ++i)
      if (i == 0 || !descriptions.list[i].abstained)
        std::printf("%s%s\n", options.pictures.size() > 1 ? "  " : "",
                    shown(descriptions.list[i].text).c_str());
  }
  flush_output();
}

void describe(Options& options) {
  if (!options.heatmap.empty() &&
      (options.pictures.size() > 1 || !is_file(options.pictures.front())))
    throw Error(ErrorCode::kUsage, "--heatmap draws on one picture file");
  if (options.heatmap.empty() && !options.word.empty())
    throw Error(ErrorCode::kUsage, "--word says what --heatmap is of; give both");
  options.describe.min_confidence = options.min_confidence;
  options.rules.check(options.describe);
  CaptionRules::warn(options.describe);
  const std::filesystem::path model = find_model(options.model.model);
  if (!options.heatmap.empty())
    check_drawing(options.heatmap, options.pictures.front(), model, options.force);
  EarlyPicture first(options.pictures.front(), options.model.engine);
  const Engine engine = Engine::load(model, options.model.engine);
  options.search.apply_to(options.describe, engine);
  const auto show = [&](const std::string& name, const Picture& picture) {
    const Descriptions found = engine.describe(picture, options.describe);
    Json heatmap;
    if (!options.heatmap.empty() && !found.list.empty())
      heatmap = heat(engine, options, picture, name, found.list.front().guess);
    print(options, name, found, heatmap);
  };
  for_each_picture(engine, first, options.pictures, show);
}

}  // namespace

void add_describe_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("describe", "Describe pictures in a sentence");
  verb->add_option("pictures", options->pictures, "pictures ('-': standard input)")->required();
  add_model_options(verb, options->model);
  DescribeOptions& describing = options->describe;
  verb->add_option("--prompt", describing.prompt,
                   "how the description begins (published captioning models)");
  verb->add_option("--num", describing.num, "different descriptions")
      ->check(whole_number(1, 100))
      ->capture_default_str();
  add_search_options(verb, options->search, "10");
  verb->add_flag("--consensus,!--no-consensus", describing.consensus,
                 "take the hypothesis most like all the others (default) or the likeliest");
  add_length_penalty(verb, options->search);
  add_caption_rules(verb, options->rules, describing);
  verb->add_option("--min-confidence", options->min_confidence,
                   "say \"I am not sure what this shows\" below this; 0: never (default: the "
                   "model's threshold)")
      ->check(number(0, 1));
  verb->add_option("--temperature", describing.temperature, "above 0: sample")
      ->check(number(0, 100));
  verb->add_option("--sample-top-k", describing.top_k, "sampling: keep the k likeliest tokens")
      ->check(whole_number(0));
  verb->add_option("--sample-top-p", describing.top_p, "sampling: keep this much probability")
      ->check(number(0, 1));
  verb->add_option("--seed", describing.seed, "sampling: the same seed, the same text")
      ->check(whole_number<std::uint64_t>(0));
  verb->add_option("--heatmap", options->heatmap,
                   "picture to draw (.png, .jpg, .webp): where the model looked (with --json also "
                   "as numbers, for "
                   "each word)");
  verb->add_flag("--force", options->force, "replace output files that are there already");
  verb->add_option("--word", options->word, "heatmap of this word of the description alone");
  verb->add_flag("--json", options->json, "one JSON object a line");
  verb->callback([options] { describe(*options); });
}

}  // namespace beholder::cli
