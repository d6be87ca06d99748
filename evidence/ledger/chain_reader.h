// Reads a chain or book from the disk, whole line by whole line, with its openings: for the index, for recovery, for nothing that
// judges. Signatures are the verifier's; here only the form and the order decide where reading stops.
#pragma once
#include "evidence/ledger/chain_file.h"

namespace netsampler {

struct ChainScan {
  ChainPosition position;                  // behind the last good line
  Bytes torn;                              // what stands behind the last newline of the chain
  std::size_t private_good_bytes = 0;      // of private.jsonl: whole lines that belong to good records
  Bytes private_rest;                      // what stands behind them
  std::optional<std::int64_t> unopened_seq;  // the first good record whose openings are not all there
  std::optional<std::string> damage;       // a whole line that is no record or out of order: "line 7: …"; reading stopped there
};

inline constexpr std::size_t kChainBytes = std::size_t{1} << 30;

// Absent files read as empty. `visit` is called for each good record in order; its error ends the scan.
Result<ChainScan> scan_chain(const FileSystem& disk, const std::string& directory, const std::string& name,
                             const std::function<Result<void>(const IndexEntry&)>& visit);

}  // namespace netsampler
