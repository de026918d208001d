// What the layers of a transformer are made from: sizes, and the names that their file has.
#pragma once

#include <cstdint>
#include <string>

#include "nn/multi_head_attention.hpp"

namespace beholder::nn {

/// Where a layer normalises: its sub-layers' inputs (pre-norm, ViT) or their sums (post-norm,
/// BERT).
enum class NormOrder { kPre, kPost };

struct LayerConfig {
  std::int64_t hidden_size, num_attention_heads, intermediate_size;
  double layer_norm_eps;
  NormOrder order;
};

/// Those of a network, whose own config names them alike.
template <typename Config>
LayerConfig layer_config(const Config& config, NormOrder order) {
  return {config.hidden_size, config.num_attention_heads, config.intermediate_size,
          config.layer_norm_eps, order};
}

/// The names of what every layer has.
struct LayerNames {
  AttentionNames attention;
  std::string attention_norm, fc1, fc2, mlp_norm;
};

/// The names of one cross-attention, and the width of what it attends to.
struct CrossNames {
  AttentionNames attention;
  std::string norm;
  std::int64_t key_size;
};

}  // namespace beholder::nn
