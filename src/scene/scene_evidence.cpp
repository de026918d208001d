#include "scene/scene_evidence.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace beholder::scene {
namespace {

using vision::Detection;
using vision::Image;

constexpr double kFaintest = 0.1;
constexpr int kEdge = 28;  // difference of a channel between neighbours, grey levels
constexpr int kSameTone = 24;
constexpr double kWhole = 0.75;  // share of a row or column that a frame or wall takes

using Mask = std::vector<std::uint8_t>;  // a value a pixel, row by row

const std::uint8_t* pixel(const Image& image, int x, int y) {
  return image.rgb.data() + 3 * (static_cast<std::size_t>(y) * image.width + x);
}

int apart(const std::uint8_t* a, const std::uint8_t* b) {
  int most = 0;
  for (int c = 0; c < 3; ++c) most = std::max(most, std::abs(a[c] - b[c]));
  return most;
}

/// Where a pixel differs from the next to the right or below; not along whole rows and columns.
Mask edges_of(const Image& image) {
  const int w = image.width, h = image.height;
  Mask out(static_cast<std::size_t>(w) * h, 0);
  std::vector<int> of_row(h, 0), of_column(w, 0);
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const bool right = x + 1 < w && apart(pixel(image, x, y), pixel(image, x + 1, y)) > kEdge;
      const bool below = y + 1 < h && apart(pixel(image, x, y), pixel(image, x, y + 1)) > kEdge;
      out[static_cast<std::size_t>(y) * w + x] = right || below ? 1 : 0;
      of_column[x] += right;
      of_row[y] += below;
    }
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x)
      if (of_row[y] > kWhole * w || of_column[x] > kWhole * h)
        out[static_cast<std::size_t>(y) * w + x] = 0;
  return out;
}

struct PixelBox {
  int left, top, right, bottom;  // the last two outside
};

PixelBox box_of(const Detection& one, const Image& image, double margin) {
  const auto at = [&](double share, int size, double shift) {
    return std::clamp(static_cast<int>(std::lround(share * size + shift)), 0, size);
  };
  return {at(one.box[0], image.width, -margin), at(one.box[1], image.height, -margin),
          at(one.box[2], image.width, margin), at(one.box[3], image.height, margin)};
}

Mask inside_of(const std::vector<const Detection*>& objects, const Image& image) {
  const double margin = 2 + 0.01 * std::max(image.width, image.height);
  Mask out(static_cast<std::size_t>(image.width) * image.height, 0);
  for (const Detection* one : objects) {
    const PixelBox box = box_of(*one, image, margin);
    for (int y = box.top; y < box.bottom; ++y)
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(y) * image.width + box.left,
                out.begin() + static_cast<std::ptrdiff_t>(y) * image.width + box.right, 1);
  }
  return out;
}

using Tone = std::array<std::uint8_t, 3>;

/// The commonest tones outside of the objects, at most three.
std::vector<Tone> ground_tones(const Image& image, const Mask& inside) {
  std::map<int, std::size_t> counts;  // by 16 levels a channel
  for (std::size_t i = 0; i < inside.size(); ++i)
    if (inside[i] == 0) {
      const std::uint8_t* p = image.rgb.data() + 3 * i;
      ++counts[(p[0] >> 3) << 10 | (p[1] >> 3) << 5 | p[2] >> 3];
    }
  std::vector<std::pair<std::size_t, int>> order;
  for (const auto& [tone, count] : counts) order.emplace_back(count, tone);
  std::sort(order.rbegin(), order.rend());
  std::vector<Tone> out;
  for (const auto& [count, key] : order) {
    const auto level = [&](int shift) {
      return static_cast<std::uint8_t>(((key >> shift) & 31) * 8 + 4);
    };
    const Tone tone{level(10), level(5), level(0)};
    if (std::none_of(out.begin(), out.end(), [&](const Tone& known) {
          return apart(known.data(), tone.data()) <= kSameTone;
        }))
      out.push_back(tone);
    if (out.size() == 3) break;
  }
  return out;
}

bool has_tone(const std::uint8_t* p, const std::vector<Tone>& tones) {
  return std::any_of(tones.begin(), tones.end(),
                     [&](const Tone& tone) { return apart(p, tone.data()) <= kSameTone; });
}

/// Mean share of the boxes' pixels that have neither the middle's tone nor the ground's.
double strange_inside(const std::vector<const Detection*>& objects, const Image& image,
                      const std::vector<Tone>& tones) {
  if (objects.empty()) return 1;
  double sum = 0;
  for (const Detection* one : objects) {
    const PixelBox box = box_of(*one, image, 0);
    const int x = std::clamp((box.left + box.right) / 2, 0, image.width - 1);
    const int y = std::clamp((box.top + box.bottom) / 2, 0, image.height - 1);
    const std::uint8_t* middle = pixel(image, x, y);
    std::size_t all = 0, strange = 0;
    for (int v = box.top; v < box.bottom; ++v)
      for (int u = box.left; u < box.right; ++u) {
        const std::uint8_t* p = pixel(image, u, v);
        ++all;
        strange += apart(p, middle) > kSameTone && !has_tone(p, tones) ? 1 : 0;
      }
    sum += all == 0 ? 1 : static_cast<double>(strange) / static_cast<double>(all);
  }
  return sum / static_cast<double>(objects.size());
}

double logarithm(double share) { return std::log(share + 1e-3); }

double largest(const std::vector<float>& values) {
  return *std::max_element(values.begin(), values.end());
}

}  // namespace

std::array<double, kSceneEvidence> scene_evidence(const std::vector<Detection>& found,
                                                  const program::Lexicon& lexicon,
                                                  const Image& image) {
  std::vector<const Detection*> objects;
  double sum = 0, squares = 0, faint = 0, shape = 0, rest = 0, flat = 0, solid = 0;
  for (const Detection& one : found) {
    const double p = one.confidence;
    if (p < kFaintest) continue;
    if (p < kCountedPeak) {
      faint += p;
      continue;
    }
    objects.push_back(&one);
    sum += p;
    squares += p * p;
    shape += p * largest(one.attributes[0]);
    double others = 1;
    for (std::size_t a = 1; a < one.attributes.size(); ++a) others *= largest(one.attributes[a]);
    rest += p * others;
    for (std::size_t v = 0; v < lexicon[0].values.size(); ++v) {
      if (program::is_flat(lexicon[0].values[v])) flat += p * one.attributes[0][v];
      if (program::is_solid(lexicon[0].values[v])) solid += p * one.attributes[0][v];
    }
  }
  const Mask inside = inside_of(objects, image), edges = edges_of(image);
  const std::vector<Tone> tones = ground_tones(image, inside);
  double edges_all = 0, edges_outside = 0, outside = 0, strange = 0;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    edges_all += edges[i];
    if (inside[i] != 0) continue;
    ++outside;
    edges_outside += edges[i];
    strange += has_tone(image.rgb.data() + 3 * i, tones) ? 0 : 1;
  }
  const double weight = std::max(1e-9, sum), place = std::max(1.0, outside);
  return {logarithm(edges_outside / std::max(1.0, edges_all)),
          logarithm(edges_outside / place),
          logarithm(strange / place),
          logarithm(strange_inside(objects, image, tones)),
          squares / weight,
          shape / weight,
          rest / weight,
          std::max(flat, solid) / weight,
          faint / std::max(1e-9, faint + sum),
          std::log1p(static_cast<double>(objects.size()))};
}

}  // namespace beholder::scene
