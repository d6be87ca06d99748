#include "evidence/ledger/sealed_store.h"

#include <unistd.h>

#include <cerrno>

namespace netsampler {
namespace {

constexpr std::size_t kPartBytes = 1u << 20;

struct Hashes {
  Hasher sha256{HashKind::sha256};
  Hasher sm3{HashKind::sm3};
  std::int64_t bytes = 0;
  void add(ByteView part) {
    sha256.update(part);
    sm3.update(part);
    bytes += static_cast<std::int64_t>(part.size());
  }
  NamedFile named(const std::string& path) { return {path, bytes, hex_of(sha256.finish()), hex_of(sm3.finish())}; }
};

// pread: the descriptor's offset is shared with the producer.
Result<std::size_t> read_at(int fd, std::span<std::uint8_t> into, std::int64_t offset) {
  for (;;) {
    const ssize_t count = ::pread(fd, into.data(), into.size(), offset);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return fail_errno("reading a handed-over file");
  }
}

Result<void> copy_hashed(int fd, AppendFile& file, Hashes& hashes) {
  Bytes part(kPartBytes);
  for (;;) {
    const std::size_t count = TRY(read_at(fd, part, hashes.bytes));
    if (count == 0) return {};
    const ByteView filled(part.data(), count);
    hashes.add(filled);
    TRY(file.write(filled));
  }
}

// `partial`, whole and synced.
Result<NamedFile> write_partial(FileSystem& disk, const std::string& partial, const std::string& path, int fd) {
  auto file = TRY(disk.create(partial));
  Hashes hashes;
  TRY(copy_hashed(fd, *file, hashes));
  TRY(file->sync());
  return hashes.named(path);
}

}  // namespace

Result<std::int64_t> check_handed(int fd, const std::string& name) {
  if (!is_sealed(fd)) return fail(ErrorKind::invalid, "file is not sealed: " + name + " (hand over a memory file with write, grow and shrink seals)");
  const std::int64_t bytes = TRY(size_of(fd));
  if (bytes > kHandedFileBytes) return fail(ErrorKind::full, "file over 64 MiB: " + name + " (hand it over in parts)");
  return bytes;
}

Result<NamedFile> store(FileSystem& disk, const std::string& root, const std::string& path, int fd) {
  const std::string whole = root + "/" + path;
  TRY(disk.make_directories(parent_of(whole)));
  const NamedFile named = TRY(write_partial(disk, whole + ".partial", path, fd));
  TRY(disk.rename(whole + ".partial", whole));
  TRY(disk.sync_directory(parent_of(whole)));
  return named;
}

Result<NamedFile> store_by_hash(FileSystem& disk, const std::string& root, const std::string& extension, int fd, std::int64_t seq) {
  TRY(disk.make_directories(root + "/files"));
  const std::string partial = root + "/files/" + std::to_string(seq) + ".partial";
  if (exists(disk, partial)) TRY(disk.remove(partial));  // an earlier file of this same, not yet sealed, request
  NamedFile named = TRY(write_partial(disk, partial, "", fd));
  named.path = "files/" + named.sha256 + extension;
  const std::string whole = root + "/" + named.path;
  if (!exists(disk, whole)) {
    TRY(disk.rename(partial, whole));
    TRY(disk.sync_directory(root + "/files"));
    return named;
  }
  const NamedFile there = TRY(hash_file(disk, root, named.path));
  if (there.sha256 != named.sha256) return fail(ErrorKind::io, "file with other bytes than its name says: " + whole);
  TRY(disk.remove(partial));
  return named;
}

Result<NamedFile> hash_file(const FileSystem& disk, const std::string& root, const std::string& path) {
  Hashes hashes;
  const auto add = [&hashes](ByteView piece) -> Result<void> {
    hashes.add(piece);
    return {};
  };
  TRY(disk.read_pieces(root + "/" + path, add));
  return hashes.named(path);
}

}  // namespace netsampler
