#include "models/native/description_check.hpp"

#include <gtest/gtest.h>

namespace beholder::models::native {
namespace {

Description said(const std::vector<std::string>& words) {
  Description out;
  for (const std::string& word : words) out.words.push_back({word, 0.6});
  out.confidence = 0.6;
  return out;
}

Object object(const char* name, double confidence) {
  Object out;
  out.name = name;
  out.confidence = confidence;
  return out;
}

const std::vector<std::string> kNames = {"person", "dog", "dining table"};

TEST(DescriptionCheck, WhatIsNotSeenIsDoubted) {
  Description one = said({"man", "running"});
  hold_against(kNames, {}, one);
  EXPECT_LT(one.words[0].probability, 0.25);
  EXPECT_EQ(one.words[1].probability, 0.6) << "the detector knows no running";
  EXPECT_NEAR(one.confidence, (one.words[0].probability + 0.6) / 2, 1e-9);
}

TEST(DescriptionCheck, WhatIsSeenIsNot) {
  Description one = said({"people", "table", "tree"});
  hold_against(kNames, {object("person", 0.98), object("dining table", 0.3)}, one);
  EXPECT_GT(one.words[0].probability, 0.7);
  EXPECT_LT(one.words[1].probability, one.words[0].probability);
  EXPECT_EQ(one.words[2].probability, 0.6) << "no name of the detector's";
}

}  // namespace
}  // namespace beholder::models::native
