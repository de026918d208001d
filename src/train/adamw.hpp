// AdamW (Loshchilov & Hutter 2019) over named parameters, with state that a checkpoint can hold.
#pragma once

#include "train/checkpoint.hpp"

namespace beholder::train {

struct AdamWOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.98;
  double eps = 1e-8;
  double weight_decay = 0.05;  ///< of matrices alone; vectors and embeddings are not decayed
};

/// Scales all gradients together to a norm of at most `max_norm`; returns the norm before.
double clip_gradients(const std::map<std::string, at::Tensor>& values, double max_norm);

/// One update of all of `state.values` that have a gradient; `state.step` counts from 0.
void adamw_step(TrainState& state, const AdamWOptions& options);

/// average = decay · average + (1 - decay) · value, with the decay ramped up at the start.
void update_average(TrainState& state, double decay);

}  // namespace beholder::train
