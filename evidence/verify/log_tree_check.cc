#include "evidence/verify/log_tree_check.h"

#include <algorithm>

namespace netsampler::verify {
namespace {

constexpr std::size_t kBundleBytes = 256u << 10;  // 256 leaves, each under 1 KiB

// RFC 6962 root of a growing tree: the roots of the perfect subtrees at its right edge.
class GrowingRoot {
 public:
  void push(Hash hash) {
    for (std::uint64_t n = size_++; n % 2 == 1; n /= 2) {
      hash = node_hash(edge_.back(), hash);
      edge_.pop_back();
    }
    edge_.push_back(hash);
  }
  std::uint64_t size() const { return size_; }
  Hash root() const {
    Hash root = edge_.back();
    for (std::size_t i = edge_.size() - 1; i > 0; --i) root = node_hash(edge_[i - 1], root);
    return root;
  }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> edge_;
};

class LogTreeCheck {
 public:
  LogTreeCheck(Job& job, const LogFiles& files, std::vector<SignedCheckpoint>& checkpoints, const LogWatchers& watchers)
      : job_(job), files_(files), checkpoints_(checkpoints), outside_(watchers.outside), wanted_(watchers.wanted) {}

  Result<void> run(const LeafVisitor& each) {
    TRY(leaves());
    if (checkpoints_.empty() || covered_ == 0) return {};
    for (const TileName& tile : files_.tiles) TRY(file(tile, each));
    missing_above();
    return {};
  }

 private:
  // The hashes of a tile as its widest file has them; none where it is not there, or is not of its form.
  Result<std::vector<Hash>> hashes(int level, std::uint64_t index) {
    if (held_ && held_->level == level && held_->index == index) return held_hashes_;
    const auto width = files_.widest.find({level, index});
    if (width == files_.widest.end()) return std::vector<Hash>();
    const TileName tile{level, index, width->second};
    std::vector<Hash> read = TRY(read_tile(tile));
    held_ = tile;
    held_hashes_ = read;
    return read;
  }

  Result<std::vector<Hash>> read_tile(const TileName& tile) {
    const std::string path = files_.path(tile);
    if (job_.tree.files().at(path) != static_cast<std::int64_t>(tile.width * 32)) return std::vector<Hash>();
    const Bytes bytes = TRY(job_.tree.read(path, kTileWidth * 32));
    auto read = parse_tile(bytes, tile.width);
    return read.ok() ? read.take() : std::vector<Hash>();
  }

  // One pass over the leaf hashes, the root compared at each checkpoint's size.
  Result<void> leaves() {
    auto next = checkpoints_.begin();
    while (next != checkpoints_.end()) {
      const std::uint64_t index = root_.size() / kTileWidth, before = root_.size();
      const std::vector<Hash> tile = TRY(hashes(0, index));
      for (std::size_t i = 0; i < tile.size() && next != checkpoints_.end(); ++i) {
        const auto wanted = wanted_.find(tile[i]);
        if (wanted != wanted_.end() && !wanted->second) wanted->second = root_.size();
        root_.push(tile[i]);
        outside_.grown(root_.size(), tile[i], [&] { return root_.root(); });
        for (; next != checkpoints_.end() && next->size == root_.size(); ++next) judge(*next);
      }
      const bool goes_on = root_.size() == before + kTileWidth;
      if (!goes_on && next != checkpoints_.end()) return incomplete();
    }
    return {};
  }

  void judge(SignedCheckpoint& checkpoint) {
    checkpoint.holds = checkpoint.root == root_.root();
    if (checkpoint.holds)
      covered_ = checkpoint.size;
    else
      job_.report.add(Reason::log_tree, checkpoint.path, "the tiles give another root");
  }

  Result<void> incomplete() {
    const std::uint64_t index = root_.size() / kTileWidth;
    const std::uint64_t width = std::min(checkpoints_.back().size - index * kTileWidth, kTileWidth);
    job_.report.add(Reason::log_missing, files_.path({0, index, width}));
    return {};
  }

