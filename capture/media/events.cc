#include "capture/media/events.h"

#include <sys/resource.h>
#include <unistd.h>

#include "evidence/base/fd.h"

namespace netsampler::capture {

void print_event(const Json& event) {
  const std::string line = print(event) + "\n";
  static_cast<void>(write_all(STDOUT_FILENO, as_bytes(line)));
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace netsampler::capture
