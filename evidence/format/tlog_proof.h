// C2SP tlog-proof: that one leaf stands in the tree of one checkpoint, as text that is checked without anything else:
//   "c2sp.org/tlog-proof@v1\n" [ "extra " base64 "\n" ] "index " decimal "\n" { base64 hash "\n" } "\n" the whole signed checkpoint
#pragma once
#include "evidence/format/tlog.h"

namespace netsampler {

struct LogProof {
  std::uint64_t index = 0;
  std::vector<Hash> hashes;
  std::string checkpoint;        // the signed note, its last newline included
  std::optional<Bytes> extra;    // opaque; nothing proves it
};

std::vector<Hash> inclusion_proof(std::span<const Hash> leaves, std::uint64_t index);  // index < leaves.size(); of leaf hashes
std::string print_log_proof(const LogProof& proof);
Result<LogProof> parse_log_proof(std::string_view text);  // form only
// The leaf stands at proof.index in the tree of its checkpoint, and that checkpoint is this box's: the checkpoint.
Result<Checkpoint> check_log_proof(const LogProof& proof, std::string_view leaf, const PublicKey& box);

}  // namespace netsampler
