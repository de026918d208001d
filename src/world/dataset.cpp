#include "world/dataset.hpp"

#include <atomic>
#include <cstdio>
#include <exception>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/check.hpp"
#include "core/file.hpp"
#include "program/trace.hpp"
#include "vision/intake/image_writer.hpp"
#include "world/captions.hpp"
#include "world/flat_scene.hpp"
#include "world/questions.hpp"
#include "world/sampler.hpp"

namespace beholder::world {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

Json point(const Vec3& v) { return {v.x, v.y, v.z}; }

Json seen(const Visible& one) {
  return {{"box", {one.left, one.top, one.right, one.bottom}}, {"pixels", one.pixels}};
}

/// For each direction and each object the numbers of the objects that lie there.
Json relationships(const program::World& world, const Language& language) {
  Json out = Json::object();
  for (const std::string& direction : language.directions) {
    Json lists = Json::array();
    for (std::size_t from = 0; from < world.things.size(); ++from) {
      Json list = Json::array();
      for (std::size_t i = 0; i < world.things.size(); ++i)
        if (i != from &&
            program::lies(world.things[i], direction, world.things[from], world.margin))
          list.push_back(i);
      lists.push_back(std::move(list));
    }
    out[direction] = std::move(lists);
  }
  return out;
}

/// One scene drawn, before anything is asked about it.
struct Drawn {
  Json row;  ///< of scenes.jsonl
  vision::Image image;
  program::World world;
};

Drawn draw(const Scene& scene, bool pictures) {
  Drawn out;
  Rendering rendering;
  if (pictures) rendering = render(scene);
  out.world = world_of(scene);
  Json objects = Json::array();
  for (std::size_t i = 0; i < scene.objects.size(); ++i) {
    const SceneObject& object = scene.objects[i];
    Json row = {{"shape", shape_name(object.shape)},
                {"size", object.size},
                {"color", object.color},
                {"material", material_name(object.material)},
                {"3d_coords", point(object.centre)},
                {"rotation", object.rotation},
                {"pixel_coords", point(scene.camera.project(object.centre))}};
    if (pictures) row.update(seen(rendering.visible[i]));
    objects.push_back(std::move(row));
  }
  const Vec3 right = scene.right(), behind = scene.behind();
  out.row = {{"width", scene.camera.width},
             {"height", scene.camera.height},
             {"objects", std::move(objects)},
             {"directions",
              {{"right", point(right)},
               {"left", point(right * -1)},
               {"behind", point(behind)},
               {"front", point(behind * -1)}}}};
  out.image = std::move(rendering.image);
  return out;
}

Drawn draw(const FlatScene& scene) {
  Drawn out;
  Rendering rendering = render(scene);
  out.world = world_of(scene);
  Json objects = Json::array();
  for (std::size_t i = 0; i < scene.objects.size(); ++i) {
    const FlatObject& object = scene.objects[i];
    Json row = {{"shape", flat_shape_name(object.shape)},
                {"size", object.size},
                {"color", object.color},
                {"rotation", object.rotation},
                {"pixel_coords", {object.x, object.y}}};
    row.update(seen(rendering.visible[i]));
    if (!scene.boxes.empty()) {
      row["in_box"] = out.world.things[i].box;
      row["walls"] = out.world.things[i].walls;
    }
    objects.push_back(std::move(row));
  }
  out.row = {{"width", scene.width}, {"height", scene.height}, {"objects", std::move(objects)}};
  for (const FlatBox& box : scene.boxes)
    out.row["boxes"].push_back({box.left, 0, box.right, scene.height});
  out.image = std::move(rendering.image);
  return out;
}

Drawn draw(const DatasetOptions& options, std::uint64_t seed) {
  if (options.style == "flat") {
    FlatStyle style;
    style.width = options.width;
    style.height = options.height;
    return draw(sample_flat_scene(style, seed));
  }
  if (options.style == "boxes") return draw(sample_boxes_scene(options.height, seed));
  SceneStyle style = options.style == "open" ? open_style() : clevr_style();
  style.width = options.width;
  style.height = options.height;
  return draw(sample_scene(style, seed), options.pictures);
}

Json trace_json(const program::Program& program, const program::World& world) {
  Json out = Json::array();
  for (const auto& step : program::trace_of(program, program::execute(program, world)))
    out.push_back({{"operation", step.operation},
                   {"text", step.text},
                   {"objects", step.objects},
                   {"value", step.value}});
  return out;
}

void check_options(const DatasetOptions& options) {
  check(options.style == "clevr" || options.style == "open" || options.style == "flat" ||
            options.style == "boxes",
        ErrorCode::kUsage, "no world is called '", options.style,
        "'; choose clevr, open, flat or boxes");
  check(options.style != "boxes" || options.width == 4 * options.height, ErrorCode::kUsage,
        "a picture of boxes is four times as wide as high, not ", options.width, " x ",
        options.height, "; give for example --width 400 --height 100");
  check(options.scenes >= 1 && options.scenes <= 10'000'000, ErrorCode::kUsage, options.scenes,
        " scenes; give 1 to 10,000,000");
  check(options.width >= 64 && options.height >= 48 && options.width <= 4096 &&
            options.height <= 4096,
        ErrorCode::kUsage, options.width, " x ", options.height,
        " pixels; give 64 x 48 to 4096 x 4096");
}

/// Removes a half-written folder unless it was kept.
struct Cleaner {
  fs::path path;
  ~Cleaner() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
};

/// The files of rows; scenes come in order, for the balance of answers depends on it.
class RowWriter {
 public:
  RowWriter(const DatasetOptions& options, const fs::path& folder)
      : options_(options),
        folder_(folder),
        language_(options.style == "flat"    ? flat_language()
                  : options.style == "boxes" ? boxes_language()
                                             : ground_language()),
        questioner_(language_, options.seed ^ 0x9e5),
        scenes_(folder / "scenes.jsonl"),
        questions_(folder / "questions.jsonl"),
        captions_(folder / "captions.jsonl") {}

