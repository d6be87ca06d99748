// What a verification stands for: the heads of all chains, and the places of one case.
#pragma once
#include <set>

#include "evidence/ledger/index_reader.h"

namespace netsampler {

// SHA-256 (hex) over the heads of all books and recordings: changes with any record.
Result<std::string> all_heads(const IndexReader& index);
// "cases/<id>" and "recordings/<id>" of what belongs to the case: where findings about it lie.
std::set<std::string> prefixes_of(const std::string& case_id, const std::vector<RecordingRow>& recordings);

}  // namespace netsampler
