// `beholder objects` and `beholder relations`: what stands where in pictures.
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

std::string line_of(const Object& object) {
  char line[160];
  std::snprintf(line, sizeof line, "%-22s confidence %.2f", box_text(object.box).c_str(),
                object.confidence);
  const std::string name = object_name(object);
  return name + std::string(name.size() < 32 ? 32 - name.size() : 0, ' ') + " " + line;
}

std::string line_of(const Relation& relation) {
  char confidence[32];
  std::snprintf(confidence, sizeof confidence, "  confidence %.2f", relation.confidence);
  return object_name(relation.subject) + " " + box_text(relation.subject.box) + " – " +
         relation.relation + " – " + object_name(relation.object) + " " +
         box_text(relation.object.box) + confidence;
}

/// @param found Objects or Relations  @param what their name in the plural
template <typename Found>
void print(const Options& options, const std::string& name, const Picture& picture,
           const Found& found, const char* what) {
  if (options.json) {
    Json row = named_row(name);
    row.update(sized(picture, found));
    return print_json(row);
  }
  const char* indent = options.pictures.size() > 1 ? "  " : "";
  if (options.pictures.size() > 1) std::printf("%s\n", shown(name).c_str());
  for (const auto& one : found.list) std::printf("%s%s\n", indent, line_of(one).c_str());
  if (found.list.empty()) std::printf("%sno %s found\n", indent, what);
  flush_output();
}

void find_objects(const Options& options) {
  if (!options.draw.empty() && (options.pictures.size() > 1 || !is_file(options.pictures.front())))
    throw Error(ErrorCode::kUsage, "--draw draws on one picture file");
  const std::filesystem::path model = find_model(options.model.model);
  if (!options.draw.empty())
    check_drawing(options.draw, options.pictures.front(), model, options.force);
  EarlyPicture first(options.pictures.front(), options.model.engine);
  const Engine engine = Engine::load(model, options.model.engine);
  const auto show = [&](const std::string& name, const Picture& picture) {
    const Objects objects = engine.objects(picture, options.objects);
    if (!options.draw.empty()) {
      std::vector<LabelledBox> boxes;
      for (const Object& object : objects.list) boxes.push_back({object.box, object_name(object)});
      draw_boxes(name, boxes, options.draw);
    }
    print(options, name, picture, objects, "objects");
  };
  for_each_picture(engine, first, options.pictures, show);
}

void find_relations(const Options& options) {
  EarlyPicture first(options.pictures.front(), options.model.engine);
  const Engine engine = Engine::load(find_model(options.model.model), options.model.engine);
  const auto show = [&](const std::string& name, const Picture& picture) {
    print(options, name, picture, engine.relations(picture, options.objects), "relations");
  };
  for_each_picture(engine, first, options.pictures, show);
}

void add_options(CLI::App* verb, Options& options) {
  verb->add_option("pictures", options.pictures, "pictures ('-': standard input)")->required();
  add_model_options(verb, options.model);
  add_objects_options(verb, options.objects);
}

}  // namespace

void add_objects_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("objects", "Name the objects in pictures, with attributes and boxes");
  add_options(verb, *options);
  verb->add_option("--draw", options->draw, "picture to draw (.png, .jpg, .webp): with the boxes");
  verb->add_flag("--force", options->force, "replace output files that are there already");
  verb->add_flag("--json", options->json, "one JSON object a line");
  verb->callback([options] { find_objects(*options); });
}

void add_relations_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("relations", "Say how the objects in pictures stand to one another");
  add_options(verb, *options);
  verb->add_flag("--json", options->json, "one JSON object a line");
  verb->callback([options] { find_relations(*options); });
}

}  // namespace beholder::cli
