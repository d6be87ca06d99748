// The box log as the stamping program sees it: which checkpoint waits, and where its token goes. The ledger behind it in the
// program, a fake in tests.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "evidence/base/clock.h"
#include "evidence/base/ipc.h"

namespace netsampler::stamp {

struct WaitingCheckpoint {
  std::int64_t size = 0;  // leaves it covers
  std::string note;       // signed by the box alone: what is stamped and cosigned
};

struct KeptFile {
  std::string name;  // only its extension is kept
  Bytes bytes;
};

struct NewToken {
  std::int64_t checkpoint_size = 0;
  std::string authority;
  std::vector<KeptFile> files;   // the response first
  std::int64_t renew_by_us = 0;  // UTC by which a later token should cover it
};

class BoxLogDoor {
 public:
  virtual ~BoxLogDoor() = default;
  // The newest checkpoint where it has no token yet. A token on it covers all older ones, so none else ever waits. Where the newest token
  // is to be renewed, a checkpoint is made that covers it.
  virtual Result<std::optional<WaitingCheckpoint>> waiting() = 0;
  // `unavailable`: nobody was there, the same call may be made again; a token that is there already (`busy`) is no error.
  virtual Result<void> store(const NewToken& token) = 0;
};

// The same log as a witness needs it.
class WitnessDoor {
 public:
  virtual ~WitnessDoor() = default;
  virtual Result<std::optional<WaitingCheckpoint>> newest() = 0;  // stamped or not; nothing: the log is empty
  virtual Result<std::vector<std::string>> consistency(std::int64_t old_size, std::int64_t size) = 0;  // base64 lines
  virtual Result<void> cosigned(std::int64_t size, const std::string& line) = 0;
};

// Through the ledger's socket; connects anew after every failure.
class LedgerBoxLog final : public BoxLogDoor, public WitnessDoor {
 public:
  LedgerBoxLog(std::string socket, const Clock& clock) : socket_(std::move(socket)), clock_(clock) {}
  Result<std::optional<WaitingCheckpoint>> waiting() override;
  Result<void> store(const NewToken& token) override;
  Result<std::optional<WaitingCheckpoint>> newest() override;
  Result<std::vector<std::string>> consistency(std::int64_t old_size, std::int64_t size) override;
  Result<void> cosigned(std::int64_t size, const std::string& line) override;

 private:
  Result<Json> call(IpcMessage request);
  std::string socket_;
  const Clock& clock_;
  std::optional<IpcClient> ledger_;
};

}  // namespace netsampler::stamp
