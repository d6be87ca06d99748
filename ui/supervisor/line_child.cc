#include "ui/supervisor/line_child.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "evidence/base/clock.h"

namespace netsampler {
namespace {
constexpr std::size_t kLineLimit = 64 * 1024;
}

Result<LineChild> LineChild::start(const std::vector<std::string>& arguments, const std::string& log_file,
                                   const std::vector<std::pair<std::string, std::string>>& env) {
  auto ends = TRY(make_pipe());
  auto input = TRY(make_pipe());
  if (::fcntl(ends.first.get(), F_SETFL, O_NONBLOCK) != 0) return fail_errno("pipe");
  ProcessOptions options;
  options.arguments = arguments;
  options.output_file = log_file;
  options.env = env;
  options.descriptors = {{ends.second.get(), 1}, {input.first.get(), 0}};
  LineChild child;
  child.process_ = TRY(Process::start(options));
  child.out_ = std::move(ends.first);
  child.in_ = std::move(input.second);
  return child;
}

std::vector<Json> LineChild::events() {
  char part[8192];
  ssize_t count = 0;
  while ((count = ::read(out_.get(), part, sizeof part)) > 0) {
    rest_.append(part, static_cast<std::size_t>(count));
    if (rest_.size() > kLineLimit && rest_.find('\n') == std::string::npos) rest_.clear();
  }
  std::vector<Json> events = std::exchange(waiting_, {});
  for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
    auto event = parse_any(std::string_view(rest_).substr(0, end), {kLineLimit, 32});
    if (event.ok() && event->is_object()) events.push_back(std::move(*event));
    rest_.erase(0, end + 1);
  }
  return events;
}

Result<Json> LineChild::wait_event(int timeout_ms) {
  const SystemClock clock;
  const std::int64_t end_us = clock.boot_us() + std::int64_t{timeout_ms} * 1000;
  for (;;) {
    auto all = events();
    if (!all.empty()) {
      waiting_.assign(std::make_move_iterator(all.begin() + 1), std::make_move_iterator(all.end()));
      return std::move(all.front());
    }
    if (!process_.running())
      return fail(ErrorKind::unavailable, "it ended with exit code " + std::to_string(process_.wait(0).value_or(-1)));
    const std::int64_t left_ms = (end_us - clock.boot_us()) / 1000;
    if (left_ms <= 0) return fail(ErrorKind::unavailable, "no word within " + std::to_string(timeout_ms) + " ms");
    pollfd ready{out_.get(), POLLIN, 0};
    ::poll(&ready, 1, static_cast<int>(std::min<std::int64_t>(left_ms, 500)));
  }
}

}  // namespace netsampler
