// Is a name certainly free? For where the answer decides what is written: exists() says false also for what the disk will not tell.
#pragma once
#include "evidence/base/file_system.h"

namespace netsampler {

// False only where there is nothing of that name. A symbolic link, a disk that does not answer, a directory that may not be searched
// are errors, lest an old file be taken for an absent one and made anew (a box key, a book).
Result<bool> present(const FileSystem& disk, const std::string& path);

}  // namespace netsampler
