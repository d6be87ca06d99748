// The box log's part of a package: what shows that nothing was left out, and when. The tree as of one checkpoint, so that the same checkpoint
// gives the same tiles however far the log has grown since: all hash tiles, the entries from the case's first leaf on (opaque to others),
// that checkpoint, the time stamps that bound the case and one a day behind them (token_choice.h), with the checkpoints they stamp; also those that a beacon names;
// and files of issuers and revocation data that were kept around them.
#pragma once
#include "evidence/package/payload.h"

namespace netsampler {

// `log_size`: leaves of the checkpoint; 0: a box without a log, nothing. Files have paths below data/log/.
Result<std::vector<PayloadFile>> log_payload(const FileSystem& disk, const std::string& data_root, const BookCut& cut, std::uint64_t log_size);

}  // namespace netsampler
