#include "vision/text_recognizer.hpp"

#include "core/check.hpp"
#include "nn/finite.hpp"
#include "nn/shape.hpp"

namespace beholder::vision {
namespace {

using nn::Activation;

const std::string kName = "text_recognition.";

// kernel, in, out, strides, squeeze-and-excitation
const std::vector<PpLcNet::BlockShape> kBlocks = {
    {3, 16, 32, 1, 1, false},   {3, 32, 64, 1, 1, false},   {3, 64, 64, 1, 1, false},
    {3, 64, 128, 2, 1, false},  {3, 128, 128, 1, 1, false}, {3, 128, 240, 1, 2, false},
    {5, 240, 240, 1, 1, false}, {5, 240, 240, 1, 1, false}, {5, 240, 240, 1, 1, false},
    {5, 240, 240, 1, 1, false}, {5, 240, 480, 2, 1, true},  {5, 480, 480, 1, 1, true},
    {5, 480, 480, 2, 1, false}, {5, 480, 480, 1, 1, false}};
constexpr std::int64_t kChannels = 480, kHidden = 120, kHeads = 8, kLayers = 2;
constexpr double kLayerEps = 1e-5, kLastEps = 1e-6;

nn::AttentionNames attention_names(const std::string& layer) {
  return {layer + ".qkv", "", "", layer + ".output"};
}

}  // namespace

TextRecognizer::TextRecognizer(nn::StoredParameters& source, std::int64_t classes)
    : backbone_(source, kName + "backbone", kBlocks),
      narrow_(source, kName + "neck.narrow", {kChannels, kChannels / 8, 1, 3}, Activation::kSilu),
      widen_(source, kName + "neck.widen", {kChannels / 8, kHidden}, Activation::kSilu),
      back_(source, kName + "neck.back", {kHidden, kChannels}, Activation::kSilu),
      join_(source, kName + "neck.join", {2 * kChannels, kChannels / 8, 1, 3}, Activation::kSilu),
      last_(source, kName + "neck.last", {kChannels / 8, kHidden}, Activation::kSilu),
      norm_(source, kName + "neck.norm", kHidden, kLastEps),
      head_(source, kName + "head", kHidden, classes) {
  for (std::int64_t i = 0; i < kLayers; ++i) {
    const std::string layer = kName + "neck.layers." + std::to_string(i);
    layers_.push_back({nn::LayerNorm(source, layer + ".norm1", kHidden, kLayerEps),
                       nn::SelfAttention(source, attention_names(layer), kHidden, kHeads),
                       nn::LayerNorm(source, layer + ".norm2", kHidden, kLayerEps),
                       nn::Linear(source, layer + ".fc1", kHidden, 2 * kHidden),
                       nn::Linear(source, layer + ".fc2", 2 * kHidden, kHidden)});
  }
}

at::Tensor TextRecognizer::Layer::forward(const at::Tensor& x) const {
  const at::Tensor attended = attention.forward(norm1.forward(x), {}, x);
  const at::Tensor wide = fc1.forward(norm2.forward(attended), Activation::kSilu);
  return fc2.forward(wide, Activation::kNone, attended);
}

at::Tensor TextRecognizer::forward(const at::Tensor& pixel_values) const {
  nn::check_shape(pixel_values, {nn::kAny, 3, kHeight, nn::kAny}, "TextRecognizer");
  const std::int64_t batch = pixel_values.size(0), width = pixel_values.size(3);
  check(width > 0 && width % kStride == 0, ErrorCode::kShape, "TextRecognizer: a width of ", width,
        " px; it must be a multiple of ", kStride);
  const at::Tensor seen =
      at::avg_pool2d(backbone_.forward(pixel_values).back(), {3, 2}, {3, 2});  // (B, 480, 1, T)
  const at::Tensor narrow = widen_.forward(narrow_.forward(seen));
  at::Tensor x = narrow.squeeze(2).transpose(1, 2);  // (B, T, 120)
  for (const Layer& layer : layers_) x = layer.forward(x);
  x = norm_.forward(x).reshape({batch, 1, -1, kHidden}).permute({0, 3, 1, 2});  // (B, 120, 1, T)
  x = last_.forward(join_.forward(at::cat({seen, back_.forward(x)}, 1)));
  const at::Tensor logits = head_.forward(x.squeeze(2).transpose(1, 2));  // (B, T, classes)
  nn::check_finite(logits, "text recognition");
  return logits;
}

}  // namespace beholder::vision
