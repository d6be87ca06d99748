// The tokens of a box log: does each stamp a checkpoint that holds, is it sound at its genTime, does the policy know its authority,
// was its certificate revoked, and has it been renewed where that has ended since?
#pragma once
#include "evidence/verify/box_log.h"
#include "evidence/verify/log_tree_check.h"

namespace netsampler::verify {

// The leaves that would tell of the tokens here, to be looked for in the tree.
Result<WantedLeaves> token_leaves(Job& job, const LogFiles& files);

// Tokens that hold, trusted or not. `checkpoints`: those that hold. What is stamped is the checkpoint with the box's signature
// alone; cosignatures may have come later. `leaves`: as found in the tree.
Result<std::vector<Stamp>> check_tokens(Job& job, const LogFiles& files, const std::vector<SignedCheckpoint>& checkpoints,
                                        const WantedLeaves& leaves);

}  // namespace netsampler::verify
