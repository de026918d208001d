// beholder.h: descriptions, objects, relations and explanations.
#include "capi/edge.hpp"
#include "capi/handles.hpp"

using beholder::DescribeOptions;
using beholder::ErrorCode;
using beholder::Picture;
using beholder::capi::check_given;
using beholder::capi::guarded;
using beholder::capi::read_options;

namespace beholder::capi {
namespace {

DescribeOptions describe_options(const beholder_describe_options* given) {
  const beholder_describe_options read = read_options(given, beholder_describe_options_default());
  DescribeOptions out;
  out.num = read.num;
  out.num_beams = read.num_beams;
  out.consensus = read.consensus != 0;
  out.length_penalty = read.length_penalty;
  out.max_new_tokens = read.max_new_tokens;
  out.temperature = read.temperature;
  out.top_k = read.top_k;
  out.top_p = read.top_p;
  out.seed = read.seed;
  if (read.on_text != nullptr)
    out.on_text = [tell = read.on_text, user = read.user](const std::string& piece) {
      return tell(piece.c_str(), user) != 0;
    };
  out.cancel = flag(read.cancel);
  if (read.prompt != nullptr) out.prompt = read.prompt;
  if (read.prefix != nullptr) out.prefix = read.prefix;
  if (read.suffix != nullptr) out.suffix = read.suffix;
  out.min_words = read.min_words;
  out.max_words = read.max_words;
  out.min_new_tokens = read.min_new_tokens;
  out.no_repeat_ngram = read.no_repeat_ngram;
  out.repetition_penalty = read.repetition_penalty;
  out.min_confidence = read.min_confidence;
  return out;
}

ObjectsOptions objects_options(const beholder_objects_options* given) {
  const beholder_objects_options read = read_options(given, beholder_objects_options_default());
  ObjectsOptions out;
  out.min_confidence = read.min_confidence;
  out.max_objects = read.max_objects;
  out.cancel = flag(read.cancel);
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

beholder_object view(const Object& object, const std::string& attributes) {
  return {object.name.c_str(),
          attributes.c_str(),
          {object.box.left, object.box.top, object.box.right, object.box.bottom},
          object.confidence,
          object.center_x,
          object.center_y};
}

}  // namespace
}  // namespace beholder::capi

beholder_describe_options beholder_describe_options_default(void) {
  const beholder::DescribeOptions defaults;
  return {sizeof(beholder_describe_options),
          defaults.num,
          defaults.num_beams,
          defaults.consensus,
          defaults.length_penalty,
          defaults.max_new_tokens,
          defaults.temperature,
          defaults.top_k,
          defaults.top_p,
          defaults.seed,
          nullptr,
          nullptr,
          nullptr,
          nullptr,
          nullptr,
          nullptr,
          defaults.min_words,
          defaults.max_words,
          defaults.min_new_tokens,
          defaults.no_repeat_ngram,
          defaults.repetition_penalty,
          defaults.min_confidence};
}

beholder_code beholder_describe(const beholder_engine* engine, const beholder_picture* picture,
                                const beholder_describe_options* options,
                                beholder_descriptions** descriptions) {
  return beholder_describe_batch(engine, &picture, 1, options, descriptions);
}

beholder_code beholder_describe_batch(const beholder_engine* engine,
                                      const beholder_picture* const* pictures, size_t count,
                                      const beholder_describe_options* options,
                                      beholder_descriptions** descriptions) {
  return guarded([&] {
    check_given({{engine, "engine"}}, descriptions, "descriptions");
    if (count > 0) check_given(pictures, "pictures");
    std::vector<Picture> shown;
    for (size_t i = 0; i < count; ++i) {
      check_given(pictures[i], "picture");
      shown.push_back(pictures[i]->picture);
    }
    *descriptions = new beholder_descriptions{
        engine->engine.describe(shown, beholder::capi::describe_options(options))};
  });
}

size_t beholder_descriptions_count(const beholder_descriptions* descriptions) {
  return descriptions ? descriptions->list.size() : 0;
}

static const beholder::Description* description(const beholder_descriptions* descriptions, size_t i,
                                                size_t k) {
  if (descriptions == nullptr || i >= descriptions->list.size()) return nullptr;
  const auto& list = descriptions->list[i].list;
  return k < list.size() ? &list[k] : nullptr;
}

const char* beholder_descriptions_text(const beholder_descriptions* descriptions, size_t i,
                                       size_t k) {
  const auto* found = description(descriptions, i, k);
  return found ? found->text.c_str() : nullptr;
}

double beholder_descriptions_probability(const beholder_descriptions* descriptions, size_t i,
                                         size_t k) {
  const auto* found = description(descriptions, i, k);
  return found ? found->probability : -1;
}

double beholder_descriptions_confidence(const beholder_descriptions* descriptions, size_t i,
                                        size_t k) {
  const auto* found = description(descriptions, i, k);
  return found ? found->confidence : -1;
}

int beholder_descriptions_abstained(const beholder_descriptions* descriptions, size_t i, size_t k) {
  const auto* found = description(descriptions, i, k);
  return found ? static_cast<int>(found->abstained) : -1;
}

const char* beholder_descriptions_guess(const beholder_descriptions* descriptions, size_t i,
                                        size_t k) {
  const auto* found = description(descriptions, i, k);
  return found ? found->guess.c_str() : nullptr;
}

size_t beholder_descriptions_word_count(const beholder_descriptions* descriptions, size_t i,
                                        size_t k) {
  const auto* found = description(descriptions, i, k);
  return found ? found->words.size() : 0;
}

const char* beholder_descriptions_word(const beholder_descriptions* descriptions, size_t i,
                                       size_t k, size_t word) {
  const auto* found = description(descriptions, i, k);
  return found && word < found->words.size() ? found->words[word].word.c_str() : nullptr;
}

double beholder_descriptions_word_probability(const beholder_descriptions* descriptions, size_t i,
                                              size_t k, size_t word) {
  const auto* found = description(descriptions, i, k);
  return found && word < found->words.size() ? found->words[word].probability : -1;
}

void beholder_descriptions_free(beholder_descriptions* descriptions) { delete descriptions; }

beholder_objects_options beholder_objects_options_default(void) {
  const beholder::ObjectsOptions defaults;
  return {sizeof(beholder_objects_options), defaults.min_confidence, defaults.max_objects, nullptr};
}

beholder_code beholder_find_objects(const beholder_engine* engine, const beholder_picture* picture,
                                    const beholder_objects_options* options,
                                    beholder_objects** objects) {
  return guarded([&] {
    check_given({{engine, "engine"}, {picture, "picture"}}, objects, "objects");
    beholder_objects out{
        engine->engine.objects(picture->picture, beholder::capi::objects_options(options)).list,
        {}};
    for (const auto& object : out.list)
      out.attributes.push_back(beholder::capi::joined(object.attributes));
    *objects = new beholder_objects(std::move(out));
  });
}

size_t beholder_objects_count(const beholder_objects* objects) {
  return objects ? objects->list.size() : 0;
}

beholder_code beholder_objects_get(const beholder_objects* objects, size_t i,
                                   beholder_object* object) {
  return guarded([&] {
    check_given(objects, "objects");
    check_given(object, "object");
    beholder::check(i < objects->list.size(), ErrorCode::kUsage, "there is no object ", i);
    *object = beholder::capi::view(objects->list[i], objects->attributes[i]);
  });
}

void beholder_objects_free(beholder_objects* objects) { delete objects; }

beholder_code beholder_find_relations(const beholder_engine* engine,
                                      const beholder_picture* picture,
                                      const beholder_objects_options* options,
                                      beholder_relations** relations) {
  return guarded([&] {
    check_given({{engine, "engine"}, {picture, "picture"}}, relations, "relations");
    beholder_relations out{
        engine->engine.relations(picture->picture, beholder::capi::objects_options(options)).list,
        {}};
    for (const auto& relation : out.list)
      for (const auto* object : {&relation.subject, &relation.object})
        out.attributes.push_back(beholder::capi::joined(object->attributes));
    *relations = new beholder_relations(std::move(out));
  });
}

size_t beholder_relations_count(const beholder_relations* relations) {
  return relations ? relations->list.size() : 0;
}

beholder_code beholder_relations_get(const beholder_relations* relations, size_t i,
                                     beholder_relation* relation) {
  return guarded([&] {
    check_given(relations, "relations");
    check_given(relation, "relation");
    beholder::check(i < relations->list.size(), ErrorCode::kUsage, "there is no relation ", i);
    const auto& found = relations->list[i];
    *relation = {
        beholder::capi::view(found.subject, relations->attributes[2 * i]), found.relation.c_str(),
        beholder::capi::view(found.object, relations->attributes[2 * i + 1]), found.confidence};
  });
}

void beholder_relations_free(beholder_relations* relations) { delete relations; }

beholder_code beholder_explain(const beholder_engine* engine, const beholder_picture* picture,
                               const char* question, const beholder_answer_options* options,
                               beholder_explanation** explanation) {
  return guarded([&] {
    check_given({{engine, "engine"}, {picture, "picture"}, {question, "question"}}, explanation,
                "explanation");
    const auto found =
        engine->engine.explain(picture->picture, question, beholder::capi::answer_options(options));
    *explanation = new beholder_explanation{{{found.answer}}, found.steps, found.failure};
  });
}

const beholder_answers* beholder_explanation_answer(const beholder_explanation* explanation) {
  return explanation ? &explanation->answer : nullptr;
}

size_t beholder_explanation_step_count(const beholder_explanation* explanation) {
  return explanation ? explanation->steps.size() : 0;
}

const char* beholder_explanation_step_text(const beholder_explanation* explanation, size_t i) {
  return explanation && i < explanation->steps.size() ? explanation->steps[i].text.c_str()
                                                      : nullptr;
}

const char* beholder_explanation_failure(const beholder_explanation* explanation) {
  return explanation ? explanation->failure.c_str() : nullptr;
}

void beholder_explanation_free(beholder_explanation* explanation) { delete explanation; }
