#include "evidence/package/write.h"

#include <filesystem>

namespace netsampler {
namespace {

constexpr const char* kPartial = "~partial";  // no case's id ends so: "A.partial" may be a case, and its package is not ours to remove

// Our own half-written target, of this call or of one that was killed.
Result<void> remove_partial(const std::string& partial) {
  std::error_code error;
  std::filesystem::remove_all(partial, error);
  if (error) return fail(ErrorKind::io, "removing the half-written " + partial + ": " + error.message());
  return {};
}

}  // namespace

Result<ExportedPackage> write_whole_package(FileSystem& disk, const std::string& target, Payload payload, const BagInfo& info,
                                            const SignPackage& sign, const ExportProgress& progress) {
  const std::string partial = target + kPartial;
  ExportedPackage made{target, info.head, static_cast<std::int64_t>(payload.files.size()), 0, {}};
  TRY(remove_partial(partial));
  TRY(disk.make_directories(partial));
  const auto bytes = write_bag(disk, partial, std::move(payload), info, sign, progress);
  Result<void> written = bytes.ok() ? disk.rename(partial, target) : Result<void>(bytes.error());
  if (!written.ok()) {
    const auto removed = remove_partial(partial);
    return std::move(written.error()).with(removed.ok() ? "writing the package of case " + info.case_id : removed.error().text);
  }
  made.bytes = *bytes;
  TRY(disk.sync_directory(parent_of(target)));
  return made;
}

}  // namespace netsampler
