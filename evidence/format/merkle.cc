#include "evidence/format/merkle.h"

#include <bit>

namespace netsampler {
namespace {

// The climb of RFC 9162 §2.1.3.2 and §2.1.4.2: `index` and `last` are the node's and the rightmost node's numbers per level.
struct Climb {
  std::uint64_t index;
  std::uint64_t last;
  // True where the sibling stands on the left. Levels at which the rightmost node has no sibling are passed over.
  bool sibling_is_left() {
    const bool left = index % 2 == 1 || index == last;
    if (left)
      while (index % 2 == 0 && index != 0) up();
    return left;
  }
  void up() {
    index >>= 1;
    last >>= 1;
  }
};

}  // namespace

Hash leaf_hash(ByteView data) {
  const std::uint8_t prefix = 0;
  Hasher hasher(HashKind::sha256);
  hasher.update(ByteView(&prefix, 1));
  hasher.update(data);
  return hasher.finish();
}

Hash node_hash(const Hash& left, const Hash& right) {
  const std::uint8_t prefix = 1;
  Hasher hasher(HashKind::sha256);
  hasher.update(ByteView(&prefix, 1));
  hasher.update(left);
  hasher.update(right);
  return hasher.finish();
}

Hash merkle_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return sha256({});
  if (leaves.size() == 1) return leaves[0];
  const std::size_t left = std::bit_floor(leaves.size() - 1);
  return node_hash(merkle_root(leaves.first(left)), merkle_root(leaves.subspan(left)));
}

bool inclusion_holds(std::uint64_t index, std::uint64_t size, const Hash& leaf, std::span<const Hash> proof,
                     const Hash& root) {
  if (index >= size) return false;
  Climb climb{index, size - 1};
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (climb.last == 0) return false;
    hash = climb.sibling_is_left() ? node_hash(sibling, hash) : node_hash(hash, sibling);
    climb.up();
  }
  return climb.last == 0 && hash == root;
}

bool consistency_holds(std::uint64_t old_size, std::uint64_t size, const Hash& old_root, const Hash& root,
                       std::span<const Hash> proof) {
  if (old_size == 0 || old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (proof.empty()) return false;
  const bool whole = std::has_single_bit(old_size);  // the old tree is a node of the new one
  Climb climb{old_size - 1, size - 1};
  while (climb.index % 2 == 1) climb.up();
  Hash old_hash = whole ? old_root : proof[0];
  Hash hash = old_hash;
  for (const Hash& sibling : proof.subspan(whole ? 0 : 1)) {
    if (climb.last == 0) return false;
    if (climb.sibling_is_left()) {
      old_hash = node_hash(sibling, old_hash);
      hash = node_hash(sibling, hash);
    } else {
      hash = node_hash(hash, sibling);
    }
    climb.up();
  }
  return climb.last == 0 && old_hash == old_root && hash == root;
}

}  // namespace netsampler
