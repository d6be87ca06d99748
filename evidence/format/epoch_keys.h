// The keys of a recording. A random seed s0; epoch e signs with Ed25519 from kdf(s_e, 1); s_(e+1) = kdf(s_e, 2) (context
// NETSAMPL). The old seed is wiped on the way: whoever takes the box today can forge nothing of yesterday. Seeds live in
// locked memory only; a crash destroys them, so nobody can extend an interrupted chain.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/base/crypto.h"

namespace netsampler {

inline constexpr std::int64_t kEpochUs = 60'000'000;  // of CLOCK_BOOTTIME
inline constexpr std::int64_t kEpochs = 1440;         // a recording ends by itself after 24 h

// ⌊(boot_us − the open record's boot_us) / epoch_us⌋: the epoch a record made at boot_us belongs to.
std::int64_t epoch_at(std::int64_t open_boot_us, std::int64_t epoch_us, std::int64_t boot_us);

class EpochKeys {
 public:
  explicit EpochKeys(Secret seed, std::int64_t epochs = kEpochs);
  // keys.txt: the public keys of all epochs from the present one on (so: call it at epoch 0), base64, each with "\n".
  std::string keys_text() const;
  std::int64_t epoch() const { return epoch_; }
  const SigningKey& key() const { return key_; }  // of the present epoch
  // Forward only; the seeds passed over are wiped. Going back is `invalid`; beyond the last epoch is `full`.
  Result<void> advance_to(std::int64_t epoch);

 private:
  Secret seed_;
  SigningKey key_;
  std::int64_t epoch_ = 0;
  std::int64_t epochs_;
};

// Reads keys.txt; between 1 and 100,000 keys; anything but whole lines of base64 keys is `invalid` and names the line.
Result<std::vector<PublicKey>> parse_keys(std::string_view text);

}  // namespace netsampler
