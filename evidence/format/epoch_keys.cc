#include "evidence/format/epoch_keys.h"

#include <algorithm>

#include "evidence/base/key_ratchet.h"

namespace netsampler {
namespace {

constexpr std::uint64_t kSignSubkey = 1;
constexpr std::uint64_t kNextSubkey = 2;
constexpr std::size_t kMaxKeys = 100'000;

}  // namespace

std::int64_t epoch_at(std::int64_t open_boot_us, std::int64_t epoch_us, std::int64_t boot_us) {
  return (boot_us - open_boot_us) / epoch_us;
}

EpochKeys::EpochKeys(Secret seed, std::int64_t epochs)
    : seed_(std::move(seed)), key_(derive(seed_, kSignSubkey)), epochs_(epochs) {}

std::string EpochKeys::keys_text() const {
  std::string text;
  for (const PublicKey& key : ratchet_keys(seed_, kSignSubkey, kNextSubkey, static_cast<std::size_t>(epochs_ - epoch_)))
    text += to_base64(key) + "\n";
  return text;
}

Result<void> EpochKeys::advance_to(std::int64_t epoch) {
  if (epoch < epoch_) return fail(ErrorKind::invalid, "an epoch's key is gone once the next has begun");
  if (epoch >= epochs_) return fail(ErrorKind::full, "the recording's last epoch is over: it must end");
  if (epoch == epoch_) return {};
  // The assignment swaps; the temporary that then holds the old seed is freed, and libsodium wipes what it frees.
  for (; epoch_ < epoch; ++epoch_) seed_ = derive(seed_, kNextSubkey);
  key_ = SigningKey(derive(seed_, kSignSubkey));
  return {};
}

Result<std::vector<PublicKey>> parse_keys(std::string_view text) {
  std::vector<PublicKey> keys;
  if (text.empty() || text.back() != '\n') return fail(ErrorKind::invalid, "keys.txt does not end with a whole line");
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string where = "keys.txt line " + std::to_string(keys.size() + 1);
    if (keys.size() == kMaxKeys) return fail(ErrorKind::invalid, where + ": too many keys");
    keys.push_back(TRY_WITH(public_key_from_base64(text.substr(0, end)), where));
    text.remove_prefix(end + 1);
  }
  return keys;
}

}  // namespace netsampler
