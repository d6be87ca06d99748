#include "evidence/ledger/box_key.h"

#include <cstring>

#include "evidence/base/present.h"
#include "evidence/ledger/private_file.h"

namespace netsampler {
namespace {

constexpr const char* kLostHelp =
    " (restore keys/box.key from its backup; if there is none: netsampler-ledger --state DIR --replace-lost-key, cases then say so for ever)";

Error lost(const std::string& why) { return fail(ErrorKind::invalid, "the box key is lost: " + why + kLostHelp); }

// The secret's other forms lie in ordinary memory for a moment; then they are zeros.
template <class Text>
struct Wiped {
  Text text;
  ~Wiped() { ::explicit_bzero(text.data(), text.size()); }
};

Result<SigningKey> read_key(const FileSystem& disk, const std::string& path) {
  Bytes read = TRY(disk.read(path, 1024));
  const Wiped<Bytes> bytes{std::move(read)};
  std::string_view text = as_text(bytes.text);
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  auto decoded = from_base64(text);
  if (!decoded.ok()) return std::move(decoded.error()).with(path);
  const Wiped<Bytes> seed{decoded.take()};
  const Secret secret = TRY_WITH(Secret::from(seed.text), path);
  return SigningKey(secret);
}

Result<void> write_key(FileSystem& disk, const std::string& path, const Secret& secret) {
  Wiped<std::string> text{to_base64(secret.bytes())};
  text.text += '\n';
  TRY(disk.make_directories(parent_of(path)));
  return write_private(disk, path, as_bytes(text.text));
}

// A change that was cut: done where the book says so, else as if it had never been begun.
Result<void> settle_next(FileSystem& disk, const KeyKeeping& keeping, const KeyFiles& files, const std::optional<BookKeys>& known) {
  if (!TRY(present(disk, files.next))) return {};
  const auto next = read_key(disk, files.next);
  const bool done = next.ok() && known && !known->changes.empty() && next->public_key() == known->current();
  if (done) return promote_next_key(disk, keeping, files, known->changes.back().lost());
  TRY(keeping.wipe(files.next));
  TRY(disk.remove(files.next));
  return disk.sync_directory(parent_of(files.next));
}

bool fits(const Result<SigningKey>& key, const std::optional<BookKeys>& known) {
  return key.ok() && (!known || key->public_key() == known->current());
}

}  // namespace

Result<void> write_next_key(FileSystem& disk, const KeyFiles& files, const Secret& secret) {
  TRY_WITH(write_key(disk, files.next, secret), "new box key");
  return {};
}

Result<void> promote_next_key(FileSystem& disk, const KeyKeeping& keeping, const KeyFiles& files, bool was_lost) {
  const bool there = TRY(present(disk, files.file));
  if (there && was_lost) TRY(disk.replace(files.file, files.file + ".unusable"));
  if (there && !was_lost) TRY_WITH(keeping.wipe(files.file), "wiping the old box key");
  TRY(disk.replace(files.next, files.file));
  return disk.sync_directory(parent_of(files.file));
}

Result<BoxKey> take_box_key(FileSystem& disk, const KeyKeeping& keeping, const KeyFiles& files, const std::optional<BookKeys>& known, bool books) {
  TRY_WITH(settle_next(disk, keeping, files, known), "box key");
  if (!keeping.credential.empty()) {
    auto sealed = read_key(disk, keeping.credential);
    if (fits(sealed, known)) return BoxKey{sealed.take(), true, keeping.credential};
  }
  const bool there = TRY_WITH(present(disk, files.file), "box key");
  if (!there && books) return lost(files.file + " is absent");
  if (!there && !keeping.credential.empty()) return lost("the credential " + keeping.credential + " cannot be read");
  if (!there) TRY_WITH(write_key(disk, files.file, Secret::random()), "making the box key");
  TRY_WITH(keeping.check_private(files.file), "box key");
  auto key = read_key(disk, files.file);
  if (!key.ok() && key.error().kind != ErrorKind::invalid) return std::move(key.error()).with("box key");
  if (!key.ok()) return lost("there is no key in " + key.error().text);
  if (!fits(key, known)) return lost(files.file + " holds another key than the one that this box's books are signed by");
  return BoxKey{key.take(), false, files.file};
}

}  // namespace netsampler
