// Definitions of the opaque handles of beholder.h.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "beholder/beholder.h"
#include "beholder/engine.hpp"

struct beholder_engine {
  beholder::Engine engine;
};

struct beholder_picture {
  beholder::Picture picture;
};

struct beholder_cancel {
  std::atomic<bool> stop{false};
};

struct beholder_answers {
  std::vector<beholder::Answer> list;
};

struct beholder_descriptions {
  std::vector<beholder::Descriptions> list;
};

struct beholder_objects {
  std::vector<beholder::Object> list;
  std::vector<std::string> attributes;  // of each, joined
};

struct beholder_relations {
  std::vector<beholder::Relation> list;
  std::vector<std::string> attributes;  // of each subject, then object, joined
};

struct beholder_reading {
  std::vector<beholder::TextLine> list;
};

struct beholder_explanation {
  beholder_answers answer;
  std::vector<beholder::TraceStep> steps;
  std::string failure;
};

struct beholder_attention {
  beholder::AttentionMap map;
};

namespace beholder::capi {

inline const std::atomic<bool>* flag(const beholder_cancel* cancel) {
  return cancel ? &cancel->stop : nullptr;
}

AnswerOptions answer_options(const beholder_answer_options* given);

}  // namespace beholder::capi
