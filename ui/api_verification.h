// Verifications that run beside the console: one netsampler-verify over the box's data for each language, its report kept until the
// chains have grown. At most one child a language, ended after kTimeLimitUs. Any thread.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
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
  std::string heads;                 // the heads the report (or failure) stands for
  std::int64_t checked_at_us = 0;    // UTC; 0: nothing yet
  std::shared_ptr<const Json> report;  // of the whole box, as netsampler-verify --json prints it
  std::string error;                 // why the last run gave none; empty otherwise
};

class Verifications {
 public:
  static constexpr std::int64_t kTimeLimitUs = 30LL * 60 * 1'000'000;
  static constexpr std::int64_t kAgainAfterUs = 60LL * 1'000'000;  // while chains grow, at most one run a minute
  static constexpr std::size_t kReportLimit = 64u << 20;

  Verifications(VerifierCommand command, const Clock& clock) : command_(std::move(command)), clock_(clock) {}
  // `heads` names the present heads of all chains. Starts a run where the last one stands for other heads.
  VerificationState ask(const std::string& heads, const std::string& language);
  // What is known without starting anything.
  std::optional<VerificationState> known(const std::string& heads);

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
  using Entries = std::map<std::string, Entry>;
  std::unique_ptr<Run> take_finished(const std::string& language);
  void finish(const std::string& language, Run run);
  Result<std::unique_ptr<Run>> start(const std::string& heads, const std::string& language) const;
  VerifierCommand command_;
  const Clock& clock_;
  Guarded<Entries> entries_;
};

// The part of a box's report that concerns one case: findings about its book, its recordings or the whole, and the verdict these
// alone give. `where_prefixes`: "cases/<id>/", "recordings/<id>/" …
Json report_of_case(const Json& box_report, const std::set<std::string>& where_prefixes);

}  // namespace netsampler
