// One verification under way: what is verified, against which policy, and what has been found so far. One thread judges; the
// pool's threads only read.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "evidence/format/policy.h"
#include "evidence/verify/outside.h"
#include "evidence/verify/pool.h"
#include "evidence/verify/room.h"
#include "evidence/verify/tree.h"

namespace netsampler::verify {

struct BoxLog;    // box_log.h
class Withheld;   // withheld.h

class PictureReader;  // picture_reader.h

struct Job {
  Tree& tree;
  Report& report;
  Pool& pool;
  const Policy* policy;         // nullptr: none was given
  std::int64_t now_us = 0;      // UTC; whether a certificate has ended since is judged as of then. 0: no date was given, none has
  std::span<const Outside> outside = {};  // by `--witness`
  const BoxLog* log = nullptr;  // nullptr: there is none
  Withheld* withheld = nullptr;  // nullptr: nothing is declared as withheld
  PictureReader* pictures = nullptr;  // nullptr: nobody can look
  PathSet named = PathSet(tree.files());  // what a chain or book names and is there
  Room room = Room(kAnyBytes);            // beside the files

  std::int64_t clock_limit_us() const { return policy != nullptr ? policy->clock_limit_us : Policy().clock_limit_us; }
};

std::string below(const std::string& base, const std::string& path);        // "" and "x" → "x"
std::string at_seq(const std::string& chain_path, std::int64_t seq);        // "…/chain.jsonl seq 12"

// Is the file that a record in `base` names there, of that size and hash? What is not is a finding. False: do not use it.
Result<bool> check_file(Job& job, const std::string& base, const NamedFile& file);
// All files that the body names. A body that names them wrongly is the shape check's finding.
Result<void> check_files(Job& job, const std::string& base, const Json& body);

}  // namespace netsampler::verify
