// The box's own key: STATE/keys/box.key, 0600, 32 bytes of seed as base64. Made once; it signs `open`, books and packages.
#pragma once
#include "evidence/base/crypto.h"
#include "evidence/base/file_system.h"

namespace netsampler {

// Absent: made and durable on return. Broken: `invalid`; the ledger then does not start, because a new key would be another box.
Result<SigningKey> load_or_make_box_key(FileSystem& disk, const std::string& path);

}  // namespace netsampler
