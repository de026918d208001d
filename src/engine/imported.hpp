// Models that others published, in their own folders: what the engine asks of any family.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "io/safetensors.hpp"
#include "vision/image_processor.hpp"

namespace at {
class Tensor;
}
namespace beholder::nn {
class ParameterSource;
}

namespace beholder::engine {

/// One loaded model of a published family. Const methods may be called from many threads at once.
/// What a family has not keeps the default, which throws kUnsupported.
class ImportedModel {
 public:
  virtual ~ImportedModel() = default;

  virtual std::vector<Skill> skills() const = 0;
  virtual int max_question_tokens() const = 0;
  virtual std::uint64_t weight_bytes() const = 0;
  virtual const vision::ImageProcessorConfig& image() const = 0;

  /// Fills what the answers are made from. @param pixel_values (1, 3, size, size)
  virtual void encode(const at::Tensor& pixel_values, Picture::Encoded& out) const = 0;

  virtual Answer answer(const Picture::Encoded& picture, const std::string& question,
                        const AnswerOptions& options) const;
  virtual std::vector<Description> describe(const Picture::Encoded& picture,
                                            const DescribeOptions& options) const;
  virtual Match match(const Picture::Encoded& picture, const std::string& text) const;
  virtual std::vector<float> embed(const Picture::Encoded& picture) const;
  virtual std::vector<float> embed(const std::string& text) const;
};

/// Whether the folder's config.json is that of a published family, not of our own format.
/// @throws Error as `io::check_model_folder` for what is no model's folder; kFileAccess,
/// kModelFormat
bool is_imported(const std::filesystem::path& directory);

/// The weights of such a folder under the names that its family declares: tied tensors once,
/// buffers left out. @throws Error as `io::open_weights`; kUnsupported
io::SafetensorsFile imported_weights(const std::filesystem::path& directory);

/// Declares every parameter of the folder's family, by the names of `imported_weights`.
/// @throws Error as `load_imported`
void declare_imported(const std::filesystem::path& directory, nn::ParameterSource& source);

/// @throws Error kUsage unless it is 1 or more; of published models 0 stands for their default.
void check_max_new_tokens(int max_new_tokens, bool published);

/// @throws Error kFileNotFound, kFileAccess, kModelFormat; kUnsupported for an architecture that is
/// not in the registry (imported.cpp)
std::unique_ptr<ImportedModel> load_imported(const std::filesystem::path& directory);

}  // namespace beholder::engine
