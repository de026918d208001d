// `beholder model`: info, verify, checksum, convert, export, join, average.
#include <cstdio>
#include <map>
#include <memory>

#include "commands.hpp"
#include "convert/average_models.hpp"
#include "convert/convert_model.hpp"
#include "convert/export_model.hpp"
#include "core/file.hpp"
#include "core/output_check.hpp"
#include "io/checksums.hpp"
#include "io/model_weights.hpp"
#include "io/safetensors.hpp"
#include "models/native/checkpoint.hpp"
#include "models/registry.hpp"
#include "models/verify.hpp"
#include "output.hpp"
#include "picture_input.hpp"
#include "terminal_text.hpp"
#include "train/trainer.hpp"

namespace beholder::cli {
namespace {

namespace fs = std::filesystem;
struct Part {
  std::int64_t parameters = 0, tensors = 0;
  std::uint64_t bytes = 0;
  std::map<std::string, std::int64_t> types;
};

void info(const std::string& option, bool json, bool tensors) {
  const fs::path folder = find_model(option);
  const models::Family& family = models::family_of(folder);
  const std::string config = family.config(folder);
  const io::SafetensorsFile file = family.weights(folder);
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
  Json out = {{"model", folder.string()},
              {"file_bytes", file.file_bytes()},
              {"parameters", total.parameters},
              {"parts", Json::object()}};
  for (const auto& [name, part] : parts)
    out["parts"][name] = {{"parameters", part.parameters},
                          {"tensors", part.tensors},
                          {"bytes", part.bytes},
                          {"types", part.types}};
  out["config"] = Json::parse(config);
  if (tensors)
    for (const std::string& name : file.names())
      out["tensors"][name] = {{"type", io::name(file.at(name).dtype)},
                              {"shape", file.at(name).shape}};
  const fs::path card = folder / "MODEL_CARD.md";
  const std::string text = fs::exists(card) ? read_file_text(card) : "";
  if (json) {
    out["model_card"] = text;
    return print_json(out);
  }
  std::printf("%s\n%.1f MiB, %.1f million parameters\n\n", shown(folder.string()).c_str(),
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

Json report_json(const fs::path& folder, const models::WeightReport& report) {
  Json not_finite = Json::array(), absurd = Json::array();
  for (const models::TensorDamage& one : report.damage)
    if (one.not_finite)
      not_finite.push_back(one.tensor);
    else
      absurd.push_back(one.tensor + ": " + one.what);
  const io::ChecksumReport& sums = report.checksums;
  return {{"model", folder.string()},
          {"family", report.family},
          {"ok", report.good()},
          {"tensors", report.tensors},
          {"missing", report.missing},
          {"left_over", report.left_over},
          {"not_finite", not_finite},
          {"absurd", absurd},
          {"checksums", !sums.there              ? "none"
                        : sums.differing.empty() ? "as written"
                                                 : "differ"},
          {"differing", sums.differing}};
}

void print_report(const fs::path& folder, const models::WeightReport& report) {
  std::printf("%s: %s, %zu tensors as declared\n", shown(folder.string()).c_str(),
              report.family.c_str(), report.tensors);
  const auto lines = [](const char* kind, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) std::printf("%-11s %s\n", kind, shown(text).c_str());
  };
  lines("missing", report.missing);
  lines("left over", report.left_over);
  for (const models::TensorDamage& one : report.damage)
    lines(one.not_finite ? "not finite" : "absurd", {one.tensor + ": " + one.what});
  lines("differs", report.checksums.differing);
  if (!report.checksums.there)
    std::printf(
        "no %s in this folder: whether the files are those that were written is not known\n",
        io::kChecksumFile);
  else if (report.checksums.differing.empty())
    std::printf("checksums of %zu files: as written\n", report.checksums.files);
}

/// Checks that every tensor is present, has its shape and sane values, and that every file has its
/// checksum; prints what is wrong.
void verify(const std::string& option, bool json) {
  const fs::path folder = find_model(option);
  const models::WeightReport report = models::verify_model(folder);
  if (json)
    print_json(report_json(folder, report));
  else
    print_report(folder, report);
  if (report.good()) return;
  throw Error(
      ErrorCode::kModelFormat,
      folder.string() + (report.fits() ? ": the model is damaged, as listed; fetch it again"
                                       : ": the weights do not fit the configuration, as listed"));
}

void write_checksums(const std::string& option) {
  const fs::path folder = find_model(option);
  models::store_checksums(folder);
  std::printf("%s\n", shown((folder / io::kChecksumFile).string()).c_str());
}

struct LookOptions {
  std::string folder;
  bool json = false, tensors = false;
};

void add_force(CLI::App* verb, bool& force) {
  verb->add_flag("--force", force, "replace the files of a folder that is there already");
}

void add_info(CLI::App* verb) {
  auto options = std::make_shared<LookOptions>();
  CLI::App* show = verb->add_subcommand("info", "Parts, parameters, shapes, licences, quality");
  show->add_option("model", options->folder, "model directory (default: the bundled one)");
  show->add_flag("--tensors", options->tensors, "list every tensor");
  show->add_flag("--json", options->json, "one JSON object");
  show->callback([options] { info(options->folder, options->json, options->tensors); });
}

void add_verify(CLI::App* verb) {
  auto checking = std::make_shared<LookOptions>();
  CLI::App* check = verb->add_subcommand(
      "verify",
      "Check that every tensor is there, of its shape, and sane, and the files as written");
  check->add_option("model", checking->folder, "model directory (default: the bundled one)");
  check->add_flag("--json", checking->json, "one JSON object");
  check->callback([checking] { verify(checking->folder, checking->json); });
}

void add_checksum(CLI::App* verb) {
  auto summing = std::make_shared<LookOptions>();
  CLI::App* sum = verb->add_subcommand(
      "checksum",
      "Write the checksums that verify compares, after a change that you made yourself");
  sum->add_option("model", summing->folder, "model directory (default: the bundled one)");
  sum->callback([summing] { write_checksums(summing->folder); });
}

void add_convert(CLI::App* verb) {
  struct ConvertOptions {
    std::string from, to, dtype = "int8";
    bool force = false;
  };
  auto converting = std::make_shared<ConvertOptions>();
  CLI::App* convert =
      verb->add_subcommand("convert", "Store a published checkpoint in another precision");
  convert->add_option("from", converting->from, "folder as published")->required();
  convert->add_option("-o,--out", converting->to, "directory to write")->required();
  convert->add_option("--dtype", converting->dtype, "fp32, fp16, bf16 or int8")
      ->check(CLI::IsMember({"fp32", "fp16", "bf16", "int8"}))
      ->capture_default_str();
  add_force(convert, converting->force);
  convert->callback([converting] {
    check_output_folder(converting->to, {converting->from}, converting->force);
    const std::map<std::string, convert::Precision> precisions = {
        {"fp32", convert::Precision::kFloat32},
        {"fp16", convert::Precision::kFloat16},
        {"bf16", convert::Precision::kBFloat16},
        {"int8", convert::Precision::kInt8}};
    convert::convert_model(converting->from, converting->to, precisions.at(converting->dtype));
  });
}

void add_export(CLI::App* verb) {
  struct ExportOptions {
    std::string from, to, storage = "int8";
    bool force = false;
  };
  auto exporting = std::make_shared<ExportOptions>();
  CLI::App* store = verb->add_subcommand("export", "Write a trained float model in compact form");
  store->add_option("from", exporting->from, "float model directory")->required();
  store->add_option("to", exporting->to, "directory to write")->required();
  store->add_option("--storage", exporting->storage, "int8 or float32")
      ->check(CLI::IsMember({"int8", "float32"}))
      ->capture_default_str();
  add_force(store, exporting->force);
  store->callback([exporting] {
    check_output_folder(exporting->to, {exporting->from}, exporting->force);
    convert::export_model(exporting->from, exporting->to,
                          exporting->storage == "int8" ? convert::StorageType::kInt8
                                                       : convert::StorageType::kFloat32);
  });
}

void add_join(CLI::App* verb) {
  struct JoinOptions {
    std::string base, to;
    std::vector<std::string> parts;
    bool force = false;
  };
  auto joining = std::make_shared<JoinOptions>();
  CLI::App* join = verb->add_subcommand("join",
                                        "Put a trained detector, reasoner or answer scorer into a "
                                        "model, in place of one that it has");
  join->add_option("base", joining->base, "model directory")->required();
  join->add_option("parts", joining->parts, "what `beholder train` wrote for them")->required();
  join->add_option("--out", joining->to, "directory to write; not the base itself")->required();
  add_force(join, joining->force);
  join->callback([joining] {
    std::vector<fs::path> read{joining->base};
    read.insert(read.end(), joining->parts.begin(), joining->parts.end());
    check_output_folder(joining->to, read, joining->force);
    convert::join_model(joining->base, {joining->parts.begin(), joining->parts.end()}, joining->to);
  });
}

void add_average(CLI::App* verb) {
  struct AverageOptions {
    std::vector<std::string> from;
    std::string to;
    bool force = false;
  };
  auto averaging = std::make_shared<AverageOptions>();
  CLI::App* average =
      verb->add_subcommand("average", "Average the weights of models fine-tuned from the same one");
  average->add_option("from", averaging->from, "float model directories, two or more")->required();
  average->add_option("--out", averaging->to, "directory to write")->required();
  add_force(average, averaging->force);
  average->callback([averaging] {
    const std::vector<fs::path> read(averaging->from.begin(), averaging->from.end());
    check_output_folder(averaging->to, read, averaging->force);
    convert::average_models(read, averaging->to);
  });
}

}  // namespace

void add_model_command(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("model", "Look at a model or store it in another form");
  verb->require_subcommand(1);
  for (const auto add :
       {add_info, add_verify, add_checksum, add_convert, add_export, add_join, add_average})
    add(verb);
}

}  // namespace beholder::cli
