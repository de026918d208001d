// beholder data derive --captions captions.jsonl --out out.jsonl [--seed 7] [--max-per-picture 14]
// beholder data invert --questions qa.jsonl --out out.jsonl
// beholder data pseudo-label --weights model.safetensors --pictures rows.jsonl --out out.jsonl
#include <c10/core/InferenceMode.h>
#include <omp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <thread>

#include "commands.hpp"
#include "core/file.hpp"
#include "core/output_check.hpp"
#include "data/derive_questions.hpp"
#include "data/invert_relations.hpp"
#include "data/name_questions.hpp"
#include "data/readers.hpp"
#include "nn/finite.hpp"
#include "nn/linear.hpp"
#include "number_range.hpp"
#include "train/choose_captions.hpp"
#include "vision/efficientnet_stem.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace {

/// The output file, and the flag that allows replacing one.
struct OutArguments {
  std::filesystem::path out;
  bool force = false;
};

void add_out(CLI::App* command, OutArguments& arguments) {
  command->add_option("--out", arguments.out, "JSON Lines file to write")->required();
  command->add_flag("--force", arguments.force, "replace it if it is there already");
}

struct DeriveArguments : OutArguments {
  std::filesystem::path captions;
  beholder::data::DeriveOptions options;
};

void derive(const DeriveArguments& arguments) {
  using namespace beholder::data;
  beholder::check_output_file(arguments.out, {arguments.captions}, arguments.force);
  const auto rows = derive_questions(read_caption_jsonl(arguments.captions), arguments.options);
  beholder::write_file_atomic(arguments.out, derived_jsonl(rows, arguments.out.parent_path()));
  std::cerr << derived_statistics(rows);
}

struct InvertArguments : OutArguments {
  std::filesystem::path questions;
};

void invert(const InvertArguments& arguments) {
  using namespace beholder::data;
  beholder::check_output_file(arguments.out, {arguments.questions}, arguments.force);
  std::vector<DerivedRow> rows;
  for (const QaRow& row : invert_relations(read_qa_jsonl(arguments.questions)))
    rows.push_back({row.image, row.question, row.answers.front().first, row.type, {}});
  beholder::write_file_atomic(arguments.out, derived_jsonl(rows, arguments.out.parent_path()));
  std::cerr << derived_statistics(rows);
}

struct LabelArguments : OutArguments {
  std::filesystem::path weights, pictures;
  beholder::data::NameOptions options;
};

