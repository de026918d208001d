/* Uses every part of the C interface as a C program would:  capi_program MODEL_DIR PICTURE
 * Ends with the number of the line whose check failed. */
#include <beholder/beholder.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                     \
  do {                                                                       \
    if (!(condition)) {                                                      \
      fprintf(stderr, "line %d: %s; last error: %s\n", __LINE__, #condition, \
              beholder_last_error());                                        \
      exit(1);                                                               \
    }                                                                        \
  } while (0)

static int messages;
static void hear(int level, const char* message, void* user) {
  (void)level;
  messages += strlen(message) > 0 && user == (void*)&messages;
}

static char told[4096];
static int tell(const char* piece, void* user) {
  strncat(told, piece, sizeof told - strlen(told) - 1);
  ++*(int*)user;
  return 1;
}
static int refuse(const char* piece, void* user) {
  (void)piece;
  (void)user;
  return 0;
}

static void errors(const char* model) {
  beholder_engine* engine = (beholder_engine*)1;
  CHECK(beholder_engine_load(NULL, NULL, &engine) == BEHOLDER_ERROR_USAGE);
  CHECK(beholder_engine_load(model, NULL, NULL) == BEHOLDER_ERROR_USAGE);
  CHECK(beholder_engine_load("/no/such/model", NULL, &engine) == BEHOLDER_ERROR_FILE_NOT_FOUND);
  CHECK(engine == NULL);
  CHECK(beholder_last_error_code() == BEHOLDER_ERROR_FILE_NOT_FOUND);
  CHECK(strstr(beholder_last_error(), "/no/such/model") != NULL);
  CHECK(strcmp(beholder_code_name(BEHOLDER_ERROR_FILE_NOT_FOUND), "file_not_found") == 0);
  CHECK(strcmp(beholder_code_name(BEHOLDER_OK), "ok") == 0);
  beholder_engine_options options = beholder_engine_options_default();
  options.struct_size = 0;
  CHECK(beholder_engine_load(model, &options, &engine) == BEHOLDER_ERROR_USAGE);
  options.struct_size = sizeof options + 8;
  CHECK(beholder_engine_load(model, &options, &engine) == BEHOLDER_ERROR_USAGE);
  options = beholder_engine_options_default();
  options.threads = -1;
  CHECK(beholder_engine_load(model, &options, &engine) == BEHOLDER_ERROR_USAGE);
  beholder_engine_free(NULL);
  beholder_picture_free(NULL);
  beholder_answers_free(NULL);
  beholder_descriptions_free(NULL);
  beholder_objects_free(NULL);
  beholder_reading_free(NULL);
  beholder_relations_free(NULL);
  beholder_explanation_free(NULL);
  beholder_cancel_free(NULL);
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  CHECK(strchr(beholder_version(), '.') != NULL);
  CHECK(strcmp(beholder_last_error(), "") == 0 && beholder_last_error_code() == BEHOLDER_OK);
  errors(argv[1]);

  CHECK(beholder_set_log(hear, &messages) == BEHOLDER_OK);
  beholder_engine_options older = beholder_engine_options_default();
  older.threads = 1;
  older.cache_bytes = 12345; /* behind the end of what this "older" program knows */
  older.struct_size = offsetof(beholder_engine_options, int8);
  beholder_engine* engine = NULL;
  CHECK(beholder_engine_load(argv[1], &older, &engine) == BEHOLDER_OK);
  CHECK(messages > 0);
  CHECK(beholder_set_log(NULL, NULL) == BEHOLDER_OK);
  CHECK(beholder_engine_can(engine, BEHOLDER_SKILL_ANSWER) == 1);
  CHECK(beholder_engine_can(engine, BEHOLDER_SKILL_OBJECTS) == 0);
  CHECK(beholder_engine_min_confidence(engine) >= 0);

  beholder_picture *picture = NULL, *same = NULL, *pixels = NULL;
  CHECK(beholder_encode_file(engine, "/none.png", &picture) == BEHOLDER_ERROR_FILE_NOT_FOUND);
  CHECK(beholder_encode_file(engine, argv[2], &picture) == BEHOLDER_OK);
  CHECK(beholder_picture_width(picture) == 48 && beholder_picture_height(picture) == 40);
  FILE* file = fopen(argv[2], "rb");
  static char bytes[1 << 20];
  const size_t size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  CHECK(beholder_encode_bytes(engine, bytes, size, NULL, &same) == BEHOLDER_OK);
  beholder_picture* broken = NULL;
  CHECK(beholder_encode_bytes(engine, bytes, 60, "cut", &broken) == BEHOLDER_ERROR_PICTURE_CORRUPT);
  CHECK(broken == NULL && strstr(beholder_last_error(), "cut") != NULL);
  static unsigned char rgb[3 * 8 * 8];
  CHECK(beholder_encode_rgb(engine, rgb, 8, 8, &pixels) == BEHOLDER_OK);
  CHECK(beholder_encode_rgb(engine, rgb, 0, 8, &broken) == BEHOLDER_ERROR_USAGE);

  beholder_answers *answers = NULL, *alone = NULL;
  beholder_answer_options ask = beholder_answer_options_default();
  ask.top_k = 2;
  CHECK(beholder_answer(engine, picture, "what color is it?", &ask, &answers) == BEHOLDER_OK);
  CHECK(strcmp(beholder_answers_guess(answers, 0, 0), "red") == 0);
  CHECK(beholder_answers_guess_count(answers, 0) == 2);
  CHECK(beholder_answers_guess(answers, 0, 2) == NULL && beholder_answers_text(answers, 1) == NULL);
  CHECK(beholder_answers_confidence(answers, 0) > 0.5 &&
        beholder_answers_abstained(answers, 0) == 0);
  CHECK(strcmp(beholder_answers_method(answers, 0), "direct") == 0);
  CHECK(beholder_answers_method(answers, 9) == NULL);
  beholder_answers_free(answers);
  const beholder_picture* three[] = {picture, same, NULL};
  const char* questions[] = {"is it red?", "what color is it?", "is it red?"};
  CHECK(beholder_answer_batch(engine, three, questions, 3, NULL, &answers) == BEHOLDER_OK);
  CHECK(beholder_answers_count(answers) == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(beholder_answer(engine, three[i], questions[i], NULL, &alone) == BEHOLDER_OK);
    CHECK(strcmp(beholder_answers_text(alone, 0), beholder_answers_text(answers, i)) == 0);
    CHECK(fabs(beholder_answers_confidence(alone, 0) - beholder_answers_confidence(answers, i)) <
          1e-5);
    beholder_answers_free(alone);
  }
  beholder_answers_free(answers);
  const char* choices[] = {"blue", "green"};
  ask.choices = choices;
  ask.choice_count = 2;
  CHECK(beholder_answer(engine, picture, "what color is it?", &ask, &answers) == BEHOLDER_OK);
  CHECK(strcmp(beholder_answers_guess(answers, 0, 0), "red") != 0);
  beholder_answers_free(answers);
  CHECK(beholder_answer(engine, picture, " ", NULL, &answers) == BEHOLDER_ERROR_USAGE);
  CHECK(answers == NULL);
  CHECK(beholder_answer(NULL, picture, "is it red?", NULL, &answers) == BEHOLDER_ERROR_USAGE);
  CHECK(beholder_answer(engine, picture, NULL, NULL, &answers) == BEHOLDER_ERROR_USAGE);

  beholder_descriptions *descriptions = NULL, *streamed = NULL;
  beholder_describe_options describe = beholder_describe_options_default();
  describe.num = 2;
  CHECK(beholder_describe_batch(engine, three, 2, &describe, &descriptions) == BEHOLDER_OK);
  CHECK(beholder_descriptions_count(descriptions) == 2);
  CHECK(strcmp(beholder_descriptions_text(descriptions, 0, 0),
               beholder_descriptions_text(descriptions, 1, 0)) == 0);
  CHECK(beholder_descriptions_text(descriptions, 0, 2) == NULL);
  CHECK(beholder_descriptions_probability(descriptions, 0, 0) > 0);
  /* This model is not calibrated for descriptions: nothing is withheld unless asked. */
  CHECK(beholder_engine_min_description_confidence(engine) == 0);
  CHECK(beholder_engine_min_description_confidence(NULL) == -1);
  CHECK(beholder_descriptions_confidence(descriptions, 0, 0) ==
        beholder_descriptions_probability(descriptions, 0, 0));
  CHECK(beholder_descriptions_abstained(descriptions, 0, 0) == 0);
  CHECK(strcmp(beholder_descriptions_guess(descriptions, 0, 0),
               beholder_descriptions_text(descriptions, 0, 0)) == 0);
  CHECK(beholder_descriptions_word_count(descriptions, 0, 0) == 0);
  CHECK(beholder_descriptions_word(descriptions, 0, 0, 0) == NULL);
  CHECK(beholder_descriptions_word_probability(descriptions, 0, 0, 0) == -1);
  CHECK(beholder_descriptions_guess(descriptions, 0, 2) == NULL);
  CHECK(beholder_descriptions_confidence(descriptions, 5, 0) == -1);
  CHECK(beholder_descriptions_abstained(NULL, 0, 0) == -1);
  describe.min_confidence = 1;
  {
    beholder_descriptions* withheld = NULL;
    CHECK(beholder_describe(engine, picture, &describe, &withheld) == BEHOLDER_OK);
    CHECK(beholder_descriptions_abstained(withheld, 0, 1) == 1);
    CHECK(strcmp(beholder_descriptions_text(withheld, 0, 0), "I am not sure what this shows") == 0);
    CHECK(strcmp(beholder_descriptions_guess(withheld, 0, 0),
                 beholder_descriptions_guess(descriptions, 0, 0)) == 0);
    beholder_descriptions_free(withheld);
  }
  describe.min_confidence = 1.5;
  {
    beholder_descriptions* none = NULL;
    CHECK(beholder_describe(engine, picture, &describe, &none) == BEHOLDER_ERROR_USAGE);
  }
  describe.min_confidence = -1;
  beholder_descriptions_free(descriptions);
  describe.num = 1;
  describe.prefix = "sks, ";
  describe.suffix = ".";
  describe.max_words = 3;
  {
    beholder_descriptions* short_ones = NULL;
    CHECK(beholder_describe(engine, picture, &describe, &short_ones) == BEHOLDER_OK);
    const char* text = beholder_descriptions_text(short_ones, 0, 0);
    CHECK(strncmp(text, "sks, ", 5) == 0 && text[strlen(text) - 1] == '.');
    int blanks = 0;
    for (const char* at = text; *at != 0; ++at) blanks += *at == ' ';
    CHECK(blanks <= 3);
    beholder_descriptions_free(short_ones);
  }
  describe.min_words = 4;
  {
    beholder_descriptions* none = NULL;
    CHECK(beholder_describe(engine, picture, &describe, &none) == BEHOLDER_ERROR_USAGE);
  }
  describe.prefix = describe.suffix = NULL;
  describe.min_words = describe.max_words = 0;
  describe.consensus = 0;
  int pieces = 0;
  describe.on_text = tell;
  describe.user = &pieces;
  CHECK(beholder_describe(engine, picture, &describe, &streamed) == BEHOLDER_OK);
  CHECK(pieces > 0 && strcmp(told, beholder_descriptions_text(streamed, 0, 0)) == 0);
  beholder_descriptions_free(streamed);
  describe.on_text = refuse;
  CHECK(beholder_describe(engine, picture, &describe, &streamed) == BEHOLDER_ERROR_CANCELLED);
  CHECK(beholder_describe(engine, NULL, NULL, &streamed) == BEHOLDER_ERROR_USAGE);

  beholder_cancel* cancel = beholder_cancel_new();
  CHECK(cancel != NULL);
  beholder_cancel_set(cancel, 1);
  ask = beholder_answer_options_default();
  ask.cancel = cancel;
  CHECK(beholder_answer(engine, picture, "is it red?", &ask, &answers) == BEHOLDER_ERROR_CANCELLED);
  beholder_cancel_set(cancel, 0);
  CHECK(beholder_answer(engine, picture, "is it red?", &ask, &answers) == BEHOLDER_OK);
  beholder_answers_free(answers);
  beholder_cancel_free(cancel);

  beholder_objects* objects = NULL;
  beholder_relations* relations = NULL;
  beholder_explanation* explanation = NULL;
  CHECK(beholder_find_objects(engine, picture, NULL, &objects) == BEHOLDER_ERROR_UNSUPPORTED);
  CHECK(beholder_find_relations(engine, picture, NULL, &relations) == BEHOLDER_ERROR_UNSUPPORTED);
  CHECK(beholder_explain(engine, picture, "why?", NULL, &explanation) ==
        BEHOLDER_ERROR_UNSUPPORTED);
  beholder_reading* reading = NULL;
  beholder_text_line line;
  CHECK(beholder_read(engine, picture, NULL, &reading) == BEHOLDER_ERROR_UNSUPPORTED);
  CHECK(beholder_read(engine, NULL, NULL, &reading) == BEHOLDER_ERROR_USAGE);
  CHECK(reading == NULL && beholder_reading_count(NULL) == 0);
  CHECK(beholder_reading_get(NULL, 0, &line) == BEHOLDER_ERROR_USAGE);
  CHECK(beholder_engine_can(engine, BEHOLDER_SKILL_READ) == 0);
  CHECK(objects == NULL && relations == NULL && explanation == NULL);
  CHECK(beholder_explanation_failure(NULL) == NULL);
  beholder_object object;
  CHECK(beholder_objects_count(NULL) == 0);
  CHECK(beholder_objects_get(NULL, 0, &object) == BEHOLDER_ERROR_USAGE);

  double red = 0, blue = 0;
  CHECK(beholder_score(engine, picture, "what color is it?", "red", NULL, &red) == BEHOLDER_OK);
  CHECK(beholder_score(engine, picture, "what color is it?", "blue", NULL, &blue) == BEHOLDER_OK);
  CHECK(red > blue);
  double fits = -1;
  CHECK(beholder_match(engine, picture, "a dog", &fits, NULL) == BEHOLDER_ERROR_UNSUPPORTED);
  CHECK(beholder_match(engine, NULL, "a dog", &fits, NULL) == BEHOLDER_ERROR_USAGE);
  CHECK(fits == -1);
  CHECK(beholder_engine_can(engine, BEHOLDER_SKILL_MATCH) == 0);
  size_t length = 0;
  beholder_attention* attention = NULL;
  CHECK(beholder_attend(engine, picture, "what color is it?", "red", &attention) == BEHOLDER_OK);
  CHECK(beholder_attention_word_count(attention) == 1);
  CHECK(strcmp(beholder_attention_word(attention, 0), "red") == 0);
  const int cells = beholder_attention_rows(attention) * beholder_attention_columns(attention);
  double looked = 0;
  for (int i = 0; i < cells; ++i) looked += beholder_attention_overall(attention)[i];
  CHECK(cells > 0 && fabs(looked - 1) < 1e-4);
  CHECK(beholder_attention_weights(attention, 0) != NULL);
  CHECK(beholder_attention_weights(attention, 1) == NULL);
  beholder_attention_free(attention);
  CHECK(beholder_attend(engine, picture, NULL, "", &attention) == BEHOLDER_ERROR_USAGE);
  CHECK(attention == NULL);
  CHECK(beholder_attend(engine, NULL, NULL, "red", &attention) == BEHOLDER_ERROR_USAGE);

  CHECK(beholder_embed_picture(engine, picture, NULL, 0, &length) == BEHOLDER_OK && length > 0);
  float* vector = malloc(length * sizeof *vector);
  CHECK(beholder_embed_picture(engine, picture, vector, length - 1, &length) ==
        BEHOLDER_ERROR_USAGE);
  CHECK(beholder_embed_picture(engine, picture, vector, length, &length) == BEHOLDER_OK);
  double sum = 0;
  for (size_t i = 0; i < length; ++i) sum += vector[i] * vector[i];
  CHECK(fabs(sum - 1) < 1e-4);
  free(vector);
  CHECK(beholder_embed_text(engine, "what color is it?", NULL, 0, &length) == BEHOLDER_OK);

  beholder_engine_free(engine); /* pictures may outlive it */
  CHECK(beholder_picture_width(picture) == 48);
  beholder_picture_free(picture);
  beholder_picture_free(same);
  beholder_picture_free(pixels);
  return 0;
}
