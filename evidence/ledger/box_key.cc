#include "evidence/ledger/box_key.h"

#include "evidence/base/present.h"
#include "evidence/ledger/private_file.h"

namespace netsampler {

Result<SigningKey> load_or_make_box_key(FileSystem& disk, const std::string& path) {
  if (!TRY_WITH(present(disk, path), "box key")) {
    const Secret fresh = Secret::random();
    const std::string text = to_base64(fresh.bytes()) + "\n";
    TRY_WITH(disk.make_directories(parent_of(path)), "making the box key");
    TRY_WITH(write_private(disk, path, as_bytes(text)), "making the box key");
  }
  const Bytes bytes = TRY_WITH(disk.read(path, 1024), "box key");
  std::string_view text = as_text(bytes);
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const Bytes seed = TRY_WITH(from_base64(text), "box key " + path + " (restore it from its backup)");
  const Secret secret = TRY_WITH(Secret::from(seed), "box key " + path + " (restore it from its backup)");
  return SigningKey(secret);
}

}  // namespace netsampler
