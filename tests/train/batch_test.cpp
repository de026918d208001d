#include "train/batch.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/tiny_model.hpp"
#include "text/mirror_words.hpp"
#include "text/wordpiece_tokenizer.hpp"

namespace beholder::train {
namespace {

using tests::TinyWorkshop;

/// A sampler over one made-up picture, and what it needs to live.
class BatchSamplerTest : public ::testing::Test {
 protected:
  BatchSamplerTest() {
    set_.config.name = "made up";
    set_.config.questions = {"somewhere.jsonl"};
    set_.config.pictures_per_step = 1;
    set_.config.questions_per_picture = 2;
    set_.config.views = 4;
    set_.config.crop_share = 0.5;
    set_.pictures = {{"a.png",
                      {"the dog is red"},
                      {{"is the dog there?", {{"left", 1}}}, {"what is it?", {{"dog", 1}}}}}};
  }
  BatchSampler sampler() {
    const TrainConfig config = workshop_.config();
    nn::TrainableParameters parameters({}, {}, 1);
    const models::native::Networks networks(parameters, config.model);
    const auto tokenizer = text::WordPieceTokenizer::load(config.tokenizer);
    vocabulary_ = std::make_unique<text::OutputVocabulary>(text::OutputVocabulary::build(
        tokenizer, {{"the dog is red", 1}, {"left", 1}, {"right", 1}}, 1));
    std::set<std::string> words;
    for (const Question& question : set_.pictures[0].questions) {
      words.insert(question.text);
      words.insert(text::mirror_words(question.text));
    }
    questions_ = QuestionCache::build(workshop_.root() / "cache", {words.begin(), words.end()},
                                      networks, tokenizer, 16, "w", {});
    return BatchSampler(set_, tokenizer, *vocabulary_, questions_, 8, 5);
  }
  TinyWorkshop workshop_{2};
  TrainingSet set_;
  QuestionCache questions_;
  std::unique_ptr<text::OutputVocabulary> vocabulary_;
};

TEST_F(BatchSamplerTest, MirroredViewsExchangeSides) {
  // "left" and "right" are whole words of this tokenizer.
  tests::write_text(workshop_.root() / "start/vocab.txt",
                    tests::read_text(workshop_.root() / "start/vocab.txt") + "left\nright\n");
  workshop_.model()["text"]["vocab_size"] = 22;
  const BatchSampler sampler = this->sampler();
  const std::int64_t left = vocabulary_->id("left"), right = vocabulary_->id("right");
  ASSERT_NE(left, right);
  std::set<std::int64_t> views;
  for (std::int64_t n = 0; n < 40; ++n) {
    const Batch batch = sampler.draw(n);
    ASSERT_EQ(batch.views.size(), 1u);
    views.insert(batch.views[0]);
    const at::Tensor targets = batch.sequences.back().targets;
    const bool mirrored = mirrored_view(batch.views[0]);
    EXPECT_TRUE(targets.eq(mirrored ? right : left).any().item<bool>());
    EXPECT_FALSE(targets.eq(mirrored ? left : right).any().item<bool>());
  }
  EXPECT_EQ(views, (std::set<std::int64_t>{0, 1, 2, 3}));
}

TEST_F(BatchSamplerTest, ADrawDependsOnItsNumberAlone) {
  const BatchSampler sampler = this->sampler();
  const Batch first = sampler.draw(3);
  sampler.draw(4);
  const Batch again = sampler.draw(3);
  EXPECT_EQ(first.views, again.views);
  EXPECT_TRUE(first.sequences[0].targets.equal(again.sequences[0].targets));
}

}  // namespace
}  // namespace beholder::train
