// The stable reason codes of a verdict: one table, each with its severity and its words in Chinese and English. Scripts, courts
// and old reports rely on the codes: never rename one, never change what it means.
#pragma once
#include <span>
#include <string_view>

namespace netsampler::verify {

enum class Severity { note, partial, broken };  // INTACT stands, PARTIAL, BROKEN

enum class Reason {
  // contradictions
  line_form, sequence, prev, signature, box_signature, wrong_chain, open_first, after_close, keys, epoch, record_shape, counts,
  boot_changed, time_backwards, clock_contradiction, file_changed, sm3_changed, media_shape, media_mismatch, source,
  segment_order, discontinuity, frame_clock, opening_form, opening_root, opening_stray, include_head, package_signature,
  manifest_form, bag_declaration, not_a_file, recorded_broken, log_form, log_signature, log_tree, log_contradicts,
  token_invalid, time_contradicts, key_change, withheld_list, witness_contradicts, resumed_contradicts,
  picture_clock, picture_head, picture_beacon, picture_time,
  // what is interrupted, late, withheld, missing, unstamped, uncovered or untrusted
  unstamped, untrusted, interrupted, file_missing, private_missing, withheld, unnamed_file, gap, frames_apart, key_apart,
  sealed_late, epoch_late, clock_stepped, clock_limit, recording_missing, not_included, case_missing, package_unsigned,
  not_in_manifest, recorded_partial, log_missing, uncovered, token_unbound, tsa_untrusted, tsa_quorum, witness_quorum, no_beacon,
  not_delivered, file_withheld, withheld_present, key_lost, resumed,
  picture_unread, picture_unknown, token_expired, token_compromised,
  // worth knowing
  opaque, orphan, case_tag, witness_unused, pictures_skipped, revocation_unknown, revoked_later, more
};

struct ReasonRow {
  Reason reason;
  std::string_view code;
  Severity severity;
  std::string_view zh, en;
};

std::span<const ReasonRow> all_reasons();
const ReasonRow& row_of(Reason reason);
std::string_view name_of(Severity severity);  // "note", "partial", "broken"

}  // namespace netsampler::verify
