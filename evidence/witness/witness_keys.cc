// The witness's own key, and the keys of the logs that it watches.
#include <sys/stat.h>

#include <charconv>

#include "evidence/format/policy.h"
#include "evidence/witness/witness.h"

namespace netsampler::witness {
namespace {

Result<WatchedLog> parse_vkey(const std::string& text) {
  const std::size_t first = text.find('+');
  if (first == std::string::npos || first == 0) return fail(ErrorKind::invalid, "neither a policy's box line nor a verifier key: " + text);
  WatchedLog log;
  log.origin = text.substr(0, first);
  // base64 has '+' too: the key id is eight hex digits, what follows them is the key.
  const std::string id = text.substr(first + 1, 8);
  const Bytes bytes = TRY_WITH(from_base64(text.substr(std::min(text.size(), first + 10))), "verifier key");
  if (bytes.size() != 33 || bytes[0] != kNoteEd25519) return fail(ErrorKind::invalid, "not an Ed25519 verifier key: " + text);
  std::copy(bytes.begin() + 1, bytes.end(), log.key.begin());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number, 16);
  if (error != std::errc() || end != id.data() + id.size() || number != note_key_id(log.origin, kNoteEd25519, log.key))
    return fail(ErrorKind::invalid, "its key id does not belong to its key: " + text);
  return log;
}

Result<SigningKey> read_key(const FileSystem& disk, const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return fail_errno("reading " + path);
  if ((info.st_mode & 077) != 0) return fail(ErrorKind::denied, path + " may be read by others than its owner (chmod 600, or make a new key)");
  const Bytes text = TRY(disk.read(path, 1024));
  const std::string_view line = as_text(text);
  const Bytes bytes = TRY_WITH(from_base64(line.substr(0, line.find('\n'))), path);
  const Secret seed = TRY_WITH(Secret::from(bytes), path);
  return SigningKey(seed);
}

}  // namespace

Result<WatchedLog> parse_watched_log(const std::string& text) {
  if (!text.starts_with("box ")) return parse_vkey(text);
  const Policy policy = TRY_WITH(parse_policy("netsampler-policy v1\n" + text + "\n"), "--log");
  return WatchedLog{log_origin(policy.boxes.front().key), policy.boxes.front().key};
}

Result<SigningKey> witness_key(FileSystem& disk, const std::string& directory) {
  const std::string path = directory + "/witness.key";
  if (exists(disk, path)) return read_key(disk, path);
  TRY(disk.make_directories(directory));
  const Secret seed = Secret::random();
  const std::string line = to_base64(ByteView(seed.bytes())) + "\n";
  const mode_t before = ::umask(0077);
  const Result<void> written = write_whole(disk, path, as_bytes(line));
  ::umask(before);
  if (!written.ok()) return Error(written.error());
  return SigningKey(seed);
}

}  // namespace netsampler::witness
