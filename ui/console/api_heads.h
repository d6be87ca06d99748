// What a verification stands for.
#pragma once
#include <vector>

#include "evidence/ledger/index_reader.h"

namespace netsampler {

// SHA-256 (hex) over the heads of a case's book and of its recordings: changes with any record of them.
std::string heads_of(const CaseRow& row, const std::vector<RecordingRow>& recordings);

}  // namespace netsampler
