// Runs the C program on a model trained here, and watches that the library itself prints nothing.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "support/tiny_model.hpp"

namespace beholder {
namespace {

TEST(CInterface, ServesACProgramAndPrintsNothing) {
  const auto& workshop = tests::trained_workshop();
  const auto out = workshop.root() / "printed.txt";
  const std::string command = std::string(BEHOLDER_C_PROGRAM) + " " + workshop.trained().string() +
                              " " + workshop.picture("r1.png").string() + " >" + out.string() +
                              " 2>&1";
  const int status = std::system(command.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(tests::read_text(out), "");
}

}  // namespace
}  // namespace beholder
