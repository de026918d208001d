/* The C interface of Beholder.
 *
 * Every function that can fail returns a code; 0 is success. What went wrong is then told by
 * beholder_last_error(), for the calling thread alone. No function prints, ends the process or lets
 * a C++ exception out. Functions that take a NULL where they need an object return
 * BEHOLDER_ERROR_USAGE; freeing NULL does nothing.
 *
 * Options begin with their own size, set by their *_default function, so that a program that was
 * compiled against an older version goes on working: fields that it does not know keep their
 * defaults. Strings are UTF-8 and belong to the object that returned them. An engine may be used
 * from many threads at once; a result belongs to one thread at a time.
 */
#ifndef BEHOLDER_BEHOLDER_H
#define BEHOLDER_BEHOLDER_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define BEHOLDER_C_API
#else
#define BEHOLDER_C_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are those of beholder::ErrorCode and never change. */
typedef enum beholder_code {
  BEHOLDER_OK = 0,
  BEHOLDER_ERROR_USAGE = 1,
  BEHOLDER_ERROR_FILE_NOT_FOUND = 2,
  BEHOLDER_ERROR_FILE_ACCESS = 3,
  BEHOLDER_ERROR_PICTURE_FORMAT = 4,
  BEHOLDER_ERROR_PICTURE_CORRUPT = 5,
  BEHOLDER_ERROR_PICTURE_TOO_LARGE = 6,
  BEHOLDER_ERROR_QUESTION_TOO_LONG = 7,
  BEHOLDER_ERROR_MODEL_FORMAT = 8,
  BEHOLDER_ERROR_DATA_FORMAT = 9,
  BEHOLDER_ERROR_UNSUPPORTED = 10,
  BEHOLDER_ERROR_SHAPE = 11,
  BEHOLDER_ERROR_OUT_OF_MEMORY = 12,
  BEHOLDER_ERROR_CANCELLED = 13,
  BEHOLDER_ERROR_INTERNAL = 14
} beholder_code;

typedef enum beholder_skill {
  BEHOLDER_SKILL_ANSWER = 0,
  BEHOLDER_SKILL_DESCRIBE = 1,
  BEHOLDER_SKILL_OBJECTS = 2,
  BEHOLDER_SKILL_RELATIONS = 3,
  BEHOLDER_SKILL_EXPLAIN = 4,
  BEHOLDER_SKILL_MATCH = 5, /* whether a text belongs to a picture */
  BEHOLDER_SKILL_READ = 6   /* what is written in a picture */
} beholder_skill;

/* A loaded model. */
typedef struct beholder_engine beholder_engine;
/* A picture that an engine has encoded; freed before or after its engine. */
typedef struct beholder_picture beholder_picture;
/* What a call found: one item for each picture and question. */
typedef struct beholder_answers beholder_answers;
typedef struct beholder_descriptions beholder_descriptions;
typedef struct beholder_objects beholder_objects;
typedef struct beholder_relations beholder_relations;
typedef struct beholder_explanation beholder_explanation;
typedef struct beholder_reading beholder_reading;
typedef struct beholder_attention beholder_attention;
/* A flag that stops calls from another thread. */
typedef struct beholder_cancel beholder_cancel;

/* Version of the library, "major.minor.patch". */
BEHOLDER_C_API const char* beholder_version(void);

/* The message of this thread's last failure; "" if there was none. Valid until its next failure. */
BEHOLDER_C_API const char* beholder_last_error(void);
BEHOLDER_C_API beholder_code beholder_last_error_code(void);
/* The stable lower-case name of a code, as "picture_corrupt"; "ok" for 0. */
BEHOLDER_C_API const char* beholder_code_name(beholder_code code);

/* level: 0 debug, 1 information, 2 warning. Called one message at a time, from any thread. */
typedef void (*beholder_log_function)(int level, const char* message, void* user);
/* Replaces the function of the whole process; NULL (the default) drops all messages. */
BEHOLDER_C_API beholder_code beholder_set_log(beholder_log_function function, void* user);

