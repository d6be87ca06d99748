// The public keys of a ratchet, without a locked and guarded page for each secret on the way: that costs half a second for 1,440.
#pragma once
#include <vector>

#include "evidence/base/crypto.h"

namespace netsampler {

// Key i is that of SigningKey(derive(sᵢ, sign_subkey)), with s₀ = `seed` and sᵢ₊₁ = derive(sᵢ, next_subkey). The working secrets lie in
// three locked pages and are wiped.
std::vector<PublicKey> ratchet_keys(const Secret& seed, std::uint64_t sign_subkey, std::uint64_t next_subkey, std::size_t count);

}  // namespace netsampler
