// The export of a case: a BagIt 1.0 directory that a verifier reads without the box. First a `custody` record goes into the case's
// book, by the ledger; the package is the book up to that record and every recording it includes. Same head, same log and same profile give
// the same bytes: nothing in it tells the time of day or the machine of the export, except what records tell.
//   bagit.txt  bag-info.txt  README.txt  verify.py  withheld.jsonl (where something is)  manifest-sha256.txt  tagmanifest-sha256.txt  package.sig
//   data/case/book.jsonl, private.jsonl, files/…      data/recordings/<id>/… as the box keeps it
//   data/log/… as of the checkpoint made for this export (log_payload.h)
#pragma once
#include <functional>
#include <string>

#include "evidence/base/file_system.h"
#include "evidence/ledger/client.h"
#include "evidence/package/mask.h"
#include "evidence/package/stamp_wait.h"

namespace netsampler {

struct ExportRequest {
  std::string data_root;       // STATE/data, read only
  std::string case_id;
  std::string profile;         // full, panel, seller, public
  std::string actor;           // account id that stands in the custody record, and as who withheld something
  std::string out_directory;   // the package becomes <out_directory>/<case_id>, which must not be there
  std::string software_version;
  MaskRules rules = {};         // what is withheld beside the profile's table; then the custody record's action is `mask`
  std::int64_t stamp_wait_ms = 0;  // how long export_case waits for a token over the custody record
  std::uint64_t log_size = 0;   // of write_package: leaves of the checkpoint that goes along; 0: none. export_case fills it
};

struct ExportedPackage {
  std::string path;
  std::string head;            // of the book, at the custody record
  std::int64_t files = 0, bytes = 0;  // of the payload
  LogPlace log;                // of export_case
};

using ExportProgress = std::function<void(std::int64_t done_bytes, std::int64_t total_bytes)>;

// `not_found` no such case; `busy` one of its recordings is open, it is being exported, or the package is there already; `usage` no such profile, or rules
// that are not in order or withhold nothing. On failure nothing is left at the target. Recordings of other cases may run meanwhile.
Result<ExportedPackage> export_case(FileSystem& disk, LedgerClient& ledger, const ExportRequest& request, const ExportProgress& progress,
                                    const WaitProgress& waiting = {});

// The second half of export_case: the package as of the book's record with this head (hex). `sign` turns the tag manifest's SHA-256
// (hex) into the box's signature.
using SignPackage = std::function<Result<PackageSignature>(const std::string& tagmanifest_sha256)>;
Result<ExportedPackage> write_package(FileSystem& disk, const SignPackage& sign, const ExportRequest& request, const std::string& head,
                                      const ExportProgress& progress);

}  // namespace netsampler
