// beholder data derive --captions captions.jsonl --out out.jsonl [--seed 7] [--max-per-picture 14]
// beholder data invert --questions qa.jsonl --out out.jsonl
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "core/file.hpp"
#include "data/derive_questions.hpp"
#include "data/invert_relations.hpp"
#include "data/readers.hpp"

namespace {

struct DeriveArguments {
  std::filesystem::path captions;
  std::filesystem::path out;
  beholder::data::DeriveOptions options;
};

void derive(const DeriveArguments& arguments) {
  using namespace beholder::data;
  const auto rows = derive_questions(read_caption_jsonl(arguments.captions), arguments.options);
  beholder::write_file_atomic(arguments.out, derived_jsonl(rows, arguments.out.parent_path()));
  std::cerr << derived_statistics(rows);
}

struct InvertArguments {
  std::filesystem::path questions;
  std::filesystem::path out;
};

void invert(const InvertArguments& arguments) {
  using namespace beholder::data;
  std::vector<DerivedRow> rows;
  for (const QaRow& row : invert_relations(read_qa_jsonl(arguments.questions)))
    rows.push_back({row.image, row.question, row.answers.front().first, row.type, {}});
  beholder::write_file_atomic(arguments.out, derived_jsonl(rows, arguments.out.parent_path()));
  std::cerr << derived_statistics(rows);
}

}  // namespace

void add_derive_command(CLI::App& app) {
  // Other tools for data sets may have added the group already.
  const auto groups =
      app.get_subcommands([](CLI::App* group) { return group->get_name() == "data"; });
  CLI::App* data =
      groups.empty() ? app.add_subcommand("data", "Tools for data sets") : groups.front();
  data->require_subcommand(1);
  CLI::App* command =
      data->add_subcommand("derive", "Derive balanced question-answer rows from captions");
  auto arguments = std::make_shared<DeriveArguments>();
  command
      ->add_option("--captions", arguments->captions,
                   R"(JSON Lines file of {"image": path, "captions": [text, ...]})")
      ->required();
  command->add_option("--out", arguments->out, "JSON Lines file to write")->required();
  command->add_option("--seed", arguments->options.seed, "Seed of the selection")
      ->capture_default_str();
  command
      ->add_option("--max-per-picture", arguments->options.max_per_picture,
                   "Rows a picture at most, 2 or more")
      ->capture_default_str();
  command->callback([arguments] { derive(*arguments); });

  CLI::App* turn = data->add_subcommand(
      "invert", "Turn questions about places round: what is left of A, what is right of B");
  auto turned = std::make_shared<InvertArguments>();
  turn->add_option("--questions", turned->questions,
                   R"(JSON Lines file of {"image": path, "question": text, "answer": text})")
      ->required();
  turn->add_option("--out", turned->out, "JSON Lines file to write")->required();
  turn->callback([turned] { invert(*turned); });
}
