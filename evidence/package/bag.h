// Writes a bag's directory: payload and tag files, their manifests, each file synced. The directory is new and ours alone.
#pragma once
#include "evidence/format/bagit.h"
#include "evidence/package/package.h"
#include "evidence/package/payload.h"

namespace netsampler {

struct BagInfo {
  std::string case_id, profile, head, software_version;
  std::int64_t at_us = 0;  // of the custody record: the only time in it
};

// bagit.txt, bag-info.txt, README.txt, manifests, package.sig and the payload under `root`.
Result<void> write_bag(FileSystem& disk, const std::string& root, const std::vector<PayloadFile>& payload, const BagInfo& info,
                       const SignPackage& sign, const ExportProgress& progress);

}  // namespace netsampler
