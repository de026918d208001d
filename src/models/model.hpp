// What any model is to the engine: what it can do, how it sees a picture, and what it says of one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "beholder/types.hpp"
#include "core/check.hpp"
#include "vision/intake/image.hpp"

namespace beholder::models {

class Model;

/// A picture as one model has it: opaque to all others.
class ModelPicture {
 public:
  ModelPicture(const Model& model, int width, int height);
  virtual ~ModelPicture() = default;

  const int width, height;      ///< of the upright original, px
  const std::uint64_t made_by;  ///< `Model::id`
};

/// As the model's network takes it, not yet seen by it.
class PreparedPixels : public ModelPicture {
 public:
  using ModelPicture::ModelPicture;
};

/// What the model made of it, for any number of questions. It may be read from many threads.
class EncodedPicture : public ModelPicture {
 public:
  using ModelPicture::ModelPicture;
  virtual std::uint64_t bytes() const = 0;  ///< of memory that it holds
};

/// What is asked: a question, or nothing for a description.
struct Request {
  const EncodedPicture* picture = nullptr;  ///< null: the question alone, for models that take it
  std::string question;
};

/// A loaded model. What a family cannot do keeps the default, which throws kUnsupported. Const
/// methods may be called from many threads at once. Options come checked for their ranges. The
/// caller fills in `Timing::decode` and `Timing::vision` of results.
class Model {
 public:
  /// @param directory of the model, for messages
  explicit Model(std::filesystem::path directory);
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// What it can do, its sizes and thresholds.
  virtual ModelInfo info() const = 0;

  /// Resizes and normalises. @param image upright RGB, of `width` x `height` px or scaled down
  /// @param width, height of the upright original, px
  virtual std::unique_ptr<PreparedPixels> prepare(const vision::Image& image, int width,
                                                  int height) const = 0;
  virtual std::shared_ptr<const EncodedPicture> encode(const PreparedPixels& pixels) const = 0;

  /// One answer a request, decoded together where that is faster.
  /// @throws Error kUsage for an empty question; kQuestionTooLong, kCancelled
  virtual std::vector<Answer> answer(const std::vector<Request>& requests,
                                     const AnswerOptions& options) const;
  virtual Explanation explain(const Request& request, const AnswerOptions& options) const;

  /// Descriptions without prefix and suffix, none of the pictures null.
  /// `options.on_text` is called with what is certain; a model that hands out only whole texts does
  /// not call it, and the engine hands out the result.
  virtual std::vector<Descriptions> describe(const std::vector<const EncodedPicture*>& pictures,
                                             const DescribeOptions& options) const;

  virtual Objects objects(const EncodedPicture& picture, const ObjectsOptions& options) const;
  virtual Reading read(const EncodedPicture& picture, const ReadOptions& options) const;
  virtual Relations relations(const EncodedPicture& picture, const ObjectsOptions& options) const;

  /// How well the text fits as the answer or, without a question, as the description.
  virtual Score score(const Request& request, const std::string& text) const;
  virtual Match match(const EncodedPicture& picture, const std::string& text) const;
  virtual AttentionMap attention(const Request& request, const std::string& text) const;
  virtual std::vector<float> embed(const EncodedPicture& picture) const;
  virtual std::vector<float> embed(const std::string& text) const;

  /// @throws Error kUnsupported: this model cannot `what`
  [[noreturn]] void cannot(const char* what) const;

  const std::filesystem::path& directory() const { return directory_; }
  std::uint64_t id() const { return id_; }  ///< of this model alone in this process

 protected:
  /// The picture in the form that this model gave it. @throws Error kUsage for another model's
  template <typename Own>
  const Own& own(const ModelPicture& picture) const {
    check_own(picture);
    return static_cast<const Own&>(picture);
  }

 private:
  void check_own(const ModelPicture& picture) const;

  std::filesystem::path directory_;
  std::uint64_t id_;
};

}  // namespace beholder::models
