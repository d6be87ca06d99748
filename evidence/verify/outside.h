// What somebody outside kept of a box's log, given with `--witness`: a checkpoint (signed note), or a proof (.tlog-proof) that a
// leaf stands in one. The package must be consistent with it, whoever made the package.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/format/policy.h"
#include "evidence/format/tlog_proof.h"

namespace netsampler::verify {

struct Outside {
  std::string name;  // of the file, for the report
  PublicKey box{};   // whose log it is: one of the policy's boxes
  Checkpoint checkpoint;
  std::string note;             // the signed checkpoint
  std::uint64_t index = 0;      // of a proof: which leaf
  std::vector<Hash> hashes;     // of a proof
  bool is_proof = false;
  std::optional<LogLeaf> leaf;  // of a proof that carries its leaf's text as `extra`: stands in the checkpoint's tree
};

// Trust comes only from the policy: the checkpoint is signed by one of its boxes, or is of the log of one of them and cosigned by
// one of its witnesses. `invalid`: it is not, it is of neither form, or the leaf that the proof carries does not stand in its tree.
Result<Outside> parse_outside(std::string_view text, const std::string& name, const Policy& policy);

}  // namespace netsampler::verify
