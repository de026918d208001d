// The bundled model, loaded once for a test program, and an engine over that same model.
#pragma once

#include <memory>
#include <string>

#include "beholder/engine.hpp"
#include "engine/engine_impl.hpp"
#include "models/native/native_model.hpp"

namespace beholder {

inline const models::native::NativeModel& bundled_model() {
  static const auto loaded = models::native::load_native(
      std::string(BEHOLDER_SOURCE_DIR) + "/models/beholder", "be tested");
  return *loaded;
}

inline const Engine& bundled() {
  static const Engine engine = engine::engine_over(
      std::shared_ptr<const models::Model>(&bundled_model(), [](const auto*) {}));
  return engine;
}

}  // namespace beholder
