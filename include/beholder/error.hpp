// The one error type of the library and the codes that it carries.
#pragma once

#include <stdexcept>
#include <string>

#include "beholder/export.hpp"

namespace beholder {

/// What kind of thing went wrong. The numbers are stable: they cross the C edge.
enum class ErrorCode {
  kUsage = 1,        ///< the caller asked for something that makes no sense (exit code 2)
  kFileNotFound,     ///< a file or directory does not exist
  kFileAccess,       ///< a file exists and cannot be read or written
  kPictureFormat,    ///< not a picture, or a format that is not supported
  kPictureCorrupt,   ///< a known picture format with damaged content
  kPictureTooLarge,  ///< more pixels than the cap allows
  kQuestionTooLong,  ///< more question tokens than the text encoder has positions for
  kModelFormat,      ///< a model's files damaged or of another version; outputs not finite
  kDataFormat,       ///< a dataset row or a training configuration that cannot be used
  kUnsupported,      ///< the loaded model has not the task that was asked for
  kShape,            ///< a tensor of another rank or shape than a module takes
  kOutOfMemory,      ///< an allocation failed
  kCancelled,        ///< stopped on request (exit code 130)
  kInternal,         ///< a defect of this library
};

/// The stable lower-case name of a code, for logs and JSON ("picture_corrupt").
BEHOLDER_API const char* error_code_name(ErrorCode code) noexcept;

/// Every failure that the library reports. `what()` says what was wrong, where, and what to do.
class BEHOLDER_API Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  ErrorCode code() const noexcept { return code_; }

  /// The process exit code for this error: 2 usage, 130 cancelled, 1 everything else.
  int exit_code() const noexcept;

 private:
  ErrorCode code_;
};

}  // namespace beholder
