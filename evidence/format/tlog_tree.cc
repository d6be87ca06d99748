#include "evidence/format/tlog_tree.h"

namespace netsampler {

// Level by level from the right: what is below counts as one more, smaller, subtree. merkle_root splits as RFC 6962 does, because all
// but the last are full subtrees of one size.
Hash LogTree::root() const {
  std::vector<Hash> rest;
  for (const auto& level : levels_) {
    std::vector<Hash> hashes = level;
    hashes.insert(hashes.end(), rest.begin(), rest.end());
    if (!hashes.empty()) rest = {merkle_root(hashes)};
  }
  return rest.empty() ? merkle_root({}) : rest[0];
}

void LogTree::push(int level, const Hash& hash, std::vector<TileText>& full) {
  const auto at = static_cast<std::size_t>(level);
  if (levels_.size() <= at) levels_.emplace_back();
  levels_[at].push_back(hash);
  if (levels_[at].size() < kTileWidth) return;
  std::uint64_t hashes = size_;
  for (int below = 0; below < level; ++below) hashes /= kTileWidth;
  full.push_back({{level, hashes / kTileWidth - 1, kTileWidth}, print_tile(levels_[at])});
  const Hash root = merkle_root(levels_[at]);
  levels_[at].clear();
  push(level + 1, root, full);
}

void LogTree::append(const std::string& leaf, std::vector<TileText>& full) {
  ++size_;
  entries_.push_back(leaf);
  if (entries_.size() == kTileWidth) {
    full.push_back({{kEntries, size_ / kTileWidth - 1, kTileWidth}, print_entries(entries_)});
    entries_.clear();
  }
  push(0, log_leaf_hash(leaf), full);
}

std::vector<TileText> LogTree::edge() const {
  std::vector<TileText> tiles;
  std::uint64_t hashes = size_;
  for (std::size_t level = 0; level < levels_.size(); ++level, hashes /= kTileWidth)
    if (!levels_[level].empty())
      tiles.push_back({{static_cast<int>(level), hashes / kTileWidth, levels_[level].size()}, print_tile(levels_[level])});
  if (!entries_.empty()) tiles.push_back({{kEntries, size_ / kTileWidth, entries_.size()}, print_entries(entries_)});
  return tiles;
}

Result<LogTree> LogTree::load(std::uint64_t size, const std::function<Result<Bytes>(const TileName&)>& read) {
  LogTree tree;
  tree.size_ = size;
  std::uint64_t hashes = size;
  for (int level = 0; hashes > 0; ++level, hashes /= kTileWidth) {
    tree.levels_.emplace_back();
    const TileName name{level, hashes / kTileWidth, hashes % kTileWidth};
    if (name.width == 0) continue;
    const Bytes bytes = TRY(read(name));
    tree.levels_.back() = TRY(parse_tile(bytes, name.width));
  }
  const TileName bundle{kEntries, size / kTileWidth, size % kTileWidth};
  if (bundle.width == 0) return tree;
  const Bytes bytes = TRY(read(bundle));
  tree.entries_ = TRY(parse_entries(bytes, bundle.width));
  return tree;
}

}  // namespace netsampler
