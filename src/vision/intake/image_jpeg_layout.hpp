// Whether a JPEG is whole, from its markers (ITU-T T.81, annex B).
#pragma once

#include <cstddef>

#include "vision/intake/image_source.hpp"

namespace beholder::vision {

/// What a walk over a JPEG's markers tells.
struct JpegLayout {
  bool adobe = false;        ///< an Adobe APP14 segment is there
  int components = 0;        ///< of the frame, 0 without one
  std::size_t scan_end = 0;  ///< offset behind the last scan's data where it is known, else 0
  /// Nothing that ends the picture follows its last scan: the file stops, or goes on with zeros or
  /// with bytes that are no JPEG. Whether that scan is whole is for the decoder to find out.
  bool end_missing = false;
  bool zeros_dropped = false;  ///< zeros followed, one of which may have been the scan's last byte
};

/// Walks the markers of a JPEG to its end marker, or to where one should be.
/// @throws Error kPictureCorrupt when scans, or restart intervals within one, are missing
JpegLayout check_jpeg_whole(const ImageSource& source);

}  // namespace beholder::vision
