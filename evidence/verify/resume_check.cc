#include "evidence/verify/resume_check.h"

#include <algorithm>

namespace netsampler::verify {
namespace {

std::string difference(const RecordingSummary& old, const Resumes& said, const RecordingSummary& heir) {
  if (!old.close_reason.empty()) return "it is closed";
  if (old.head != said.head || old.last_seq != said.last_seq) return "its last whole line is another";
  if (old.torn_bytes != said.torn_bytes || old.torn_sha256 != said.torn_sha256) return "what stands behind its last line is other";
  if (old.boot != heir.boot) return "of another boot";
  if (old.kind != heir.kind || old.case_tag != heir.case_tag) return "of another kind or case";
  return "";
}

// Time goes on in the old one's ticks: none left out without a gap, none twice.
void check_pictures(Job& job, const RecordingSummary& old, const RecordingSummary& heir, const std::string& where) {
  for (const auto& [name, now] : heir.sources) {
    const auto found = old.sources.find(name);
    if (found == old.sources.end()) continue;
    const SourceSpan& then = found->second;
    if (now.start_us != then.start_us || now.init_sha256 != then.init_sha256)
      job.report.add(Reason::resumed_contradicts, where, name + ": another source");
    if (!then.end_pts || !now.first_pts) continue;
    const bool joined = *now.first_pts == *then.end_pts || (*now.first_pts > *then.end_pts && now.gap_first);
    if (!joined) job.report.add(Reason::discontinuity, where, name + ", across the resumption");
  }
}

}  // namespace

void check_resumed(Job& job) {
  std::set<std::string> resumed;
  for (const RecordingSummary& heir : job.report.recordings) {
    if (!heir.resumes) continue;
    const std::string where = below(heir.where, "chain.jsonl");
    const std::string& id = heir.resumes->recording;
    const auto& all = job.report.recordings;
    const auto old = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
    job.report.add(Reason::resumed, where, old == all.end() ? id + ", which is not here" : id);
    if (!resumed.insert(id).second) job.report.add(Reason::resumed_contradicts, where, id + ": resumed twice");
    if (old == all.end()) continue;
    const std::string off = difference(*old, *heir.resumes, heir);
    if (!off.empty()) job.report.add(Reason::resumed_contradicts, where, id + ": " + off);
    check_pictures(job, *old, heir, where);
  }
}

}  // namespace netsampler::verify
