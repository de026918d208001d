#include "beholder/error.hpp"

namespace beholder {

const char* error_code_name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kUsage: return "usage";
    case ErrorCode::kFileNotFound: return "file_not_found";
    case ErrorCode::kFileAccess: return "file_access";
    case ErrorCode::kPictureFormat: return "picture_format";
    case ErrorCode::kPictureCorrupt: return "picture_corrupt";
    case ErrorCode::kPictureTooLarge: return "picture_too_large";
    case ErrorCode::kQuestionTooLong: return "question_too_long";
    case ErrorCode::kModelFormat: return "model_format";
    case ErrorCode::kDataFormat: return "data_format";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kShape: return "shape";
    case ErrorCode::kOutOfMemory: return "out_of_memory";
    case ErrorCode::kCancelled: return "cancelled";
    case ErrorCode::kInternal: return "internal";
  }
  return "unknown";
}

int Error::exit_code() const noexcept {
  switch (code_) {
    case ErrorCode::kUsage: return 2;
    case ErrorCode::kCancelled: return 130;
    default: return 1;
  }
}

}  // namespace beholder
