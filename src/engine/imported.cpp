// The registry of published families, and what is common to them.
#include "engine/imported.hpp"

#include <functional>
#include <map>

#include "core/check.hpp"
#include "engine/blip.hpp"
#include "engine/engine_impl.hpp"
#include "engine/model_config.hpp"
#include "io/config.hpp"
#include "io/json_text.hpp"
#include "io/model_folder.hpp"
#include "io/model_weights.hpp"

namespace beholder::engine {
namespace fs = std::filesystem;

namespace {

struct Family {
  std::vector<std::string> architectures;  ///< that config.json may name
  std::function<std::unique_ptr<ImportedModel>(const fs::path&)> load;
  /// Declares every parameter, and gives the weights under the names that it declares.
  std::function<io::SafetensorsFile(const fs::path&)> weights;
  std::function<void(const fs::path&, nn::ParameterSource&)> declare;
};

/// By the `model_type` of config.json. A new family is a new class and a line here
/// (docs/adding_a_model.md).
const std::map<std::string, Family>& families() {
  static const std::map<std::string, Family> all = {
      {"blip",
       {{"BlipForQuestionAnswering", "BlipForConditionalGeneration", "BlipForImageTextRetrieval"},
        [](const fs::path& folder) -> std::unique_ptr<ImportedModel> {
          return std::make_unique<BlipModel>(folder);
        },
        [](const fs::path& folder) {
          return blip_weights(io::open_weights(folder), load_blip_config(folder));
        },
        [](const fs::path& folder, nn::ParameterSource& source) {
          BlipNetworks(source, load_blip_config(folder));
        }}}};
  return all;
}

/// The text of a key, or "" where it is missing or something else; for messages and choices.
std::string text_of(const io::Config& config, const char* key) {
  try {
    return config.has(key) ? config.string(key) : "";
  } catch (const Error&) {
    return "";
  }
}

std::vector<std::string> architectures_of(const io::Config& config) {
  try {
    return config.has("architectures") ? config.strings("architectures")
                                       : std::vector<std::string>();
  } catch (const Error&) {
    return {};
  }
}

/// By `model_type`; without one by the only architecture that is named.
const Family& family_of(const fs::path& directory) {
  io::check_model_folder(directory);
  const io::Config config = io::Config::load(directory / "config.json");
  const std::string type = text_of(config, "model_type");
  const std::vector<std::string> named = architectures_of(config);
  const auto& all = families();
  auto found = all.find(type);
  std::string known;
  for (auto family = all.begin(); family != all.end(); ++family)
    for (const std::string& architecture : family->second.architectures) {
      if (type.empty() && named == std::vector<std::string>{architecture}) found = family;
      known += architecture + ", ";
    }
  check(found != all.end(), ErrorCode::kUnsupported, config.name(), ": model_type '", type,
        "' is not a family that this version runs",
        named.empty() ? "" : " (architecture " + io::in_quotes(named.front()) + ")", "; it runs ",
        known, "and models of its own (model_type ", kOwnModelType, ")");
  return found->second;
}

[[noreturn]] void has_not(const char* what) {
  fail(ErrorCode::kUnsupported, "this model cannot ", what,
       "; use one that was trained to (beholder model info lists what a model can do)");
}

}  // namespace

Answer ImportedModel::answer(const Picture::Encoded&, const std::string&,
                             const AnswerOptions&) const {
  has_not("answer questions");
}

std::vector<Description> ImportedModel::describe(const Picture::Encoded&,
                                                 const DescribeOptions&) const {
  has_not("describe pictures");
}

Match ImportedModel::match(const Picture::Encoded&, const std::string&) const {
  has_not("match texts with pictures");
}

std::vector<float> ImportedModel::embed(const Picture::Encoded&) const {
  has_not("embed pictures");
}

std::vector<float> ImportedModel::embed(const std::string&) const { has_not("embed texts"); }

void check_max_new_tokens(int max_new_tokens, bool published) {
  check(max_new_tokens >= (published ? 0 : 1), ErrorCode::kUsage, "max_new_tokens is ",
        max_new_tokens, "; it must be 1 or more");
}

bool is_imported(const fs::path& directory) {
  io::check_model_folder(directory);
  const io::Config config = io::Config::load(directory / "config.json");
  const std::string type = text_of(config, "model_type");
  check(config.has("model_type") || config.has("architectures") || config.has("format_version"),
        ErrorCode::kModelFormat, config.name(),
        ": names neither a model_type nor an architecture, ",
        "so it is not known what it configures; fetch the model's own config.json");
  return type.empty() ? !architectures_of(config).empty() : type != kOwnModelType;
}

io::SafetensorsFile imported_weights(const fs::path& directory) {
  return family_of(directory).weights(directory);
}

void declare_imported(const fs::path& directory, nn::ParameterSource& source) {
  family_of(directory).declare(directory, source);
}

std::unique_ptr<ImportedModel> load_imported(const fs::path& directory) {
  return family_of(directory).load(directory);
}

}  // namespace beholder::engine
