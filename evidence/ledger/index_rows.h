// From a record to its rows: a table of kinds, one small function each. A kind without a row of its own lands in `others`.
#pragma once
#include "evidence/ledger/index.h"

namespace netsampler {

Result<void> put_rows(Database& database, const IndexEntry& entry);

}  // namespace netsampler
