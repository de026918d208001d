#include "models/identity.hpp"

#include "core/check.hpp"
#include "io/config.hpp"
#include "io/model_folder.hpp"

namespace beholder::models {

Identity identity_of(const std::filesystem::path& directory) {
  io::check_model_folder(directory);
  const io::Config config = io::Config::load(directory / "config.json");
  check(config.has("model_type") || config.has("architectures") || config.has("format_version"),
        ErrorCode::kModelFormat, config.name(),
        ": names neither a model_type nor an architecture, ",
        "so it is not known what it configures; fetch the model's own config.json");
  Identity out;
  out.config = config.name();
  // What is there but of another type counts as not there: the message will name what is known.
  try {
    if (config.has("model_type")) out.model_type = config.string("model_type");
  } catch (const Error&) {
  }
  try {
    if (config.has("architectures")) out.architectures = config.strings("architectures");
  } catch (const Error&) {
  }
  return out;
}

}  // namespace beholder::models
