#include "evidence/package/package.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>

#include "evidence/base/fd.h"
#include "evidence/format/names.h"
#include "evidence/package/log_payload.h"
#include "evidence/package/web_archive.h"
#include "evidence/package/write.h"

namespace netsampler {
namespace {

// One export of a case at a time, held by the process: a second one would take the first one's half-written package for a dead one's.
Result<Fd> take_turn(const ExportRequest& request) {
  Fd book(::open((request.data_root + "/cases/" + request.case_id + "/book.jsonl").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!book.valid()) return fail_errno("reading the book of case " + request.case_id);
  if (::flock(book.get(), LOCK_EX | LOCK_NB) == 0) return book;
  return fail(ErrorKind::busy, "case " + request.case_id + " is being exported already (wait until that has ended)");
}

Result<void> check_request(const FileSystem& disk, const ExportRequest& request) {
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

// Rules are tried on the book as it stands before it gets its custody record: a slip in them is not worth one.
Result<void> check_rules(const FileSystem& disk, const ExportRequest& request) {
  Mask mask = TRY(Mask::make(request.profile, request.rules, request.actor));
  if (!request.rules.any()) return {};
  const CaseSource source{request.data_root + "/cases/" + request.case_id, request.data_root + "/recordings"};
  const std::string head = TRY(last_head(disk, source.case_directory + "/book.jsonl"));
  const BookCut cut = TRY(cut_book(disk, source.case_directory + "/book.jsonl", head));
  TRY(payload_of(disk, source, cut, mask));
  return mask.check_hits();
}

// A key that was rotated between the custody record and the signature would leave a package that nobody can confirm.
SignPackage signed_as(const SignPackage& sign, const BookCut& cut) {
  return [&sign, &cut](const std::string& hash) -> Result<PackageSignature> {
    PackageSignature made = TRY(sign(hash));
    if (made.box_key == to_base64(cut.box_key)) return made;
    return fail(ErrorKind::busy, "the box's key has changed during the export (export the case again)");
  };
}

}  // namespace

Result<ExportedPackage> write_package(FileSystem& disk, const SignPackage& sign, const ExportRequest& request, const std::string& head,
                                      const ExportProgress& progress) {
  Mask mask = TRY(Mask::make(request.profile, request.rules, request.actor));
  TRY(check_request(disk, request));
  const CaseSource source{request.data_root + "/cases/" + request.case_id, request.data_root + "/recordings"};
  const BookCut cut = TRY(cut_book(disk, source.case_directory + "/book.jsonl", head));
  Payload payload = TRY(payload_of(disk, source, cut, mask));
  TRY(mask.check_hits());
  for (auto& file : TRY(log_payload(disk, request.data_root, cut, request.log_size))) payload.files.push_back(std::move(file));
  for (auto& file : web_archives(disk, payload, cut.at_us, request.software_version)) payload.files.push_back(std::move(file));
  std::sort(payload.files.begin(), payload.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  const BagInfo info{request.case_id, request.profile, head, request.software_version, cut.at_us};
  return write_whole_package(disk, request.out_directory + "/" + request.case_id, std::move(payload), info, signed_as(sign, cut), progress);
}

Result<ExportedPackage> export_case(FileSystem& disk, LedgerClient& ledger, const ExportRequest& request, const ExportProgress& progress,
                                    const WaitProgress& waiting) {
  TRY(check_request(disk, request));
  const Fd turn = TRY(take_turn(request));
  TRY(check_nothing_open(ledger, request.case_id));
  TRY(check_rules(disk, request));
  const Json body{{"action", request.rules.any() ? "mask" : "export"}, {"profile", request.profile}, {"software_version", request.software_version}};
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
