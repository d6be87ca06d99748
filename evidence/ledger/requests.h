// The ledger's requests as docs/design.md lists them: a table from `op` to a small function that reads the members, calls the ledger
// and makes the reply. Unknown ops, missing members and members of another type are `invalid` and change nothing.
#pragma once
#include "evidence/base/ipc.h"
#include "evidence/ledger/ledger.h"

namespace netsampler {

// The requests of one turn of the loop, from several producers: appends to recordings share their syncs. Before any other request, and
// before the replies go out, all that was appended is on the disk.
class Turn {
 public:
  explicit Turn(Ledger& ledger) : ledger_(ledger) {}
  Result<IpcMessage> take(IpcMessage request);
  // `replies` are those of take(), in its order: a receipt whose record could not be written becomes the error.
  void settle(std::vector<Result<IpcMessage>>& replies);

 private:
  void settle_all();
  Ledger& ledger_;
  std::vector<std::string> recordings_;  // of each request; empty: no append
  std::map<std::string, Error> failed_;
};

Result<IpcMessage> answer(Ledger& ledger, IpcMessage request);

}  // namespace netsampler
