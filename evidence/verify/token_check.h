// The tokens of a box log: does each stamp a checkpoint that holds, is it sound at its genTime, does the policy know its authority?
#pragma once
#include "evidence/verify/box_log.h"
#include "evidence/verify/log_tree_check.h"

namespace netsampler::verify {

// Tokens that hold, trusted or not. `checkpoints`: those that hold. What is stamped is the checkpoint with the box's signature
// alone; cosignatures may have come later.
Result<std::vector<Stamp>> check_tokens(Job& job, const LogFiles& files, const std::vector<SignedCheckpoint>& checkpoints);

}  // namespace netsampler::verify
