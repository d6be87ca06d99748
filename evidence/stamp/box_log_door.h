// The box log as the stamping program sees it: which checkpoint waits, and where its token goes. The ledger behind it in the
// program, a fake in tests.
#pragma once
#include <optional>
#include <string>

#include "evidence/base/ipc.h"

namespace netsampler::stamp {

struct WaitingCheckpoint {
  std::int64_t size = 0;  // leaves it covers
  std::string note;       // the whole signed note: what is stamped
};

class BoxLogDoor {
 public:
  virtual ~BoxLogDoor() = default;
  // The newest checkpoint where it has no token yet. A token on it covers all older ones, so none else ever waits.
  virtual Result<std::optional<WaitingCheckpoint>> waiting() = 0;
  // `unavailable`: nobody was there, the same call may be made again; a token that is there already (`busy`) is no error.
  virtual Result<void> store(std::int64_t checkpoint_size, const std::string& authority, ByteView response) = 0;
};

// Through the ledger's socket (ops log_state and token_store); connects anew after every failure.
class LedgerBoxLog final : public BoxLogDoor {
 public:
  explicit LedgerBoxLog(std::string socket) : socket_(std::move(socket)) {}
  Result<std::optional<WaitingCheckpoint>> waiting() override;
  Result<void> store(std::int64_t checkpoint_size, const std::string& authority, ByteView response) override;

 private:
  Result<Json> call(IpcMessage request);
  std::string socket_;
  std::optional<IpcClient> ledger_;
};

}  // namespace netsampler::stamp
