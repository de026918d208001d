// Ranges of numeric options: one check, one message.
#pragma once

#include <CLI/CLI.hpp>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <type_traits>

namespace beholder::cli {

/// Takes decimal whole numbers from `least` to `most`. Its message tells the value and the range;
/// the parser puts the option's name in front.
template <typename T>
CLI::Validator whole_number(T least, T most = std::numeric_limits<T>::max()) {
  static_assert(std::is_integral_v<T>);
  const bool open = most == std::numeric_limits<T>::max();
  const std::string range = open ? std::to_string(least) + " or more"
                                 : "from " + std::to_string(least) + " to " + std::to_string(most);
  const auto check = [least, most, range](const std::string& given) -> std::string {
    const char* begin = given.c_str() + (given.size() > 1 && given.front() == '+' ? 1 : 0);
    const char* end = given.c_str() + given.size();
    T value{};
    const auto [stopped, error] = std::from_chars(begin, end, value);
    // The parser behind this check would read "010" as eight.
    const bool octal = end - begin > 1 && *begin == '0';
    if (error != std::errc() || stopped != end || octal || value < least || value > most)
      return "'" + given + "' is not a whole number " + (range.front() == 'f' ? "" : "of ") + range;
    return "";
  };
  return CLI::Validator(check, range);
}

/// Takes numbers from `least` to `most`; with `above`, not `least` itself.
inline CLI::Validator number(double least, double most, bool above = false) {
  const auto text = [](double value) {
    char shown[32];
    std::snprintf(shown, sizeof shown, "%g", value);
    return std::string(shown);
  };
  const bool any = std::isinf(least) && std::isinf(most);
  const std::string range = any                ? ""
                            : above            ? "above " + text(least)
                            : std::isinf(most) ? "of " + text(least) + " or more"
                                               : "from " + text(least) + " to " + text(most);
  const auto check = [least, most, above, any, range](const std::string& given) -> std::string {
    char* end = nullptr;
    const double value = std::strtod(given.c_str(), &end);
    const bool whole = !given.empty() && *end == 0 && std::isfinite(value);
    if (whole && value >= least && value <= most && !(above && value == least)) return "";
    return "'" + given + "' is not a number" + (any ? "; give one as 0.6" : " " + range);
  };
  return CLI::Validator(check, range);
}

inline CLI::Validator any_number() {
  return number(-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity());
}

}  // namespace beholder::cli
