#include "evidence/ledger/box_log.h"

#include <algorithm>

#include "evidence/base/log.h"

namespace netsampler {
namespace {

// The size of the smallest tree that has this tile.
std::uint64_t leaves_below(const TileName& tile) {
  std::uint64_t leaves = tile.index * kTileWidth + tile.width;
  for (int level = 0; level < tile.level && leaves <= kLogSizeLimit; ++level) leaves *= kTileWidth;
  return leaves;
}

}  // namespace

BoxLog::BoxLog(FileSystem& disk, std::string root, const SigningKey& box) : disk_(disk), root_(std::move(root)), box_(box) {}

Result<void> BoxLog::load(const std::vector<PublicKey>& boxes) {
  ReadLog read = TRY(read_box_log(disk_, root_, boxes, false));
  tree_ = std::move(read.tree);
  heads_ = std::move(read.heads);
  checkpoint_ = std::move(read.checkpoint);
  TRY(drop_uncovered());
  if (checkpoint_.empty()) return {};
  const std::string path = root_ + "/checkpoint";
  const Bytes shown = exists(disk_, path) ? TRY(disk_.read(path, kNoteBytes)) : Bytes();
  if (as_text(shown) == checkpoint_) return {};
  return write_whole(disk_, path, as_bytes(checkpoint_));  // a cut between the two; and nothing but the newest stands there
}

Result<void> BoxLog::drop_uncovered() {
  if (!exists(disk_, root_)) return {};
  std::set<std::string> changed;
  for (const auto& path : TRY(walk(disk_, root_))) {
    const auto tile = tile_of_path(path);
    const bool half = path.ends_with(".partial") && !path.starts_with("tokens/");
    if (!half && (!tile || leaves_below(*tile) <= tree_.size())) continue;
    TRY(disk_.remove(root_ + "/" + path));
    changed.insert(parent_of(root_ + "/" + path));
  }
  for (const auto& directory : changed) TRY(disk_.sync_directory(directory));
  return {};
}

void BoxLog::recover(const std::vector<PublicKey>& earlier) {
  std::vector<PublicKey> boxes = earlier;
  boxes.push_back(box_.public_key());
  const auto loaded = load(boxes);
  if (!loaded.ok()) log(LogLevel::error, stop(loaded.error()).text);
}

void BoxLog::owe(const LogLeaf& leaf) { owed_.insert_or_assign(leaf.tag, leaf); }

Result<void> BoxLog::write_tiles(const LogTree& next, const std::vector<TileText>& full) {
  std::set<std::string> there;
  for (const auto& tile : tree_.edge()) there.insert(path_of(tile.name));
  std::vector<TileText> tiles = full;
  for (auto& tile : next.edge())
    if (!there.contains(path_of(tile.name))) tiles.push_back(std::move(tile));
  for (const auto& tile : tiles) {
    const std::string path = root_ + "/" + path_of(tile.name);
    TRY(disk_.make_directories(parent_of(path)));
    TRY(write_whole(disk_, path, tile.bytes));
  }
  return {};
}

Result<void> BoxLog::write_checkpoint(std::uint64_t size, const std::string& note) {
  TRY(disk_.make_directories(root_ + "/checkpoints"));
  TRY(write_whole(disk_, root_ + "/checkpoints/" + std::to_string(size), as_bytes(note)));
  return write_whole(disk_, root_ + "/checkpoint", as_bytes(note));
}

// What a full tile that a checkpoint covers makes superfluous. A reader that misses one takes the full tile's beginning.
void BoxLog::drop_partials(const std::vector<TileText>& full) {
  for (const auto& tile : full) {
    const std::string directory = root_ + "/" + path_of(tile.name) + ".p";
    const auto names = exists(disk_, directory) ? disk_.list(directory) : Result<std::vector<std::string>>(std::vector<std::string>());
    for (const auto& name : names.value_or({})) {
      const auto removed = disk_.remove(directory + "/" + name);
      if (!removed.ok()) log(LogLevel::warning, "box log: " + removed.error().text);
    }
  }
}

bool BoxLog::owes() const {
  return std::any_of(owed_.begin(), owed_.end(), [](const auto& entry) { return !entry.second.token; });
}

Result<void> BoxLog::flush() {
  TRY(usable());
  return owes() ? write_owed() : Result<void>();
}

Result<void> BoxLog::flush_tokens() {
  TRY(usable());
  return owed_.empty() ? Result<void>() : write_owed();
}

Result<void> BoxLog::write_owed() {
  LogTree next = tree_;
  std::vector<TileText> full;
  for (const auto& [tag, leaf] : owed_) next.append(text_of(leaf), full);
  const std::string note = sign_checkpoint(next.size(), next.root(), box_);
  Result<void> written = write_tiles(next, full);
  if (written.ok()) written = write_checkpoint(next.size(), note);
  if (!written.ok()) return stop(written.error());
  for (const auto& [tag, leaf] : owed_) heads_.insert(leaf.head);
  owed_.clear();
  tree_ = std::move(next);
  checkpoint_ = note;
  drop_partials(full);
  return {};
}

Result<void> BoxLog::usable() const {
  if (broken_) return *broken_;
  return {};
}

Error BoxLog::stop(Error error) {
  if (!broken_) broken_ = std::move(error).with("the box log has stopped");
  return *broken_;
}

}  // namespace netsampler
