#include "convert/export_model.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "convert/quantise.hpp"
#include "core/check.hpp"
#include "core/file.hpp"
#include "core/output_folder.hpp"
#include "io/checksums.hpp"
#include "io/half.hpp"
#include "io/safetensors.hpp"
#include "models/native/config.hpp"
#include "nn/parameters.hpp"

namespace beholder::convert {
namespace fs = std::filesystem;

namespace {

/// As int8 with scales where it is a large matrix, else as halves.
void add_compact(io::SafetensorsWriter& writer, const std::string& name,
                 const io::TensorView& view) {
  if (becomes_int8(name, view))
    return add_int8(writer, name, view.shape, reinterpret_cast<const float*>(view.data));
  check_weights(name, reinterpret_cast<const float*>(view.data), view.bytes / 4);
  std::vector<std::uint16_t> halves(view.bytes / 4);
  io::halves_from_floats(reinterpret_cast<const float*>(view.data), halves.data(), halves.size());
  writer.add_copy(name, io::DType::kF16, view.shape, halves.data(), halves.size() * 2);
}

constexpr const char* kReasonerWords = "reasoner_vocab.txt";

bool same(const program::Lexicon& a, const program::Lexicon& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.name == y.name && x.values == y.values;
  });
}

/// All of `base` with the answer scorer that training wrote to `part`.
void join_answer_scorer(const fs::path& base, const fs::path& part, const fs::path& to) {
  using scene::AnswerScorer;
  models::native::ModelConfig config = models::native::load_model_config(base);
  config.answer_scorer = true;
  const io::SafetensorsFile trained = AnswerScorer::open(part);
  io::SafetensorsWriter writer;
  for (const std::string& name : trained.names()) {
    check(trained.at(name).dtype == io::DType::kF32, ErrorCode::kModelFormat,
          trained.path().string(), ": tensor '", name, "' is not F32; join what training wrote");
    add_compact(writer, name, trained.at(name));
  }
  const std::string lists = read_file_text(part / AnswerScorer::kListsName);
  OutputFolder out(to);
  models::native::copy_companions(base, out.temporary());
  write_file_atomic(out.temporary() / "model.safetensors",
                    read_file_text(base / "model.safetensors"));
  write_file_atomic(out.temporary() / AnswerScorer::kListsName, lists);
  writer.write(out.temporary() / AnswerScorer::kFileName);
  write_file_atomic(out.temporary() / "config.json", models::native::write_model_config(config));
  io::write_checksums(out.temporary());
  out.publish();
}

}  // namespace

void join_model(const fs::path& base, const std::vector<fs::path>& parts, const fs::path& to) {
  check(!parts.empty(), ErrorCode::kUsage, "name at least one part to join to ", base.string());
  for (const fs::path& part : parts)
    if (fs::exists(part / scene::AnswerScorer::kListsName)) {
      check(parts.size() == 1, ErrorCode::kUsage, part.string(),
            ": is an answer scorer; join it alone, behind the other parts, which it was trained "
            "beside");
      return join_answer_scorer(base, part, to);
    }
  const io::SafetensorsFile whole = io::SafetensorsFile::open(base / "model.safetensors");
  models::native::ModelConfig config = models::native::load_model_config(base);
  std::vector<io::SafetensorsFile> files;
  std::set<std::string> replaced;  // first parts of names, as "reasoner."
  std::optional<fs::path> words;
  if (config.reasoner) words = base / kReasonerWords;
  program::Lexicon lexicon;
  for (const fs::path& part : parts) {
    const models::native::ModelConfig its = models::native::load_model_config(part);
    check(lexicon.empty() || same(lexicon, its.lexicon), ErrorCode::kModelFormat, part.string(),
          ": was trained with another lexicon than ", parts.front().string());
    lexicon = its.lexicon;
    files.push_back(io::SafetensorsFile::open(part / "model.safetensors"));
    for (const std::string& name : files.back().names()) {
      const std::string prefix = name.substr(0, name.find('.') + 1);
      replaced.insert(prefix);
      if (prefix == concat(models::native::kDetectorName, ".")) config.detector = its.detector;
      if (prefix != "reasoner.") continue;
      config.reasoner = its.reasoner;
      words = part / kReasonerWords;
    }
  }
  const bool kept_part = (config.detector && replaced.count("object_detector.") == 0) ||
                         (config.reasoner && replaced.count("reasoner.") == 0);
  check(!kept_part || same(lexicon, config.lexicon), ErrorCode::kModelFormat, base.string(),
        ": has a part with another lexicon than ", parts.front().string(), "; join both anew");
  config.lexicon = lexicon;
  io::SafetensorsWriter writer;
  for (const std::string& name : whole.names()) {
    if (replaced.count(name.substr(0, name.find('.') + 1)) > 0) continue;
    const io::TensorView& view = whole.at(name);
    writer.add(name, view.dtype, view.shape, view.data, view.bytes);
  }
  for (const io::SafetensorsFile& file : files)
    for (const std::string& name : file.names()) {
      check(file.at(name).dtype == io::DType::kF32, ErrorCode::kModelFormat, file.path().string(),
            ": tensor '", name, "' is not F32; join what training wrote");
      add_compact(writer, name, file.at(name));
    }
  std::map<std::string, std::string> texts = models::native::companions(base);
  for (const char* name : models::native::kVocabularies) texts[name] = read_file_text(base / name);
  if (words) texts[kReasonerWords] = read_file_text(*words);
  texts["config.json"] = models::native::write_model_config(config);
  OutputFolder out(to);
  writer.write(out.temporary() / "model.safetensors");
  for (const auto& [name, text] : texts) write_file_atomic(out.temporary() / name, text);
  io::write_checksums(out.temporary());
  out.publish();
}

void export_model(const fs::path& from, const fs::path& to, StorageType storage) {
  const io::SafetensorsFile file = io::SafetensorsFile::open(from / "model.safetensors");
  io::SafetensorsWriter writer;
  for (const std::string& name : file.names()) {
    const io::TensorView& view = file.at(name);
    check(view.dtype == io::DType::kF32, ErrorCode::kModelFormat, file.path().string(),
          ": tensor '", name, "' is not F32; export from the trained float model");
    if (storage == StorageType::kFloat32) {
      check_weights(name, reinterpret_cast<const float*>(view.data), view.bytes / 4);
      writer.add(name, view.dtype, view.shape, view.data, view.bytes);
    } else {
      add_compact(writer, name, view);
    }
  }
  OutputFolder out(to);
  writer.write(out.temporary() / "model.safetensors");
  write_file_atomic(out.temporary() / "config.json", read_file_text(from / "config.json"));
  models::native::copy_companions(from, out.temporary());
  io::write_checksums(out.temporary());
  out.publish();
}

}  // namespace beholder::convert
