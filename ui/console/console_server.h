// The sockets of the console: HTTP/1.1 with keep-alive, over TCP or a Unix socket. Bounds: kBodyLimit of body, 8 KiB of headers,
// kConnections at once (further ones wait in the kernel's backlog), 20 s to send a request, 60 s to take a reply, 30 s of idleness.
#pragma once
#include <functional>
#include <string>

#include "evidence/base/fd.h"
#include "ui/console/api_http.h"

namespace netsampler {

inline constexpr int kConnections = 128;
inline constexpr int kServerThreads = 4;

struct ServerSetup {
  std::string listen;  // "127.0.0.1:8080"; port 0 takes a free one; or empty
  std::string socket;  // path of a Unix socket; or empty. A stale one is replaced.
};

using HttpHandler = std::function<HttpReply(const HttpRequest&)>;  // called on any of the threads

// Serves until `stop` becomes readable. `ready` gets the address once it listens, e.g. "http://127.0.0.1:41233" or the socket's path.
// Behind a Unix socket the peer is what X-Real-IP says. Errors: address in use (`busy`), malformed (`usage`), else `io`.
Result<void> serve(const ServerSetup& setup, const Fd& stop, const HttpHandler& handler,
                   const std::function<void(const std::string&)>& ready);

}  // namespace netsampler
