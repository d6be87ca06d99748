// Files that only our own account may read (0600): the box key and the accounts.
#pragma once
#include "evidence/base/file_system.h"

namespace netsampler {

// write_whole with every right of group and others withheld from the first moment. No other thread of the process makes files.
Result<void> write_private(FileSystem& disk, const std::string& path, ByteView bytes);

// A regular file of our own account, without any right of group and others: else `denied`, saying how to mend it.
Result<void> check_private_file(const std::string& path);
// Zeros over all of its bytes, in place, synced. A disk that writes elsewhere (flash, copy on write, snapshots) may keep the old ones.
Result<void> wipe_file(const std::string& path);

}  // namespace netsampler
