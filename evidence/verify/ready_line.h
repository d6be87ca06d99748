// What of a recording's line any thread can make ready ahead, because it depends on nothing behind it: parsing, hash, signature, the
// files that it names. What the lines before must have said for that (keys, sources) is handed in; judging stays with the one thread
// that walks the chain.
#pragma once
#include <map>
#include <memory>

#include "evidence/verify/media.h"
#include "evidence/verify/tree.h"

namespace netsampler::verify {

using Inits = std::map<std::string, InitFacts>;  // by source

struct LineNeeds {
  std::string base;  // the recording's directory
  std::shared_ptr<const std::vector<PublicKey>> keys;
  std::shared_ptr<const Inits> inits;
};

struct ReadyLine {
  Hash hash{};
  Result<Record> record;
  bool signature_holds = false;                   // by the key of the epoch that the record names
  std::optional<Result<SegmentFacts>> segment;    // of the file of a segment whose source has an init; absent where it was not read
};

// What a line of these kinds says changes the needs of those behind it: it must be judged before they are made ready.
bool changes_needs(std::string_view line);
ReadyLine make_ready(const Tree& tree, const std::string& line, const LineNeeds& needs);

}  // namespace netsampler::verify
