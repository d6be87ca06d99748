#include "evidence/verify/verify.h"

#include <algorithm>

#include "evidence/verify/book_check.h"
#include "evidence/verify/log_check.h"
#include "evidence/verify/outside_check.h"
#include "evidence/verify/package_check.h"
#include "evidence/verify/picture_check.h"
#include "evidence/verify/recording_check.h"
#include "evidence/verify/resume_check.h"
#include "evidence/verify/scope.h"
#include "evidence/verify/withheld.h"

namespace netsampler::verify {
namespace {

// Which recordings of the scope does this book include? A quick look before the real one, for `only_case`.
Result<std::set<std::string>> included_by(const Tree& tree, const Scope& scope, const Place& book) {
  std::set<std::string> ids;
  const std::string path = below(book.base, "book.jsonl");
  if (!tree.has(path)) return ids;
  TRY(tree.lines(path, [&](std::string_view line) {
    const auto record = parse_record(line);
    if (!record.ok() || record->head.type != "include") return Result<void>();
    const std::string id = string_or(record->body, "recording", "");
    if (std::ranges::binary_search(scope.recordings, id, {}, &Place::id)) ids.insert(id);
    return Result<void>();
  }));
  return ids;
}

Result<Scope> narrowed(const Tree& tree, Scope scope, const std::string& only_case) {
  if (only_case.empty()) return scope;
  std::erase_if(scope.books, [&](const Place& place) { return place.id != only_case; });
  if (scope.name != "box" || scope.books.empty())
    return fail(ErrorKind::invalid, "no such case in a box's data here: " + only_case);
  const std::set<std::string> ids = TRY(included_by(tree, scope, scope.books.front()));
  std::erase_if(scope.recordings, [&](const Place& place) { return !ids.contains(place.id); });
  scope.name = "case";
  return scope;
}

Result<void> check_chains(Job& job, const Scope& scope) {
  for (const Place& place : scope.recordings) {
    const std::string chain = below(place.base, "chain.jsonl");
    if (job.tree.has(chain))
      job.report.recordings.push_back(TRY(check_recording(job, place.base, place.id)));
    else
      job.report.add(Reason::recording_missing, chain);
  }
  check_resumed(job);
  for (const Place& place : scope.books) {
    const std::string book = below(place.base, "book.jsonl");
    if (job.tree.has(book))
      job.report.books.push_back(TRY(check_book(job, place.base, place.id)));
    else
      job.report.add(Reason::case_missing, book);
  }
  return check_pictures(job, scope);
}

bool is_chain_file(std::string_view name) { return name == "chain.jsonl" || name == "book.jsonl" || name == "private.jsonl"; }

// Files that lie beside a chain or book and that neither names.
void check_unnamed(Job& job, const Scope& scope) {
  for (const auto* places : {&scope.recordings, &scope.books})
   for (const Place& place : *places) {
    const std::string prefix = place.base.empty() ? "" : place.base + "/";
    const auto& files = job.tree.files();
    for (auto at = files.lower_bound(prefix); at != files.end() && at->first.starts_with(prefix); ++at)
      if (!is_chain_file(at->first.substr(prefix.size())) && !job.named.contains_index(at.index()))
        job.report.add(Reason::unnamed_file, std::string(at->first));
  }
}

// Trust comes only from the policy: every box key that signed something must be in it.
void check_trust(Job& job) {
  std::set<PublicKey> keys;
  for (const auto& recording : job.report.recordings)
    if (recording.box_key) keys.insert(*recording.box_key);
  for (const auto& book : job.report.books)
    keys.insert(book.keys.begin(), book.keys.end());
  keys.insert(job.report.log.keys.begin(), job.report.log.keys.end());
  if (job.policy == nullptr) return job.report.add(Reason::untrusted, "", "no policy given");
  for (const PublicKey& key : keys) {
    const Policy::Box* box = job.policy->find_box(key);
    if (box != nullptr)
      job.report.box_name = box->name;
    else
      job.report.add(Reason::untrusted, "", "box " + hex_of(sha256(key)));
  }
}

// Of a box's state directory only data/ is evidence: a running box has its sockets beside it.
void check_odd(Job& job, const Scope& scope) {
  for (const std::string& path : job.tree.odd())
    if (path.starts_with(scope.below)) job.report.add(Reason::not_a_file, path);
}

// Recordings that the log, or a proof from outside, says were opened for a case: which of them are here?
void count_opened(Job& job, std::set<std::pair<Hash, Hash>> opened) {
  for (const Outside& one : job.outside)
    if (one.leaf && one.leaf->chain == ChainKind::recording) opened.emplace(one.leaf->case_tag, one.leaf->tag);
  std::set<std::string> here;
  for (const RecordingSummary& recording : job.report.recordings) here.insert(recording.tag);
  for (BookSummary& book : job.report.books) {
    for (const auto& [case_tag, tag] : opened) {
      if (hex_of(case_tag) != book.tag) continue;
      ++book.opened;
      book.opened_here += here.contains(hex_of(tag)) ? 1 : 0;
    }
    if (book.opened_here < book.opened)
      job.report.add(Reason::not_delivered, book.where,
                     "opened " + std::to_string(book.opened) + ", delivered " + std::to_string(book.opened_here));
  }
}

Result<void> check_with_log(Job& job, const Scope& scope) {
  const BoxLog log = TRY(check_log(job, scope));
  const auto trusted = std::count_if(log.stamps.begin(), log.stamps.end(), [](const Stamp& stamp) { return stamp.authority.has_value(); });
  job.report.log = {true, log.size, log.witnessed, static_cast<std::int64_t>(log.stamps.size()), trusted, log.keys};
  job.log = &log;
  TRY(check_chains(job, scope));
  count_opened(job, log.opened);
  job.log = nullptr;
  return {};
}

Result<void> check_without_log(Job& job, const Scope& scope) {
  const LogInterest interest = TRY(log_interest_of(job.tree, scope));
  OutsideCheck(job, interest).finish();
  TRY(check_chains(job, scope));
  count_opened(job, {});
  return {};
}

Result<void> check_all(Job& job, const Scope& scope) {
  check_odd(job, scope);
  Withheld withheld = TRY(read_withheld(job, scope.name == "package"));
  job.withheld = &withheld;
  TRY(scope.log.empty() ? check_without_log(job, scope) : check_with_log(job, scope));
  check_unnamed(job, scope);
  withheld.finish(job);
  job.withheld = nullptr;
  if (scope.name == "package") TRY(check_package(job));
  check_trust(job);
  if (job.report.opaque_records > 0) job.report.add(Reason::opaque, "", std::to_string(job.report.opaque_records));
  if (job.report.log.stamps == 0) job.report.add(Reason::unstamped, "");
  return {};
}

}  // namespace

Result<Report> verify(const FileSystem& disk, const std::string& path, const std::optional<Policy>& policy,
                      const Options& options) {
  const Result<FileInfo> info = disk.info(path);
  if (!info.ok() && info.error().kind == ErrorKind::not_found) return fail(ErrorKind::invalid, "no such directory: " + path);
  if (!info.ok()) return info.error();
  if (!info->directory)
    return fail(ErrorKind::invalid, path + " is a file: give a directory (unpack a .zip package first)");
  Report report;
  report.policy_given = policy.has_value();
  report.deep = options.deep;
  Tree tree = TRY(Tree::scan(disk, path, options.deep, options.files_bytes));
  Scope whole = TRY(scope_of(tree));
  const Scope scope = TRY(narrowed(tree, std::move(whole), options.only_case));
  report.scope = scope.name;
  report.now_us = options.now_us;
  report.files = tree.list();
  Pool pool(options.threads > 1 ? options.threads : 0);
  Job job{tree, report, pool, policy ? &*policy : nullptr, options.now_us, options.outside};
  job.pictures = options.pictures;
  job.room = Room(tree.left_bytes());
  TRY(check_all(job, scope));
  return report;
}

}  // namespace netsampler::verify
