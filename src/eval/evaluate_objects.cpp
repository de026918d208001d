#include "eval/evaluate_objects.hpp"

#include <algorithm>
#include <cmath>

#include "eval/rows.hpp"

namespace beholder::eval {
namespace {

constexpr double kNear = 8;  // pixels between a centre and where it was found

double overlap(const Box& a, const std::array<double, 4>& b) {
  const double width = std::min(a.right, b[2]) - std::max(a.left, b[0]);
  const double height = std::min(a.bottom, b[3]) - std::max(a.top, b[1]);
  if (width <= 0 || height <= 0) return 0;
  const double shared = width * height;
  return shared /
         ((a.right - a.left) * (a.bottom - a.top) + (b[2] - b[0]) * (b[3] - b[1]) - shared);
}

void count_boxes(const std::vector<Object>& found, const data::PictureObjects& row, Detected& out) {
  const std::vector<bool> right = match_boxes(found, row);
  out.right += static_cast<std::size_t>(std::count(right.begin(), right.end(), true));
  out.found += found.size();
  for (const data::ObjectRow& truth : row.objects) out.there += truth.box ? 1 : 0;
}

bool has_value(const Object& object, const std::string& attribute, const std::string& value) {
  if (attribute == "shape") return object.name == value;
  return std::find(object.attributes.begin(), object.attributes.end(), value) !=
         object.attributes.end();
}

bool same_place(const Object& a, const Object& b) {
  return a.center_x == b.center_x && a.center_y == b.center_y;
}

/// Whether the relation between two found objects agrees with where they truly are.
void judge_relations(const Relations& relations, const std::vector<Object>& found,
                     const data::PictureObjects& row, const std::vector<std::size_t>& matched,
                     ObjectFigures& out) {
  std::vector<std::size_t> truth(found.size(), kUnmatched);
  for (std::size_t i = 0; i < matched.size(); ++i)
    if (matched[i] != kUnmatched) truth[matched[i]] = i;
  const auto place = [&](const Object& object) {
    for (std::size_t k = 0; k < found.size(); ++k)
      if (same_place(found[k], object)) return truth[k];
    return kUnmatched;
  };
  for (const Relation& relation : relations.list) {
    const std::size_t a = place(relation.subject), b = place(relation.object);
    if (a == kUnmatched || b == kUnmatched || !row.objects[a].ground || !row.objects[b].ground)
      continue;
    const double across = (*row.objects[a].ground)[0] - (*row.objects[b].ground)[0];
    const double away = (*row.objects[a].ground)[1] - (*row.objects[b].ground)[1];
    bool right = false;
    if (relation.relation == "left of")
      right = across < 0;
    else if (relation.relation == "right of")
      right = across > 0;
    else if (relation.relation == "in front of")
      right = away < 0;
    else if (relation.relation == "behind")
      right = away > 0;
    else
      continue;
    ++out.relations;
    out.relations_right += right ? 1 : 0;
  }
}

}  // namespace

std::vector<bool> match_boxes(const std::vector<Object>& found, const data::PictureObjects& row) {
  std::vector<bool> out, used(row.objects.size(), false);
  for (const Object& object : found) {
    double best = 0.5;
    std::size_t which = kUnmatched;
    for (std::size_t i = 0; i < row.objects.size(); ++i) {
      const data::ObjectRow& truth = row.objects[i];
      if (used[i] || !truth.box || truth.attributes.at("shape") != object.name) continue;
      const double shared = overlap(object.box, *truth.box);
      if (shared >= best) {
        best = shared;
        which = i;
      }
    }
    out.push_back(which != kUnmatched);
    if (out.back()) used[which] = true;
  }
  return out;
}

std::vector<std::size_t> match_centers(const std::vector<Object>& found,
                                       const data::PictureObjects& row) {
  std::vector<std::size_t> out(row.objects.size(), kUnmatched);
  std::vector<bool> used(found.size(), false);
  for (std::size_t i = 0; i < row.objects.size(); ++i) {
    if (!row.objects[i].center) continue;
    const auto [x, y] = *row.objects[i].center;
    double best = kNear;
    for (std::size_t k = 0; k < found.size(); ++k) {
      const double apart = std::hypot(found[k].center_x - x, found[k].center_y - y);
      if (used[k] || apart > best) continue;
      best = apart;
      out[i] = k;
    }
    if (out[i] != kUnmatched) used[out[i]] = true;
  }
  return out;
}

bool same_attributes(const Object& found, const data::ObjectRow& truth) {
  return std::all_of(truth.attributes.begin(), truth.attributes.end(),
                     [&](const auto& one) { return has_value(found, one.first, one.second); });
}

ObjectFigures evaluate_objects(const Engine& engine, const std::filesystem::path& rows,
                               double min_confidence, std::int64_t limit,
                               const Progress& progress) {
  std::vector<data::PictureObjects> all = data::read_objects_jsonl(rows);
  cut(all, limit);
  ObjectFigures out;
  ObjectsOptions options;
  options.min_confidence = min_confidence;
  std::size_t done = 0;
  for (const data::PictureObjects& row : all) {
    tell(progress, ++done, all.size());
    Picture picture;
    try {
      picture = engine.encode(row.image);
    } catch (const Error& error) {
      out.unreadable.emplace_back(error.what());
      continue;
    }
    ++out.pictures;
    const std::vector<Object> found = engine.objects(picture, options).list;
    count_boxes(found, row, out.boxes);
    const std::vector<std::size_t> matched = match_centers(found, row);
    out.attributes.found += found.size();
    bool ground = false;
    for (std::size_t i = 0; i < row.objects.size(); ++i) {
      const data::ObjectRow& truth = row.objects[i];
      out.has_boxes |= truth.box.has_value();
      ground |= truth.ground.has_value();
      if (!truth.center) continue;
      out.has_centers = true;
      ++out.attributes.there;
      if (matched[i] == kUnmatched) continue;
      bool right = true;
      for (const auto& [attribute, value] : truth.attributes)
        if (!has_value(found[matched[i]], attribute, value)) {
          right = false;
          ++out.wrong[attribute];
        }
      out.attributes.right += right ? 1 : 0;
    }
    if (ground) judge_relations(engine.relations(picture, options), found, row, matched, out);
  }
  check_any_read(out.pictures > 0, rows, out.unreadable);
  return out;
}

}  // namespace beholder::eval
