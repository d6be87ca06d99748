#include "evidence/verify/outside.h"

#include <algorithm>

namespace netsampler::verify {
namespace {

bool is_cosigned(const SignedNote& note, const Policy& policy) {
  return std::any_of(policy.witnesses.begin(), policy.witnesses.end(), [&](const Policy::Witness& witness) {
    return note_cosigned_by(note, witness.name, witness.key).has_value();
  });
}

Result<void> take_note(std::string_view text, const Policy& policy, Outside& outside) {
  const SignedNote note = TRY(parse_note(text));
  outside.note = std::string(text);
  outside.checkpoint = TRY(parse_checkpoint(note.text));
  const auto found = std::find_if(policy.boxes.begin(), policy.boxes.end(), [&](const Policy::Box& box) {
    return log_origin(box.key) == outside.checkpoint.origin;
  });
  if (found == policy.boxes.end()) return fail(ErrorKind::invalid, "a checkpoint of the log of no box in the policy");
  outside.box = found->key;
  if (!note_signed_by(note, outside.checkpoint.origin, found->key) && !is_cosigned(note, policy))
    return fail(ErrorKind::invalid, "signed neither by the policy's box nor by one of its witnesses");
  if (outside.checkpoint.size == 0) return fail(ErrorKind::invalid, "a checkpoint of an empty log says nothing");
  return {};
}

Result<void> take_proof(std::string_view text, const Policy& policy, Outside& outside) {
  const LogProof proof = TRY(parse_log_proof(text));
  TRY(take_note(proof.checkpoint, policy, outside));
  outside.is_proof = true;
  outside.index = proof.index;
  outside.hashes = proof.hashes;
  if (!proof.extra) return {};
  const std::string_view leaf = as_text(*proof.extra);
  outside.leaf = TRY_WITH(parse_log_leaf(leaf), "what the proof carries as extra is no leaf");
  const Checkpoint& tree = outside.checkpoint;
  if (!inclusion_holds(outside.index, tree.size, log_leaf_hash(leaf), outside.hashes, tree.root))
    return fail(ErrorKind::invalid, "the leaf that the proof carries does not stand in its tree");
  return {};
}

}  // namespace

Result<Outside> parse_outside(std::string_view text, const std::string& name, const Policy& policy) {
  Outside outside;
  outside.name = name;
  TRY_WITH(text.starts_with("c2sp.org/tlog-proof@") ? take_proof(text, policy, outside) : take_note(text, policy, outside), name);
  return outside;
}

}  // namespace netsampler::verify
