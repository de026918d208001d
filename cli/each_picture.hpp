// One run over the pictures named on a command line, each failing for itself.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "beholder/engine.hpp"

namespace beholder::cli {

/// Calls `show` with each picture. What is wrong with one is told and the next one is taken; of a
/// single picture the error is thrown. @throws RowsFailed when some failed
void for_each_picture(const Engine& engine, const std::vector<std::string>& names,
                      const std::function<void(const std::string& name, const Picture&)>& show);

/// Says how many pictures failed, if any. @throws RowsFailed then
void end_of_pictures(int failed, std::size_t pictures);

}  // namespace beholder::cli
