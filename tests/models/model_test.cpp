// What holds for every family.
#include "models/model.hpp"

#include <gtest/gtest.h>

#include "beholder/engine.hpp"
#include "models/registry.hpp"
#include "support/tiny_model.hpp"

namespace beholder::models {
namespace {

using tests::error_of;
using tests::trained_workshop;

const std::string kBlip = std::string(BEHOLDER_SOURCE_DIR) + "/tests/golden/blip/";

TEST(Model, RefusesAPictureThatAnotherMade) {
  const Engine one = Engine::load(trained_workshop().trained());
  const Engine two = Engine::load(trained_workshop().trained());
  const Engine published = Engine::load(kBlip + "vqa");
  const std::vector<std::uint8_t> grey(3 * 32 * 32, 128);
  const Picture picture = one.encode_rgb(grey.data(), 32, 32);
  EXPECT_NO_THROW(one.answer(picture, "what color is it?"));
  for (const Engine* other : {&two, &published}) {
    const Error error = error_of([&] { other->answer(picture, "what color is it?"); });
    EXPECT_EQ(error.code(), ErrorCode::kUsage) << error.what();
    EXPECT_NE(std::string(error.what()).find("another engine"), std::string::npos);
  }
}

TEST(Model, WhatAFamilyCannotDoIsSaid) {
  const EngineOptions options;
  const auto matcher = family_of(kBlip + "itm").load(kBlip + "itm", options);
  EXPECT_EQ(matcher->info().skills, std::vector<Skill>{Skill::kMatch});
  const auto code = [&](auto ask) { return error_of(ask).code(); };
  EXPECT_EQ(code([&] { matcher->answer({{nullptr, "why?"}}, {}); }), ErrorCode::kUnsupported);
  EXPECT_EQ(code([&] { matcher->describe({}, {}); }), ErrorCode::kUnsupported);
  EXPECT_EQ(code([&] { matcher->explain({nullptr, "why?"}, {}); }), ErrorCode::kUnsupported);
  EXPECT_EQ(code([&] { matcher->score({nullptr, "why?"}, "so"); }), ErrorCode::kUnsupported);
}

TEST(Registry, TellsFamiliesByTheirConfiguration) {
  EXPECT_TRUE(family_of(kBlip + "vqa").published);
  EXPECT_FALSE(family_of(trained_workshop().trained()).published);
}

}  // namespace
}  // namespace beholder::models
