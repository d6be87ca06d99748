// The ledger's requests as docs/design.md lists them: a table from `op` to a small function that reads the members, calls the ledger
// and makes the reply. Unknown ops, missing members and members of another type are `invalid` and change nothing.
#pragma once
#include "evidence/base/ipc.h"
#include "evidence/ledger/ledger.h"

namespace netsampler {

Result<IpcMessage> answer(Ledger& ledger, IpcMessage request);

}  // namespace netsampler
