#include "nn/decoder_layer.hpp"

namespace beholder::nn {

DecoderLayer::DecoderLayer(ParameterSource& source, const LayerNames& names,
                           const std::vector<CrossNames>& cross, const LayerConfig& config)
    : self_(source, names.attention, config.hidden_size, config.num_attention_heads),
      self_residual_(source, names.attention_norm, config),
      cross_([&] {
        std::vector<Cross> out;
        for (const CrossNames& one : cross)
          out.push_back({CrossAttention(source, one.attention, config.hidden_size,
                                        config.num_attention_heads, one.key_size),
                         Residual(source, one.norm, config)});
        return out;
      }()),
      mlp_(source, names.fc1, names.fc2, config.hidden_size, config.intermediate_size),
      mlp_residual_(source, names.mlp_norm, config) {}

at::Tensor DecoderLayer::forward(const at::Tensor& input, const std::vector<Attended>& attended,
                                 const at::Tensor& mask, double dropout,
                                 std::vector<at::Tensor>* trace) const {
  const at::Tensor x =
      self_residual_.forward(input, dropout, [&](const auto& normed, const auto& added) {
        if (trace != nullptr) trace->push_back(self_.weights(normed, mask));
        return self_.forward(normed, mask, added);
      });
  return rest(x, attended, dropout, trace);
}

at::Tensor DecoderLayer::step(const at::Tensor& input, const std::vector<Attended>& attended,
                              KeyValueCache& cache, std::size_t layer) const {
  const at::Tensor x = self_residual_.forward(input, 0, [&](const auto& normed, const auto& added) {
    return self_.forward(normed, cache, layer, added);
  });
  return rest(x, attended, 0, nullptr);
}

at::Tensor DecoderLayer::rest(at::Tensor x, const std::vector<Attended>& attended, double dropout,
                              std::vector<at::Tensor>* trace) const {
  for (std::size_t i = 0; i < cross_.size(); ++i) {
    const Attended& seen = attended.at(i);
    if (seen.memory == nullptr) continue;
    const CrossAttention& attention = cross_[i].attention;
    x = cross_[i].residual.forward(x, dropout, [&](const auto& normed, const auto& added) {
      if (trace != nullptr) trace->push_back(attention.weights(normed, *seen.memory, seen.mask));
      return attention.forward(normed, *seen.memory, seen.mask, added);
    });
  }
  return mlp_residual_.forward(x, dropout, [&](const auto& normed, const auto& added) {
    return mlp_.forward(normed, added);
  });
}

}  // namespace beholder::nn
