#include "train/detector_data.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/check.hpp"
#include "data/object_rows.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::train {
namespace fs = std::filesystem;

namespace {

int place_of(const program::Attribute& attribute, const std::string& value) {
  const auto found = std::find(attribute.values.begin(), attribute.values.end(), value);
  return found == attribute.values.end() ? -1 : static_cast<int>(found - attribute.values.begin());
}

/// Width and height: as the row says, or as its file has it. @param known of the rows before; all
/// scenes of a folder have one size
std::array<double, 2> size_of(const data::PictureObjects& row,
                              std::optional<std::array<double, 2>>& known) {
  if (row.size) return *row.size;
  if (!known) {
    const vision::Image image = vision::load_image(row.image);
    known = {static_cast<double>(image.width), static_cast<double>(image.height)};
  }
  return *known;
}

}  // namespace

std::vector<DetectorExample> read_detector_examples(const fs::path& file,
                                                    const program::Lexicon& lexicon) {
  std::vector<DetectorExample> out;
  std::optional<std::array<double, 2>> known;
  for (const data::PictureObjects& row : data::read_objects_jsonl(file)) {
    DetectorExample example;
    example.image = row.image;
    example.photo = row.size.has_value();
    const auto [width, height] = size_of(row, known);
    for (const data::ObjectRow& object : row.objects) {
      ObjectTruth truth;
      for (const program::Attribute& attribute : lexicon) {
        const auto value = object.attributes.find(attribute.name);
        truth.attributes.push_back(
            value == object.attributes.end() ? -1 : place_of(attribute, value->second));
      }
      if (truth.attributes.front() < 0 || !object.box) continue;
      for (int i = 0; i < 4; ++i)
        truth.box[i] = static_cast<float>((*object.box)[i] / (i % 2 == 0 ? width : height));
      truth.x = object.center ? static_cast<float>((*object.center)[0] / width)
                              : (truth.box[0] + truth.box[2]) / 2;
      truth.y = object.center ? static_cast<float>((*object.center)[1] / height)
                              : (truth.box[1] + truth.box[3]) / 2;
      if (object.ground)
        truth.ground = {static_cast<float>((*object.ground)[0]),
                        static_cast<float>((*object.ground)[1])};
      example.objects.push_back(std::move(truth));
    }
    out.push_back(std::move(example));
  }
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
  if (random.chance(0.25)) cv::GaussianBlur(light, light, {0, 0}, random.between(0.3, 0.9));
  if (random.chance(0.5)) {
    const float noise = static_cast<float>(random.between(0, 0.025));
    auto* values = light.ptr<float>();
    for (std::size_t i = 0; i < light.total() * 3; ++i)
      values[i] +=
          noise * 2 * static_cast<float>(random.unit() + random.unit() + random.unit() - 1.5);
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
      object.box[i] =
          i % 2 == 0 ? moved(object.box[i], w, left, width) : moved(object.box[i], h, top, height);
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
