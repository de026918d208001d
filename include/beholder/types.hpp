// What goes into the engine and what comes out of it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace beholder {

/// What an engine answers when its confidence is below the threshold.
inline constexpr const char* kAbstention = "I don't know";
/// What it says in place of a description then.
inline constexpr const char* kUnsure = "I am not sure what this shows";

/// Whether the colour profile that a picture carries (ICC) is applied, which turns its colours into
/// sRGB, or left out of account.
enum class ColorManagement {
  kAuto,  ///< on; off for published models, whose reference leaves profiles out of account
  kOn,
  kOff,
};

struct EngineOptions {
  int threads = 0;  ///< processor cores to use; 0: all
  /// Round activations to 8 bits where the decoder's int8 weights are multiplied: faster, a little
  /// less exact. Otherwise they keep 16 bits (24 in the encoders) on processors with VNNI, and are
  /// floats on others. Published models stored in int8 always take 8 bits, everywhere.
  bool int8 = false;
  bool mirror = true;  ///< look at the mirror image too: right more often, twice the vision time
  std::uint64_t max_pixels = 178'956'970;  ///< larger pictures are refused before decoding
  /// Encoded pictures are kept up to this many bytes and found again by their content, the least
  /// recently used dropped first; 0: none is kept. One takes 1 to 3 MB, up to 15 with reading.
  std::uint64_t cache_bytes = 64u << 20;
  ColorManagement color_management = ColorManagement::kAuto;
};

/// Milliseconds of the wall clock.
struct Timing {
  double decode = 0;  ///< bytes to pixels, resize and normalisation; 0 for a kept picture
  double vision =
      0;  ///< vision encoder and the decoder's image keys and values; 0 for a kept picture
  double text = 0;    ///< tokenizer and text encoder
  double fusion = 0;  ///< generation
};

/// How an answer is found.
enum class Method {
  kAuto,     ///< whichever is more certain
  kDirect,   ///< at once, from question and picture
  kProgram,  ///< by a program that is run on the objects found in the picture
  kRead,     ///< from what is written in the picture
};

struct AnswerOptions {
  int top_k = 1;               ///< answers listed, 1..num_beams
  int num_beams = 5;           ///< hypotheses kept while searching
  int max_new_tokens = 20;     ///< longest answer, its end included; models may allow fewer.
                               ///< Published models: 0 for the reference's default, 20
  double min_confidence = -1;  ///< abstain below; 0 never; negative: the model's own threshold
  std::vector<std::string> choices;  ///< if not empty, the answer is one of these
  /// kProgram throws kUnsupported for models that cannot explain, and gives kAbstention with the
  /// confidence 0 where no program answers the question; kRead likewise for models that cannot
  /// read, and where nothing is written.
  Method method = Method::kAuto;
  /// Set it to true from another thread to stop; the call throws kCancelled. Must outlive the call.
  const std::atomic<bool>* cancel = nullptr;
};

struct ScoredAnswer {
  std::string answer;
  double probability = 0;  ///< the network's own, before calibration; among choices they sum to 1
};

struct Answer {
  std::string text;                 ///< the best answer, or `kAbstention`
  double confidence = 0;            ///< calibrated probability that `top_k[0]` is right, 0..1
  bool abstained = false;           ///< the confidence was below the threshold
  bool familiar = true;             ///< picture and question are like what the model was trained on
  Method method = Method::kDirect;  ///< how it was found; never kAuto
  std::vector<ScoredAnswer> top_k;  ///< best first; never empty
  Timing timing;
};

/// Scenes of solids or flat shapes are described by their objects; of the options `num`, the
/// numbers of words, `prefix`, `suffix`, `min_confidence`, `on_text` and `cancel` matter then.
/// Published models search as their reference does: without consensus, and with the same rules
/// against repetition.
struct DescribeOptions {
  int num = 1;         ///< different descriptions wanted
  int num_beams = 10;  ///< hypotheses kept while searching
  /// Of the hypotheses found, take the one most like all the others instead of the likeliest: what
  /// many agree on is right more often (minimum Bayes risk). With fewer than 3 it changes nothing.
  bool consensus = true;
  double length_penalty = 0.6;  ///< above 0 favours longer descriptions
  int max_new_tokens = 30;      ///< published models: 0 as in AnswerOptions
  /// How the description begins; it goes on from there. Only for published captioning models; those
  /// of this format throw kUnsupported.
  std::string prompt;
  /// Literal text before and behind each description that is given, with no blank added; UTF-8 of
  /// one line. Not counted in any limit.
  std::string prefix, suffix;
  /// Words of a description (what blanks separate), the prompt's counted; 0: no limit. It does not
  /// end on a word that asks for another ("a", "with") where anything else can be said. What cannot
  /// be kept throws kUsage: a word takes a token or more of `max_new_tokens`.
  int min_words = 0, max_words = 0;
  int min_new_tokens = 0;  ///< no end before so many tokens
  /// Sequences of so many tokens do not come twice; 0: no rule; negative: the model's own, 3, for
  /// published models none. As transformers' `no_repeat_ngram_size`.
  int no_repeat_ngram = -1;
  /// Above 1, what was written, the prompt included, is less likely to come again; above 0. As
  /// transformers' `repetition_penalty`.
  double repetition_penalty = 1;
  double temperature = 0;  ///< above 0: sample instead of searching
  int top_k = 0;           ///< sampling: keep the k likeliest tokens; 0: all
  double top_p = 0.9;      ///< sampling: keep the likeliest tokens with this much probability
  std::uint64_t seed = 0;  ///< sampling
  /// Withhold descriptions of less confidence; 0: none; negative: the model's own threshold. Above
  /// 1 throws kUsage.
  double min_confidence = -1;
  /// Called with each piece of text as soon as it is certain, on the calling thread; the pieces of
  /// a description add up to its text. Only for one picture, num = 1 and no consensus; with beams,
  /// a word is certain once all hypotheses have it. Whether a text is withheld is known at its end
  /// alone: with `min_confidence` 0 (or a model without a threshold) the pieces come as they are
  /// written, otherwise one comes at the end. Return false to stop (kCancelled).
  std::function<bool(const std::string& piece)> on_text;
  /// As in AnswerOptions.
  const std::atomic<bool>* cancel = nullptr;
};

