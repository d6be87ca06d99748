// Between programs: one Unix SOCK_SEQPACKET request and one reply, each one JSON text with descriptors beside it.
// Bounds: 128 KiB of text, 32 descriptors. The server checks the peer's uid (SO_PEERCRED) before it reads a request.
// Single-threaded on both sides; a reply is always sent, an error as {"ok":false,"kind":…,"error":"one line"}.
#pragma once
#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "evidence/base/fd.h"
#include "evidence/base/json.h"

namespace netsampler {

inline constexpr std::size_t kIpcTextLimit = 128 * 1024;
inline constexpr std::size_t kIpcFdLimit = 32;

struct IpcMessage {
  Json body;
  std::vector<Fd> files;
  IpcMessage() = default;
  explicit IpcMessage(Json content) : body(std::move(content)) {}
  IpcMessage(IpcMessage&&) noexcept = default;
  IpcMessage& operator=(IpcMessage&&) noexcept = default;
};

struct IpcPeer {
  uid_t uid = 0;
  pid_t pid = 0;
};

class IpcClient {
 public:
  static Result<IpcClient> connect(const std::string& path);
  // Sends and waits. {"ok":false} comes back as an Error of that kind; a broken connection as `unavailable`.
  Result<IpcMessage> call(const IpcMessage& request, int timeout_ms = 30000);
  Result<Json> call(const Json& request, int timeout_ms = 30000);

 private:
  explicit IpcClient(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

class IpcServer {
 public:
  using Handler = std::function<Result<IpcMessage>(const IpcPeer&, IpcMessage)>;
  // Listens at `path` (a stale socket is replaced, a live one is `busy`); peers of other uids than ours and root are refused
  // unless listed; where some are, the socket is open to all, and it is the peer's uid that decides.
  static Result<IpcServer> listen(const std::string& path, std::vector<uid_t> allowed_uids = {});
  IpcServer(IpcServer&&) = default;
  ~IpcServer();
  // Sees all replies of a turn before the first goes out, and may change them.
  using Settle = std::function<void(std::vector<Result<IpcMessage>>&)>;
  // One turn of the loop: accepts, reads one request of each peer that has one, answers them; returns after at most `wait_ms`.
  Result<void> step(int wait_ms, const Handler& handler, const Settle& settle = {});

 private:
  IpcServer(Fd fd, std::string path, std::vector<uid_t> allowed) : listener_(std::move(fd)), path_(std::move(path)), allowed_(std::move(allowed)) {}
  void accept_peer();
  static bool send_reply(int fd, Result<IpcMessage> reply);
  Fd listener_;
  std::string path_;
  std::vector<uid_t> allowed_;
  struct Connection {
    Fd fd;
    IpcPeer peer;
  };
  std::vector<Connection> peers_;
};

}  // namespace netsampler
