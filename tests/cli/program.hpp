// Runs the built program as a shell would and keeps what it wrote.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "io/temporary_folder.hpp"

namespace beholder::tests {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

inline fs::path source_folder() { return BEHOLDER_SOURCE_DIR; }
inline std::string sample(const std::string& name) {
  return (source_folder() / "samples" / name).string();
}

inline void write_text(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// One run: its exit code and both outputs.
struct Finished {
  int code = -1;
  std::string out, err;

  std::vector<std::string> lines() const {
    std::vector<std::string> found;
    std::istringstream text(out);
    for (std::string line; std::getline(text, line);) found.push_back(line);
    return found;
  }
  /// Standard output as JSON rows; throws when anything else stands there.
  std::vector<Json> rows() const {
    std::vector<Json> found;
    for (const std::string& line : lines()) found.push_back(Json::parse(line));
    return found;
  }
};

inline std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// @param input file for standard input; empty: none
inline Finished run(const std::vector<std::string>& words, const fs::path& input = "/dev/null") {
  io::TemporaryFolder folder;
  const fs::path model = source_folder() / "models/beholder";
  // Passive: on a busy machine, threads that spin while they wait take the time that others need.
  std::string command = "OMP_WAIT_POLICY=passive BEHOLDER_MODEL=" + quoted(model.string()) + " " +
                        quoted(BEHOLDER_PROGRAM);
  for (const std::string& word : words) command += " " + quoted(word);
  command += " <" + quoted(input.string()) + " >" + quoted((folder / "out").string()) + " 2>" +
             quoted((folder / "err").string());
  const int status = std::system(command.c_str());
  Finished result;
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result.out = read_text(folder / "out");
  result.err = read_text(folder / "err");
  return result;
}

inline std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> out;
  for (const auto& item : object.items()) out.push_back(item.key());
  return out;
}

using Keys = std::vector<std::string>;

}  // namespace beholder::tests
