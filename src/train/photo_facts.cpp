#include "train/photo_facts.hpp"

#include <c10/core/InferenceMode.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/check.hpp"
#include "vision/intake/image_decoder.hpp"

namespace beholder::train {
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

/// Fainter things are noise.
constexpr double kLeastCertain = 0.02;

/// Four significant digits keep a feature, which was computed from 8-bit pixels.
float rounded(float value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", static_cast<double>(value));
  return std::strtof(text, nullptr);
}

Json json_of(const Object& thing) {
  const Box& box = thing.box;
  return {thing.name, thing.confidence, box.left, box.top, box.right, box.bottom};
}

Object object_of(const Json& row) {
  Object out;
  out.name = row.at(0).get<std::string>();
  out.confidence = row.at(1).get<double>();
  out.box = {row.at(2).get<double>(), row.at(3).get<double>(), row.at(4).get<double>(),
             row.at(5).get<double>()};
  return out;
}

}  // namespace

PhotoFactsCache::PhotoFactsCache(fs::path folder, const models::native::NativeModel& model)
    : file_(std::move(folder) / "photos.jsonl"), model_(model) {
  fs::create_directories(file_.parent_path());
  if (fs::exists(file_)) read();
}

void PhotoFactsCache::read() {
  std::ifstream in(file_);
  check(in.good(), ErrorCode::kFileAccess, file_.string(), ": cannot be read");
  const std::int64_t size = model_.checkpoint().networks.vision->cell_size();
  std::string line;
  while (std::getline(in, line)) {
    const Json row = Json::parse(line, nullptr, false);
    if (row.is_discarded()) break;  // a run was stopped in the middle of its last row
    SeenPhoto& one = seen_[row.at("image").get<std::string>()];
    one.pooled = row.at("pooled").get<std::vector<float>>();
    check(static_cast<std::int64_t>(one.pooled.size()) == size, ErrorCode::kDataFormat,
          file_.string(), ": was written with another model; remove it or name another run");
    one.width = row.at("width").get<int>();
    one.height = row.at("height").get<int>();
    one.things.clear();
    if (row.contains("things"))
      for (const Json& thing : row.at("things")) one.things.push_back(object_of(thing));
    complete_[row.at("image").get<std::string>()] |= row.contains("things");
  }
}

SeenPhoto PhotoFactsCache::see(const fs::path& photo, bool with_things) const {
  const c10::InferenceMode inference;
  const vision::Image image = vision::load_image(photo);
  const auto pixels = model_.prepare(image, image.width, image.height);
  const auto encoded = model_.encode(*pixels);
  const at::Tensor pooled = model_.own_picture(*encoded).pooled.to(at::kFloat).contiguous();
  SeenPhoto out;
  for (std::int64_t i = 0; i < pooled.numel(); ++i)
    out.pooled.push_back(rounded(pooled.data_ptr<float>()[i]));
  out.width = image.width;
  out.height = image.height;
  if (!with_things) return out;
  ObjectsOptions options;
  options.min_confidence = kLeastCertain;
  options.max_objects = 300;
  out.things = model_.objects(*encoded, options).list;
  return out;
}

void PhotoFactsCache::look(const std::vector<fs::path>& photos, bool with_things,
                           const TrainControl& control) {
  std::ofstream file(file_, std::ios::app);
  check(file.good(), ErrorCode::kFileAccess, file_.string(), ": cannot be written");
  TrainReport report;
  report.phase = "pictures";
  report.all = static_cast<std::int64_t>(photos.size());
  for (const fs::path& photo : photos) {
    ++report.done;
    const std::string name = photo.lexically_normal().string();
    const auto known = complete_.find(name);
    if (known != complete_.end() && (known->second || !with_things)) continue;
    check(!control.cancelled || !control.cancelled(), ErrorCode::kCancelled,
          "stopped; the photos seen so far are kept");
    SeenPhoto one = see(photo, with_things);
    Json row = {
        {"image", name}, {"width", one.width}, {"height", one.height}, {"pooled", one.pooled}};
    if (with_things) {
      row["things"] = Json::array();
      for (const Object& thing : one.things) row["things"].push_back(json_of(thing));
    }
    file << row.dump() << '\n' << std::flush;
    seen_[name] = std::move(one);
    complete_[name] = with_things;
    if (control.report) control.report(report);
  }
}

const SeenPhoto& PhotoFactsCache::at(const fs::path& photo) const {
  const auto found = seen_.find(photo.lexically_normal().string());
  check(found != seen_.end(), ErrorCode::kInternal, photo.string(), " was not looked at");
  return found->second;
}

}  // namespace beholder::train
