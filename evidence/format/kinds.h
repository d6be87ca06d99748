// THE table of public members, by kind of record. What is not in it is personal: it goes into private openings, never into a
// record. A writer refuses kinds and members that are not here; a reader shows unknown kinds as opaque and lets unknown
// members of known kinds pass (a later version may have added them).
#pragma once
#include <span>
#include <string_view>

#include "evidence/format/record.h"

namespace netsampler {

enum class MemberType {
  // Strings. A reader takes each as text; a writer keeps to their forms (public_text.h).
  word, item, account, display, origin, phrase, recording,
  integer,   // within ±(2^53−1)
  count,     // integer ≥ 0
  boolean,
  hash,      // 64 lower-case hex digits
  key,       // base64 of 32 bytes
  signature, // base64 of 64 bytes
  severity,  // "note", "partial" or "broken"
  accounts,  // array of strings, each an account
  rect,      // [x, y, width, height], integers
  rects,     // array of such
  file,      // {"path","bytes","sha256","sm3"}
  files,     // array of such
  resumption,  // {"recording","head","last_seq","torn_bytes","torn_sha256"}
  key_changes, // array of changes of the box's key (key_change.h)
  servers    // array of {"server", "ok", "offset_us", "delay_us", "dispersion_us", "stratum"}
};

struct Member {
  std::string_view name;
  MemberType type;
  bool required = true;
};

struct Kind {
  ChainKind chain;
  std::string_view type;
  std::span<const Member> members;
};

std::span<const Kind> all_kinds();
const Kind* find_kind(ChainKind chain, std::string_view type);  // nullptr: unknown

// For a writer: `type` is known, `body` has all required members, of their types and forms, and none that is not public. The error names
// kind and member, never the value. box_sig and sig need not be there yet.
Result<void> check_public(ChainKind chain, const std::string& type, const Json& body);
// For a reader: as check_public, but unknown kinds and unknown members pass; box_sig is required.
Result<void> check_read(ChainKind chain, const std::string& type, const Json& body);

}  // namespace netsampler
