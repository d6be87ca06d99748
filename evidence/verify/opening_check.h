// Do the openings in private.jsonl agree with what the records committed to?
#pragma once
#include <map>

#include "evidence/verify/job.h"

namespace netsampler::verify {

struct Commitment {
  std::int64_t count = 0;
  Hash root{};
};

// Records of one chain that have personal members, by seq.
struct Commitments {
  std::map<std::int64_t, Commitment> by_seq;
  std::int64_t last_seq = -1;
  bool open_ended = false;  // interrupted, or a book: an opening without its record may stand at the very end
};

Result<void> check_openings(Job& job, const std::string& path, const Commitments& commitments);

}  // namespace netsampler::verify
