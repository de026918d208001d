// The C interface: where the model looked.
#include "capi/edge.hpp"
#include "capi/handles.hpp"

using beholder::capi::check_given;
using beholder::capi::guarded;

beholder_code beholder_attend(const beholder_engine* engine, const beholder_picture* picture,
                              const char* question, const char* text,
                              beholder_attention** attention) {
  return guarded([&] {
    check_given({{engine, "engine"}, {picture, "picture"}, {text, "text"}}, attention, "attention");
    *attention = new beholder_attention{
        engine->engine.attention(picture->picture, question ? question : "", text)};
  });
}

int beholder_attention_rows(const beholder_attention* attention) {
  return attention ? attention->map.rows : 0;
}

int beholder_attention_columns(const beholder_attention* attention) {
  return attention ? attention->map.columns : 0;
}

const double* beholder_attention_overall(const beholder_attention* attention) {
  return attention ? attention->map.overall.data() : nullptr;
}

size_t beholder_attention_word_count(const beholder_attention* attention) {
  return attention ? attention->map.words.size() : 0;
}

const char* beholder_attention_word(const beholder_attention* attention, size_t i) {
  return i < beholder_attention_word_count(attention) ? attention->map.words[i].text.c_str()
                                                      : nullptr;
}

const double* beholder_attention_weights(const beholder_attention* attention, size_t i) {
  return i < beholder_attention_word_count(attention) ? attention->map.words[i].weights.data()
                                                      : nullptr;
}

void beholder_attention_free(beholder_attention* attention) { delete attention; }
