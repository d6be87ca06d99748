#include "evidence/package/package.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <filesystem>

#include "evidence/base/fd.h"
#include "evidence/format/names.h"
#include "evidence/package/bag.h"
#include "evidence/package/log_payload.h"
#include "evidence/package/profile.h"

namespace netsampler {
namespace {

constexpr const char* kPartial = "~partial";  // no case's id ends so: "A.partial" may be a case, and its package is not ours to remove

// One export of a case at a time, held by the process: a second one would take the first one's half-written package for a dead one's.
Result<Fd> take_turn(const ExportRequest& request) {
  Fd book(::open((request.data_root + "/cases/" + request.case_id + "/book.jsonl").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!book.valid()) return fail_errno("reading the book of case " + request.case_id);
  if (::flock(book.get(), LOCK_EX | LOCK_NB) == 0) return book;
  return fail(ErrorKind::busy, "case " + request.case_id + " is being exported already (wait until that has ended)");
}

// Our own half-written target, of this call or of one that was killed.
Result<void> remove_partial(const std::string& partial) {
  std::error_code error;
  std::filesystem::remove_all(partial, error);
  if (error) return fail(ErrorKind::io, "removing the half-written " + partial + ": " + error.message());
  return {};
}

Result<void> check_request(const FileSystem& disk, const ExportRequest& request) {
  if (!is_profile(request.profile)) return fail(ErrorKind::usage, "no such profile: " + request.profile + " (full, panel or seller)");
  if (!is_case_id(request.case_id) || !exists(disk, request.data_root + "/cases/" + request.case_id + "/book.jsonl"))
    return fail(ErrorKind::not_found, "no case " + request.case_id + " (see: netsampler case list)");
  const std::string target = request.out_directory + "/" + request.case_id;
  if (exists(disk, target)) return fail(ErrorKind::busy, "there is a package at " + target + " already (choose another --out)");
  return {};
}

Result<void> check_nothing_open(LedgerClient& ledger, const std::string& case_id) {
  const Json status = TRY(ledger.status());
  const auto recordings = status.find("recordings");
  if (recordings == status.end()) return fail(ErrorKind::internal, "the ledger's status has no recordings");
  for (const Json& recording : *recordings)
    if (string_or(recording, "case", "") == case_id)
      return fail(ErrorKind::busy, "case " + case_id + " has an open recording, " + string_or(recording, "id", "?") + " (stop it first)");
  return {};
}

}  // namespace

Result<ExportedPackage> write_package(FileSystem& disk, const SignPackage& sign, const ExportRequest& request, const std::string& head,
                                      const ExportProgress& progress) {
  TRY(check_request(disk, request));
  const std::string target = request.out_directory + "/" + request.case_id;
  const std::string partial = target + kPartial;
  const BookCut cut = TRY(cut_book(disk, request.data_root + "/cases/" + request.case_id + "/book.jsonl", head));
  auto payload = TRY(payload_of(disk, request.data_root, request.case_id, cut, request.profile));
  for (auto& file : TRY(log_payload(disk, request.data_root, cut, request.log_size))) payload.push_back(std::move(file));
  std::sort(payload.begin(), payload.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  TRY(remove_partial(partial));
  TRY(disk.make_directories(partial));
  const BagInfo info{request.case_id, request.profile, head, request.software_version, cut.at_us};
  Result<void> written = write_bag(disk, partial, payload, info, sign, progress);
  if (written.ok()) written = disk.rename(partial, target);
  if (!written.ok()) {
    const auto removed = remove_partial(partial);
    return std::move(written.error()).with(removed.ok() ? "exporting case " + request.case_id : removed.error().text);
  }
  TRY(disk.sync_directory(request.out_directory));
  ExportedPackage made{target, head, static_cast<std::int64_t>(payload.size()), 0, {}};
  for (const auto& file : payload) made.bytes += file.bytes;
  return made;
}

Result<ExportedPackage> export_case(FileSystem& disk, LedgerClient& ledger, const ExportRequest& request, const ExportProgress& progress,
                                    const WaitProgress& waiting) {
  TRY(check_request(disk, request));
  const Fd turn = TRY(take_turn(request));
  TRY(check_nothing_open(ledger, request.case_id));
  const Json body{{"action", "export"}, {"profile", request.profile}, {"software_version", request.software_version}};
  const Receipt custody = TRY_WITH(ledger.book_append(request.case_id, "custody", request.actor, body), "recording the export");
  const LogPlace place = TRY_WITH(take_log_place(ledger, request.stamp_wait_ms, waiting), "logging the export");
  ExportRequest with_log = request;
  with_log.log_size = place.size;
  const SignPackage sign = [&ledger](const std::string& hash) { return ledger.package_sign(hash); };
  ExportedPackage made = TRY(write_package(disk, sign, with_log, custody.head, progress));
  made.log = place;
  return made;
}

}  // namespace netsampler
