// RFC 6962 consistency proofs out of tiles: that a newer tree of one log extends an older one. At most two tiles are read for each
// level of the tree in binary, whatever the log's size.
#pragma once
#include <functional>

#include "evidence/format/tlog.h"

namespace netsampler {

inline constexpr std::size_t kConsistencyHashes = 63;  // C2SP tlog-witness: no proof is longer

// The tile as it stands in the tree of `size` leaves: `width` hashes.
using TileReader = std::function<Result<Bytes>(const TileName&)>;

// What merkle.h's consistency_holds takes; empty where old_size is 0 or equals `size`. `invalid` where old_size > size.
Result<std::vector<Hash>> consistency_proof(std::uint64_t old_size, std::uint64_t size, const TileReader& read);

}  // namespace netsampler