  /// @return scenes written so far
  std::size_t write(const std::string& image, const Drawn& drawn) {
    const std::uint64_t seed = options_.seed + summary_.scenes;
    Json row = {{"image", image}, {"index", summary_.scenes}};
    row.update(drawn.row);
    row["relationships"] = relationships(drawn.world, language_);
    row["references"] = Json::array();
    for (const Reference& reference : references(drawn.world, language_, seed))
      row["references"].push_back({{"object", reference.object}, {"text", reference.text}});
    scenes_ << row.dump() << '\n';
    for (const Question& question : questioner_.ask(drawn.world, options_.questions)) {
      const Json asked = {{"image", image},
                          {"question", question.text},
                          {"answer", question.answer},
                          {"type", question.family},
                          {"program", program::program_to_json(question.program)},
                          {"trace", trace_json(question.program, drawn.world)}};
      questions_ << asked.dump() << '\n';
      ++summary_.questions;
    }
    const Json said = {{"image", image}, {"captions", captions(drawn.world, language_, seed, 5)}};
    captions_ << said.dump() << '\n';
    summary_.objects += drawn.world.things.size();
    return ++summary_.scenes;
  }

  DatasetSummary finish() {
    for (std::ofstream* file : {&scenes_, &questions_, &captions_}) {
      file->close();
      check(static_cast<bool>(*file), ErrorCode::kFileAccess, folder_.string(),
            ": writing failed; is the disk full?");
    }
    return summary_;
  }

 private:
  const DatasetOptions& options_;
  const fs::path& folder_;
  const Language language_;
  Questioner questioner_;
  std::ofstream scenes_, questions_, captions_;
  DatasetSummary summary_;
};

/// Draws the scenes by several threads and hands each on in its turn, by one thread at a time.
void draw_in_order(const DatasetOptions& options, const fs::path& folder,
                   const std::function<bool()>& stop,
                   const std::function<void(const std::string& image, const Drawn& drawn)>& take) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;  // guards all below
  std::map<std::size_t, std::pair<std::string, Drawn>> waiting;
  std::size_t taken = 0;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < options.scenes; i = next++) {
        if (stop()) fail(ErrorCode::kCancelled, "stopped; nothing was kept");
        char name[48];
        std::snprintf(name, sizeof name, "images/scene_%07zu.png", i);
        Drawn drawn = draw(options, Random(options.seed * 0x2545F4914F6CDD1DULL + i).next());
        if (options.pictures) vision::write_png(folder / name, drawn.image);
        drawn.image = {};
        const std::lock_guard<std::mutex> lock(mutex);
        if (failure) return;
        waiting.emplace(i, std::pair{name, std::move(drawn)});
        for (auto first = waiting.begin(); first != waiting.end() && first->first == taken;
             first = waiting.erase(first), ++taken)
          take(first->second.first, first->second.second);
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex);
      if (!failure) failure = std::current_exception();
      next = options.scenes;
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t t = 1; t < options.threads; ++t) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

DatasetSummary render_dataset(const DatasetOptions& options, const fs::path& folder,
                              const std::function<bool()>& stop,
                              const std::function<void(std::size_t)>& progress) {
  check_options(options);
  check(!fs::exists(folder), ErrorCode::kUsage, folder.string(),
        ": is there already; name a new folder, or remove it first");
  const fs::path work = temporary_sibling(folder);
  std::error_code ec;
  fs::create_directories(options.pictures ? work / "images" : work, ec);
  check(!ec, ErrorCode::kFileAccess, work.string(), ": cannot be made: ", ec.message());
  Cleaner cleaner{work};
  RowWriter rows(options, work);
  draw_in_order(options, work, stop, [&](const std::string& image, const Drawn& drawn) {
    progress(rows.write(image, drawn));
  });
  const DatasetSummary summary = rows.finish();
  fs::rename(work, folder, ec);
  check(!ec, ErrorCode::kFileAccess, folder.string(), ": cannot be made: ", ec.message());
  cleaner.path.clear();
  return summary;
}

}  // namespace beholder::world
