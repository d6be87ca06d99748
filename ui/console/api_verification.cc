#include "ui/console/api_verification.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <vector>

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

}  // namespace

// The run that has ended, or that took too long and is ended here; nothing while it still works.
std::unique_ptr<Verifications::Run> Verifications::take_finished(const Key& key) {
  const std::int64_t now = clock_.boot_us();
  return entries_.with([&](Entries& entries) -> std::unique_ptr<Run> {
    const auto found = entries.find(key);
    if (found == entries.end() || !found->second.run) return nullptr;
    Entry& entry = found->second;
    const bool late = now - entry.run->started_boot_us > kTimeLimitUs;
    if (entry.run->process.running() && !late) return nullptr;
    entry.finished_boot_us = now;
    return std::move(entry.run);
  });
}

void Verifications::finish(const Key& key, Run run) {
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
  entries_.with([&](Entries& entries) { entries[key].last = state; });
}

// Brings in what has ended, so that its place is free.
void Verifications::collect() {
  const auto keys = entries_.with([](Entries& entries) {
    std::vector<Key> all;
    for (const auto& [key, entry] : entries)
      if (entry.run) all.push_back(key);
    return all;
  });
  for (const Key& key : keys)
    if (auto finished = take_finished(key)) finish(key, std::move(*finished));
}

// The report that ended longest ago gives way.
void Verifications::make_room(Entries& entries) {
  if (entries.size() <= kKept) return;
  auto oldest = entries.end();
  for (auto at = entries.begin(); at != entries.end(); ++at) {
    const bool idle = !at->second.run && !at->second.starting;
    if (idle && (oldest == entries.end() || at->second.finished_boot_us < oldest->second.finished_boot_us)) oldest = at;
  }
  if (oldest != entries.end()) entries.erase(oldest);
}

// True where a run is wanted and a place is free; the place is then taken.
bool Verifications::reserve(const Key& key, const std::string& heads) {
  const std::int64_t now = clock_.boot_us();
  return entries_.with([&](Entries& entries) {
    Entry& entry = entries[key];
    const bool fresh = entry.last.checked_at_us != 0 && (entry.last.heads == heads || now - entry.finished_boot_us < kAgainAfterUs);
    const auto busy = std::count_if(entries.begin(), entries.end(), [](const auto& e) { return e.second.run || e.second.starting; });
    if (entry.run || entry.starting || fresh || static_cast<std::size_t>(busy) >= kRunsAtOnce) return false;
    entry.starting = true;
    make_room(entries);
    return true;
  });
}

Result<std::unique_ptr<Verifications::Run>> Verifications::start(const Key& key, const std::string& heads) const {
  const RealFileSystem disk;
  auto run = std::make_unique<Run>();
  run->output = TRY(scratch_file());
  run->errors = TRY(scratch_file());
  ProcessOptions options;
  options.arguments = {command_.program, "--json", "--lang", key.language, "--case", key.case_id};
  if (exists(disk, command_.policy)) options.arguments.insert(options.arguments.end(), {"--policy", command_.policy});
  options.arguments.push_back(command_.data);
  options.descriptors = {{run->output.get(), 1}, {run->errors.get(), 2}};
  options.nice = 10;
  run->heads = heads, run->started_boot_us = clock_.boot_us();
  run->process = TRY(Process::start(options));
  return run;
}

VerificationState Verifications::ask(const std::string& case_id, const std::string& heads, const std::string& language) {
  const Key key{case_id, language};
  collect();
  const bool reserved = reserve(key, heads);
  std::unique_ptr<Run> run;
  VerificationState failed{false, heads, clock_.utc_us(), nullptr, ""};
  if (reserved) {
    auto started = start(key, heads);
    if (started.ok()) run = started.take();
    else failed.error = started.error().text;
  }
  return entries_.with([&](Entries& entries) {
    Entry& entry = entries[key];
    if (reserved) entry.starting = false, entry.run = std::move(run);
    if (!failed.error.empty()) entry.last = failed, entry.finished_boot_us = clock_.boot_us();
    VerificationState state = entry.last;
    state.running = entry.run || entry.starting || state.checked_at_us == 0;
    return state;
  });
}

std::string Verifications::known_verdict(const std::string& case_id, const std::string& heads) {
  collect();
  return entries_.with([&](Entries& entries) {
    for (const char* language : {"zh", "en"}) {
      const auto found = entries.find(Key{case_id, language});
      if (found != entries.end() && found->second.last.report && found->second.last.heads == heads)
        return string_or(*found->second.last.report, "verdict", "");
    }
    return std::string();
  });
}

}  // namespace netsampler
