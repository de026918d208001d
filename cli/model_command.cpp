// `beholder model info` and `beholder model export`.
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "core/file.hpp"
#include "engine/model_config.hpp"
#include "io/safetensors.hpp"
#include "picture_input.hpp"
#include "train/trainer.hpp"

namespace beholder::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Part {
  std::int64_t parameters = 0, tensors = 0;
  std::uint64_t bytes = 0;
  std::map<std::string, std::int64_t> types;
};

void info(const std::string& option, bool json, bool tensors) {
  const fs::path folder = find_model(option);
  const engine::ModelConfig config = engine::load_model_config(folder);
  const io::SafetensorsFile file = io::SafetensorsFile::open(folder / "model.safetensors");
  std::map<std::string, Part> parts;
  Part total;
  for (const std::string& name : file.names()) {
    const io::TensorView& view = file.at(name);
    std::int64_t count = 1;
    for (const std::int64_t size : view.shape) count *= size;
    const std::string part = name.substr(0, name.find('.'));
    for (Part* sum : {&parts[part], &total}) {
      sum->parameters += count;
      sum->bytes += view.bytes;
      ++sum->tensors;
      sum->types[io::name(view.dtype)] += count;
    }
  }
  Json out = {{"model", printable(folder.string())},
              {"file_bytes", file.file_bytes()},
              {"parameters", total.parameters},
              {"parts", Json::object()}};
  for (const auto& [name, part] : parts)
    out["parts"][name] = {{"parameters", part.parameters},
                          {"tensors", part.tensors},
                          {"bytes", part.bytes},
                          {"types", part.types}};
  out["config"] = Json::parse(engine::write_model_config(config));
  if (tensors)
    for (const std::string& name : file.names())
      out["tensors"][name] = {{"type", io::name(file.at(name).dtype)},
                              {"shape", file.at(name).shape}};
  const fs::path card = folder / "MODEL_CARD.md";
  const std::string text = fs::exists(card) ? read_file_text(card) : "";
  if (json) {
    out["model_card"] = printable(text);
    std::printf("%s\n", out.dump().c_str());
    return;
  }
  std::printf("%s\n%.1f MiB, %.1f million parameters\n\n", folder.string().c_str(),
              static_cast<double>(file.file_bytes()) / (1 << 20),
              static_cast<double>(total.parameters) / 1e6);
  std::printf("%-20s %12s %9s %10s  types\n", "part", "parameters", "tensors", "MiB");
  for (const auto& [name, part] : parts) {
    std::string types;
    for (const auto& [type, count] : part.types) types += (types.empty() ? "" : ", ") + type;
    std::printf("%-20s %12lld %9lld %10.2f  %s\n", name.c_str(),
                static_cast<long long>(part.parameters), static_cast<long long>(part.tensors),
                static_cast<double>(part.bytes) / (1 << 20), types.c_str());
  }
  if (tensors)
    for (const std::string& name : file.names())
      std::printf("%-6s %-20s %s\n", io::name(file.at(name).dtype),
                  io::shape_text(file.at(name).shape).c_str(), name.c_str());
  std::printf("\n%s\n%s", out["config"].dump(2).c_str(), text.empty() ? "" : ("\n" + text).c_str());
}

struct ExportOptions {
  std::string from, to, storage = "int8";
};

}  // namespace

void add_model_command(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("model", "Look at a model or store it in another form");
  verb->require_subcommand(1);
  struct Options {
    std::string folder;
    bool json = false, tensors = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* show = verb->add_subcommand("info", "Parts, parameters, shapes, licences, quality");
  show->add_option("model", options->folder, "model directory (default: the bundled one)");
  show->add_flag("--tensors", options->tensors, "list every tensor");
  show->add_flag("--json", options->json, "one JSON object");
  show->callback([options] { info(options->folder, options->json, options->tensors); });

  auto exporting = std::make_shared<ExportOptions>();
  CLI::App* store = verb->add_subcommand("export", "Write a trained float model in compact form");
  store->add_option("from", exporting->from, "float model directory")->required();
  store->add_option("to", exporting->to, "directory to write")->required();
  store->add_option("--storage", exporting->storage, "int8 or float32")
      ->check(CLI::IsMember({"int8", "float32"}))
      ->capture_default_str();
  store->callback([exporting] {
    train::export_model(
        exporting->from, exporting->to,
        exporting->storage == "int8" ? train::StorageType::kInt8 : train::StorageType::kFloat32);
  });

  struct JoinOptions {
    std::string base, to;
    std::vector<std::string> parts;
  };
  auto joining = std::make_shared<JoinOptions>();
  CLI::App* join = verb->add_subcommand(
      "join", "Put a trained detector or reasoner into a model, in place of one that it has");
  join->add_option("base", joining->base, "model directory")->required();
  join->add_option("parts", joining->parts, "what `beholder train` wrote for them")->required();
  join->add_option("--out", joining->to, "directory to write; not the base itself")->required();
  join->callback([joining] {
    std::error_code ignored;
    if (fs::equivalent(joining->base, joining->to, ignored))
      throw Error(ErrorCode::kUsage, "--out is the base itself; name another folder");
    train::join_model(joining->base, {joining->parts.begin(), joining->parts.end()}, joining->to);
  });

  struct AverageOptions {
    std::vector<std::string> from;
    std::string to;
  };
  auto averaging = std::make_shared<AverageOptions>();
  CLI::App* average =
      verb->add_subcommand("average", "Average the weights of models fine-tuned from the same one");
  average->add_option("from", averaging->from, "float model directories, two or more")->required();
  average->add_option("--out", averaging->to, "directory to write")->required();
  average->callback([averaging] {
    train::average_models({averaging->from.begin(), averaging->from.end()}, averaging->to);
  });
}

}  // namespace beholder::cli
