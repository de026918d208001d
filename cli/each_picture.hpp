// Runs over the pictures of a command line; one that fails does not stop the others.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "beholder/engine.hpp"

namespace beholder::cli {

/// Calls `show` with each picture. An error is reported and the next picture taken; with a single
/// picture it is thrown. @throws RowsFailed when some failed
void for_each_picture(const Engine& engine, const std::vector<std::string>& names,
                      const std::function<void(const std::string& name, const Picture&)>& show);

/// Reports how many pictures failed, if any. @throws RowsFailed then
void end_of_pictures(int failed, std::size_t pictures);

}  // namespace beholder::cli
