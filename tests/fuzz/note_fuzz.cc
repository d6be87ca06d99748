// What the box log is made of, as a stranger may hand it in. First byte: how the rest is read (modulo 5): 0 a signed note with a checkpoint,
// 1 a proof, 2 a tile, 3 a bundle of entries, 4 a leaf. What is read is written back to the same bytes; nothing here was signed, so nothing
// may pass for it.
#include "evidence/format/tlog_proof.h"
#include "evidence/format/tlog_tree.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

const PublicKey& stranger() {
  static const PublicKey key = [] {
    crypto_start();
    return SigningKey(Secret()).public_key();
  }();
  return key;
}

void read_note(std::string_view text) {
  const auto note = parse_note(text);
  if (!note.ok()) return;
  fuzz::require(print_note(*note) == text, "a note is written as it was read");
  fuzz::require(!note->signatures.empty() && note->signatures.size() <= kNoteSignatures, "one to a hundred signatures");
  const std::string& name = note->signatures.front().name;
  fuzz::require(!note_signed_by(*note, name, stranger()), "nobody signed with this key");
  fuzz::require(!note_cosigned_by(*note, name, stranger()).has_value(), "nobody cosigned with this key");
  const auto checkpoint = parse_checkpoint(note->text);
  if (checkpoint.ok()) fuzz::require(text_of(*checkpoint) == note->text, "a checkpoint is written as it was read");
  fuzz::require(!open_checkpoint(text, stranger()).ok(), "no checkpoint of that box");
}

void read_proof(std::string_view text) {
  const auto proof = parse_log_proof(text);
  if (!proof.ok()) return;
  fuzz::require(print_log_proof(*proof) == text, "a proof is written as it was read");
  fuzz::require(!check_log_proof(*proof, "leaf", stranger()).ok(), "it proves nothing of that box");
}

void read_tile(ByteView bytes) {
  if (bytes.empty()) return;
  const std::uint64_t width = bytes[0] + 1u;
  const auto hashes = parse_tile(bytes.subspan(1), width);
  if (!hashes.ok()) return;
  fuzz::require(hashes->size() == width, "as many hashes as the name says");
  const Bytes again = print_tile(*hashes);
  fuzz::require(as_text(again) == as_text(bytes.subspan(1)), "a tile is written as it was read");
}

void read_entries(ByteView bytes) {
  if (bytes.empty()) return;
  const auto leaves = parse_entries(bytes.subspan(1), bytes[0] + 1u);
  if (!leaves.ok()) return;
  const Bytes again = print_entries(*leaves);
  fuzz::require(as_text(again) == as_text(bytes.subspan(1)), "a bundle is written as it was read");
  LogTree tree;
  std::vector<TileText> full;
  for (const auto& leaf : *leaves) tree.append(leaf, full);
  fuzz::require(tree.size() == leaves->size(), "each leaf counts once");
}

void read_leaf(std::string_view text) {
  const auto leaf = parse_log_leaf(text);
  if (leaf.ok()) fuzz::require(text_of(*leaf) == text, "a leaf is written as it was read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = fuzz::text_from(data + 1, size - 1);
  switch (data[0] % 5) {
    case 0: read_note(rest); break;
    case 1: read_proof(rest); break;
    case 2: read_tile(as_bytes(rest)); break;
    case 3: read_entries(as_bytes(rest)); break;
    default: read_leaf(rest);
  }
  return 0;
}
