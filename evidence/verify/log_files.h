// The files of a box log, told apart by their names. What has no name of the log's is `uncovered`: it proves nothing.
#pragma once
#include "evidence/format/tlog.h"
#include "evidence/verify/job.h"

namespace netsampler::verify {

struct TokenFile {
  std::uint64_t size = 0;  // of the checkpoint that it stamps, as its name says
  std::string path;        // below the verified directory
};

struct LogFiles {
  std::string base;
  std::vector<std::string> checkpoints;                           // paths below the verified directory
  std::vector<TileName> tiles;                                    // every tile and bundle
  std::map<std::pair<int, std::uint64_t>, std::uint64_t> widest;  // level and index → width
  std::vector<TokenFile> tokens;                                  // responses
  std::vector<std::string> beside;                                // what was kept beside them: certificates, revocation data

  std::size_t most_leaves() const;  // in clear: no more than so many
  std::string path(const TileName& tile) const { return below(base, path_of(tile)); }
};

Result<LogFiles> log_files_of(Job& job, const std::string& base);
std::optional<std::uint64_t> log_number(std::string_view text);  // decimal, no leading zero, below the log's limit

}  // namespace netsampler::verify
