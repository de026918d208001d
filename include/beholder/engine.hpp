// The C++ interface: load a model, encode a picture once, ask about it any number of times.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "beholder/error.hpp"
#include "beholder/export.hpp"
#include "beholder/types.hpp"

namespace beholder {

namespace models {
class EncodedPicture;
class PreparedPixels;
}  // namespace models

/// A picture that an engine has encoded. Cheap to copy; copies share the encoding. It belongs to
/// the engine that made it and may be used from any thread.
class BEHOLDER_API Picture {
 public:
  Picture() = default;  ///< no picture: the question is answered from its words alone

  explicit operator bool() const { return encoded_ != nullptr; }
  int width() const;   ///< of the upright original, px; 0 for no picture
  int height() const;  ///< of the upright original, px; 0 for no picture
  Timing timing() const {
    return timing_;
  }  ///< decode and vision; zeros for no picture and for a cached one

  Picture(std::shared_ptr<const models::EncodedPicture> encoded, const Timing& timing)
      : encoded_(std::move(encoded)), timing_(timing) {}
  const std::shared_ptr<const models::EncodedPicture>& encoded() const { return encoded_; }

 private:
  std::shared_ptr<const models::EncodedPicture> encoded_;
  Timing timing_;
};

/// A picture decoded and resized for one engine, not yet seen by its network. It lets a program
/// read and decode on one thread while another one encodes.
class BEHOLDER_API PreparedPicture {
 public:
  PreparedPicture() = default;

  PreparedPicture(std::shared_ptr<const models::PreparedPixels> pixels, double decode_ms)
      : pixels_(std::move(pixels)), decode_ms_(decode_ms) {}
  const models::PreparedPixels* pixels() const { return pixels_.get(); }
  double decode_ms() const { return decode_ms_; }  ///< bytes to pixels, resize and normalisation

 private:
  std::shared_ptr<const models::PreparedPixels> pixels_;
  double decode_ms_ = 0;
};

/// A picture's pixels, upright, which no model has seen yet.
class BEHOLDER_API DecodedPicture {
 public:
  struct Pixels;
  explicit DecodedPicture(std::shared_ptr<const Pixels> pixels) : pixels_(std::move(pixels)) {}
  const Pixels& pixels() const { return *pixels_; }

 private:
  std::shared_ptr<const Pixels> pixels_;
};

/// A loaded model. All methods are const and may be called from many threads at once; what they
/// return does not depend on who else is calling. Every method may throw Error kOutOfMemory and
/// kInternal besides what it lists.
class BEHOLDER_API Engine {
 public:
  /// @throws Error kUsage, kFileNotFound, kFileAccess, kModelFormat
  static Engine load(const std::filesystem::path& model_dir, const EngineOptions& options = {});

  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  ModelInfo info() const;
  bool can(Skill skill) const;

  /// @throws Error kFileNotFound, kFileAccess, kPictureFormat, kPictureCorrupt, kPictureTooLarge
  Picture encode(const std::filesystem::path& picture) const;
  /// @param name used in messages
  Picture encode(const std::uint8_t* bytes, std::size_t size, const std::string& name) const;
  /// @param rgb row-major RGB, 3 · width · height bytes, upright
  Picture encode_rgb(const std::uint8_t* rgb, int width, int height) const;

  /// Decodes a picture without a model: on a thread of its own while one is being loaded, say.
  /// @throws Error kPictureFormat, kPictureCorrupt, kPictureTooLarge
  static DecodedPicture decode(const std::uint8_t* bytes, std::size_t size, const std::string& name,
                               const EngineOptions& options = {});
  Picture encode(const DecodedPicture& picture) const;

  /// The first half of `encode`, on the calling thread alone. The cache is not asked.
  PreparedPicture prepare(const std::uint8_t* bytes, std::size_t size,
                          const std::string& name) const;
  /// The second half, of several pictures at once. @throws Error kUsage for an empty one
  std::vector<Picture> encode(const std::vector<PreparedPicture>& prepared) const;

  /// @throws Error kUsage for an empty question or options out of range; kQuestionTooLong,
  /// kCancelled
  Answer answer(const Picture& picture, const std::string& question,
                const AnswerOptions& options = {}) const;
  /// Question i about picture i. Faster than one by one, with the same answers.
  /// @throws Error kUsage for lists of different lengths, and as `answer`
  std::vector<Answer> answer(const std::vector<Picture>& pictures,
                             const std::vector<std::string>& questions,
                             const AnswerOptions& options = {}) const;

  /// @throws Error kUsage for no picture or options out of range; kCancelled
  Descriptions describe(const Picture& picture, const DescribeOptions& options = {}) const;
  std::vector<Descriptions> describe(const std::vector<Picture>& pictures,
                                     const DescribeOptions& options = {}) const;

  /// @throws Error kUnsupported when the model has not the skill; kUsage, kCancelled
  Objects objects(const Picture& picture, const ObjectsOptions& options = {}) const;
  std::vector<Objects> objects(const std::vector<Picture>& pictures,
                               const ObjectsOptions& options = {}) const;
  /// @throws as `objects`
  Relations relations(const Picture& picture, const ObjectsOptions& options = {}) const;
  std::vector<Relations> relations(const std::vector<Picture>& pictures,
                                   const ObjectsOptions& options = {}) const;
  /// What is written in a picture, line by line. @throws as `objects`
  Reading read(const Picture& picture, const ReadOptions& options = {}) const;
  std::vector<Reading> read(const std::vector<Picture>& pictures,
                            const ReadOptions& options = {}) const;
  /// @throws as `objects`, and as `answer`
  Explanation explain(const Picture& picture, const std::string& question,
                      const AnswerOptions& options = {}) const;

  /// How well a description fits a picture. @throws Error kUsage for no picture or an empty text
  Score score(const Picture& picture, const std::string& description) const;
  /// How well an answer fits a question. @throws Error kUsage, kQuestionTooLong
  Score score(const Picture& picture, const std::string& question, const std::string& answer) const;

  /// Whether a text belongs to the picture. @throws Error kUnsupported for a model without the
  /// skill; kUsage for no picture or an empty text, kQuestionTooLong
  Match match(const Picture& picture, const std::string& text) const;

  /// Where the model looks while it writes an answer to a question or, with an empty question, a
  /// description. It tells where the decoder's attention lay, which is not proof of why it said so.
  /// @throws Error kUsage for no picture or an empty or too long text, kQuestionTooLong
  AttentionMap attention(const Picture& picture, const std::string& question,
                         const std::string& text) const;

  /// The picture as a vector of length 1: what it shows, for comparing pictures with one another.
  /// @throws Error kUsage for no picture
  std::vector<float> embed(const Picture& picture) const;
  /// A sentence as a vector of length 1, for comparing sentences with one another.
  /// @throws Error kUsage for an empty text, kQuestionTooLong
  std::vector<float> embed(const std::string& text) const;

  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);  ///< for the library itself

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace beholder
