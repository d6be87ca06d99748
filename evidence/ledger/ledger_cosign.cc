// What witnesses need of the box log, and what they give: consistency proofs out, cosignatures in.
#include <algorithm>

#include "evidence/format/tlog_consistency.h"
#include "evidence/ledger/ledger.h"

namespace netsampler {
namespace {

constexpr std::size_t kCosignatureBytes = 72, kCosignatures = 16, kLineBytesLimit = 1024;

// The note with the line behind its signatures; nothing where that witness has signed already.
Result<std::optional<std::string>> joined(const std::string& text, const std::string& line) {
  const SignedNote before = TRY(parse_note(text));
  if (line.size() > kLineBytesLimit || line.find('\n') != std::string::npos) return fail(ErrorKind::invalid, "not one signature line");
  SignedNote note = TRY(parse_note(text + line + "\n"));
  const NoteSignature added = note.signatures.back();
  const bool of_box = added.name == note.text.substr(0, note.text.find('\n'));
  if (of_box || added.signature.size() != kCosignatureBytes) return fail(ErrorKind::invalid, "not a witness's cosignature");
  for (const auto& one : before.signatures)
    if (one.name == added.name && one.key_id == added.key_id) return std::optional<std::string>();
  if (before.signatures.size() > kCosignatures) return fail(ErrorKind::full, "sixteen witnesses have cosigned already");
  return std::optional<std::string>(print_note(note));
}

}  // namespace

Result<void> BoxLog::cosign(std::uint64_t size, const std::string& line) {
  TRY(usable());
  const std::string path = root_ + "/checkpoints/" + std::to_string(size);
  if (!exists(disk_, path)) return fail(ErrorKind::not_found, "no checkpoint of size " + std::to_string(size));
  const Bytes bytes = TRY(disk_.read(path, kNoteBytes));
  const auto note = TRY(joined(std::string(as_text(bytes)), line));
  if (!note) return {};
  const Result<void> written = write_cosigned(size, *note);
  if (!written.ok()) return stop(written.error());
  return {};
}

Result<void> BoxLog::write_cosigned(std::uint64_t size, const std::string& note) {
  if (size != tree_.size()) return write_whole(disk_, root_ + "/checkpoints/" + std::to_string(size), as_bytes(note));
  TRY(write_checkpoint(size, note));
  checkpoint_ = note;
  return {};
}

Result<void> Ledger::cosignature_store(std::int64_t checkpoint_size, const std::string& line) {
  return box_log_.cosign(static_cast<std::uint64_t>(checkpoint_size), line);
}

// The tile of an older tree is the beginning of today's.
Result<Bytes> BoxLog::read_tile(const TileName& tile) const {
  TileName now = tile;
  now.width = std::min(kTileWidth, (tree_.size() >> (8 * tile.level)) - tile.index * kTileWidth);
  Bytes bytes = TRY(disk_.read(root_ + "/" + path_of(now), kTileWidth * sizeof(Hash)));
  bytes.resize(std::min<std::size_t>(bytes.size(), tile.width * sizeof(Hash)));
  return bytes;
}

Result<std::vector<Hash>> Ledger::log_consistency(std::int64_t old_size, std::int64_t size) const {
  TRY(box_log_.usable());
  if (old_size < 0 || static_cast<std::uint64_t>(size) > box_log_.size()) return fail(ErrorKind::invalid, "the log never had that size");
  const TileReader read = [this](const TileName& tile) { return box_log_.read_tile(tile); };
  return consistency_proof(static_cast<std::uint64_t>(old_size), static_cast<std::uint64_t>(size), read);
}

}  // namespace netsampler
