// The box's key is replaced: said once for the whole box, signed by both keys, and carried by every book and recording that needs it to
// know which key came after (or before) which. So a rotation touches one book, and the old private key can be wiped at once.
// One change as JSON, exactly these members:
//   {"box_key":key,"changed_us":count,"new_sig":signature,"old_key":key,"old_sig":signature,"why":"rotated"}
//   {"box_key":key,"changed_us":count,"new_sig":signature,"old_key":key,"why":"lost"}      (nobody has the old key any more)
// old_sig by old_key and new_sig by box_key, both over "netsampler/v1/key\n" ‖ SHA-256(JCS of the object without old_sig and new_sig).
#pragma once
#include <optional>
#include <vector>

#include "evidence/base/crypto.h"
#include "evidence/base/json.h"

namespace netsampler {

struct KeyChange {
  PublicKey old_key{}, box_key{};
  std::int64_t changed_us = 0;       // UTC, by the box's clock
  std::optional<Signature> old_sig;  // absent: the old key was lost
  Signature new_sig{};               // who says so has the new key
  bool lost() const { return !old_sig.has_value(); }
};

// Oldest first; each one's old_key is the box_key of the one before.
using KeyHistory = std::vector<KeyChange>;
inline constexpr std::size_t kKeyChanges = 100;  // about 370 bytes each: all of them fit into one record

KeyChange rotate_key(const SigningKey& old_key, const SigningKey& fresh, std::int64_t changed_us);
KeyChange replace_lost_key(const PublicKey& lost, const SigningKey& fresh, std::int64_t changed_us);
bool key_change_holds(const KeyChange& change);  // its signatures
bool key_history_holds(const KeyHistory& history);

Json json_of(const KeyHistory& history);
// Form and order, not signatures: 1 to kKeyChanges changes, each of exactly the members above.
Result<KeyHistory> key_history_from(const Json& array);

}  // namespace netsampler
