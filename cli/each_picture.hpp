// Runs over the pictures of a command line; one that fails does not stop the others.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "picture_input.hpp"

namespace beholder::cli {

/// Calls `show` with each picture. An error is reported and the next picture taken; with a single
/// picture it is thrown. @throws RowsFailed when some failed
/// @param first the first of them
void for_each_picture(const Engine& engine, EarlyPicture& first,
                      const std::vector<std::string>& names,
                      const std::function<void(const std::string& name, const Picture&)>& show);

}  // namespace beholder::cli
