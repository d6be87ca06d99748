// The box log on disk: C2SP tlog-tiles. One Merkle tree (RFC 6962, SHA-256) whose leaves are heads of chains and books, in files that
// never change once a checkpoint covers them; paths from log/:
//   checkpoint                     the newest signed checkpoint; checkpoints/<size> each one that was signed, this one too
//   tile/<L>/<N>[.p/<W>]           1 to 256 hashes of 32 bytes: number N of level L; level 0 holds leaf hashes, a hash of level L + 1 is the
//                                  root over a full tile of level L
//   tile/entries/<N>[.p/<W>]       the leaves themselves: each two bytes of length, big-endian, then its text
// N in groups of three digits, all but the last with an x before: 1234067 → x001/x234/067. W (1 to 255) only where not full.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/format/merkle.h"
#include "evidence/format/note.h"
#include "evidence/format/record.h"

namespace netsampler {

// A leaf: the JCS of {"case_tag","head","kind","seq","tag"}. It tells which chain stood where, and neither case nor recording by name.
struct LogLeaf {
  ChainKind chain = ChainKind::recording;  // "kind": "recording" or "book"
  Hash tag{};                              // chain_tag of the recording or case
  Hash case_tag{};                         // of the case a recording was opened for, zeros where for none; of a book: its own tag
  Hash head{};                             // line_hash of the chain's last line then
  std::int64_t seq = 0;                    // of that line
  bool token = false;                      // "kind": "token": a file kept under tokens/; tag and head its SHA-256, the rest zeros
  bool operator==(const LogLeaf&) const = default;
};
std::string text_of(const LogLeaf& leaf);
LogLeaf token_leaf(const Hash& file);  // every later token covers it: that is the renewal
Result<LogLeaf> parse_log_leaf(std::string_view text);  // exactly that form
inline Hash log_leaf_hash(std::string_view text) { return leaf_hash(as_bytes(text)); }

inline constexpr std::uint64_t kTileWidth = 256;
inline constexpr int kEntries = -1;                        // the "level" of entry bundles
inline constexpr std::uint64_t kLogSizeLimit = 1ull << 40;  // leaves; no reader goes beyond

struct TileName {
  int level = 0;            // 0 … 7, or kEntries
  std::uint64_t index = 0;  // N
  std::uint64_t width = 0;  // 1 … 256
  bool operator==(const TileName&) const = default;
};
std::string path_of(const TileName& tile);                              // "tile/0/x001/067.p/3", from log/
std::optional<TileName> tile_of_path(std::string_view path);            // only what path_of makes
std::vector<TileName> tiles_of(std::uint64_t size, std::uint64_t first_entry = 0);  // of a tree: all tiles, bundles from that leaf's on

Bytes print_tile(std::span<const Hash> hashes);
Result<std::vector<Hash>> parse_tile(ByteView bytes, std::uint64_t width);  // exactly so many
Bytes print_entries(std::span<const std::string> leaves);                   // leaves under 64 KiB
Result<std::vector<std::string>> parse_entries(ByteView bytes, std::uint64_t width);

// C2SP tlog-checkpoint, three lines: origin, size in decimal, base64 of the root. Extension lines are refused: the box makes none.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
};
std::string text_of(const Checkpoint& checkpoint);
Result<Checkpoint> parse_checkpoint(std::string_view text);  // a note's text

// "netsampler/" ‖ hex SHA-256 of the box key: the log's origin, and the name of its key in notes.
std::string log_origin(const PublicKey& box);
std::string sign_checkpoint(std::uint64_t size, const Hash& root, const SigningKey& box);  // the whole note
// A note of that box: form, origin and the box's signature. Cosignatures may stand beside it.
Result<Checkpoint> open_checkpoint(std::string_view note, const PublicKey& box);
// The note with the signatures that carry its origin's name alone: what is time-stamped, for cosignatures may come later. What is no
// note comes back as it is.
std::string without_cosignatures(std::string_view note);

}  // namespace netsampler
