// beholder.h: answers, scores and embeddings.
#include <algorithm>

#include "capi/edge.hpp"
#include "capi/handles.hpp"

using beholder::Answer;
using beholder::AnswerOptions;
using beholder::ErrorCode;
using beholder::Picture;
using beholder::capi::check_given;
using beholder::capi::guarded;

namespace beholder::capi {
namespace {

const Answer* at(const beholder_answers* answers, size_t i) {
  return answers != nullptr && i < answers->list.size() ? &answers->list[i] : nullptr;
}

const ScoredAnswer* at(const beholder_answers* answers, size_t i, size_t k) {
  const Answer* answer = at(answers, i);
  return answer != nullptr && k < answer->top_k.size() ? &answer->top_k[k] : nullptr;
}

void give_vector(const std::vector<float>& found, float* vector, size_t capacity, size_t* size) {
  *size = found.size();
  if (capacity == 0) return;
  check_given(vector, "vector");
  check(capacity >= found.size(), ErrorCode::kUsage, "the vector has ", found.size(),
        " floats and there is room for ", capacity, "; ask with capacity 0 for the size");
  std::copy(found.begin(), found.end(), vector);
}

}  // namespace

AnswerOptions answer_options(const beholder_answer_options* given) {
  const beholder_answer_options read = read_options(given, beholder_answer_options_default());
  AnswerOptions out;
  out.top_k = read.top_k;
  out.num_beams = read.num_beams;
  out.min_confidence = read.min_confidence;
  if (read.choice_count > 0) check_given(read.choices, "choices");
  for (size_t i = 0; i < read.choice_count; ++i) {
    check_given(read.choices[i], "a choice");
    out.choices.emplace_back(read.choices[i]);
  }
  out.cancel = flag(read.cancel);
  return out;
}

}  // namespace beholder::capi

beholder_answer_options beholder_answer_options_default(void) {
  const beholder::AnswerOptions defaults;
  return {sizeof(beholder_answer_options),
          defaults.top_k,
          defaults.num_beams,
          defaults.min_confidence,
          nullptr,
          0,
          nullptr};
}

beholder_code beholder_answer(const beholder_engine* engine, const beholder_picture* picture,
                              const char* question, const beholder_answer_options* options,
                              beholder_answers** answers) {
  return beholder_answer_batch(engine, &picture, &question, 1, options, answers);
}

beholder_code beholder_answer_batch(const beholder_engine* engine,
                                    const beholder_picture* const* pictures,
                                    const char* const* questions, size_t count,
                                    const beholder_answer_options* options,
                                    beholder_answers** answers) {
  return guarded([&] {
    check_given({{engine, "engine"}}, answers, "answers");
    if (count > 0) {
      check_given(pictures, "pictures");
      check_given(questions, "questions");
    }
    std::vector<Picture> shown;
    std::vector<std::string> asked;
    for (size_t i = 0; i < count; ++i) {
      check_given(questions[i], "question");
      shown.push_back(pictures[i] ? pictures[i]->picture : Picture());
      asked.emplace_back(questions[i]);
    }
    *answers = new beholder_answers{
        engine->engine.answer(shown, asked, beholder::capi::answer_options(options))};
  });
}

size_t beholder_answers_count(const beholder_answers* answers) {
  return answers ? answers->list.size() : 0;
}

const char* beholder_answers_text(const beholder_answers* answers, size_t i) {
  const Answer* answer = beholder::capi::at(answers, i);
  return answer ? answer->text.c_str() : nullptr;
}

double beholder_answers_confidence(const beholder_answers* answers, size_t i) {
  const Answer* answer = beholder::capi::at(answers, i);
  return answer ? answer->confidence : -1;
}

int beholder_answers_abstained(const beholder_answers* answers, size_t i) {
  const Answer* answer = beholder::capi::at(answers, i);
  return answer ? answer->abstained : -1;
}

int beholder_answers_familiar(const beholder_answers* answers, size_t i) {
  const Answer* answer = beholder::capi::at(answers, i);
  return answer ? answer->familiar : -1;
}

const char* beholder_answers_method(const beholder_answers* answers, size_t i) {
  const Answer* answer = beholder::capi::at(answers, i);
  if (answer == nullptr) return nullptr;
  switch (answer->method) {
    case beholder::Method::kProgram: return "program";
    case beholder::Method::kRead: return "read";
    default: return "direct";
  }
}

size_t beholder_answers_guess_count(const beholder_answers* answers, size_t i) {
  const Answer* answer = beholder::capi::at(answers, i);
  return answer ? answer->top_k.size() : 0;
}

const char* beholder_answers_guess(const beholder_answers* answers, size_t i, size_t k) {
  const auto* guess = beholder::capi::at(answers, i, k);
  return guess ? guess->answer.c_str() : nullptr;
}

double beholder_answers_guess_probability(const beholder_answers* answers, size_t i, size_t k) {
  const auto* guess = beholder::capi::at(answers, i, k);
  return guess ? guess->probability : -1;
}

void beholder_answers_free(beholder_answers* answers) { delete answers; }

beholder_code beholder_score(const beholder_engine* engine, const beholder_picture* picture,
                             const char* question, const char* text, double* log_probability,
                             double* probability) {
  return guarded([&] {
    check_given(engine, "engine");
    check_given(text, "text");
    const Picture shown = picture ? picture->picture : Picture();
    const beholder::Score score =
        question ? engine->engine.score(shown, question, text) : engine->engine.score(shown, text);
    if (log_probability != nullptr) *log_probability = score.log_probability;
    if (probability != nullptr) *probability = score.probability;
  });
}

beholder_code beholder_match(const beholder_engine* engine, const beholder_picture* picture,
                             const char* text, double* probability, double* cosine) {
  return guarded([&] {
    check_given(engine, "engine");
    check_given(picture, "picture");
    check_given(text, "text");
    const beholder::Match match = engine->engine.match(picture->picture, text);
    if (probability != nullptr) *probability = match.probability;
    if (cosine != nullptr) *cosine = match.cosine;
  });
}

beholder_code beholder_embed_picture(const beholder_engine* engine, const beholder_picture* picture,
                                     float* vector, size_t capacity, size_t* size) {
  return guarded([&] {
    check_given(engine, "engine");
    check_given(picture, "picture");
    check_given(size, "size");
    beholder::capi::give_vector(engine->engine.embed(picture->picture), vector, capacity, size);
  });
}

beholder_code beholder_embed_text(const beholder_engine* engine, const char* text, float* vector,
                                  size_t capacity, size_t* size) {
  return guarded([&] {
    check_given(engine, "engine");
    check_given(text, "text");
    check_given(size, "size");
    beholder::capi::give_vector(engine->engine.embed(std::string(text)), vector, capacity, size);
  });
}
