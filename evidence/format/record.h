// A record: one line of a chain (recording) or book (case). One JSON object in RFC 8785 form, at most 64 KiB with its newline,
// at most 8 deep, signed over "netsampler/v1/record\n" ‖ SHA-256(JCS of the object without sig), bound to the line before by
// `prev`. Lines here are without their newline: the writer adds "\n"; `prev` and heads never cover it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/base/crypto.h"
#include "evidence/base/json.h"

namespace netsampler {

inline constexpr std::size_t kLineBytes = 65536;  // newline included
inline constexpr int kRecordDepth = 8;

enum class ChainKind { recording, book };

// The members every record has, besides the body's. `epoch` counts in a recording, `actor` (an account's id) in a book.
struct Envelope {
  ChainKind chain = ChainKind::recording;
  std::string owner;  // the recording's id, or the case's
  std::string type;
  std::int64_t seq = 0;
  Hash prev{};  // SHA-256 of the line before; zeros at seq 0
  std::int64_t at_us = 0, err_us = 0;
  std::string clock = "unsynchronised";  // synchronised, holdover, unsynchronised, stepped
  std::string boot;                      // the kernel's boot id
  std::int64_t boot_us = 0;
  std::int64_t epoch = 0;
  std::string actor;
  std::int64_t private_count = 0;  // 0: the record has no private members
  Hash private_root{};             // meaningless at count 0
};

struct Record {
  Envelope head;
  Json body;    // the kind's own members, e.g. nonce, file, box_sig
  Json object;  // the whole line's object, sig included
};

// Body and envelope in one unsigned object. A body member that would stand where the envelope's stands is `invalid`.
Result<Json> make_record(const Envelope& envelope, const Json& body);
// Signs and returns the line. Refuses what lies outside the profile, the depth or the size; does not look at the kinds table.
Result<std::string> seal_record(Json object, const SigningKey& key);
// The same for `open`: the box signs first (box_sig over "netsampler/v1/open\n" ‖ SHA-256(JCS without sig and box_sig)), then epoch 0.
Result<std::string> seal_open(Json object, const SigningKey& box, const SigningKey& epoch_0);

// Form only: canonical JSON, envelope members present, of their type and range, `recording` xor `case`. Says what is off.
// Signatures, prev and the kinds table are the caller's to check.
Result<Record> parse_record(std::string_view line);
Hash line_hash(std::string_view line);
bool record_signature_holds(const Record& record, const PublicKey& key);
bool box_signature_holds(const Record& open, const PublicKey& box);

// {"path","bytes","sha256","sm3"}: how a record names a file, its path relative to the recording or case.
struct NamedFile {
  std::string path;
  std::int64_t bytes = 0;
  std::string sha256, sm3;  // 64 hex digits
};
Json json_of(const NamedFile& file);
Result<NamedFile> named_file_from(const Json& value);
// All files that a record names: in `file` and in `files`.
Result<std::vector<NamedFile>> files_of(const Json& body);

}  // namespace netsampler
