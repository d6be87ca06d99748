#include "evidence/format/key_change.h"

#include <algorithm>

namespace netsampler {
namespace {

constexpr const char* kRotated = "rotated";
constexpr const char* kLost = "lost";

Json statement(const KeyChange& change) {
  return {{"old_key", to_base64(change.old_key)},
          {"box_key", to_base64(change.box_key)},
          {"why", change.lost() ? kLost : kRotated},
          {"changed_us", change.changed_us}};
}

std::string message_of(const KeyChange& change) {
  const std::string text = canonical(statement(change));
  const Hash hash = sha256(as_bytes(text));
  return "netsampler/v1/key\n" + std::string(as_text(hash));
}

Json json_of(const KeyChange& change) {
  Json object = statement(change);
  object["new_sig"] = to_base64(change.new_sig);
  if (change.old_sig) object["old_sig"] = to_base64(*change.old_sig);
  return object;
}

Result<PublicKey> key_in(const Json& object, const char* name) {
  const std::string text = TRY(get_string(object, name));
  return TRY_WITH(public_key_from_base64(text), name);
}

Result<Signature> signature_in(const Json& object, const char* name) {
  const std::string text = TRY(get_string(object, name));
  return TRY_WITH(signature_from_base64(text), name);
}

Result<KeyChange> key_change_from(const Json& object) {
  KeyChange change;
  change.old_key = TRY(key_in(object, "old_key"));
  change.box_key = TRY(key_in(object, "box_key"));
  change.changed_us = TRY(get_int(object, "changed_us"));
  change.new_sig = TRY(signature_in(object, "new_sig"));
  const std::string why = TRY(get_string(object, "why"));
  if (why == kRotated) change.old_sig = TRY(signature_in(object, "old_sig"));
  if (why != kRotated && why != kLost) return fail(ErrorKind::invalid, "a key ends rotated or lost, not " + why.substr(0, 40));
  if (object.size() != (change.lost() ? 5 : 6)) return fail(ErrorKind::invalid, "a change of keys has other members");
  if (change.changed_us < 0 || change.old_key == change.box_key) return fail(ErrorKind::invalid, "a change of keys that changes nothing");
  return change;
}

}  // namespace

KeyChange rotate_key(const SigningKey& old_key, const SigningKey& fresh, std::int64_t changed_us) {
  KeyChange change;
  change.old_key = old_key.public_key(), change.box_key = fresh.public_key(), change.changed_us = changed_us;
  change.old_sig.emplace();  // what is signed says "rotated"
  const std::string message = message_of(change);
  change.old_sig = old_key.sign(as_bytes(message));
  change.new_sig = fresh.sign(as_bytes(message));
  return change;
}

KeyChange replace_lost_key(const PublicKey& lost, const SigningKey& fresh, std::int64_t changed_us) {
  KeyChange change;
  change.old_key = lost, change.box_key = fresh.public_key(), change.changed_us = changed_us;
  change.new_sig = fresh.sign(as_bytes(message_of(change)));
  return change;
}

bool key_change_holds(const KeyChange& change) {
  const std::string message = message_of(change);
  if (change.old_sig && !verify_signature(change.old_key, as_bytes(message), *change.old_sig)) return false;
  return verify_signature(change.box_key, as_bytes(message), change.new_sig);
}

bool key_history_holds(const KeyHistory& history) { return std::all_of(history.begin(), history.end(), key_change_holds); }

Json json_of(const KeyHistory& history) {
  Json array = Json::array();
  for (const KeyChange& change : history) array.push_back(json_of(change));
  return array;
}

Result<KeyHistory> key_history_from(const Json& array) {
  KeyHistory history;
  if (!array.is_array() || array.empty() || array.size() > kKeyChanges) return fail(ErrorKind::invalid, "not 1 to 100 changes of keys");
  for (const Json& object : array) {
    const KeyChange change = TRY(key_change_from(object));
    if (!history.empty() && history.back().box_key != change.old_key) return fail(ErrorKind::invalid, "changes of keys that do not follow each other");
    history.push_back(change);
  }
  return history;
}

}  // namespace netsampler
