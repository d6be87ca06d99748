// Files that only our own account may read (0600): the box key and the accounts.
#pragma once
#include "evidence/base/file_system.h"

namespace netsampler {

// write_whole with every right of group and others withheld from the first moment. The process has one thread.
Result<void> write_private(FileSystem& disk, const std::string& path, ByteView bytes);

}  // namespace netsampler
