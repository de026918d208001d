// The C++ interface: load a model, encode a picture once, ask about it any number of times.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "beholder/error.hpp"
#include "beholder/types.hpp"

namespace beholder {

/// A picture that an engine has encoded. Cheap to copy; copies share the encoding. It belongs to
/// the engine that made it and may be used from any thread.
class Picture {
 public:
  Picture() = default;  ///< no picture: the question is answered from its words alone

  struct Encoded;
  explicit Picture(std::shared_ptr<const Encoded> encoded) : encoded_(std::move(encoded)) {}
  const Encoded* encoded() const { return encoded_.get(); }
  Timing timing() const;  ///< decode and vision; zeros for no picture

 private:
  std::shared_ptr<const Encoded> encoded_;
};

/// A loaded model. All methods are const and may be called from many threads at once.
class Engine {
 public:
  /// @throws Error kFileNotFound, kFileAccess, kModelFormat
  static Engine load(const std::filesystem::path& model_dir, const EngineOptions& options = {});

  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  /// @throws Error kFileNotFound, kFileAccess, kPictureFormat, kPictureCorrupt, kPictureTooLarge
  Picture encode(const std::filesystem::path& picture) const;
  /// @param name used in messages
  Picture encode(const std::uint8_t* bytes, std::size_t size, const std::string& name) const;
  /// @param rgb row-major RGB, 3 · width · height bytes, upright
  Picture encode_rgb(const std::uint8_t* rgb, int width, int height) const;

  /// @throws Error kUsage for an empty question or options out of range; kQuestionTooLong
  Answer answer(const Picture& picture, const std::string& question,
                const AnswerOptions& options = {}) const;

  /// @throws Error kUsage for no picture or options out of range
  Descriptions describe(const Picture& picture, const DescribeOptions& options = {}) const;

  /// The threshold that `AnswerOptions::min_confidence < 0` stands for.
  double default_min_confidence() const;

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace beholder