/// A content word of a description: no function word.
struct DescribedWord {
  std::string word;        ///< in lower case
  double probability = 0;  ///< calibrated, 0..1, that people who describe the picture bear it out
};

struct Description {
  std::string text;        ///< the description, or `kUnsure`
  double probability = 0;  ///< geometric mean of the tokens' probabilities, 0..1
  /// The share of its content words that can be expected to be supported by what people say of the
  /// picture, 0..1: the mean of `words`; 0 when there is none. Of scenes, the mean confidence of
  /// the objects named. For models without such a calibration (published ones) it is `probability`,
  /// and nothing is known of how often it is right.
  double confidence = 0;
  bool abstained = false;            ///< the confidence was below the threshold
  std::string guess;                 ///< what was written, given or not; no prefix and no suffix
  std::vector<DescribedWord> words;  ///< in order; empty for models without a calibration
};

struct Descriptions {
  /// Those that are given, then those withheld; each best first. The guesses are all different.
  std::vector<Description> list;
  Timing timing;
};

/// In pixels of the upright original picture; right and bottom lie outside the box.
struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
};

struct Object {
  std::string name;
  std::vector<std::string> attributes;  ///< colour, size, material, …; may be empty
  Box box;                              ///< of what can be seen of it
  /// Of the whole object, in pixels like the box; not the box's middle where something hides a
  /// part.
  double center_x = 0, center_y = 0;
  double confidence = 0;  ///< 0..1
};

struct ObjectsOptions {
  double min_confidence = -1;  ///< less certain objects are left out; negative: the model's own
  int max_objects = 100;
  const std::atomic<bool>* cancel = nullptr;  ///< as in AnswerOptions
};

struct Objects {
  std::vector<Object> list;  ///< most certain first
  Timing timing;
};

/// "subject relation object", as in "cup on table".
struct Relation {
  Object subject;
  std::string relation;
  Object object;
  double confidence = 0;  ///< 0..1
};

struct Relations {
  std::vector<Relation> list;  ///< most certain first
  Timing timing;
};

/// In pixels of the upright original picture.
struct Point {
  double x = 0, y = 0;
};

/// A line of text in a picture.
struct TextLine {
  std::string text;              ///< UTF-8
  std::array<Point, 4> corners;  ///< of the line as it is read, from the upper left one clockwise
  double confidence = 0;         ///< mean probability of its characters, 0..1
};

struct ReadOptions {
  double min_confidence = -1;  ///< less certain lines are left out; negative: the model's own
  const std::atomic<bool>* cancel = nullptr;  ///< as in AnswerOptions
};

/// What is written in a picture.
struct Reading {
  std::vector<TextLine> list;  ///< in reading order: from top to bottom, in a row from the left
  Timing timing;
};

/// One step of the way to an answer.
struct TraceStep {
  std::string operation;        ///< what was done, as "find" or "count"
  std::string text;             ///< the same for people
  std::vector<Object> objects;  ///< what is left after it
  std::string value;            ///< the number, word or truth that it gives; else empty
};

struct Explanation {
  Answer answer;
  std::string program;           ///< in Polish notation; empty for an answer given directly
  std::vector<TraceStep> steps;  ///< of the program, in order; empty for an answer given directly
  /// Why the likeliest program did not come to its end, as "there is no green cube"; empty when one
  /// did, and where none was tried.
  std::string failure;
};

/// How well a text fits, by the model that would have written it.
struct Score {
  double log_probability = 0;  ///< of all tokens and the end, natural logarithm
  double probability = 0;      ///< geometric mean of the tokens' probabilities, 0..1
};

/// How well a text belongs to a picture, by a model that was trained to tell.
struct Match {
  double probability = 0;  ///< that they belong together, 0..1
  double cosine = 0;       ///< between their embeddings, -1..1
};

/// Where in a picture the model looked while it wrote a text; for a scene, where the objects are
/// that the text is about. The weights are of cells that cut the upright picture into `rows` x
/// `columns` equal parts, row by row from the upper left; they add up to 1.
struct AttentionMap {
  struct Word {
    std::string text;
    std::vector<double> weights;
  };
  int rows = 0, columns = 0;
  std::vector<Word> words;      ///< of the text, in order
  std::vector<double> overall;  ///< mean over the text
};

/// What a model can be asked for.
enum class Skill { kAnswer, kDescribe, kObjects, kRelations, kExplain, kMatch, kRead };

/// How a model searches unless it is told otherwise.
struct SearchDefaults {
  int num_beams = 5;
  int max_new_tokens = 20;
  double length_penalty = 0;  ///< of descriptions
};

struct ModelInfo {
  std::string directory;
  bool published = false;             ///< of a family that others publish
  std::uint64_t parameter_bytes = 0;  ///< of its safetensors files
  std::vector<Skill> skills;
  double default_min_confidence = 0;  ///< what AnswerOptions::min_confidence < 0 stands for
  double default_min_description_confidence = 0;  ///< the same of DescribeOptions
  SearchDefaults answer_search, describe_search;
  int max_question_tokens = 0;
  bool color_management = true;  ///< colour profiles are applied
};

}  // namespace beholder
