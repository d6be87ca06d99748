// The box's own key: 32 bytes of seed as base64, made once; it signs `open`, books, checkpoints and packages. Where it is kept, in this
// order of preference: a credential that the service manager hands over (sealed on the disk, by the TPM where there is one), or
// STATE/keys/box.key, 0600. Which key is the right one, the box's own book says: a file that holds another is no key of this box.
// A change of the key: box.key.next, synced → `key_change` in the box's book (from then on it is done) → box.key wiped, next takes its
// place. Where a cut left box.key.next, the next start finishes or undoes: it counts if the book says so.
#pragma once
#include <functional>

#include "evidence/base/crypto.h"
#include "evidence/base/file_system.h"
#include "evidence/ledger/book_keys.h"

namespace netsampler {

// The part of the world that a disk in memory does not have.
struct KeyKeeping {
  std::string credential;  // the credential's path; empty: none was handed over
  // Of a key file: ours, a regular file, no right of group or others; else `denied`, saying how to mend it.
  std::function<Result<void>(const std::string& path)> check_private = [](const std::string&) { return Result<void>(); };
  // Overwrites a file's bytes in place, synced. What a disk keeps of old blocks behind our back it keeps.
  std::function<Result<void>(const std::string& path)> wipe = [](const std::string&) { return Result<void>(); };
};

struct BoxKey {
  SigningKey key;
  bool sealed = false;  // from the credential
  std::string path;
};

struct KeyFiles {
  std::string file, next;
  explicit KeyFiles(const std::string& keys_directory) : file(keys_directory + "/box.key"), next(file + ".next") {}
};

// `known`: the keys of the box's book; nothing: there is no book yet. `books`: there are other books. Made where there is neither key
// nor book, durable on return. The key is lost (absent, no key, another one than the book's): `invalid`, saying what to do.
Result<BoxKey> take_box_key(FileSystem& disk, const KeyKeeping& keeping, const KeyFiles& files, const std::optional<BookKeys>& known, bool books);

// The fresh key's secret as box.key.next, durable on return.
Result<void> write_next_key(FileSystem& disk, const KeyFiles& files, const Secret& secret);
// box.key.next becomes box.key. The old one is wiped; where it was lost, what is there is no key of ours and is set aside.
Result<void> promote_next_key(FileSystem& disk, const KeyKeeping& keeping, const KeyFiles& files, bool was_lost);

}  // namespace netsampler
