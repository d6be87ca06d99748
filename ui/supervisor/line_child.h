// A child program that reports on its stdout, one JSON object a line; its stderr goes to a log file, its stdin is a pipe that we
// hold open and that ends with us. events() never blocks.
#pragma once
#include <string>
#include <vector>

#include "evidence/base/json.h"
#include "evidence/base/process.h"

namespace netsampler {

class LineChild {
 public:
  static Result<LineChild> start(const std::vector<std::string>& arguments, const std::string& log_file,
                                 const std::vector<std::pair<std::string, std::string>>& env = {});
  LineChild() = default;
  // What has arrived since the last call; lines that are no JSON object are skipped, a line beyond 64 KiB is cut away.
  std::vector<Json> events();
  // The next event, or `unavailable` with the child's exit code or after the wait.
  Result<Json> wait_event(int timeout_ms);
  Process& process() { return process_; }

 private:
  Process process_;
  Fd out_, in_;
  std::string rest_;
  std::vector<Json> waiting_;  // read by wait_event, not yet asked for
};

}  // namespace netsampler
