#include "evidence/format/tlog_consistency.h"

#include <bit>

namespace netsampler {
namespace {

class Subtrees {
 public:
  Subtrees(std::uint64_t size, const TileReader& read) : size_(size), read_(read) {}

  // RFC 6962, 2.1.2: SUBPROOF(m, D[begin, end), whole), `m` counted from `begin`.
  Result<void> proof(std::uint64_t m, std::uint64_t begin, std::uint64_t end, bool whole, std::vector<Hash>& hashes) const {
    if (m == end - begin) {
      if (!whole) hashes.push_back(TRY(root(begin, end)));
      return {};
    }
    const std::uint64_t left = std::bit_floor(end - begin - 1);
    if (m <= left) {
      TRY(proof(m, begin, begin + left, whole, hashes));
      hashes.push_back(TRY(root(begin + left, end)));
      return {};
    }
    TRY(proof(m - left, begin + left, end, false, hashes));
    hashes.push_back(TRY(root(begin, begin + left)));
    return {};
  }

 private:
  Result<Hash> root(std::uint64_t begin, std::uint64_t end) const {
    const std::uint64_t leaves = end - begin;
    if (std::has_single_bit(leaves)) return perfect(begin, std::countr_zero(leaves));
    const std::uint64_t left = std::bit_floor(leaves - 1);
    const Hash first = TRY(root(begin, begin + left));
    const Hash second = TRY(root(begin + left, end));
    return node_hash(first, second);
  }

  // 2^height leaves from `begin` on, which is a multiple of that: some neighbours in one tile.
  Result<Hash> perfect(std::uint64_t begin, int height) const {
    const int level = height / 8;
    const std::uint64_t first = begin >> (8 * level), count = 1ull << (height % 8), hashes = size_ >> (8 * level);
    const std::uint64_t index = first / kTileWidth;
    const TileName tile{level, index, std::min(kTileWidth, hashes - index * kTileWidth)};
    const Bytes bytes = TRY(read_(tile));
    const std::vector<Hash> all = TRY(parse_tile(bytes, tile.width));
    return merkle_root(std::span(all).subspan(first % kTileWidth, count));
  }

  std::uint64_t size_;
  const TileReader& read_;
};

}  // namespace

Result<std::vector<Hash>> consistency_proof(std::uint64_t old_size, std::uint64_t size, const TileReader& read) {
  std::vector<Hash> hashes;
  if (old_size > size) return fail(ErrorKind::invalid, "no proof from " + std::to_string(old_size) + " leaves back to " + std::to_string(size));
  if (old_size == 0 || old_size == size) return hashes;
  TRY(Subtrees(size, read).proof(old_size, 0, size, true, hashes));
  return hashes;
}

}  // namespace netsampler