/* ---- cancellation ---- */
BEHOLDER_C_API beholder_cancel* beholder_cancel_new(void); /* NULL when out of memory */
BEHOLDER_C_API void beholder_cancel_set(beholder_cancel* cancel, int stop);
BEHOLDER_C_API void beholder_cancel_free(beholder_cancel* cancel);

/* ---- engine ---- */
/* Whether the colour profile that a picture carries is applied, which turns its colours into sRGB:
 * auto is on, and off for published models, whose reference leaves profiles out of account. */
typedef enum beholder_color_management {
  BEHOLDER_COLOR_AUTO = 0,
  BEHOLDER_COLOR_ON = 1,
  BEHOLDER_COLOR_OFF = 2
} beholder_color_management;

typedef struct beholder_engine_options {
  size_t struct_size;
  int threads;          /* processor cores to use; 0: all */
  int int8;             /* 1: activations of 8 bits for int8 weights: faster, a little less exact */
  int mirror;           /* 1: look at the mirror image too */
  uint64_t max_pixels;  /* larger pictures are refused before decoding */
  uint64_t cache_bytes; /* of encoded pictures that are kept; 0: none */
  beholder_color_management color_management;
} beholder_engine_options;

BEHOLDER_C_API beholder_engine_options beholder_engine_options_default(void);
/* options may be NULL. */
BEHOLDER_C_API beholder_code beholder_engine_load(const char* model_dir,
                                                  const beholder_engine_options* options,
                                                  beholder_engine** engine);
BEHOLDER_C_API void beholder_engine_free(beholder_engine* engine);
/* 1 if the model has the skill, else 0. */
BEHOLDER_C_API int beholder_engine_can(const beholder_engine* engine, beholder_skill skill);
/* The confidence below which answers become "I don't know". */
BEHOLDER_C_API double beholder_engine_min_confidence(const beholder_engine* engine);

/* The confidence below which descriptions become "I am not sure what this shows". */
BEHOLDER_C_API double beholder_engine_min_description_confidence(const beholder_engine* engine);

/* ---- pictures ---- */
BEHOLDER_C_API beholder_code beholder_encode_file(const beholder_engine* engine, const char* path,
                                                  beholder_picture** picture);
/* name: used in messages, may be NULL. */
BEHOLDER_C_API beholder_code beholder_encode_bytes(const beholder_engine* engine, const void* bytes,
                                                   size_t size, const char* name,
                                                   beholder_picture** picture);
/* rgb: 3 * width * height bytes, rows from the top, red first. */
BEHOLDER_C_API beholder_code beholder_encode_rgb(const beholder_engine* engine, const uint8_t* rgb,
                                                 int width, int height, beholder_picture** picture);
BEHOLDER_C_API int beholder_picture_width(const beholder_picture* picture);
BEHOLDER_C_API int beholder_picture_height(const beholder_picture* picture);
BEHOLDER_C_API void beholder_picture_free(beholder_picture* picture);

/* ---- answers ---- */
typedef struct beholder_answer_options {
  size_t struct_size;
  int top_k;                  /* answers listed, 1 to 100 */
  int num_beams;              /* hypotheses kept while searching, 1 to 100 */
  double min_confidence;      /* abstain below; 0 never; negative: the model's own threshold */
  const char* const* choices; /* if choice_count > 0, the answer is one of these */
  size_t choice_count;
  const beholder_cancel* cancel; /* NULL, or a flag that outlives the call */
} beholder_answer_options;

BEHOLDER_C_API beholder_answer_options beholder_answer_options_default(void);
/* picture NULL: answered from the words alone. options may be NULL. */
BEHOLDER_C_API beholder_code beholder_answer(const beholder_engine* engine,
                                             const beholder_picture* picture, const char* question,
                                             const beholder_answer_options* options,
                                             beholder_answers** answers);
/* Question i about picture i. */
BEHOLDER_C_API beholder_code beholder_answer_batch(const beholder_engine* engine,
                                                   const beholder_picture* const* pictures,
                                                   const char* const* questions, size_t count,
                                                   const beholder_answer_options* options,
                                                   beholder_answers** answers);
