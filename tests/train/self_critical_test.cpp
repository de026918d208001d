#include "train/self_critical.hpp"

#include <gtest/gtest.h>

#include "support/tiny_model.hpp"

namespace beholder::train {
namespace {

TEST(CaptionReward, PrefersWholeCaptions) {
  const CaptionReward reward({{"a man in a red hat"}, {}, {"two dogs run", "dogs run"}});
  EXPECT_GT(reward.score(0, "a man in a red hat", true),
            reward.score(0, "a man in a red hat", false));
  EXPECT_GT(reward.score(0, "a man in a red hat", true), reward.score(0, "a man in a", true));
  EXPECT_EQ(reward.score(0, "zebra", true), reward.score(0, "", true));
  EXPECT_EQ(reward.score(1, "a man in a red hat", true), 0) << "no captions to judge by";
  EXPECT_GT(reward.score(2, "two dogs run", true), 1);
}

// The second stage teaches by reward alone; it must raise it and keep the captions right.
TEST(SelfCritical, RaisesTheReward) {
  tests::TinyWorkshop workshop(60);
  workshop.train_file()["stages"].push_back({{"steps", 100},
                                             {"learning_rate", 3e-3},
                                             {"warmup_steps", 5},
                                             {"self_critical_samples", 6},
                                             {"weights", {{"colors", 1}}}});
  std::vector<double> rewards;
  TrainControl control;
  control.report = [&](const TrainReport& report) {
    if (report.phase == "train") rewards.push_back(report.caption_reward);
  };
  train(workshop.config(), control);
  // Reports after 50, 100, 150 and 160 steps; the first holds no sample.
  ASSERT_EQ(rewards.size(), 4u);
  EXPECT_EQ(rewards[0], 0);
  EXPECT_GT(rewards[1], 0);
  EXPECT_GT(rewards[2], rewards[1] + 0.1);
}

}  // namespace
}  // namespace beholder::train
