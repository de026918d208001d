// What a model sees in photos, whatever is asked about them, kept on disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "beholder/types.hpp"
#include "models/native/native_model.hpp"
#include "train/fit.hpp"

namespace beholder::train {

/// A photo as `models::native::NativeModel` sees it.
struct SeenPhoto {
  std::vector<float> pooled;   ///< mean of its cells, rounded to four digits
  std::vector<Object> things;  ///< of any certainty; only where they were asked for
  int width = 0, height = 0;   ///< px
};

/// Looks at photos once. Rows are appended to a file of `folder` as they are made, so that a
/// stopped run goes on where it was; photos whose bytes have changed since must go to another
/// folder.
class PhotoFactsCache {
 public:
  /// @throws Error kFileAccess, kDataFormat for a file that another model wrote
  PhotoFactsCache(std::filesystem::path folder, const models::native::NativeModel& model);

  /// Looks at all that are not known yet. @param with_things asks the detector too
  /// @throws Error as decoding, naming the picture; kCancelled
  void look(const std::vector<std::filesystem::path>& photos, bool with_things,
            const TrainControl& control);
  /// @throws Error kInternal for a photo that was not looked at
  const SeenPhoto& at(const std::filesystem::path& photo) const;

 private:
  void read();
  SeenPhoto see(const std::filesystem::path& photo, bool with_things) const;

  std::filesystem::path file_;
  const models::native::NativeModel& model_;
  std::map<std::string, SeenPhoto> seen_;
  std::map<std::string, bool> complete_;  ///< whether the things are known too
};

}  // namespace beholder::train
