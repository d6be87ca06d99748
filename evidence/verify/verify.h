// The verifier: a pure function of a directory and a trust policy. No database, no network, no key, no clock: the date
// as of which it judges is given. It only reads; files are streamed, memory grows with the number of files, up to a bound
// that is given, and not with their size.
#pragma once
#include <optional>
#include <span>

#include "evidence/base/file_system.h"
#include "evidence/format/policy.h"
#include "evidence/verify/outside.h"
#include "evidence/verify/picture_reader.h"
#include "evidence/verify/report.h"

namespace netsampler::verify {

struct Options {
  bool deep = false;      // SM3 and the pictures too
  std::int64_t now_us = 0;      // judge as of then (UTC): has a certificate of a time stamp ended since? 0: no date, none has
  std::span<const Outside> outside = {};  // checkpoints and proofs that somebody outside kept
  std::string only_case = {};  // of a box's data directory: this case and the recordings it includes; "" for everything
  PictureReader* pictures = nullptr;  // looks at pictures where `deep`; nullptr: nobody can, and the report says so
  std::size_t files_bytes = kAnyBytes;  // for what is held of all files; a directory that needs more is `invalid`
  int threads = 1;  // that read and check signatures; the report does not depend on it
};

// `path`: a package's directory, a recording's (chain.jsonl), a case's (book.jsonl), a box's data or state directory.
// Errors: `invalid` where there is neither chain nor book (or it is no directory), `io` where the disk does not answer.
// Everything else is a finding.
Result<Report> verify(const FileSystem& disk, const std::string& path, const std::optional<Policy>& policy,
                      const Options& options = {});

}  // namespace netsampler::verify
