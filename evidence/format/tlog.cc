#include "evidence/format/tlog.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace netsampler {
namespace {

constexpr int kLevels = 8;

std::string group(std::uint64_t number) {
  char text[8];
  std::snprintf(text, sizeof text, "%03u", static_cast<unsigned>(number % 1000));
  return text;
}

std::string index_path(std::uint64_t index) {
  std::string path = group(index);
  for (index /= 1000; index > 0; index /= 1000) path = "x" + group(index) + "/" + path;
  return path;
}

// Digits alone, no leading zero.
std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || std::to_string(number) != text) return std::nullopt;
  return number;
}

std::uint64_t digits_of(std::string_view index) {
  std::uint64_t number = 0;
  for (const char c : index)
    if (c >= '0' && c <= '9') number = (number * 10 + static_cast<std::uint64_t>(c - '0')) % kLogSizeLimit;
  return number;
}

Error off(const std::string& why) { return fail(ErrorKind::invalid, why); }

Result<Hash> get_hash(const Json& object, const char* key) {
  const std::string text = TRY(get_string(object, key));
  return hash_from_hex(text);
}

const char* kind_of(const LogLeaf& leaf) {
  if (leaf.token) return "token";
  return leaf.chain == ChainKind::book ? "book" : "recording";
}

}  // namespace

LogLeaf token_leaf(const Hash& file) {
  LogLeaf leaf;
  leaf.tag = leaf.head = file;
  leaf.token = true;
  return leaf;
}

std::string text_of(const LogLeaf& leaf) {
  return canonical({{"case_tag", hex_of(leaf.case_tag)},
                    {"head", hex_of(leaf.head)},
                    {"kind", kind_of(leaf)},
                    {"seq", leaf.seq},
                    {"tag", hex_of(leaf.tag)}});
}

Result<LogLeaf> parse_log_leaf(std::string_view text) {
  const Json object = TRY_WITH(parse_canonical(text, {1024, 1}), "log leaf");
  if (!object.is_object() || object.size() != 5) return off("log leaf: five members and no others");
  const std::string kind = TRY(get_string(object, "kind"));
  if (kind != "book" && kind != "recording" && kind != "token") return off("log leaf: kind is book, recording or token");
  LogLeaf leaf;
  leaf.token = kind == "token";
  leaf.chain = kind == "book" ? ChainKind::book : ChainKind::recording;
  leaf.tag = TRY_WITH(get_hash(object, "tag"), "log leaf");
  leaf.case_tag = TRY_WITH(get_hash(object, "case_tag"), "log leaf");
  leaf.head = TRY_WITH(get_hash(object, "head"), "log leaf");
  leaf.seq = TRY(get_int(object, "seq"));
  if (leaf.seq < 0) return off("log leaf: seq is below zero");
  if (leaf.token && leaf != token_leaf(leaf.head)) return off("log leaf: a token's has its hash twice and zeros");
  return leaf;
}

std::string path_of(const TileName& tile) {
  const std::string level = tile.level == kEntries ? "entries" : std::to_string(tile.level);
  const std::string part = tile.width == kTileWidth ? "" : ".p/" + std::to_string(tile.width);
  return "tile/" + level + "/" + index_path(tile.index) + part;
}

std::optional<TileName> tile_of_path(std::string_view path) {
  const std::string_view whole = path;
  if (!path.starts_with("tile/") || path.size() > 64) return std::nullopt;
  path.remove_prefix(5);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view level = path.substr(0, slash);
  std::string_view index = path.substr(slash + 1);
  TileName tile{kEntries, 0, kTileWidth};
  if (const std::size_t part = index.find(".p/"); part != std::string_view::npos) {
    tile.width = number_of(index.substr(part + 3)).value_or(0);
    index = index.substr(0, part);
  }
  if (level != "entries") tile.level = static_cast<int>(std::min<std::uint64_t>(number_of(level).value_or(kLevels), kLevels));
  if (tile.level >= kLevels || tile.width == 0 || tile.width > kTileWidth) return std::nullopt;
  tile.index = digits_of(index);
  if (path_of(tile) != whole) return std::nullopt;
  return tile;
}

