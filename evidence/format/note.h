// C2SP signed-note: UTF-8 text that ends in "\n", an empty line, then one line for each signature:
//   "— <key name> <base64(key id, 4 bytes big-endian ‖ signature)>\n"
// Key names: not empty, no white space, no '+'. Key id = first four bytes of SHA-256(name ‖ "\n" ‖ kind ‖ the key's 32 bytes);
// kind 1: Ed25519 over the text; kind 4: Ed25519 cosignature of a witness, over "cosignature/v1\ntime <seconds>\n" ‖ text, its
// signature bytes are the seconds (8 bytes big-endian) ‖ the 64 of Ed25519. A signature by a key that nobody knows says nothing.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/base/crypto.h"

namespace netsampler {

inline constexpr std::size_t kNoteBytes = 65536;
inline constexpr std::size_t kNoteSignatures = 100;

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes signature;  // by the key's kind: 64 bytes, or 72 of a cosignature
  bool operator==(const NoteSignature&) const = default;
};

struct SignedNote {
  std::string text;  // its last newline included; what the signatures are over
  std::vector<NoteSignature> signatures;
};

// Form only; at least one signature. What print_note makes of the result is the input, byte for byte.
Result<SignedNote> parse_note(std::string_view note);
std::string print_note(const SignedNote& note);

inline constexpr std::uint8_t kNoteEd25519 = 1, kNoteCosignature = 4;
std::uint32_t note_key_id(std::string_view name, std::uint8_t kind, const PublicKey& key);

NoteSignature sign_note(std::string_view text, const std::string& name, const SigningKey& key);
NoteSignature cosign_note(std::string_view text, const std::string& name, const SigningKey& key, std::int64_t seconds);

// True where a signature of that name and key id is there and every such one holds.
bool note_signed_by(const SignedNote& note, std::string_view name, const PublicKey& key);
// Seconds since 1970 at which this witness cosigned; nothing where it did not, or where its signature is wrong.
std::optional<std::int64_t> note_cosigned_by(const SignedNote& note, std::string_view name, const PublicKey& key);

}  // namespace netsampler
