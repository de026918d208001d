#include "vision/merge_boxes.hpp"

#include <algorithm>
#include <map>

namespace beholder::vision {
namespace {

constexpr float kOther = 0.35f;  // what shares more is the same thing
constexpr float kSame = 0.6f;    // what shares so much speaks for it

struct Claim {
  std::array<float, 4> box;
  float score;
  std::size_t look;
  bool taken = false;
};

MergedBox merged(const Claim& highest, std::size_t kind, const std::vector<Claim>& claims,
                 std::size_t looks) {
  MergedBox out;
  out.kind = kind;
  out.scores.resize(looks, 0);
  float sum = 0;
  for (const Claim& claim : claims) {
    if (intersection_over_union(highest.box, claim.box) < kSame) continue;
    out.scores[claim.look] = std::max(out.scores[claim.look], claim.score);
    for (std::size_t i = 0; i < 4; ++i) out.box[i] += claim.score * claim.box[i];
    sum += claim.score;
  }
  for (float& edge : out.box) edge /= sum;
  return out;
}

}  // namespace

float intersection_over_union(const std::array<float, 4>& a, const std::array<float, 4>& b) {
  const auto area = [](float left, float top, float right, float bottom) {
    return std::max(0.0f, right - left) * std::max(0.0f, bottom - top);
  };
  const float shared =
      area(std::max(a[0], b[0]), std::max(a[1], b[1]), std::min(a[2], b[2]), std::min(a[3], b[3]));
  const float all = area(a[0], a[1], a[2], a[3]) + area(b[0], b[1], b[2], b[3]) - shared;
  return all > 0 ? shared / all : 0;
}

std::vector<MergedBox> merge_boxes(const std::vector<std::vector<ScoredBox>>& looks) {
  std::map<std::size_t, std::vector<Claim>> kinds;
  for (std::size_t look = 0; look < looks.size(); ++look)
    for (const ScoredBox& one : looks[look])
      // A box without an area is no thing, and overlaps nothing, itself included.
      if (intersection_over_union(one.box, one.box) > 0)
        kinds[one.kind].push_back({one.box, one.score, look});
  std::vector<MergedBox> out;
  for (auto& [kind, claims] : kinds) {
    std::stable_sort(claims.begin(), claims.end(),
                     [](const Claim& a, const Claim& b) { return a.score > b.score; });
    for (Claim& highest : claims) {
      if (highest.taken) continue;
      out.push_back(merged(highest, kind, claims, looks.size()));
      for (Claim& claim : claims)
        claim.taken |= intersection_over_union(highest.box, claim.box) > kOther;
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const MergedBox& a, const MergedBox& b) {
    return *std::max_element(a.scores.begin(), a.scores.end()) >
           *std::max_element(b.scores.begin(), b.scores.end());
  });
  return out;
}

}  // namespace beholder::vision
