#include "models/registry.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/file.hpp"
#include "io/json_text.hpp"
#include "models/blip/blip_model.hpp"
#include "models/identity.hpp"
#include "models/native/native_model.hpp"

namespace beholder::models {
namespace fs = std::filesystem;

namespace {

template <typename Loaded>
std::unique_ptr<const Model> load(const fs::path& folder, const EngineOptions& options) {
  return std::make_unique<Loaded>(folder, options);
}

/// A new family is a folder beside the others and an entry here (docs/adding_a_model.md).
const std::vector<Family>& families() {
  static const std::vector<Family> all = {
      {kOwnModelType,
       {},
       load<native::NativeModel>,
       false,
       [](const fs::path& folder) {
         return native::write_model_config(native::load_model_config(folder));
       },
       {},
       native::all_weights,
       native::verify_weights},
      {"blip",
       {"BlipForQuestionAnswering", "BlipForConditionalGeneration", "BlipForImageTextRetrieval"},
       load<blip::BlipModel>,
       true,
       [](const fs::path& folder) { return read_file_text(folder / "config.json"); },
       {"config.json", "preprocessor_config.json", "processor_config.json", "vocab.txt",
        "tokenizer.json", "tokenizer_config.json"},
       blip::all_weights,
       blip::verify_weights},
  };
  return all;
}

bool belongs(const Identity& identity, const Family& family) {
  if (!family.published) return identity.own();
  if (!identity.model_type.empty()) return identity.model_type == family.model_type;
  return identity.architectures.size() == 1 &&
         std::find(family.architectures.begin(), family.architectures.end(),
                   identity.architectures.front()) != family.architectures.end();
}

}  // namespace

const Family& family_of(const fs::path& directory) {
  const Identity identity = identity_of(directory);
  std::string known;
  for (const Family& family : families()) {
    if (belongs(identity, family)) return family;
    for (const std::string& architecture : family.architectures) known += architecture + ", ";
  }
  fail(ErrorCode::kUnsupported, identity.config, ": model_type '", identity.model_type,
       "' is not a family that this version runs",
       identity.architectures.empty()
           ? ""
           : " (architecture " + io::in_quotes(identity.architectures.front()) + ")",
       "; it runs ", known, "and models of its own (model_type ", kOwnModelType, ")");
}

}  // namespace beholder::models
