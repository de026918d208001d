#include "train/detector_data.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/check.hpp"
#include "data/json_lines.hpp"
#include "vision/image_processor.hpp"
#include "vision/image_decoder.hpp"

namespace beholder::train {
namespace fs = std::filesystem;

namespace {

int place_of(const program::Attribute& attribute, const std::string& value) {
  const auto found = std::find(attribute.values.begin(), attribute.values.end(), value);
  return found == attribute.values.end() ? -1 : static_cast<int>(found - attribute.values.begin());
}

/// The size in a PNG's header, which is cheaper to read than the picture.
std::array<float, 2> size_of(const fs::path& path) {
  const vision::Image image = vision::load_image(path);
  return {static_cast<float>(image.width), static_cast<float>(image.height)};
}

}  // namespace

std::vector<DetectorExample> read_scene_folder(const fs::path& folder,
                                               const program::Lexicon& lexicon) {
  std::vector<DetectorExample> out;
  std::array<float, 2> size{};  // all pictures of a folder have the same
  data::for_each_json_line(
      folder / "scenes.jsonl", [&](const nlohmann::json& row, const data::RowPlace& place) {
        DetectorExample example;
        example.image =
            folder / data::required_string(row, "image", place, R"({"image", "objects"})");
        if (out.empty()) size = size_of(example.image);
        try {
          for (const auto& object : row.at("objects")) {
            ObjectTruth truth;
            const auto& at = object.at("pixel_coords");
            truth.x = at.at(0).get<float>() / size[0];
            truth.y = at.at(1).get<float>() / size[1];
            const auto box = object.at("box").get<std::array<float, 4>>();
            for (int i = 0; i < 4; ++i) truth.box[i] = box[i] / size[i % 2];
            if (object.contains("3d_coords") && row.contains("directions")) {
              const auto where = object.at("3d_coords").get<std::array<float, 3>>();
              const auto along = [&](const char* direction) {
                const auto axis = row.at("directions").at(direction).get<std::array<float, 3>>();
                return where[0] * axis[0] + where[1] * axis[1];
              };
              truth.ground = {along("right"), along("behind")};
            }
            for (const program::Attribute& attribute : lexicon)
              truth.attributes.push_back(
                  object.contains(attribute.name)
                      ? place_of(attribute, object.at(attribute.name).get<std::string>())
                      : -1);
            example.objects.push_back(std::move(truth));
          }
        } catch (const nlohmann::json::exception& error) {
          fail(ErrorCode::kDataFormat, place.str(), ": ", error.what());
        }
        out.push_back(std::move(example));
        return true;
      });
  return out;
}

std::vector<DetectorExample> read_photo_boxes(const fs::path& file,
                                              const program::Lexicon& lexicon) {
  std::vector<DetectorExample> out;
  const char* form =
      R"({"image", "width", "height", "objects": [{"name", "box": [left, top, right, bottom]}]})";
  data::for_each_json_line(file, [&](const nlohmann::json& row, const data::RowPlace& place) {
    DetectorExample example;
    example.photo = true;
    const fs::path image = data::required_string(row, "image", place, form);
    example.image = image.is_absolute() ? image : file.parent_path() / image;
    try {
      const auto width = row.at("width").get<float>(), height = row.at("height").get<float>();
      check(width > 0 && height > 0, ErrorCode::kDataFormat, place.str(), ": a size of ", width,
            " x ", height);
      for (const auto& object : row.at("objects")) {
        const int name = place_of(lexicon.front(), object.at("name").get<std::string>());
        if (name < 0) continue;
        const auto box = object.at("box").get<std::array<float, 4>>();
        ObjectTruth truth;
        truth.box = {box[0] / width, box[1] / height, box[2] / width, box[3] / height};
        truth.x = (truth.box[0] + truth.box[2]) / 2;
        truth.y = (truth.box[1] + truth.box[3]) / 2;
        truth.attributes.assign(lexicon.size(), -1);
        truth.attributes[0] = name;
        example.objects.push_back(std::move(truth));
      }
    } catch (const nlohmann::json::exception& error) {
      fail(ErrorCode::kDataFormat, place.str(), ": ", error.what(), "; a row is ", form);
    }
    out.push_back(std::move(example));
    return true;
  });
  return out;
}

vision::Image disturbed(vision::Image image, Random& random) {
  cv::Mat bytes(image.height, image.width, CV_8UC3, image.rgb.data());
  cv::Mat light;
  bytes.convertTo(light, CV_32FC3, 1.0 / 255);
  const cv::Scalar mean = cv::mean(light);
  const double contrast = random.between(0.75, 1.25), brightness = random.between(0.75, 1.25);
  cv::Scalar gain, shift;
  const double lift = random.between(-0.05, 0.05);
  for (int c = 0; c < 3; ++c) {
    gain[c] = contrast * brightness * random.between(0.94, 1.06);
    shift[c] = mean[c] * brightness * (1 - contrast) + lift;
  }
  cv::multiply(light, gain, light);
  cv::add(light, shift, light);
  if (random.chance(0.25))
    cv::GaussianBlur(light, light, {0, 0}, random.between(0.3, 0.9));
  if (random.chance(0.5)) {
    const float noise = static_cast<float>(random.between(0, 0.025));
    auto* values = light.ptr<float>();
    for (std::size_t i = 0; i < light.total() * 3; ++i)
      values[i] += noise * 2 * static_cast<float>(random.unit() + random.unit() + random.unit() - 1.5);
  }
  light.convertTo(bytes, CV_8UC3, 255);
  if (random.chance(0.25)) {
    std::vector<unsigned char> file;
    cv::imencode(".jpg", bytes, file,
                 {cv::IMWRITE_JPEG_QUALITY, 45 + static_cast<int>(random.below(50))});
    cv::imdecode(file, cv::IMREAD_COLOR).copyTo(bytes);
  }
  return image;
}

void crop_at_random(vision::Image& image, std::vector<ObjectTruth>& objects, Random& random) {
  const double share = random.between(0.55, 1);
  const int width = std::max(1, static_cast<int>(image.width * share));
  const int height = std::max(1, static_cast<int>(image.height * share * random.between(0.9, 1.0)));
  const int left = static_cast<int>(random.below(image.width - width + 1));
  const int top = static_cast<int>(random.below(image.height - height + 1));
  const auto w = static_cast<float>(image.width), h = static_cast<float>(image.height);
  image = vision::crop_image(image, left, top, width, height);
  std::vector<ObjectTruth> kept;
  for (ObjectTruth object : objects) {
    const auto moved = [](float at, float all, int from, int size) {
      return (at * all - static_cast<float>(from)) / static_cast<float>(size);
    };
    const float area = (object.box[2] - object.box[0]) * w * (object.box[3] - object.box[1]) * h;
    for (int i = 0; i < 4; ++i) {
      object.box[i] = i % 2 == 0 ? moved(object.box[i], w, left, width)
                                 : moved(object.box[i], h, top, height);
      object.box[i] = std::clamp(object.box[i], 0.0f, 1.0f);
    }
    const float rest = (object.box[2] - object.box[0]) * static_cast<float>(width) *
                       (object.box[3] - object.box[1]) * static_cast<float>(height);
    if (rest < 0.4f * area) continue;
    object.x = (object.box[0] + object.box[2]) / 2;
    object.y = (object.box[1] + object.box[3]) / 2;
    kept.push_back(std::move(object));
  }
  objects = std::move(kept);
}

void mirror(vision::Image& image, std::vector<ObjectTruth>& objects) {
  cv::Mat bytes(image.height, image.width, CV_8UC3, image.rgb.data());
  cv::flip(bytes, bytes, 1);
  for (ObjectTruth& object : objects) {
    object.x = 1 - object.x;
    object.box = {1 - object.box[2], object.box[1], 1 - object.box[0], object.box[3]};
    if (object.ground) (*object.ground)[0] = -(*object.ground)[0];
  }
}

}  // namespace beholder::train
