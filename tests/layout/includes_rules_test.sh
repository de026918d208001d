#!/bin/sh
# Plants one violation at a time in a small tree: each must be found, and the clean tree must pass.
set -eu
check="$(cd "$(dirname "$0")" && pwd)/includes_test.sh"
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

plant() { # plant <file> <line>
  mkdir -p "$tree/$(dirname "$1")"
  printf '%s\n' "$2" > "$tree/$1"
}

clean_tree() {
  rm -rf "${tree:?}"/*
  plant include/beholder/engine.hpp '#include "beholder/error.hpp"'
  plant src/engine/session.cpp '#include "vision/intake/image.hpp"'
  plant src/core/error.cpp 'int exit_code = error.exit(1); std::snprintf(text, 9, "puts(");  // abort()'
  plant cli/ask_command.cpp '#include "json/results.hpp"'
  plant python/module.cpp '#include "beholder/engine.hpp"'
  plant cli/train_command.cpp '#include "train/trainer.hpp"'
  plant cli/main.cpp 'std::cerr << message; std::exit(2);'
}

expect() { # expect <pass|fail> <what>
  if sh "$check" "$tree" > "$tree.out" 2>&1; then got=pass; else got=fail; fi
  if [ "$got" != "$1" ]; then
    echo "$2: expected to $1" && cat "$tree.out"
    failures=$((failures + 1))
  fi
  rm -f "$tree.out"
}

refuse() { # refuse <file> <line>
  clean_tree
  plant "$1" "$2"
  expect fail "$1: $2"
}

clean_tree
expect pass "the clean tree"
refuse src/core/a.cpp '#include "io/config.hpp"'
refuse src/io/a.cpp '#include "nn/linear.hpp"'
refuse src/nn/kernels/a.cpp '#include "vision/intake/image.hpp"'
refuse src/vision/a.cpp '#include "text/tokenizer.hpp"'
refuse src/text/a.hpp '#include "fusion/fusion_decoder.hpp"'
refuse src/fusion/a.hpp '#include "vision/vision_encoder.hpp"'
refuse src/generation/a.cpp '#include "models/native/checkpoint.hpp"'
refuse src/engine/a.cpp '#include "train/trainer.hpp"'
refuse src/data/a.cpp '#include "models/native/checkpoint.hpp"'
refuse src/engine/b.cpp '#include "../data/readers.hpp"'
refuse src/engine/c.cpp '#include "model.hpp"'
refuse src/novel/a.cpp 'int a;'
refuse cli/describe_command.cpp '#include "models/native/checkpoint.hpp"'
refuse cli/describe_command.cpp '#include "batch/row.hpp"'
refuse src/json/a.cpp '#include "batch/row.hpp"'
refuse include/beholder/a.hpp '#include "core/check.hpp"'
refuse include/beholder/a.hpp '#include <torch/torch.h>'
refuse src/io/a.cpp '  std::cout << 1;'
refuse src/io/a.cpp '  fprintf(stderr, "x");'
refuse src/io/a.cpp '  std::abort();'
refuse src/io/a.cpp '  if (bad) exit(1);'
refuse src/io/a.cpp '  assert(good);'
rm -rf "${tree:?}"/*
expect fail "an empty tree"

[ "$failures" = 0 ] || { echo "$failures rule(s) do not hold" >&2; exit 1; }
echo "every planted violation was found"
