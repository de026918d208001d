// `beholder relations`: how the objects of pictures stand to one another.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "commands.hpp"
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
  bool json = false;
};

void print(const Options& options, const std::string& name, const Picture& picture,
           const Relations& relations) {
  if (options.json) {
    Json row = named_row(name);
    row.update(sized(picture, relations));
    return print_json(row);
  }
  const char* indent = options.pictures.size() > 1 ? "  " : "";
  if (options.pictures.size() > 1) std::printf("%s\n", shown(name).c_str());
  for (const Relation& relation : relations.list)
    std::printf("%s%s %s – %s – %s %s  confidence %.2f\n", indent,
                object_name(relation.subject).c_str(), box_text(relation.subject.box).c_str(),
                relation.relation.c_str(), object_name(relation.object).c_str(),
                box_text(relation.object.box).c_str(), relation.confidence);
  if (relations.list.empty()) std::printf("%sno relations found\n", indent);
}

void find(const Options& options) {
  const Engine engine = Engine::load(find_model(options.model.model), options.model.engine);
  for_each_picture(engine, options.pictures, [&](const std::string& name, const Picture& picture) {
    print(options, name, picture, engine.relations(picture, options.objects));
  });
}

}  // namespace

void add_relations_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("relations", "Say how the objects in pictures stand to one another");
  verb->add_option("pictures", options->pictures, "pictures ('-': standard input)")->required();
  add_model_options(verb, options->model);
  add_objects_options(verb, options->objects);
  verb->add_flag("--json", options->json, "one JSON object a line");
  verb->callback([options] { find(*options); });
}

}  // namespace beholder::cli
