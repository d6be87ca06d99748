#include "crawler/cdp_pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace netsampler {
namespace {

constexpr std::size_t kWaitingLimit = 64u << 20;
constexpr std::size_t kReadPart = 1u << 20;
constexpr int kReadsPerStep = 16;  // then the session gets its turn

Result<void> no_blocking(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) return fail_errno("the browser's pipe");
  return {};
}

Error gone() { return fail(ErrorKind::unavailable, "the browser closed its pipe"); }

}  // namespace

Result<CdpPipe> CdpPipe::over(Fd to_browser, Fd from_browser) {
  TRY(no_blocking(to_browser.get()));
  TRY(no_blocking(from_browser.get()));
  return CdpPipe(std::move(to_browser), std::move(from_browser));
}

Result<void> CdpPipe::send(std::string_view message) {
  if (waiting_.size() + message.size() > kWaitingLimit)
    return fail(ErrorKind::full, "the browser takes no commands: 64 MiB wait for it");
  waiting_.append(message);
  waiting_.push_back('\0');
  return flush();
}

Result<void> CdpPipe::flush() {
  while (sent_bytes_ < waiting_.size()) {
    const ssize_t count = ::write(out_.get(), waiting_.data() + sent_bytes_, waiting_.size() - sent_bytes_);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return {};
    if (count <= 0) return gone();
    sent_bytes_ += static_cast<std::size_t>(count);
  }
  waiting_.clear();
  sent_bytes_ = 0;
  return {};
}

Result<std::vector<std::string>> CdpPipe::read_some() {
  std::vector<std::string> messages;
  Bytes part(kReadPart);
  for (int turn = 0; turn < kReadsPerStep; ++turn) {
    const ssize_t count = ::read(in_.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return messages;
    if (count <= 0 && messages.empty()) return gone();
    if (count <= 0) return messages;  // the end is told by the next step
    auto more = TRY(framer_.feed({part.data(), static_cast<std::size_t>(count)}));
    for (auto& message : more) messages.push_back(std::move(message));
  }
  return messages;
}

Result<std::vector<std::string>> CdpPipe::step(int wait_ms, int wake) {
  const short out_events = waiting_.empty() ? 0 : POLLOUT;
  pollfd waits[3] = {{in_.get(), POLLIN, 0}, {out_.get(), out_events, 0}, {wake, POLLIN, 0}};
  if (::poll(waits, 3, wait_ms) < 0 && errno != EINTR) return fail_errno("poll");
  if ((waits[1].revents & POLLOUT) != 0) TRY(flush());
  if ((waits[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0) return std::vector<std::string>();
  return read_some();
}

}  // namespace netsampler
