#include "progress_bar.hpp"

#include <string>

#include "batch/progress.hpp"

namespace beholder::cli {

void ProgressBar::show(const batch::RunStatus& status) {
  const auto now = std::chrono::steady_clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10000);
  const bool last = status.done == status.total;
  if (now - shown_ < pause && !(terminal_ && last)) return;
  shown_ = now;
  if (!terminal_) {
    std::fprintf(out_, "%s\n", batch::progress_text(status).c_str());
    return;
  }
  constexpr std::size_t kWidth = 24;
  const std::size_t filled = status.total == 0 ? kWidth : status.done * kWidth / status.total;
  std::fprintf(out_, "\r[%s%s] %s\x1b[K", std::string(filled, '#').c_str(),
               std::string(kWidth - filled, ' ').c_str(), batch::progress_text(status).c_str());
  std::fflush(out_);
  drawn_ = true;
}

void ProgressBar::end() {
  if (drawn_) std::fprintf(out_, "\n");
  drawn_ = false;
}

}  // namespace beholder::cli
