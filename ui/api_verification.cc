#include "ui/api_verification.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "evidence/base/file_system.h"

namespace netsampler {
namespace {

// Grows with what the child writes; the report stays off the disk.
Result<Fd> scratch_file() {
  Fd fd(::memfd_create("verification", MFD_CLOEXEC));
  if (!fd.valid()) return fail_errno("memory for the verifier's report");
  return fd;
}

std::string contents(const Fd& fd) {
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) return "";
  const auto bytes = read_all(fd.get(), Verifications::kReportLimit);
  return bytes.ok() ? std::string(as_text(*bytes)) : "";
}

std::string first_line(const std::string& text) { return text.substr(0, std::min<std::size_t>(text.find('\n'), 400)); }

bool concerns(const Json& finding, const std::set<std::string>& prefixes) {
  const std::string where = string_or(finding, "where", "");
  return where.empty() || std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& p) { return where.find(p) != std::string::npos; });
}

int rank(const Json& finding) {
  const std::string severity = string_or(finding, "severity", "broken");
  return severity == "note" ? 0 : severity == "partial" ? 1 : 2;
}

}  // namespace

// The run that has ended, or that took too long and is ended here; nothing while it still works.
std::unique_ptr<Verifications::Run> Verifications::take_finished(const std::string& language) {
  const std::int64_t now = clock_.boot_us();
  return entries_.with([&](Entries& entries) -> std::unique_ptr<Run> {
    Entry& entry = entries[language];
    if (!entry.run) return nullptr;
    const bool late = now - entry.run->started_boot_us > kTimeLimitUs;
    if (entry.run->process.running() && !late) return nullptr;
    entry.finished_boot_us = now;
    return std::move(entry.run);
  });
}

void Verifications::finish(const std::string& language, Run run) {
  const int code = run.process.wait(0).value_or(128 + SIGKILL);
  VerificationState state;
  state.heads = run.heads, state.checked_at_us = clock_.utc_us();
  auto report = parse_any(contents(run.output), {kReportLimit, 32});
  if (code <= 2 && report.ok() && report->is_object()) {
    state.report = std::make_shared<const Json>(report.take());
  } else {
    const std::string said = first_line(contents(run.errors));
    state.error = said.empty() ? "核验程序以代码 " + std::to_string(code) + " 结束 / the verifier ended with code " + std::to_string(code) : said;
  }
  entries_.with([&](Entries& entries) { entries[language].last = state; });
}

Result<std::unique_ptr<Verifications::Run>> Verifications::start(const std::string& heads, const std::string& language) const {
  const RealFileSystem disk;
  auto run = std::make_unique<Run>();
  run->output = TRY(scratch_file());
  run->errors = TRY(scratch_file());
  ProcessOptions options;
  options.arguments = {command_.program, "--json", "--lang", language};
  if (exists(disk, command_.policy)) options.arguments.insert(options.arguments.end(), {"--policy", command_.policy});
  options.arguments.push_back(command_.data);
  options.descriptors = {{run->output.get(), 1}, {run->errors.get(), 2}};
  options.nice = 10;
  run->heads = heads, run->started_boot_us = clock_.boot_us();
  run->process = TRY(Process::start(options));
  return run;
}

VerificationState Verifications::ask(const std::string& heads, const std::string& language) {
  if (auto finished = take_finished(language)) finish(language, std::move(*finished));
  const std::int64_t now = clock_.boot_us();
  const bool wanted = entries_.with([&](Entries& entries) {
    Entry& entry = entries[language];
    const bool fresh = entry.last.checked_at_us != 0 && (entry.last.heads == heads || now - entry.finished_boot_us < kAgainAfterUs);
    if (entry.run || entry.starting || fresh) return false;
    return entry.starting = true;
  });
  std::unique_ptr<Run> run;
  std::string error;
  if (wanted) {
    auto started = start(heads, language);
    if (started.ok()) run = started.take();
    else error = started.error().text;
  }
  return entries_.with([&](Entries& entries) {
    Entry& entry = entries[language];
    if (wanted) {
      entry.starting = false;
      entry.run = std::move(run);
      if (!error.empty()) entry.last = {false, heads, clock_.utc_us(), nullptr, error}, entry.finished_boot_us = now;
    }
    VerificationState state = entry.last;
    state.running = entry.run != nullptr || entry.starting;
    return state;
  });
}

std::optional<VerificationState> Verifications::known(const std::string& heads) {
  for (const char* language : {"zh", "en"})
    if (auto finished = take_finished(language)) finish(language, std::move(*finished));
  return entries_.with([&](Entries& entries) -> std::optional<VerificationState> {
    for (const auto& [language, entry] : entries)
      if (entry.last.report && entry.last.heads == heads) return entry.last;
    return std::nullopt;
  });
}

Json report_of_case(const Json& box_report, const std::set<std::string>& where_prefixes) {
  constexpr const char* kVerdicts[] = {"INTACT", "PARTIAL", "BROKEN"};
  Json report = box_report;
  report.erase("hashes");
  Json findings = Json::array();
  int worst = 0;
  if (box_report.contains("findings") && box_report["findings"].is_array()) {
    for (const Json& finding : box_report["findings"])
      if (concerns(finding, where_prefixes)) worst = std::max(worst, rank(finding)), findings.push_back(finding);
  }
  report["findings"] = std::move(findings);
  report["verdict"] = kVerdicts[worst];
  return report;
}

}  // namespace netsampler
