// Do tiles, bundles and checkpoints of a box log tell of one tree? One pass over the leaf hashes gives the root at every
// checkpoint's size, which proves all checkpoints consistent with each other; then each file is compared with the level below.
// Memory: two tiles and one hash for each level of the tree.
#pragma once
#include "evidence/verify/log_files.h"
#include "evidence/verify/outside_check.h"

namespace netsampler::verify {

// A checkpoint whose signature holds.
struct SignedCheckpoint {
  std::uint64_t size = 0;
  Hash root{};
  PublicKey key{};         // the box's then
  std::string note, path;  // note: the whole file
  bool holds = false;      // the tree has that root at that size
};

using LeafVisitor = std::function<Result<void>(std::uint64_t index, const std::string& text, const std::string& path)>;

// Leaf hashes that are looked for; the number of each that stands in the tree is filled in.
using WantedLeaves = std::map<Hash, std::optional<std::uint64_t>>;
// Who sees every leaf hash that passes.
struct LogWatchers {
  OutsideCheck& outside;
  WantedLeaves& wanted;
};

// `checkpoints` by size; sets `holds`. `each` gets the leaves below the greatest size that holds, in their order, as far as
// bundles are there. What is missing (`log-missing`) or contradicts (`log-tree`, `log-form`) is in the report.
Result<void> check_log_tree(Job& job, const LogFiles& files, std::vector<SignedCheckpoint>& checkpoints, const LogWatchers& watchers,
                            const LeafVisitor& each);

}  // namespace netsampler::verify
