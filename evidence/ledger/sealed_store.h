// How handed-over bytes become a file of the evidence: read from a sealed memory file, hashed in the pass that writes them,
// durable under their name on return. What stands half-way is called `.partial` and is no evidence.
#pragma once
#include "evidence/base/fd.h"
#include "evidence/base/file_system.h"
#include "evidence/format/record.h"

namespace netsampler {

inline constexpr std::int64_t kHandedFileBytes = 64LL << 20;

// `fd` can no longer change (write, grow and shrink seals) and has at most 64 MiB; its size.
Result<std::int64_t> check_handed(int fd, const std::string& name);

// Writes `root`/`path`; refuses to replace. Any error from here on leaves the disk in doubt: the caller's chain must stop.
Result<NamedFile> store(FileSystem& disk, const std::string& root, const std::string& path, int fd);

// The same for a book, which names files by their hash: files/<sha256><extension>. A file of that name with those bytes is kept.
Result<NamedFile> store_by_hash(FileSystem& disk, const std::string& root, const std::string& extension, int fd, std::int64_t seq);

// Hashes a file that is there.
Result<NamedFile> hash_file(const FileSystem& disk, const std::string& root, const std::string& path);

}  // namespace netsampler