BEHOLDER_C_API size_t beholder_answers_count(const beholder_answers* answers);
/* The accessors give NULL, 0 or -1 for a place that is not there. */
BEHOLDER_C_API const char* beholder_answers_text(const beholder_answers* answers, size_t i);
BEHOLDER_C_API double beholder_answers_confidence(const beholder_answers* answers, size_t i);
BEHOLDER_C_API int beholder_answers_abstained(const beholder_answers* answers, size_t i);
BEHOLDER_C_API int beholder_answers_familiar(const beholder_answers* answers, size_t i);
/* How it was found: "direct", "program" or "read". */
BEHOLDER_C_API const char* beholder_answers_method(const beholder_answers* answers, size_t i);
/* The k-th best guess of answer i, best first. */
BEHOLDER_C_API size_t beholder_answers_guess_count(const beholder_answers* answers, size_t i);
BEHOLDER_C_API const char* beholder_answers_guess(const beholder_answers* answers, size_t i,
                                                  size_t k);
BEHOLDER_C_API double beholder_answers_guess_probability(const beholder_answers* answers, size_t i,
                                                         size_t k);
BEHOLDER_C_API void beholder_answers_free(beholder_answers* answers);

/* ---- descriptions ---- */
/* Return 0 to stop (BEHOLDER_ERROR_CANCELLED). */
typedef int (*beholder_text_function)(const char* piece, void* user);

typedef struct beholder_describe_options {
  size_t struct_size;
  int num;               /* different descriptions, 1 to 100 */
  int num_beams;         /* hypotheses kept while searching, 1 to 100 */
  int consensus;         /* 1: the hypothesis most like all others; 0: the likeliest */
  double length_penalty; /* above 0 favours longer descriptions */
  int max_new_tokens;
  double temperature; /* above 0: sample instead of searching */
  int top_k;          /* sampling: keep the k likeliest tokens; 0: all */
  double top_p;       /* sampling: keep the likeliest tokens with this much probability */
  uint64_t seed;      /* sampling */
  beholder_text_function on_text; /* NULL, or called with each piece of text once it is certain:
                                     one picture, num 1, no consensus; with a threshold
                                     (min_confidence) once, at the end */
  void* user;                     /* handed to on_text */
  const beholder_cancel* cancel;  /* NULL, or a flag that outlives the call */
  const char* prompt;             /* how it begins, for published captioning models; NULL: none */
  const char* prefix;             /* literal text before each description; NULL: none */
  const char* suffix;             /* and behind it */
  int min_words;                  /* words of a description; 0: no limit */
  int max_words;
  int min_new_tokens;        /* no end before so many tokens */
  int no_repeat_ngram;       /* sequences of so many tokens do not come twice; 0: no rule;
                                negative: the model's own */
  double repetition_penalty; /* above 1: what was written is less likely to come again */
  double min_confidence;     /* withhold below; 0 never; negative: the model's own threshold */
} beholder_describe_options;

BEHOLDER_C_API beholder_describe_options beholder_describe_options_default(void);
BEHOLDER_C_API beholder_code beholder_describe(const beholder_engine* engine,
                                               const beholder_picture* picture,
                                               const beholder_describe_options* options,
                                               beholder_descriptions** descriptions);
BEHOLDER_C_API beholder_code beholder_describe_batch(const beholder_engine* engine,
                                                     const beholder_picture* const* pictures,
                                                     size_t count,
                                                     const beholder_describe_options* options,
                                                     beholder_descriptions** descriptions);
/* Pictures described. */
BEHOLDER_C_API size_t beholder_descriptions_count(const beholder_descriptions* descriptions);
/* Description k of picture i: those that are given, best first, then those withheld, whose text is
 * "I am not sure what this shows". NULL behind the last; the others give -1, or 0 for a size. */
BEHOLDER_C_API const char* beholder_descriptions_text(const beholder_descriptions* descriptions,
                                                      size_t i, size_t k);
