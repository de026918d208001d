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
/// @throws Error kFileNotFound, kFileAccess, kModelFormat
bool is_imported(const std::filesystem::path& directory);

/// The weights of such a folder: model.safetensors, else pytorch_model.bin.
/// @throws Error kFileNotFound when there is neither; kModelFormat
io::SafetensorsFile open_weights(const std::filesystem::path& directory);

/// The same under the names that its family declares: tied tensors once, buffers left out.
/// @throws Error as `open_weights`; kUnsupported
io::SafetensorsFile imported_weights(const std::filesystem::path& directory);

/// What a check of a folder's weights found.
struct WeightReport {
  std::string family;                  ///< the architecture that config.json names
  std::size_t tensors = 0;             ///< declared and found with their shapes
  std::vector<std::string> missing;    ///< "name: expected shape …", or of another shape
  std::vector<std::string> left_over;  ///< stored and not declared
  std::vector<std::string> infinite;   ///< with values that are not finite
};

/// Checks every tensor of the folder against what its family declares.
/// @throws Error as `load_imported`, but for what the report can say
WeightReport verify_imported(const std::filesystem::path& directory);

/// @throws Error kUsage unless it is 1 or more; of published models 0 stands for their default.
void check_max_new_tokens(int max_new_tokens, bool published);

/// @throws Error kFileNotFound, kFileAccess, kModelFormat; kUnsupported for an architecture that is
/// not in the registry (imported.cpp)
std::unique_ptr<ImportedModel> load_imported(const std::filesystem::path& directory);

}  // namespace beholder::engine
