#include "evidence/package/log_payload.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "evidence/format/names.h"
#include "evidence/format/tlog.h"

namespace netsampler {
namespace {

constexpr std::size_t kTileBytes = std::size_t{1} << 24, kKeptFiles = 16;

PayloadFile log_file(const std::string& path, ByteView bytes) {
  return {"data/log/" + path, "", std::string(as_text(bytes)), static_cast<std::int64_t>(bytes.size())};
}

// The first `width` of a tile or bundle, which on the disk may have grown full since and then stands under its own name.
Result<Bytes> read_tile(const FileSystem& disk, const std::string& root, const TileName& tile) {
  auto part = disk.read(root + "/" + path_of(tile), kTileBytes);
  if (part.ok() || tile.width == kTileWidth) return part;
  TileName full = tile;
  full.width = kTileWidth;
  Bytes bytes = TRY(disk.read(root + "/" + path_of(full), kTileBytes));
  if (tile.level != kEntries) {
    bytes.resize(std::min(bytes.size(), static_cast<std::size_t>(tile.width) * sizeof(Hash)));
    return bytes;
  }
  const auto leaves = TRY(parse_entries(bytes, kTileWidth));
  return print_entries(std::span(leaves).first(tile.width));
}

// What the log knows a case by, as hex: its book's tag, and the tags of the recordings it includes; and the beacons they name.
struct Known {
  std::vector<std::string> tags;
  std::set<std::string> beacons;
};

void learn(const std::string& text, Known& known) {
  const auto record = parse_record(std::string_view(text).substr(0, text.find('\n')));
  if (!record.ok()) return;  // it travels as it is, and the verifier judges it
  const auto tag = chain_tag(string_or(record->body, "nonce", ""), record->head.owner);
  if (tag.ok()) known.tags.push_back(hex_of(*tag));
  const std::string beacon = string_or(record->body, "beacon", "");
  if (!beacon.empty()) known.beacons.insert(beacon);
}

Result<Known> known_of(const FileSystem& disk, const std::string& data_root, const BookCut& cut) {
  Known known;
  learn(cut.text, known);
  for (const auto& id : cut.recordings) {
    const std::string path = data_root + "/recordings/" + id + "/chain.jsonl";
    if (!exists(disk, path)) continue;
    const std::string line = TRY(first_line(disk, path, kLineBytes));
    learn(line, known);
  }
  return known;
}

// The bundle that holds the first leaf of any of these tags; past the end where there is none.
Result<std::uint64_t> first_leaf(const FileSystem& disk, const std::string& root, std::uint64_t size, const Known& known) {
  for (const auto& tile : tiles_of(size)) {
    if (tile.level != kEntries) continue;
    const Bytes bytes = TRY(read_tile(disk, root, tile));
    for (const auto& tag : known.tags)
      if (as_text(bytes).find(tag) != std::string_view::npos) return tile.index * kTileWidth;
  }
  return size;
}

std::uint64_t size_of_token(const std::string& name) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), size);
  return error == std::errc() && end != name.data() + name.size() && *end == '-' ? size : 0;
}

Result<std::vector<std::string>> token_names(const FileSystem& disk, const std::string& root) {
  if (!exists(disk, root + "/tokens")) return std::vector<std::string>();
  return disk.list(root + "/tokens");
}

// Sizes whose tokens go along: from the newest at or before `first` on; and those of beacons.
Result<std::set<std::uint64_t>> sizes_wanted(const FileSystem& disk, const std::string& root, const std::vector<std::string>& names,
                                             std::uint64_t first, std::uint64_t size, const Known& known) {
  std::set<std::uint64_t> wanted;
  std::uint64_t before = 0;
  for (const auto& name : names) {
    const std::uint64_t stamped = size_of_token(name);
    if (stamped == 0 || stamped > size) continue;
    if (stamped <= first) before = std::max(before, stamped);
    if (stamped > first) wanted.insert(stamped);
    if (stamped > first || known.beacons.empty() || !name.ends_with(".tsr")) continue;
    const Bytes token = TRY(disk.read(root + "/tokens/" + name, kTileBytes));
    if (known.beacons.contains(hex_of(sha256(token)))) wanted.insert(stamped);
  }
  if (before > 0) wanted.insert(before);
  return wanted;
}

// Issuers and revocation data serve the tokens of a day: those of the package may rest on what was kept with an older one.
Result<void> add_kept(const FileSystem& disk, const std::string& root, const std::vector<std::string>& names, const std::set<std::uint64_t>& wanted,
                      std::uint64_t first, std::vector<PayloadFile>& files) {
  std::vector<std::pair<std::uint64_t, std::string>> kept;
  for (const auto& name : names) {
    const std::uint64_t size = size_of_token(name);
    if (size > 0 && size <= first && !wanted.contains(size) && !name.ends_with(".tsr") && !name.ends_with(".partial")) kept.emplace_back(size, name);
  }
  std::sort(kept.rbegin(), kept.rend());
  kept.resize(std::min(kept.size(), kKeptFiles));
  for (const auto& [size, name] : kept) {
    const Bytes bytes = TRY(disk.read(root + "/tokens/" + name, kTileBytes));
    files.push_back(log_file("tokens/" + name, bytes));
  }
  return {};
}

Result<void> add_tokens(const FileSystem& disk, const std::string& root, std::uint64_t first, std::uint64_t size, const Known& known,
                        std::vector<PayloadFile>& files) {
  const auto names = TRY(token_names(disk, root));
  auto wanted = TRY(sizes_wanted(disk, root, names, first, size, known));
  for (const auto& name : names) {
    if (!wanted.contains(size_of_token(name)) || name.ends_with(".partial")) continue;
    const Bytes token = TRY(disk.read(root + "/tokens/" + name, kTileBytes));
    files.push_back(log_file("tokens/" + name, token));
  }
  TRY(add_kept(disk, root, names, wanted, first, files));
  wanted.insert(size);
  for (const std::uint64_t stamped : wanted) {
    const std::string path = "checkpoints/" + std::to_string(stamped);
    const Bytes note = TRY(disk.read(root + "/" + path, kNoteBytes));
    files.push_back(log_file(path, note));
    if (stamped == size) files.push_back(log_file("checkpoint", note));
  }
  return {};
}

}  // namespace

Result<std::vector<PayloadFile>> log_payload(const FileSystem& disk, const std::string& data_root, const BookCut& cut, std::uint64_t log_size) {
  std::vector<PayloadFile> files;
  if (log_size == 0) return files;
  const std::string root = data_root + "/log";
  const Known known = TRY(known_of(disk, data_root, cut));
  const std::uint64_t first = TRY(first_leaf(disk, root, log_size, known));
  for (const auto& tile : tiles_of(log_size, first)) {
    const Bytes bytes = TRY_WITH(read_tile(disk, root, tile), "box log");
    files.push_back(log_file(path_of(tile), bytes));
  }
  TRY_WITH(add_tokens(disk, root, first, log_size, known, files), "box log");
  return files;
}

}  // namespace netsampler
