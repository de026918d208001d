#include "train/detector_trainer.hpp"

#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/check.hpp"
#include "eval/evaluate_objects.hpp"
#include "models/native/checkpoint.hpp"
#include "train/detector_data.hpp"
#include "train/detector_loss.hpp"
#include "train/feature_cache.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::train {
namespace {

using vision::ObjectDetector;
namespace fs = std::filesystem;

class DetectorTrainer {
 public:
  DetectorTrainer(const DetectorTrainConfig& config, const TrainControl& control)
      : config_(config),
        control_(control),
        model_(models::native::load_model_config(config.base)),
        processor_(model_.image),
        frozen_(io::SafetensorsFile::open(config.base / "model.safetensors")),
        encoder_(vision::make_vision_encoder(frozen_, "vision_encoder", model_.vision)),
        parameters_({}, {}, config.fit.seed) {
    model_.lexicon = program::world_lexicon(config.names);
    model_.detector = config.detector;
    for (const program::Attribute& attribute : model_.lexicon)
      model_.detector->attribute_sizes.push_back(
          static_cast<std::int64_t>(attribute.values.size()));
    detector_ = std::make_unique<ObjectDetector>(parameters_, models::native::kDetectorName,
                                                 *model_.detector);
    if (config.initial.empty()) {
      c10::NoGradGuard no_grad;  // few cells hold an object: begin with that belief
      at::Tensor bias = parameters_.all().at(concat(models::native::kDetectorName, ".head.bias"));
      bias[0] = -3.5;
    } else {
      begin_with(config.initial);
    }
    const auto read_all = [&](const std::vector<fs::path>& sources) {
      std::vector<DetectorExample> out;
      for (const fs::path& source : sources)
        for (DetectorExample& one : read_detector_examples(
                 fs::is_directory(source) ? source / "scenes.jsonl" : source, model_.lexicon))
          out.push_back(std::move(one));
      return out;
    };
    scenes_ = read_all(config.scenes);
    held_out_ = read_all(config.held_out);
    photos_ = read_all(config.photos);
    check(config.scenes_per_step == 0 || !scenes_.empty(), ErrorCode::kDataFormat,
          "'scenes_per_step' is ", config.scenes_per_step, " and there are no scenes");
    check(config.photos_per_step == 0 || !photos_.empty(), ErrorCode::kDataFormat,
          "'photos_per_step' is ", config.photos_per_step, " and there are no photos");
  }

  void run() {
    FitOptions options = config_.fit;
    options.fingerprint = fingerprint(
        concat(models::native::write_model_config(model_), scenes_.size(), " ", photos_.size()));
    fit(options, parameters_,
        loss_task([this](std::int64_t step) { return loss(step); }, [this] { return validate(); },
                  [this](const auto& average) { save_part(config_.fit.run, model_, average); }),
        control_);
  }

 private:
  void begin_with(const fs::path& model) {
    c10::NoGradGuard no_grad;
    const io::SafetensorsFile file = io::SafetensorsFile::open(model / "model.safetensors");
    nn::StoredParameters stored(file);
    for (const auto& [name, parameter] : parameters_.all()) {
      at::Tensor value = parameter.detach();
      value.copy_(stored.tensor(name, value.sizes(), nn::Init::kZeros));
    }
  }

  at::Tensor loss(std::int64_t step) {
    at::Tensor total;
    const auto add = [&](const std::vector<DetectorExample>& from, std::int64_t count,
                         std::uint64_t salt) {
      if (count == 0) return;
      const at::Tensor one =
          batch_loss(from, count, Random::of_run(config_.fit.seed, 2 * step + salt));
      total = total.defined() ? total + one : one;
    };
    add(scenes_, config_.scenes_per_step, 0);
    add(photos_, config_.photos_per_step, 1);
    return total;
  }

  static void load_disturbed(const DetectorExample& example, Random& random, vision::Image& image,
                             std::vector<ObjectTruth>& objects) {
    objects = example.objects;
    image = vision::load_image(example.image);
    if (example.photo && random.chance(0.7)) crop_at_random(image, objects, random);
    if (random.chance(0.5)) mirror(image, objects);
  }

