#include "vision/intake/image_color.hpp"

#include <lcms2.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

#include "core/check.hpp"
#include "core/content_hash.hpp"
#include "core/log.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::vision {
namespace {

using Profile = std::unique_ptr<void, cmsBool (*)(cmsHPROFILE)>;
using Transform = std::unique_ptr<void, void (*)(cmsHTRANSFORM)>;

/// Steps of 255 that profiles of sRGB differ in among themselves.
constexpr int kTolerance = 3;

void say_nothing(cmsContext, cmsUInt32Number, const char*) {}

/// A context of its own: the library's default one may be another's.
struct Context {
  cmsContext handle = cmsCreateContext(nullptr, nullptr);
  Context() {
    if (handle == nullptr) throw std::bad_alloc();
    cmsSetLogErrorHandlerTHR(handle, say_nothing);
  }
  ~Context() { cmsDeleteContext(handle); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

Profile own(cmsHPROFILE profile) { return {profile, cmsCloseProfile}; }

Transform transform_to_srgb(const Context& context, const Profile& from, cmsUInt32Number format) {
  const Profile srgb = own(cmsCreate_sRGBProfileTHR(context.handle));
  if (!from || !srgb) return {nullptr, cmsDeleteTransform};
  return {cmsCreateTransformTHR(context.handle, from.get(), format, srgb.get(), TYPE_RGB_8,
                                INTENT_PERCEPTUAL, 0),
          cmsDeleteTransform};
}

/// The RGB cube in steps of 15 stays where it is, but for what profiles of sRGB differ in.
bool keeps_colours(const Transform& transform) {
  constexpr int kStep = 15;
  std::vector<std::uint8_t> in;
  for (int r = 0; r <= 255; r += kStep)
    for (int g = 0; g <= 255; g += kStep)
      for (int b = 0; b <= 255; b += kStep)
        for (const int value : {r, g, b}) in.push_back(static_cast<std::uint8_t>(value));
  std::vector<std::uint8_t> out(in.size());
  cmsDoTransform(transform.get(), in.data(), out.data(),
                 static_cast<cmsUInt32Number>(in.size() / 3));
  for (std::size_t i = 0; i < in.size(); ++i)
    if (std::abs(int{in[i]} - int{out[i]}) > kTolerance) return false;
  return true;
}

/// What a profile comes to.
struct Conversion {
  std::shared_ptr<void> transform;       ///< to sRGB; null where the values stay as they are
  int channels = 3;                      ///< that it takes
  std::array<std::uint8_t, 768> grey{};  ///< R G B of each grey, for profiles of greys
  std::string fault;                     ///< why the profile is left out of account
};

std::shared_ptr<const Conversion> make_conversion(const std::vector<std::uint8_t>& icc, bool inks) {
  auto out = std::make_shared<Conversion>();
  // The transform keeps what it needs of the context's functions, so both last as long.
  auto context = std::make_shared<Context>();
  const Profile profile = own(cmsOpenProfileFromMemTHR(context->handle, icc.data(),
                                                       static_cast<cmsUInt32Number>(icc.size())));
  const std::string space = profile ? profile_space(icc) : std::string();
  out->channels = space == "GRAY" ? 1 : space == "CMYK" ? 4 : 3;
  const bool fits = inks ? space == "CMYK" : space == "RGB " || space == "GRAY";
  Transform transform(nullptr, cmsDeleteTransform);
  if (fits)
    transform = transform_to_srgb(*context, profile,
                                  out->channels == 1   ? TYPE_GRAY_8
                                  : out->channels == 4 ? TYPE_CMYK_8
                                                       : TYPE_RGB_8);
  if (!transform) {
    out->fault = profile && !fits ? "for another kind of values" : "damaged";
    return out;
  }
  if (out->channels == 1) {
    std::array<std::uint8_t, 256> in{};
    for (int i = 0; i < 256; ++i) in[i] = static_cast<std::uint8_t>(i);
    cmsDoTransform(transform.get(), in.data(), out->grey.data(), 256);
    bool same = true;
    for (int i = 0; i < 768; ++i) same = same && std::abs(i / 3 - int{out->grey[i]}) <= kTolerance;
    if (same) return out;
  } else if (out->channels == 3 && keeps_colours(transform)) {
    return out;
  }
  out->transform = {transform.release(), [context](void* made) { cmsDeleteTransform(made); }};
  return out;
}

/// Of the few profiles used last: most pictures of a folder share one, and making a transform takes
/// longer than converting a small picture.
std::shared_ptr<const Conversion> conversion_of(const std::vector<std::uint8_t>& icc, bool inks) {
  constexpr std::size_t kKept = 8;
  static std::mutex mutex;
  static std::deque<std::pair<std::string, std::shared_ptr<const Conversion>>> kept;
  const std::string key = content_hash(icc.data(), icc.size(), inks).hex();
  {
    const std::lock_guard<std::mutex> lock(mutex);
    for (const auto& [known, conversion] : kept)
      if (known == key) return conversion;
  }
  std::shared_ptr<const Conversion> made = make_conversion(icc, inks);
  const std::lock_guard<std::mutex> lock(mutex);
  kept.emplace_front(key, made);
  if (kept.size() > kKept) kept.pop_back();
  return made;
}

/// Values row by row: a picture may have more pixels than one call can count.
void convert(const std::shared_ptr<void>& transform, Image& image,
             const std::vector<std::uint8_t>& from, int channels) {
  for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y)
    cmsDoTransform(transform.get(), from.data() + y * image.width * channels,
                   image.rgb.data() + y * image.width * 3,
                   static_cast<cmsUInt32Number>(image.width));
}

std::vector<std::uint8_t> saved(const Profile& profile) {
  cmsUInt32Number size = 0;
  if (!profile || !cmsSaveProfileToMem(profile.get(), nullptr, &size)) return {};
  std::vector<std::uint8_t> out(size);
  if (!cmsSaveProfileToMem(profile.get(), out.data(), &size)) return {};
  return out;
}

std::vector<std::uint8_t> make_profile(const Context& context, const Primaries& p,
                                       cmsToneCurve* curve) {
  const cmsCIExyY white{p[0], p[1], 1};
  const cmsCIExyYTRIPLE colours{{p[2], p[3], 1}, {p[4], p[5], 1}, {p[6], p[7], 1}};
  cmsToneCurve* curves[] = {curve, curve, curve};
  std::vector<std::uint8_t> out;
  if (curve != nullptr)
    out = saved(own(cmsCreateRGBProfileTHR(context.handle, &white, &colours, curves)));
  cmsFreeToneCurve(curve);
  return out;
}

std::optional<Primaries> primaries_of(int code) {
  switch (code) {
    case 1: return kSrgbPrimaries;
    case 9: return Primaries{0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046};
    case 11: return Primaries{0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060};
    case 12: return Primaries{0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060};
    default: return std::nullopt;
  }
}

}  // namespace

std::string profile_space(const std::vector<std::uint8_t>& icc_profile) {
  constexpr std::size_t kOffset = 16;
  if (icc_profile.size() < kOffset + 4) return {};
  return std::string(icc_profile.begin() + kOffset, icc_profile.begin() + kOffset + 4);
}

std::optional<Image> converted_to_srgb(const Image& image, const std::string& name, int enough) {
  if (image.icc_profile.empty()) return std::nullopt;
  const std::shared_ptr<const Conversion> conversion =
      conversion_of(image.icc_profile, !image.cmyk.empty());
  if (!conversion->fault.empty())
    log(LogLevel::kWarning, name, ": its colour profile is ", conversion->fault,
        "; its colours are taken for sRGB");
  if (!conversion->transform) return std::nullopt;
  Image out;
  const int longer = std::max(image.width, image.height);
  if (conversion->channels == 3 && enough > 0 && longer > enough) {
    const auto reduced = [&](int side) {
      return std::max(1, static_cast<int>(std::lround(double{1} * side * enough / longer)));
    };
    out = resize_image(image, reduced(image.width), reduced(image.height), Resample::kArea);
  } else {
    out = {image.width, image.height, image.rgb};
  }
  if (conversion->channels == 1)
    for (std::size_t i = 0; i < out.rgb.size(); ++i)
      out.rgb[i] = conversion->grey[3 * out.rgb[i] + i % 3];
  else
    convert(conversion->transform, out, conversion->channels == 4 ? image.cmyk : out.rgb,
            conversion->channels);
  return out;
}

Image to_srgb(Image image, const std::string& name) {
  if (std::optional<Image> converted = converted_to_srgb(image, name)) return std::move(*converted);
  image.icc_profile.clear();
  image.cmyk.clear();
  return image;
}

std::vector<std::uint8_t> profile_of_code_points(int primaries, int transfer) {
  const auto chromaticities = primaries_of(primaries);
  // 1, 6, 14, 15: made to be shown with sRGB's curve, as browsers do; 2: not said.
  const bool srgb_curve = transfer == 1 || transfer == 2 || transfer == 6 || transfer == 13 ||
                          transfer == 14 || transfer == 15;
  if (!chromaticities || (primaries == 1 && srgb_curve)) return {};
  const Context context;
  if (srgb_curve) {
    const double sRGB[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return make_profile(context, *chromaticities,
                        cmsBuildParametricToneCurve(context.handle, 4, sRGB));
  }
  const double gamma = transfer == 4 ? 2.2 : transfer == 5 ? 2.8 : transfer == 8 ? 1.0 : 0.0;
  if (gamma == 0) return {};
  return make_profile(context, *chromaticities, cmsBuildGamma(context.handle, gamma));
}

std::vector<std::uint8_t> profile_of_gamma(const Primaries& primaries, double gamma) {
  bool srgb = std::abs(gamma - 2.2) < 0.12;
  for (std::size_t i = 0; i < primaries.size(); ++i) {
    srgb = srgb && std::abs(primaries[i] - kSrgbPrimaries[i]) < 0.002;
    if (!(primaries[i] >= 0 && primaries[i] <= 1) || (i % 2 == 1 && primaries[i] <= 0)) return {};
  }
  if (srgb || !(gamma > 0.1 && gamma < 10)) return {};
  const Context context;
  return make_profile(context, primaries, cmsBuildGamma(context.handle, gamma));
}

void lab_to_srgb(std::vector<std::uint8_t>& lab) {
  const Context context;
  const Profile profile = own(cmsCreateLab2ProfileTHR(context.handle, nullptr));
  const Transform transform = transform_to_srgb(context, profile, TYPE_Lab_8);
  check(static_cast<bool>(transform), ErrorCode::kInternal, "no conversion of CIE L*a*b* to sRGB");
  constexpr std::size_t kPiece = 1 << 20;
  for (std::size_t at = 0; at < lab.size() / 3; at += kPiece)
    cmsDoTransform(transform.get(), lab.data() + 3 * at, lab.data() + 3 * at,
                   static_cast<cmsUInt32Number>(std::min(kPiece, lab.size() / 3 - at)));
}

}  // namespace beholder::vision
