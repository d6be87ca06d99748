// RFC 6962 (and RFC 9162 §2.1) Merkle trees over SHA-256: leaf = H(0x00 ‖ data), node = H(0x01 ‖ left ‖ right), split at the
// largest power of two below the size; the empty tree's root is H("").
#pragma once
#include <cstdint>
#include <span>

#include "evidence/base/crypto.h"

namespace netsampler {

Hash leaf_hash(ByteView data);
Hash node_hash(const Hash& left, const Hash& right);
Hash merkle_root(std::span<const Hash> leaves);  // of leaf hashes

// Is `leaf` number `index` of the tree of `size` leaves with this root? False on any proof that is not exactly as long as needed.
bool inclusion_holds(std::uint64_t index, std::uint64_t size, const Hash& leaf, std::span<const Hash> proof,
                     const Hash& root);
// Is the tree of `size` leaves an extension of the one of `old_size`? Equal sizes need equal roots and an empty proof;
// false for an old size of 0: everything extends the empty tree, so nothing can be proven by it.
bool consistency_holds(std::uint64_t old_size, std::uint64_t size, const Hash& old_root, const Hash& root,
                       std::span<const Hash> proof);

}  // namespace netsampler
