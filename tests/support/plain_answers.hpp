// Whether a model says what the pictures of `TinyWorkshop` show.
#pragma once

#include <gtest/gtest.h>

#include "beholder/engine.hpp"
#include "support/tiny_model.hpp"

namespace beholder::tests {

inline std::string answer_of(const Engine& engine, const std::filesystem::path& picture,
                             const char* question) {
  return engine.answer(engine.encode(picture), question).text;
}

inline Engine load(const std::filesystem::path& model, bool int8 = false) {
  EngineOptions options;
  options.threads = 1;
  options.int8 = int8;
  return Engine::load(model, options);
}

inline void expect_all_right(const Engine& engine) {
  for (const auto& plain : plain_pictures()) {
    const auto path = trained_workshop().picture(plain.file);
    EXPECT_EQ(answer_of(engine, path, "what color is it?"), plain.color) << plain.file;
    EXPECT_EQ(answer_of(engine, path, "is it red?"), plain.color == "red" ? "yes" : "no")
        << plain.file;
    const std::string caption = engine.describe(engine.encode(path)).list.at(0).text;
    EXPECT_NE(caption.find(plain.color), std::string::npos) << caption;
  }
}

}  // namespace beholder::tests
