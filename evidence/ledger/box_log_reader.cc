// Reading the box log, and checking all of it on the way: the start's way in and the check of a whole log are one function.
#include <algorithm>
#include <charconv>

#include "evidence/ledger/box_log.h"

namespace netsampler {
namespace {

constexpr std::size_t kTileBytes = std::size_t{1} << 24;  // a bundle of 256 leaves of 64 KiB

Error damaged(const std::string& what) { return fail(ErrorKind::io, "box log: " + what + " (restore data/log from its backup)"); }

// Sizes of the checkpoints that were signed, ascending; other names (.partial) are passed over.
Result<std::vector<std::uint64_t>> signed_sizes(const FileSystem& disk, const std::string& root) {
  std::vector<std::uint64_t> sizes;
  if (!exists(disk, root + "/checkpoints")) return sizes;
  for (const auto& name : TRY(disk.list(root + "/checkpoints"))) {
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), size);
    if (error == std::errc() && end == name.data() + name.size() && std::to_string(size) == name) sizes.push_back(size);
  }
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

struct Signed {
  Checkpoint checkpoint;
  std::string text;
};

Result<Checkpoint> open_by_any(std::string_view note, const std::vector<PublicKey>& boxes) {
  for (const PublicKey& box : boxes)
    if (auto opened = open_checkpoint(note, box); opened.ok()) return opened;
  return fail(ErrorKind::invalid, "no checkpoint, or not one by a key of this box");
}

Result<Signed> read_checkpoint(const FileSystem& disk, const std::string& root, std::uint64_t size,
                               const std::vector<PublicKey>& boxes) {
  const std::string path = root + "/checkpoints/" + std::to_string(size);
  const Bytes bytes = TRY(disk.read(path, kNoteBytes));
  const Checkpoint checkpoint = TRY_WITH(open_by_any(as_text(bytes), boxes), "box log: " + path);
  if (checkpoint.size != size) return damaged(path + " is of another size");
  return Signed{checkpoint, std::string(as_text(bytes))};
}

Result<void> same_tile(const FileSystem& disk, const std::string& root, const TileText& tile) {
  const std::string path = root + "/" + path_of(tile.name);
  const Bytes bytes = TRY(disk.read(path, kTileBytes));
  if (bytes != tile.bytes) return damaged(path + " is not the tile of its leaves");
  return {};
}

// Appends one bundle's leaves; what became full by them must stand on the disk as it is.
Result<void> grow(const FileSystem& disk, const std::string& root, const TileName& bundle, ReadLog& log) {
  const Bytes bytes = TRY(disk.read(root + "/" + path_of(bundle), kTileBytes));
  std::vector<TileText> full;
  for (const auto& text : TRY_WITH(parse_entries(bytes, bundle.width), "box log: " + path_of(bundle))) {
    const LogLeaf leaf = TRY_WITH(parse_log_leaf(text), "box log: " + path_of(bundle));
    log.tree.append(text, full);
    log.heads.insert(leaf.head);
  }
  for (const auto& tile : full) TRY(same_tile(disk, root, tile));
  return {};
}

// The older checkpoints whose trees end within this bundle: each must have been of this log.
Result<void> check_older(const FileSystem& disk, const std::string& root, const std::vector<PublicKey>& boxes, const std::vector<std::uint64_t>& sizes,
                         const TileName& bundle, LogTree tree) {
  const Bytes bytes = TRY(disk.read(root + "/" + path_of(bundle), kTileBytes));
  std::vector<TileText> full;
  for (const auto& text : TRY(parse_entries(bytes, bundle.width))) {
    tree.append(text, full);
    if (!std::binary_search(sizes.begin(), sizes.end(), tree.size())) continue;
    const Signed older = TRY(read_checkpoint(disk, root, tree.size(), boxes));
    if (older.checkpoint.root != tree.root()) return damaged("its checkpoint of size " + std::to_string(tree.size()) + " tells of another log");
  }
  return {};
}

}  // namespace

Result<ReadLog> read_box_log(const FileSystem& disk, const std::string& root, const std::vector<PublicKey>& boxes, bool every_checkpoint) {
  ReadLog log;
  const auto sizes = TRY(signed_sizes(disk, root));
  if (sizes.empty() && exists(disk, root + "/checkpoint")) return damaged("its checkpoints are gone");
  if (sizes.empty()) return log;
  const Signed newest = TRY(read_checkpoint(disk, root, sizes.back(), boxes));
  for (const auto& tile : tiles_of(newest.checkpoint.size)) {
    if (tile.level != kEntries) continue;
    if (every_checkpoint) TRY(check_older(disk, root, boxes, sizes, tile, log.tree));
    TRY(grow(disk, root, tile, log));
  }
  for (const auto& tile : log.tree.edge()) TRY(same_tile(disk, root, tile));
  if (log.tree.root() != newest.checkpoint.root) return damaged("its leaves are not those of its newest checkpoint");
  log.checkpoint = newest.text;
  return log;
}

}  // namespace netsampler
