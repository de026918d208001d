// Where tensors on the processor get their memory.
#pragma once

#include <cstddef>

namespace beholder::nn {

/// Makes libtorch take the memory of its tensors from a pool, once for the process; further calls
/// do nothing. Tensors of the same few sizes come and go at each step of inference. The system's
/// allocator either gives their pages back each time, which costs more than the work on them, or
/// keeps them in a heap that breaks into pieces: aligned blocks are not found again by glibc
/// before 2.38, and the process grows without end. The pool keeps freed blocks by size class and
/// hands them out again to any thread.
void install_tensor_pool();

/// Bytes that wait in the pool; for tests.
std::size_t tensor_pool_idle_bytes();

}  // namespace beholder::nn
