// Writes a bag's directory: payload and tag files, their manifests, each file synced. The directory is new and ours alone.
#pragma once
#include "evidence/format/bagit.h"
#include "evidence/package/package.h"
#include "evidence/package/payload.h"

namespace netsampler {

struct BagInfo {
  std::string case_id, profile, head, software_version;
  std::int64_t at_us = 0;     // of the book's last record: the only time in it
  std::string original = {};  // SHA-256 of the tag manifest of the package that this one is made from, hex
};

// bagit.txt, bag-info.txt, README.txt, withheld.jsonl (where something is, or the package is made from another), manifests, package.sig and the payload under `root`. Without `sign` there is
// no package.sig. `invalid`: a file that is not as the package that it is copied from says.
Result<std::int64_t> write_bag(FileSystem& disk, const std::string& root, Payload payload, const BagInfo& info, const SignPackage& sign,
                       const ExportProgress& progress);

}  // namespace netsampler
