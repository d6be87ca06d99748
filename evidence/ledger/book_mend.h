// What a power cut left in a book's directory, put aside without losing a byte: copied under files/ by its hash, then cut off.
#pragma once
#include "evidence/ledger/chain_reader.h"

namespace netsampler {

// book.jsonl ends at its last whole line, private.jsonl at the last opening of a whole record. Each step is durable before the next;
// a cut between them leaves a state from which the same call ends at the same place.
Result<void> put_torn_aside(FileSystem& disk, const std::string& root, const ChainScan& scan);

// files/ without half-written ones: `<seq>.partial` becomes files/<sha256>.orphan.
Result<void> name_partials(FileSystem& disk, const std::string& root);

// Files under files/ that no record names, hashed; at most 100, the rest next time.
Result<std::vector<NamedFile>> leftovers(const FileSystem& disk, const std::string& root, const std::vector<std::string>& named);

}  // namespace netsampler
