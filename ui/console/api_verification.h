// Verifications that run beside the console: netsampler-verify over one case of the box's data, its report kept until the case's
// chains have grown. At most kRunsAtOnce children, each ended after kTimeLimitUs; at most kKept reports. Any thread.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "evidence/base/clock.h"
#include "evidence/base/json.h"
#include "evidence/base/process.h"
#include "evidence/base/queue.h"

namespace netsampler {

struct VerifierCommand {
  std::string program, data, policy;  // `policy` is given on where the file exists
};

// What is known: perhaps an earlier report while a new one is being made.
struct VerificationState {
  bool running = false;
  std::string heads;                 // the heads of the case's chains that the report (or failure) stands for
  std::int64_t checked_at_us = 0;    // UTC; 0: nothing yet
  std::shared_ptr<const Json> report;  // as netsampler-verify --json prints it
  std::string error;                 // why the last run gave none; empty otherwise
};

class Verifications {
 public:
  static constexpr std::int64_t kTimeLimitUs = 30LL * 60 * 1'000'000;
  static constexpr std::int64_t kAgainAfterUs = 60LL * 1'000'000;  // while chains grow, at most one run a minute
  static constexpr std::size_t kReportLimit = 64u << 20;
  static constexpr std::size_t kRunsAtOnce = 2, kKept = 64;

  Verifications(VerifierCommand command, const Clock& clock) : command_(std::move(command)), clock_(clock) {}
  // `heads` names the present heads of the case's chains. Starts a run where the last one stands for other heads and a place is
  // free; else the state says `running` as long as it waits for one.
  VerificationState ask(const std::string& case_id, const std::string& heads, const std::string& language);
  // The verdict for these heads where it is known, without starting anything; else empty.
  std::string known_verdict(const std::string& case_id, const std::string& heads);

 private:
  struct Run {
    Process process;
    Fd output, errors;
    std::string heads;
    std::int64_t started_boot_us = 0;
  };
  struct Entry {
    std::unique_ptr<Run> run;
    bool starting = false;
    std::int64_t finished_boot_us = 0;
    VerificationState last;
  };
  struct Key {
    std::string case_id, language;
    auto operator<=>(const Key&) const = default;
  };
  using Entries = std::map<Key, Entry>;
  std::unique_ptr<Run> take_finished(const Key& key);
  void finish(const Key& key, Run run);
  void collect();
  bool reserve(const Key& key, const std::string& heads);
  static void make_room(Entries& entries);
  Result<std::unique_ptr<Run>> start(const Key& key, const std::string& heads) const;
  VerifierCommand command_;
  const Clock& clock_;
  Guarded<Entries> entries_;
};

}  // namespace netsampler
