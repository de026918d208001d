// No exception crosses the C interface: errors become codes and a message per thread.
#pragma once

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <new>
#include <string>
#include <utility>

#include "beholder/beholder.h"
#include "beholder/error.hpp"
#include "core/check.hpp"

namespace beholder::capi {

/// Remembers a failure for `beholder_last_error`. Takes no memory when there is none.
beholder_code remember(beholder_code code, const char* message) noexcept;

template <typename Body>
beholder_code guarded(Body&& body) noexcept {
  try {
    std::forward<Body>(body)();
    return BEHOLDER_OK;
  } catch (const Error& error) {
    return remember(static_cast<beholder_code>(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return remember(BEHOLDER_ERROR_OUT_OF_MEMORY, "out of memory");
  } catch (const std::exception& error) {
    return remember(BEHOLDER_ERROR_INTERNAL, error.what());
  } catch (...) {
    return remember(BEHOLDER_ERROR_INTERNAL, "an unknown exception");
  }
}

/// @throws Error kUsage naming what is NULL
inline void check_given(const void* pointer, const char* what) {
  check(pointer != nullptr, ErrorCode::kUsage, what, " is NULL");
}

/// Checks several arguments and the place of a result, which is set to NULL.
template <typename Result>
void check_given(std::initializer_list<std::pair<const void*, const char*>> arguments,
                 Result** result, const char* what) {
  for (const auto& [pointer, name] : arguments) check_given(pointer, name);
  check_given(result, what);
  *result = nullptr;
}

/// The caller's options in this version's form: what an older caller does not have keeps its
/// default. @throws Error kUsage for a size that no version had
template <typename Options>
Options read_options(const Options* given, const Options& defaults) {
  Options out = defaults;
  if (given == nullptr) return out;
  check(given->struct_size >= sizeof(std::size_t) && given->struct_size <= sizeof(Options),
        ErrorCode::kUsage, "struct_size is ", given->struct_size, ", at most ", sizeof(Options),
        " is known; begin with the *_default function, and use the header of this library");
  std::memcpy(&out, given, given->struct_size);
  return out;
}

}  // namespace beholder::capi