/// Classifies each picture with the stem's ImageNet head, at the resolution it was trained for.
void pseudo_label(const LabelArguments& arguments) {
  using namespace beholder;
  check_output_file(arguments.out, {arguments.weights, arguments.pictures}, arguments.force);
  const c10::InferenceMode inference;
  omp_set_num_threads(static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  nn::StoredParameters parameters(io::SafetensorsFile::open(arguments.weights));
  const vision::EfficientNetStem stem(parameters, "vision_encoder.stem");
  const nn::Linear head(parameters, "imagenet_head", vision::EfficientNetStem::kStride32Channels,
                        1000);
  constexpr int kSide = 260;
  const vision::ImageProcessor processor(vision::stem_processor(kSide));
  at::Tensor pixels = at::empty({1, 3, kSide, kSide});
  std::set<std::filesystem::path> images;
  if (data::detect_jsonl_kind(arguments.pictures) == data::JsonlKind::kCaptions) {
    for (const data::CaptionRow& row : data::read_caption_jsonl(arguments.pictures))
      images.insert(row.image);
  } else {
    for (const data::QaRow& row : data::read_qa_jsonl(arguments.pictures)) images.insert(row.image);
  }
  std::vector<data::ClassifiedPicture> classified;
  for (const std::filesystem::path& image : images) {
    processor.process(vision::load_image(image), kSide, kSide, pixels.data_ptr<float>());
    const at::Tensor pooled = stem.forward(pixels).stride32.mean({2, 3});  // (1, 1280)
    const at::Tensor logits = head.forward(pooled);                        // (1, 1000)
    nn::check_finite(logits, "ImageNet head");
    const at::Tensor given = at::softmax(logits, -1).contiguous();
    classified.push_back({image, {given.data_ptr<float>(), given.data_ptr<float>() + 1000}});
  }
  const auto rows = data::name_questions(classified, arguments.options);
  write_file_atomic(arguments.out, data::derived_jsonl(rows, arguments.out.parent_path()));
  std::cerr << data::derived_statistics(rows);
}

struct ChooseArguments : OutArguments {
  std::filesystem::path captions, candidates;
  std::size_t keep = 4;
};

void choose(const ChooseArguments& arguments) {
  using namespace beholder;
  check_output_file(arguments.out, {arguments.captions, arguments.candidates}, arguments.force);
  const auto rows =
      train::choose_captions(data::read_caption_jsonl(arguments.captions),
                             train::read_candidates(arguments.candidates), arguments.keep);
  write_file_atomic(arguments.out, train::caption_jsonl(rows, arguments.out.parent_path()));
  std::cerr << rows.size() << " pictures\n";
}

void add_derive(CLI::App* data) {
  CLI::App* command =
      data->add_subcommand("derive", "Derive balanced question-answer rows from captions");
  auto arguments = std::make_shared<DeriveArguments>();
  command
      ->add_option("--captions", arguments->captions,
                   R"(JSON Lines file of {"image": path, "captions": [text, ...]})")
      ->required();
  add_out(command, *arguments);
  command->add_option("--seed", arguments->options.seed, "Seed of the selection")
      ->check(beholder::cli::whole_number<std::uint64_t>(0))
      ->capture_default_str();
  command
      ->add_option("--max-per-picture", arguments->options.max_per_picture,
                   "Rows a picture at most, 2 or more")
      ->check(beholder::cli::whole_number(2))
      ->capture_default_str();
  command->callback([arguments] { derive(*arguments); });
}

void add_invert(CLI::App* data) {
  CLI::App* turn = data->add_subcommand(
      "invert", "Turn questions about places round: what is left of A, what is right of B");
  auto turned = std::make_shared<InvertArguments>();
  turn->add_option("--questions", turned->questions,
                   R"(JSON Lines file of {"image": path, "question": text, "answer": text})")
      ->required();
  add_out(turn, *turned);
  turn->callback([turned] { invert(*turned); });
}

void add_choose(CLI::App* data) {
  CLI::App* pick = data->add_subcommand(
      "choose", "Keep, of a model's descriptions of each picture, those most like people's");
  auto picked = std::make_shared<ChooseArguments>();
  pick->add_option("--captions", picked->captions,
                   R"(JSON Lines file of {"image": path, "captions": [text, ...]})")
      ->required();
  pick->add_option("--candidates", picked->candidates,
                   "output of `beholder caption --num N --no-consensus` on the same pictures")
      ->required();
  add_out(pick, *picked);
  pick->add_option("--keep", picked->keep, "descriptions of each picture")
      ->check(beholder::cli::whole_number<std::size_t>(1, 100))
      ->capture_default_str();
  pick->callback([picked] { choose(*picked); });
}

void add_pseudo_label(CLI::App* data) {
  CLI::App* label = data->add_subcommand(
      "pseudo-label",
      "Questions about the names of things, answered by what the stem's ImageNet head is sure of");
  auto labelled = std::make_shared<LabelArguments>();
  label
      ->add_option("--weights", labelled->weights,
                   "safetensors file with vision_encoder.stem.* and imagenet_head.*")
      ->required();
  label->add_option("--pictures", labelled->pictures, "JSON Lines file whose rows name pictures")
      ->required();
  add_out(label, *labelled);
  label->add_option("--seed", labelled->options.seed, "Seed of the selection")
      ->check(beholder::cli::whole_number<std::uint64_t>(0))
      ->capture_default_str();
  label->callback([labelled] { pseudo_label(*labelled); });
}

}  // namespace

void add_derive_command(CLI::App& app) {
  // Another command may have added the group already.
  const auto groups =
      app.get_subcommands([](CLI::App* group) { return group->get_name() == "data"; });
  CLI::App* data =
      groups.empty() ? app.add_subcommand("data", "Tools for data sets") : groups.front();
  data->require_subcommand(1);
  for (const auto add : {add_derive, add_invert, add_choose, add_pseudo_label}) add(data);
}
