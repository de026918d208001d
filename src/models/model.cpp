#include "models/model.hpp"

#include <atomic>

namespace beholder::models {
namespace {

std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

ModelPicture::ModelPicture(const Model& model, int wide, int high)
    : width(wide), height(high), made_by(model.id()) {}

Model::Model(std::filesystem::path directory) : directory_(std::move(directory)), id_(next_id()) {}

void Model::cannot(const char* what) const {
  fail(ErrorCode::kUnsupported, directory_.string(), ": this model cannot ", what,
       "; use one that was trained to (beholder model info lists what a model can do)");
}

void Model::check_own(const ModelPicture& picture) const {
  check(picture.made_by == id_, ErrorCode::kUsage, directory_.string(),
        ": the picture was encoded by another engine; encode it with the one that you ask");
}

std::vector<Answer> Model::answer(const std::vector<Request>&, const AnswerOptions&) const {
  cannot("answer questions");
}
Explanation Model::explain(const Request&, const AnswerOptions&) const {
  cannot("give explanations");
}
std::vector<Descriptions> Model::describe(const std::vector<const EncodedPicture*>&,
                                          const DescribeOptions&) const {
  cannot("describe pictures");
}
Objects Model::objects(const EncodedPicture&, const ObjectsOptions&) const {
  cannot("give objects");
}
Relations Model::relations(const EncodedPicture&, const ObjectsOptions&) const {
  cannot("give relations");
}
Reading Model::read(const EncodedPicture&, const ReadOptions&) const {
  cannot("read what is written in pictures");
}
Score Model::score(const Request&, const std::string&) const {
  cannot("say how likely a given text is");
}
Match Model::match(const EncodedPicture&, const std::string&) const {
  cannot("match texts with pictures");
}
AttentionMap Model::attention(const Request&, const std::string&) const {
  cannot("show where it looks");
}
std::vector<float> Model::embed(const EncodedPicture&) const { cannot("embed pictures"); }
std::vector<float> Model::embed(const std::string&) const { cannot("embed texts"); }

}  // namespace beholder::models
