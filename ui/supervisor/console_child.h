// How the console is started: nginx (TLS, files) in front, netsampler-console behind it on a Unix socket.
#pragma once
#include "ui/supervisor/session.h"

namespace netsampler {

struct ConsolePlan {
  std::string address;  // "https://127.0.0.1:PORT/"
  std::vector<std::string> console_arguments, nginx_arguments;
};

// `listen` is HOST:PORT; port 0 takes a free one. Writes run/nginx/nginx.conf and, where absent, a self-signed certificate.
Result<ConsolePlan> plan_console(const SessionWorld& world, const std::string& listen);

}  // namespace netsampler