  Result<void> file(const TileName& tile, const LeafVisitor& each) {
    const std::string path = files_.path(tile);
    if (last_leaf_of(tile) > covered_) {
      job_.report.add(Reason::uncovered, path);
      return {};
    }
    if (tile.level == kEntries) return bundle(tile, path, each);
    const std::vector<Hash> read = TRY(read_tile(tile));
    const bool is_form = read.size() == tile.width;
    const bool fits = is_form && TRY(tile.level == 0 ? same_leaves(tile, read) : same_roots(tile, read));
    if (!fits) job_.report.add(is_form ? Reason::log_tree : Reason::log_form, path);
    return {};
  }

  static std::uint64_t last_leaf_of(const TileName& tile) {
    std::uint64_t last = tile.index * kTileWidth + tile.width;
    for (int level = 0; level < tile.level && last <= kLogSizeLimit; ++level) last *= kTileWidth;
    return last;
  }

  Result<bool> same_leaves(const TileName& tile, const std::vector<Hash>& read) {
    const std::vector<Hash> whole = TRY(hashes(0, tile.index));
    return whole.size() >= read.size() && std::equal(read.begin(), read.end(), whole.begin());
  }

  Result<bool> same_roots(const TileName& tile, const std::vector<Hash>& read) {
    for (std::size_t i = 0; i < read.size(); ++i) {
      const std::vector<Hash> lower = TRY(hashes(tile.level - 1, tile.index * kTileWidth + i));
      if (lower.size() != kTileWidth || merkle_root(lower) != read[i]) return false;
    }
    return true;
  }

  // Leaves in clear: each hashes to what stands in the tile. The widest bundle of a number speaks to the visitor.
  Result<void> bundle(const TileName& tile, const std::string& path, const LeafVisitor& each) {
    if (job_.tree.files().at(path) > static_cast<std::int64_t>(kBundleBytes)) {
      job_.report.add(Reason::log_form, path);
      return {};
    }
    const Bytes bytes = TRY(job_.tree.read(path, kBundleBytes));
    const auto texts = parse_entries(bytes, tile.width);
    if (!texts.ok()) job_.report.add(Reason::log_form, path, texts.error().text);
    if (!texts.ok()) return {};
    const std::vector<Hash> whole = TRY(hashes(0, tile.index));
    bool fits = whole.size() >= texts->size();
    for (std::size_t i = 0; fits && i < texts->size(); ++i) fits = log_leaf_hash((*texts)[i]) == whole[i];
    if (!fits) job_.report.add(Reason::log_tree, path);
    if (!fits || files_.widest.at({kEntries, tile.index}) != tile.width) return {};
    for (std::size_t i = 0; i < texts->size(); ++i) TRY(each(tile.index * kTileWidth + i, (*texts)[i], path));
    return {};
  }

  // Tiles above the leaves and bundles that a tree of the covered size has; a wider file serves for a narrower one.
  void missing_above() {
    const auto first = files_.widest.lower_bound({kEntries, 0});
    const bool has_bundle = first != files_.widest.end() && first->first.first == kEntries;
    const std::uint64_t from = has_bundle ? first->first.second * kTileWidth : 0;
    for (const TileName& tile : tiles_of(covered_, from)) {
      const auto width = files_.widest.find({tile.level, tile.index});
      if (width == files_.widest.end() || width->second < tile.width) job_.report.add(Reason::log_missing, files_.path(tile));
    }
  }

  Job& job_;
  const LogFiles& files_;
  std::vector<SignedCheckpoint>& checkpoints_;
  OutsideCheck& outside_;
  WantedLeaves& wanted_;
  GrowingRoot root_;
  std::uint64_t covered_ = 0;  // greatest size whose root holds
  std::optional<TileName> held_;
  std::vector<Hash> held_hashes_;
};

}  // namespace

Result<void> check_log_tree(Job& job, const LogFiles& files, std::vector<SignedCheckpoint>& checkpoints, const LogWatchers& watchers,
                            const LeafVisitor& each) {
  LogTreeCheck check(job, files, checkpoints, watchers);
  return check.run(each);
}

}  // namespace netsampler::verify