BEHOLDER_C_API double beholder_descriptions_probability(const beholder_descriptions* descriptions,
                                                        size_t i, size_t k);
/* Share of its content words that can be expected to be supported, 0 to 1. */
BEHOLDER_C_API double beholder_descriptions_confidence(const beholder_descriptions* descriptions,
                                                       size_t i, size_t k);
BEHOLDER_C_API int beholder_descriptions_abstained(const beholder_descriptions* descriptions,
                                                   size_t i, size_t k);
/* What was written, given or not, without prefix and suffix. */
BEHOLDER_C_API const char* beholder_descriptions_guess(const beholder_descriptions* descriptions,
                                                       size_t i, size_t k);
/* Its content words, in order; none for models without a calibration of descriptions. */
BEHOLDER_C_API size_t beholder_descriptions_word_count(const beholder_descriptions* descriptions,
                                                       size_t i, size_t k);
BEHOLDER_C_API const char* beholder_descriptions_word(const beholder_descriptions* descriptions,
                                                      size_t i, size_t k, size_t word);
/* Calibrated, that people who describe the picture bear the word out. */
BEHOLDER_C_API double beholder_descriptions_word_probability(
    const beholder_descriptions* descriptions, size_t i, size_t k, size_t word);
BEHOLDER_C_API void beholder_descriptions_free(beholder_descriptions* descriptions);

/* ---- objects, relations, explanations ---- */
typedef struct beholder_objects_options {
  size_t struct_size;
  double min_confidence; /* less certain objects are left out; negative: the model's own */
  int max_objects;
  const beholder_cancel* cancel;
} beholder_objects_options;

/* In pixels of the upright original; right and bottom lie outside the box. */
typedef struct beholder_box {
  double left, top, right, bottom;
} beholder_box;

typedef struct beholder_object {
  const char* name;
  const char* attributes; /* separated by blanks; "" for none */
  beholder_box box;       /* of what can be seen of it */
  double confidence;
  double center_x, center_y; /* of the whole object, in pixels like the box */
} beholder_object;

typedef struct beholder_relation {
  beholder_object subject;
  const char* relation;
  beholder_object object;
  double confidence;
} beholder_relation;

BEHOLDER_C_API beholder_objects_options beholder_objects_options_default(void);
BEHOLDER_C_API beholder_code beholder_find_objects(const beholder_engine* engine,
                                                   const beholder_picture* picture,
                                                   const beholder_objects_options* options,
                                                   beholder_objects** objects);
BEHOLDER_C_API size_t beholder_objects_count(const beholder_objects* objects);
/* Fills `object`; its strings belong to `objects`. */
BEHOLDER_C_API beholder_code beholder_objects_get(const beholder_objects* objects, size_t i,
                                                  beholder_object* object);
BEHOLDER_C_API void beholder_objects_free(beholder_objects* objects);

BEHOLDER_C_API beholder_code beholder_find_relations(const beholder_engine* engine,
                                                     const beholder_picture* picture,
                                                     const beholder_objects_options* options,
                                                     beholder_relations** relations);
BEHOLDER_C_API size_t beholder_relations_count(const beholder_relations* relations);
BEHOLDER_C_API beholder_code beholder_relations_get(const beholder_relations* relations, size_t i,
                                                    beholder_relation* relation);
BEHOLDER_C_API void beholder_relations_free(beholder_relations* relations);

BEHOLDER_C_API beholder_code beholder_explain(const beholder_engine* engine,
                                              const beholder_picture* picture, const char* question,
                                              const beholder_answer_options* options,
                                              beholder_explanation** explanation);
/* The answer, as from beholder_answer; it belongs to `explanation` and is not freed. */
BEHOLDER_C_API const beholder_answers* beholder_explanation_answer(
    const beholder_explanation* explanation);
BEHOLDER_C_API size_t beholder_explanation_step_count(const beholder_explanation* explanation);
BEHOLDER_C_API const char* beholder_explanation_step_text(const beholder_explanation* explanation,
                                                          size_t i);
