#include "evidence/package/log_payload.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "evidence/format/names.h"
#include "evidence/format/tlog.h"
#include "evidence/package/token_choice.h"
#include "evidence/timestamp/token.h"

namespace netsampler {
namespace {

constexpr std::size_t kTileBytes = std::size_t{1} << 24, kKeptBefore = 16, kKeptBehind = 8;

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

// Where the case stands in the log: a span for each recording, one for each leaf of its book; and the bundle that holds the first of all (past the end where there is none).
struct Standing {
  std::vector<LeafSpan> spans;
  std::uint64_t first_bundle = 0;
};

void note_leaf(const LogLeaf& leaf, std::uint64_t number, std::map<Hash, LeafSpan>& recordings, Standing& standing) {
  if (leaf.token) return;
  if (leaf.chain == ChainKind::book) {
    standing.spans.push_back({number, number});
    return;
  }
  const auto known = recordings.try_emplace(leaf.tag, LeafSpan{number, number}).first;
  known->second.last = number;
}

Result<Standing> standing_of(const FileSystem& disk, const std::string& root, std::uint64_t size, const Known& known) {
  Standing standing{{}, size};
  std::map<Hash, LeafSpan> recordings;
  for (const auto& tile : tiles_of(size)) {
    if (tile.level != kEntries) continue;
    const Bytes bytes = TRY(read_tile(disk, root, tile));
    const auto is_there = [&](const std::string& tag) { return as_text(bytes).find(tag) != std::string_view::npos; };
    if (!std::ranges::any_of(known.tags, is_there)) continue;
    standing.first_bundle = std::min(standing.first_bundle, tile.index * kTileWidth);
    const auto texts = TRY(parse_entries(bytes, tile.width));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto leaf = parse_log_leaf(texts[i]);
      if (leaf.ok() && std::ranges::count(known.tags, hex_of(leaf->tag)) > 0) note_leaf(*leaf, tile.index * kTileWidth + i, recordings, standing);
    }
  }
  for (const auto& [tag, span] : recordings) standing.spans.push_back(span);
  return standing;
}

std::uint64_t size_of_token(const std::string& name) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), size);
  return error == std::errc() && end != name.data() + name.size() && *end == '-' ? size : 0;
}

Result<std::vector<std::string>> token_names(const FileSystem& disk, const std::string& root) {
  if (!exists(disk, root + "/tokens")) return std::vector<std::string>();
  auto names = TRY(disk.list(root + "/tokens"));
  std::ranges::sort(names);
  return names;
}

// When the token over that checkpoint was made; nothing where no response there can be read.
std::optional<std::int64_t> gen_time_of(const FileSystem& disk, const std::string& root, const std::vector<std::string>& names, std::uint64_t size) {
  const std::string begin = std::to_string(size) + "-";
  for (auto at = std::ranges::lower_bound(names, begin); at != names.end() && at->starts_with(begin); ++at) {
    if (!at->ends_with(".tsr")) continue;
    const auto response = disk.read(root + "/tokens/" + *at, kTileBytes);
    if (!response.ok()) continue;
    if (const auto facts = timestamp::read_response(*response); facts.ok()) return facts->gen_time_us;
  }
  return std::nullopt;
}

// Sizes whose tokens go along: those of the choice, and those that a beacon names. `names` sorted.
Result<std::set<std::uint64_t>> sizes_wanted(const FileSystem& disk, const std::string& root, const std::vector<std::string>& names,
                                             std::uint64_t size, const Standing& standing, const Known& known) {
  std::set<std::uint64_t> stamped;
  for (const auto& name : names)
    if (const std::uint64_t of = size_of_token(name); of > 0 && of <= size && name.ends_with(".tsr")) stamped.insert(of);
  const std::vector<std::uint64_t> sizes(stamped.begin(), stamped.end());
  auto wanted = choose_tokens(sizes, standing.spans, [&](std::uint64_t of) { return gen_time_of(disk, root, names, of); });
  auto missing = known.beacons;
  const auto look = [&](bool among_wanted) -> Result<void> {
    for (const auto& name : names) {
      const std::uint64_t of = size_of_token(name);
      if (missing.empty() || !stamped.contains(of) || wanted.contains(of) != among_wanted || !name.ends_with(".tsr")) continue;
      const Bytes token = TRY(disk.read(root + "/tokens/" + name, kTileBytes));
      if (missing.erase(hex_of(sha256(token))) > 0) wanted.insert(of);
    }
    return {};
  };
  TRY(look(true));
  TRY(look(false));  // hardly ever: a recording names the newest token there was
  return wanted;
}

// Issuers and revocation data are kept once a day and serve the tokens around: of those kept with tokens that stay behind, some before and behind each span, and the newest.
Result<void> add_kept(const FileSystem& disk, const std::string& root, const std::vector<std::string>& names, std::uint64_t size, const Standing& standing,
                      const std::set<std::uint64_t>& wanted, std::vector<PayloadFile>& files) {
  std::vector<std::pair<std::uint64_t, std::string>> kept;
  for (const auto& name : names)
    if (const std::uint64_t of = size_of_token(name); of > 0 && of <= size && !name.ends_with(".tsr") && !name.ends_with(".partial")) kept.emplace_back(of, name);
  std::ranges::sort(kept);
  std::set<std::string> chosen;
  const auto around = [&](std::uint64_t leaf) {
    const auto at = static_cast<std::size_t>(std::ranges::upper_bound(kept, leaf, {}, [](const auto& one) { return one.first; }) - kept.begin());
    for (std::size_t i = at - std::min(at, kKeptBefore); i < std::min(at + kKeptBehind, kept.size()); ++i)
      if (!wanted.contains(kept[i].first)) chosen.insert(kept[i].second);
  };
  for (const auto& span : standing.spans) around(span.last);
  around(size);
  for (const auto& name : chosen) {
    const Bytes bytes = TRY(disk.read(root + "/tokens/" + name, kTileBytes));
    files.push_back(log_file("tokens/" + name, bytes));
  }
  return {};
}

Result<void> add_tokens(const FileSystem& disk, const std::string& root, std::uint64_t size, const Standing& standing, const Known& known,
                        std::vector<PayloadFile>& files) {
  const auto names = TRY(token_names(disk, root));
  auto wanted = TRY(sizes_wanted(disk, root, names, size, standing, known));
  for (const auto& name : names) {
    if (!wanted.contains(size_of_token(name)) || name.ends_with(".partial")) continue;
    const Bytes token = TRY(disk.read(root + "/tokens/" + name, kTileBytes));
    files.push_back(log_file("tokens/" + name, token));
  }
  TRY(add_kept(disk, root, names, size, standing, wanted, files));
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
  const Standing standing = TRY(standing_of(disk, root, log_size, known));
  for (const auto& tile : tiles_of(log_size, standing.first_bundle)) {
    const Bytes bytes = TRY_WITH(read_tile(disk, root, tile), "box log");
    files.push_back(log_file(path_of(tile), bytes));
  }
  TRY_WITH(add_tokens(disk, root, log_size, standing, known, files), "box log");
  return files;
}

}  // namespace netsampler
