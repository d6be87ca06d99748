// What every package's making ends with: the bag under <target>~partial, renamed when it is whole; on failure nothing is left.
#pragma once
#include "evidence/package/bag.h"

namespace netsampler {

Result<ExportedPackage> write_whole_package(FileSystem& disk, const std::string& target, Payload payload, const BagInfo& info,
                                            const SignPackage& sign, const ExportProgress& progress);

}  // namespace netsampler