std::vector<TileName> tiles_of(std::uint64_t size, std::uint64_t first_entry) {
  std::vector<TileName> tiles;
  const auto add = [&tiles](int level, std::uint64_t hashes, std::uint64_t from) {
    for (std::uint64_t n = from; n * kTileWidth < hashes; ++n) tiles.push_back({level, n, std::min(kTileWidth, hashes - n * kTileWidth)});
  };
  std::uint64_t hashes = size;
  for (int level = 0; level < kLevels && hashes > 0; ++level, hashes /= kTileWidth) add(level, hashes, 0);
  add(kEntries, size, first_entry / kTileWidth);
  return tiles;
}

Bytes print_tile(std::span<const Hash> hashes) {
  Bytes bytes;
  for (const Hash& hash : hashes) append(bytes, hash);
  return bytes;
}

Result<std::vector<Hash>> parse_tile(ByteView bytes, std::uint64_t width) {
  std::vector<Hash> hashes(width);
  if (bytes.size() != width * sizeof(Hash)) return off("log tile: not " + std::to_string(width) + " hashes");
  for (std::uint64_t i = 0; i < width; ++i) std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i * 32), 32, hashes[i].begin());
  return hashes;
}

Bytes print_entries(std::span<const std::string> leaves) {
  Bytes bytes;
  for (const auto& leaf : leaves) {
    bytes.push_back(static_cast<std::uint8_t>(leaf.size() >> 8));
    bytes.push_back(static_cast<std::uint8_t>(leaf.size()));
    append(bytes, as_bytes(leaf));
  }
  return bytes;
}

Result<std::vector<std::string>> parse_entries(ByteView bytes, std::uint64_t width) {
  std::vector<std::string> leaves;
  while (!bytes.empty()) {
    const std::size_t length = bytes.size() < 2 ? bytes.size() : static_cast<std::size_t>(bytes[0] << 8 | bytes[1]);
    if (bytes.size() < 2 + length || leaves.size() == width) return off("log entries: not " + std::to_string(width) + " whole leaves");
    leaves.emplace_back(as_text(bytes.subspan(2, length)));
    bytes = bytes.subspan(2 + length);
  }
  if (leaves.size() != width) return off("log entries: not " + std::to_string(width) + " leaves");
  return leaves;
}

std::string text_of(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(checkpoint.root) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const std::size_t first = text.find('\n');
  const std::size_t second = first == std::string_view::npos ? first : text.find('\n', first + 1);
  if (second == std::string_view::npos || text.find('\n', second + 1) != text.size() - 1) return off("checkpoint: not three lines");
  const auto size = number_of(text.substr(first + 1, second - first - 1));
  if (first == 0 || !size || *size > kLogSizeLimit) return off("checkpoint: its origin or size is off");
  const Bytes root = TRY_WITH(from_base64(text.substr(second + 1, text.size() - second - 2)), "checkpoint");
  Checkpoint checkpoint{std::string(text.substr(0, first)), *size, {}};
  if (root.size() != checkpoint.root.size()) return off("checkpoint: its root is not 32 bytes");
  std::copy(root.begin(), root.end(), checkpoint.root.begin());
  return checkpoint;
}

std::string log_origin(const PublicKey& box) { return "netsampler/" + hex_of(sha256(box)); }

std::string sign_checkpoint(std::uint64_t size, const Hash& root, const SigningKey& box) {
  const std::string origin = log_origin(box.public_key());
  SignedNote note{text_of(Checkpoint{origin, size, root}), {}};
  note.signatures.push_back(sign_note(note.text, origin, box));
  return print_note(note);
}

Result<Checkpoint> open_checkpoint(std::string_view note, const PublicKey& box) {
  const SignedNote parsed = TRY(parse_note(note));
  const Checkpoint checkpoint = TRY(parse_checkpoint(parsed.text));
  const std::string origin = log_origin(box);
  if (checkpoint.origin != origin) return off("checkpoint: of another log, " + checkpoint.origin);
  if (!note_signed_by(parsed, origin, box)) return off("checkpoint: not signed by the box key");
  return checkpoint;
}

std::string without_cosignatures(std::string_view note) {
  auto parsed = parse_note(note);
  if (!parsed.ok()) return std::string(note);
  const std::string origin = parsed->text.substr(0, parsed->text.find('\n'));
  std::erase_if(parsed->signatures, [&](const NoteSignature& one) { return one.name != origin; });
  return print_note(*parsed);
}

}  // namespace netsampler
