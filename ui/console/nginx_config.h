// nginx in front of the console: its configuration, and a certificate for a box that has none. The supervisor writes the text to
// STATE/run/nginx/nginx.conf and starts `nginx -c that -p STATE/run/nginx`; it stays in the foreground and needs no rights of root.
#pragma once
#include <string>

#include "evidence/base/file_system.h"

namespace netsampler {

struct NginxSetup {
  std::string state;           // state directory, absolute
  std::string web;             // the built web app, absolute
  std::string listen;          // "127.0.0.1:8443"
  std::string console_socket;  // where netsampler-console listens
  std::string certificate, key;  // PEM files
  bool root = false;           // the supervisor runs as root: workers keep its account, else they could not read the evidence
};

// The text; nothing is written. Values that nginx would read as syntax (quotes, `$`, `;`,
// braces, backslash, line ends) are `invalid`.
Result<std::string> nginx_config(const NginxSetup& setup);
Result<void> prepare_nginx(FileSystem& disk, const std::string& state);  // the directories that the configuration names

struct Certificate {
  std::string certificate, key;  // paths
};
// DIR/console.pem and DIR/console.key: kept where both are there, else made by the openssl command (self-signed, P-256, for localhost
// and 127.0.0.1, 825 days; the key 0600).
Result<Certificate> make_certificate(FileSystem& disk, const std::string& directory);

}  // namespace netsampler
