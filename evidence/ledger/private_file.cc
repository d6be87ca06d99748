#include "evidence/ledger/private_file.h"

#include <sys/stat.h>

namespace netsampler {

Result<void> write_private(FileSystem& disk, const std::string& path, ByteView bytes) {
  const mode_t before = ::umask(0077);
  Result<void> written = write_whole(disk, path, bytes);
  ::umask(before);
  return written;
}

}  // namespace netsampler