/* Why the likeliest program did not come to its end, as "there is no green cube"; "" when one did,
   and where none was tried. */
BEHOLDER_C_API const char* beholder_explanation_failure(const beholder_explanation* explanation);
BEHOLDER_C_API void beholder_explanation_free(beholder_explanation* explanation);

/* ---- what is written ---- */
typedef struct beholder_read_options {
  size_t struct_size;
  double min_confidence; /* less certain lines are left out; negative: the model's own */
  const beholder_cancel* cancel;
} beholder_read_options;

/* In pixels of the upright original. */
typedef struct beholder_point {
  double x, y;
} beholder_point;

typedef struct beholder_text_line {
  const char* text;
  beholder_point corners[4]; /* from the upper left one clockwise, as the line is read */
  double confidence;         /* mean probability of its characters */
} beholder_text_line;

BEHOLDER_C_API beholder_read_options beholder_read_options_default(void);
/* The lines of a picture in reading order. BEHOLDER_ERROR_UNSUPPORTED without BEHOLDER_SKILL_READ.
   options may be NULL. */
BEHOLDER_C_API beholder_code beholder_read(const beholder_engine* engine,
                                           const beholder_picture* picture,
                                           const beholder_read_options* options,
                                           beholder_reading** reading);
BEHOLDER_C_API size_t beholder_reading_count(const beholder_reading* reading);
/* Fills `line`; its text belongs to `reading`. */
BEHOLDER_C_API beholder_code beholder_reading_get(const beholder_reading* reading, size_t i,
                                                  beholder_text_line* line);
BEHOLDER_C_API void beholder_reading_free(beholder_reading* reading);

/* ---- where the model looked ---- */
/* While it writes an answer to a question or, with question NULL, a description. The weights are of
   cells that cut the upright picture into rows x columns equal parts, row by row; they add up to 1.
 */
BEHOLDER_C_API beholder_code beholder_attend(const beholder_engine* engine,
                                             const beholder_picture* picture, const char* question,
                                             const char* text, beholder_attention** attention);
BEHOLDER_C_API int beholder_attention_rows(const beholder_attention* attention);
BEHOLDER_C_API int beholder_attention_columns(const beholder_attention* attention);
/* Mean over the text: rows * columns numbers. */
BEHOLDER_C_API const double* beholder_attention_overall(const beholder_attention* attention);
BEHOLDER_C_API size_t beholder_attention_word_count(const beholder_attention* attention);
BEHOLDER_C_API const char* beholder_attention_word(const beholder_attention* attention, size_t i);
BEHOLDER_C_API const double* beholder_attention_weights(const beholder_attention* attention,
                                                        size_t i);
BEHOLDER_C_API void beholder_attention_free(beholder_attention* attention);

/* ---- scores and embeddings ---- */
/* How well a description (question NULL), or an answer to a question, fits.
   log_probability: of all tokens and the end; probability: geometric mean of the tokens'. */
BEHOLDER_C_API beholder_code beholder_score(const beholder_engine* engine,
                                            const beholder_picture* picture, const char* question,
                                            const char* text, double* log_probability,
                                            double* probability);
/* Whether a text belongs to the picture. probability: that they do; cosine: between their
   embeddings. BEHOLDER_ERROR_UNSUPPORTED without BEHOLDER_SKILL_MATCH. */
BEHOLDER_C_API beholder_code beholder_match(const beholder_engine* engine,
                                            const beholder_picture* picture, const char* text,
                                            double* probability, double* cosine);
/* Writes a vector of length 1 to `vector` (room for `capacity` floats) and its size to `size`.
   With capacity 0 only the size is told. */
BEHOLDER_C_API beholder_code beholder_embed_picture(const beholder_engine* engine,
                                                    const beholder_picture* picture, float* vector,
                                                    size_t capacity, size_t* size);
BEHOLDER_C_API beholder_code beholder_embed_text(const beholder_engine* engine, const char* text,
                                                 float* vector, size_t capacity, size_t* size);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