  at::Tensor batch_loss(const std::vector<DetectorExample>& from, std::int64_t count,
                        Random random) {
    std::vector<std::vector<ObjectTruth>> truths(count);
    std::vector<vision::Image> images(count);
    std::vector<const DetectorExample*> examples(count);
    std::vector<std::uint64_t> seeds(count);
    for (std::int64_t i = 0; i < count; ++i) {
      examples[i] = &random.among(from);
      seeds[i] = random.next();
    }
    // Each picture has a generator of its own, so that threads don't change what is drawn.
    at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        Random own(seeds[i]);
        load_disturbed(*examples[i], own, images[i], truths[i]);
        images[i] = disturbed(std::move(images[i]), own);
      }
    });
    // Pictures of one shape go together; photos have many, and take that of the first.
    std::map<std::array<int, 2>, std::vector<std::int64_t>> groups;
    for (std::int64_t i = 0; i < count; ++i) {
      const vision::Image& shape = images[examples[i]->photo ? 0 : i];
      groups[vision::detector_size(model_.detector->image_size, shape.width, shape.height)]
          .push_back(i);
    }
    at::Tensor total;
    for (const auto& [size, members] : groups) {
      std::vector<vision::Image> some;
      std::vector<std::vector<ObjectTruth>> theirs;
      for (const std::int64_t i : members) {
        some.push_back(std::move(images[i]));
        theirs.push_back(std::move(truths[i]));
      }
      const at::Tensor loss = group_loss(some, theirs, size[0], size[1]) *
                              (static_cast<double>(members.size()) / static_cast<double>(count));
      total = total.defined() ? total + loss : loss;
    }
    return total;
  }

  at::Tensor group_loss(const std::vector<vision::Image>& images,
                        const std::vector<std::vector<ObjectTruth>>& truths, int width,
                        int height) {
    const auto count = static_cast<std::int64_t>(images.size());
    at::Tensor pixels = at::empty({count, 3, height, width});
    float* const values = pixels.data_ptr<float>();
    const std::int64_t picture = pixels.stride(0);
    at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        processor_.process(images[i], width, height, values + i * picture);
    });
    vision::PyramidFeatures features;
    {
      c10::NoGradGuard no_grad;
      features = encoder_->pyramid(pixels);
    }
    return detector_loss(detector_->forward(features),
                         detector_targets(truths, width, height, model_.lexicon.size()),
                         model_.detector->attribute_sizes);
  }

  std::string validate() {
    eval::Detected score;  // objects whose centre is found and whose attributes are all right
    std::vector<std::int64_t> wrong(model_.lexicon.size(), 0);
    std::int64_t centres = 0;
    for (const DetectorExample& example : held_out_) {
      const vision::Image image = vision::load_image(example.image);
      const auto [width, height] =
          vision::detector_size(model_.detector->image_size, image.width, image.height);
      at::Tensor pixels = at::empty({1, 3, height, width});
      processor_.process(image, width, height, pixels.data_ptr<float>());
      const auto found = detector_->read(detector_->forward(encoder_->pyramid(pixels))[0],
                                         model_.detector->min_confidence, 100);
      score.found += found.size();
      score.there += example.objects.size();
      std::vector<bool> used(found.size(), false);
      for (const ObjectTruth& object : example.objects) {
        double best = 8;
        std::size_t which = found.size();
        for (std::size_t i = 0; i < found.size(); ++i) {
          const double apart =
              std::hypot((found[i].x - object.x) * static_cast<float>(image.width),
                         (found[i].y - object.y) * static_cast<float>(image.height));
          if (!used[i] && apart <= best) {
            best = apart;
            which = i;
          }
        }
        if (which == found.size()) continue;
        used[which] = true;
        ++centres;
        bool right = true;
        for (std::size_t a = 0; a < model_.lexicon.size(); ++a) {
          const auto& p = found[which].attributes[a];
          const auto value = static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin());
          if (object.attributes[a] < 0 || object.attributes[a] == value) continue;
          right = false;
          ++wrong[a];
        }
        score.right += right ? 1 : 0;
      }
    }
    std::string out = concat("F1 ", score.f1(), ", ", centres, " of ", score.there, " centres, ",
                             score.found, " found; wrong:");
    for (std::size_t a = 0; a < wrong.size(); ++a)
      out += concat(" ", model_.lexicon[a].name, " ", wrong[a]);
    return out;
  }

  DetectorTrainConfig config_;
  TrainControl control_;
  models::native::ModelConfig model_;
  vision::ImageProcessor processor_;
  nn::StoredParameters frozen_;
  std::unique_ptr<vision::VisionEncoder> encoder_;
  nn::TrainableParameters parameters_;
  std::unique_ptr<ObjectDetector> detector_;
  std::vector<DetectorExample> scenes_, held_out_, photos_;
};

}  // namespace

DetectorTrainConfig load_detector_train_config(const fs::path& path) {
  const io::Config in = io::Config::load(path, ErrorCode::kDataFormat);
  DetectorTrainConfig out;
  in.string("kind", {"detector"});
  out.base = in.string("base");
  out.initial = in.string_or("initial", "");
  out.scenes = read_paths(in, "scenes");
  out.held_out = read_paths(in, "held_out");
  out.photos = read_paths(in, "photos");
  out.names = in.strings_or("names", {});
  out.scenes_per_step = in.integer_or("scenes_per_step", out.scenes_per_step, 0, 4096);
  out.photos_per_step = in.integer_or("photos_per_step", out.photos_per_step, 0, 4096);
  if (out.scenes_per_step + out.photos_per_step == 0)
    in.fail_at("scenes_per_step", "above 0, or 'photos_per_step' above 0");
  out.threads = in.integer_or("threads", 0, 0, 1024);
  out.detector.width = in.integer_or("width", out.detector.width, 1, 4096);
  out.detector.image_size = in.integer_or("image_size", out.detector.image_size, 32, 4096);
  if (out.detector.image_size % 32 != 0) in.fail_at("image_size", "a multiple of 32");
  out.fit = read_fit_options(in);
  in.check_all_used();
  return out;
}

void train_detector(const DetectorTrainConfig& config, const TrainControl& control) {
  use_threads(config.threads);
  DetectorTrainer(config, control).run();
}

}  // namespace beholder::train
