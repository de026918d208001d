#include <map>

#include "engine/engine_impl.hpp"
#include "eval/calibrate_grounds.hpp"
#include "eval/rows.hpp"
#include "models/native/native_model.hpp"

namespace beholder::eval {

GroundFigures evaluate_grounds(const std::filesystem::path& folder, const EngineOptions& options,
                               const std::filesystem::path& path, std::int64_t limit,
                               const std::function<bool(std::size_t, std::size_t)>& progress) {
  const auto model = models::native::load_native(folder, "tell photos from scenes", options);
  const Engine engine = engine::engine_over(model, options);
  check(engine.can(Skill::kObjects), ErrorCode::kUnsupported,
        "this model has no detector and takes every picture for a photo; there is nothing to "
        "measure");
  std::vector<data::GroundRow> rows = data::read_grounds_jsonl(path);
  cut(rows, limit);
  GroundFigures out;
  std::map<std::string, GroundFigures::Row> kinds;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    tell(progress, i, rows.size());
    try {
      const Picture picture = engine.encode(rows[i].image);
      const models::native::NativePicture& seen = model->own_picture(*picture.encoded());
      const bool scene = model->shows_scene(&seen), neither = model->off_ground(&seen);
      const auto add = [&](GroundFigures::Row& row) {
        ++row.pictures;
        row.scenes += scene ? 1 : 0;
        row.neither += neither ? 1 : 0;
      };
      add(out.by_ground[rows[i].ground]);
      if (!rows[i].kind.empty()) add(kinds[rows[i].kind]);
    } catch (const Error& error) {
      out.unreadable.emplace_back(error.what());
    }
  }
  out.by_kind.assign(kinds.begin(), kinds.end());
  return out;
}

}  // namespace beholder::eval
