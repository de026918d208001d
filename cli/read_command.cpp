// `beholder read`: what is written in pictures.
#include <algorithm>
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
#include "output.hpp"
#include "picture_input.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {
namespace {

struct Options {
  ModelOptions model;
  std::vector<std::string> pictures;
  ReadOptions read;
  std::string draw;
  bool json = false, force = false;
};

void print(const Options& options, const std::string& name, const Picture& picture,
           const Reading& reading) {
  if (options.json) {
    Json row = named_row(name);
    row.update(sized(picture, reading));
    return print_json(row);
  }
  const char* indent = options.pictures.size() > 1 ? "  " : "";
  if (options.pictures.size() > 1) std::printf("%s\n", shown(name).c_str());
  for (const TextLine& line : reading.list) std::printf("%s%s\n", indent, shown(line.text).c_str());
  if (reading.list.empty()) std::printf("%snothing to read found\n", indent);
  flush_output();
}

/// The letters that drawings have are those of ASCII: other lines get their number.
LabelledBox labelled(const TextLine& line, std::size_t number) {
  const bool ascii =
      std::all_of(line.text.begin(), line.text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  LabelledBox out{{}, ascii ? line.text : std::to_string(number)};
  out.outline.assign(line.corners.begin(), line.corners.end());
  const auto [left, right] = std::minmax_element(out.outline.begin(), out.outline.end(),
                                                 [](auto& a, auto& b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(out.outline.begin(), out.outline.end(),
                                                 [](auto& a, auto& b) { return a.y < b.y; });
  out.box = {left->x, top->y, right->x, bottom->y};
  return out;
}

void read_pictures(const Options& options) {
  const bool one_file = options.pictures.size() == 1 && is_file(options.pictures.front());
  if (!options.draw.empty() && !one_file)
    throw Error(ErrorCode::kUsage, "--draw draws on one picture file");
  const std::filesystem::path model = find_model(options.model.model);
  if (!options.draw.empty())
    check_drawing(options.draw, options.pictures.front(), model, options.force);
  EarlyPicture first(options.pictures.front(), options.model.engine);
  const Engine engine = Engine::load(model, options.model.engine);
  for_each_picture(engine, first, options.pictures,
                   [&](const std::string& name, const Picture& picture) {
                     const Reading reading = engine.read(picture, options.read);
                     if (!options.draw.empty()) {
                       std::vector<LabelledBox> boxes;
                       for (const TextLine& line : reading.list)
                         boxes.push_back(labelled(line, boxes.size() + 1));
                       draw_boxes(name, boxes, options.draw);
                     }
                     print(options, name, picture, reading);
                   });
}

}  // namespace

void add_read_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("read", "Read what is written in pictures, line by line");
  verb->add_option("pictures", options->pictures, "pictures ('-': standard input)")->required();
  add_model_options(verb, options->model);
  verb->add_option("--min-confidence", options->read.min_confidence,
                   "leave out less certain lines (default: the model's threshold)")
      ->check(number(0, 1));
  verb->add_option("--draw", options->draw,
                   "picture to draw (.png, .jpg, .webp): with each line framed");
  verb->add_flag("--force", options->force, "replace output files that are there already");
  verb->add_flag("--json", options->json, "one JSON object a line");
  verb->callback([options] { read_pictures(*options); });
}

}  // namespace beholder::cli
