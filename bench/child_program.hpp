// Programs run and timed from outside, their results thrown away.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "beholder/error.hpp"

extern char** environ;

namespace beholder::bench {

/// @throws Error kFileNotFound
inline pid_t start_program(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw Error(ErrorCode::kFileNotFound, words[0] + ": cannot be started");
  return child;
}

/// Starts a program and waits for its end. @throws Error kFileNotFound, kInternal when it fails
inline void run_program(const std::vector<std::string>& words) {
  int status = 0;
  ::waitpid(start_program(words), &status, 0);
  if (status != 0)
    throw Error(ErrorCode::kInternal, words[0] + " ended with status " + std::to_string(status));
}

}  // namespace beholder::bench
