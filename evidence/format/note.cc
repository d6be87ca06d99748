#include "evidence/format/note.h"

#include <algorithm>

namespace netsampler {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // em dash and a space
constexpr std::size_t kIdBytes = 4, kTimeBytes = 8;

bool is_key_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '+' || c == '\x7f';
  });
}

std::uint64_t read_number(ByteView bytes) {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

void append_number(Bytes& to, std::uint64_t number, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) to.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

Error off(const std::string& why) { return fail(ErrorKind::invalid, "signed note: " + why); }

Result<NoteSignature> parse_signature_line(std::string_view line) {
  if (!line.starts_with(kDash)) return off("a signature line begins with a dash and a space");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return off("a signature line has no key name");
  const Bytes bytes = TRY_WITH(from_base64(line.substr(space + 1)), "signed note");
  if (bytes.size() <= kIdBytes) return off("a signature is too short");
  const ByteView view(bytes);
  return NoteSignature{std::string(line.substr(0, space)), static_cast<std::uint32_t>(read_number(view.first(kIdBytes))),
                       Bytes(bytes.begin() + kIdBytes, bytes.end())};
}

Bytes cosigned_message(std::string_view text, std::uint64_t seconds) {
  const std::string head = "cosignature/v1\ntime " + std::to_string(seconds) + "\n";
  Bytes message;
  append(message, as_bytes(head));
  append(message, as_bytes(text));
  return message;
}

bool signature_holds(const PublicKey& key, ByteView message, ByteView bytes) {
  Signature signature{};
  if (bytes.size() != signature.size()) return false;
  std::copy(bytes.begin(), bytes.end(), signature.begin());
  return verify_signature(key, message, signature);
}

}  // namespace

Result<SignedNote> parse_note(std::string_view note) {
  if (note.size() > kNoteBytes) return off("longer than 64 KiB");
  if (std::any_of(note.begin(), note.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n'; })) return off("a control character");
  const std::size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos || !note.ends_with('\n')) return off("no signatures");
  SignedNote parsed;
  parsed.text = std::string(note.substr(0, blank + 1));
  std::string_view rest = note.substr(blank + 2);
  for (std::size_t end; (end = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(end + 1)) {
    if (parsed.signatures.size() == kNoteSignatures) return off("more than 100 signatures");
    parsed.signatures.push_back(TRY(parse_signature_line(rest.substr(0, end))));
  }
  if (parsed.signatures.empty()) return off("no signatures");
  return parsed;
}

std::string print_note(const SignedNote& note) {
  std::string text = note.text + "\n";
  for (const auto& one : note.signatures) {
    Bytes bytes;
    append_number(bytes, one.key_id, kIdBytes);
    append(bytes, one.signature);
    text += std::string(kDash) + one.name + " " + to_base64(bytes) + "\n";
  }
  return text;
}

std::uint32_t note_key_id(std::string_view name, std::uint8_t kind, const PublicKey& key) {
  Bytes bytes;
  append(bytes, as_bytes(name));
  bytes.push_back('\n');
  bytes.push_back(kind);
  append(bytes, key);
  const Hash hash = sha256(bytes);
  return static_cast<std::uint32_t>(read_number(ByteView(hash).first(kIdBytes)));
}

NoteSignature sign_note(std::string_view text, const std::string& name, const SigningKey& key) {
  const Signature signature = key.sign(as_bytes(text));
  return {name, note_key_id(name, kNoteEd25519, key.public_key()), Bytes(signature.begin(), signature.end())};
}

NoteSignature cosign_note(std::string_view text, const std::string& name, const SigningKey& key, std::int64_t seconds) {
  NoteSignature made{name, note_key_id(name, kNoteCosignature, key.public_key()), {}};
  append_number(made.signature, static_cast<std::uint64_t>(seconds), kTimeBytes);
  append(made.signature, key.sign(cosigned_message(text, static_cast<std::uint64_t>(seconds))));
  return made;
}

bool note_signed_by(const SignedNote& note, std::string_view name, const PublicKey& key) {
  const std::uint32_t id = note_key_id(name, kNoteEd25519, key);
  bool found = false;
  for (const auto& one : note.signatures) {
    if (one.name != name || one.key_id != id) continue;
    if (!signature_holds(key, as_bytes(note.text), one.signature)) return false;
    found = true;
  }
  return found;
}

std::optional<std::int64_t> note_cosigned_by(const SignedNote& note, std::string_view name, const PublicKey& key) {
  const std::uint32_t id = note_key_id(name, kNoteCosignature, key);
  for (const auto& one : note.signatures) {
    if (one.name != name || one.key_id != id) continue;
    if (one.signature.size() <= kTimeBytes) return std::nullopt;
    const ByteView bytes(one.signature);
    const std::uint64_t seconds = read_number(bytes.first(kTimeBytes));
    if (seconds > INT64_MAX || !signature_holds(key, cosigned_message(note.text, seconds), bytes.subspan(kTimeBytes))) return std::nullopt;
    return static_cast<std::int64_t>(seconds);
  }
  return std::nullopt;
}

}  // namespace netsampler
