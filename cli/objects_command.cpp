// `beholder objects`: what stands where in pictures.
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
#include "object_text.hpp"
#include "output.hpp"
#include "picture_input.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {
namespace {

struct Options {
  ModelOptions model;
  std::vector<std::string> pictures;
  ObjectsOptions objects;
  std::string draw;
  bool json = false, force = false;
};

void print(const Options& options, const std::string& name, const Picture& picture,
           const Objects& objects) {
  if (options.json) {
    Json row = named_row(name);
    row.update(sized(picture, objects));
    return print_json(row);
  }
  const char* indent = options.pictures.size() > 1 ? "  " : "";
  if (options.pictures.size() > 1) std::printf("%s\n", shown(name).c_str());
  for (const Object& object : objects.list)
    std::printf("%s%-32s %-22s confidence %.2f\n", indent, object_name(object).c_str(),
                box_text(object.box).c_str(), object.confidence);
  if (objects.list.empty()) std::printf("%sno objects found\n", indent);
}

void find(const Options& options) {
  if (!options.draw.empty() && (options.pictures.size() > 1 || !is_file(options.pictures.front())))
    throw Error(ErrorCode::kUsage, "--draw draws on one picture file");
  const std::filesystem::path model = find_model(options.model.model);
  if (!options.draw.empty())
    check_drawing(options.draw, options.pictures.front(), model, options.force);
  const Engine engine = Engine::load(model, options.model.engine);
  for_each_picture(engine, options.pictures, [&](const std::string& name, const Picture& picture) {
    const Objects objects = engine.objects(picture, options.objects);
    if (!options.draw.empty()) {
      std::vector<LabelledBox> boxes;
      for (const Object& object : objects.list) boxes.push_back({object.box, object_name(object)});
      draw_boxes(name, boxes, options.draw);
    }
    print(options, name, picture, objects);
  });
}

}  // namespace

void add_objects_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("objects", "Name the objects in pictures, with attributes and boxes");
  verb->add_option("pictures", options->pictures, "pictures ('-': standard input)")->required();
  add_model_options(verb, options->model);
  add_objects_options(verb, options->objects);
  verb->add_option("--draw", options->draw, "picture to draw (.png, .jpg, .webp): with the boxes");
  verb->add_flag("--force", options->force, "replace output files that are there already");
  verb->add_flag("--json", options->json, "one JSON object a line");
  verb->callback([options] { find(*options); });
}

}  // namespace beholder::cli
