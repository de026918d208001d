// Colours as a file means them: its profile applied, through Little CMS.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vision/intake/image.hpp"

namespace beholder::vision {

/// Chromaticities x, y of white, red, green and blue, in that order.
using Primaries = std::array<double, 8>;

inline constexpr Primaries kSrgbPrimaries = {0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06};

/// Converts the values to sRGB by the picture's own profile (its perceptual intent, as Pillow's
/// ImageCms does) and takes the profile away. A picture without a profile, or with one that comes
/// to sRGB within three steps, keeps every byte. A profile that is damaged or for another kind of
/// values is left out of account; the log says so.
/// @param name what to call the picture in messages
Image to_srgb(Image image, const std::string& name);

/// The same, leaving the picture as it is; nothing where it keeps every byte.
/// @param enough if above 0, a picture whose longer side is larger than this is reduced to it
///   first, as converting takes longer than reducing does
std::optional<Image> converted_to_srgb(const Image& image, const std::string& name, int enough = 0);

/// The colour space that an ICC profile is for ("RGB ", "GRAY", "CMYK"; ICC.1:2010, 7.2.6); empty
/// when it is too short.
std::string profile_space(const std::vector<std::uint8_t>& icc_profile);

/// An ICC profile for primaries and transfer characteristics by their numbers (ITU-T H.273); empty
/// where they mean sRGB, are unknown, or are for high dynamic range (PQ, HLG).
std::vector<std::uint8_t> profile_of_code_points(int primaries, int transfer);

/// An ICC profile for values that are to be raised to `gamma`; empty where that is sRGB but for
/// its toe (gamma 2.2 and its primaries), and for chromaticities that cannot be.
std::vector<std::uint8_t> profile_of_gamma(const Primaries& primaries, double gamma);

/// (height, width, 3) L* a* b* in 8 bits (0..100 as 0..255; a* and b* 128 steps up; D50) to sRGB,
/// in place.
void lab_to_srgb(std::vector<std::uint8_t>& lab);

}  // namespace beholder::vision
