// For tests: writes the nginx configuration and certificate as the supervisor does: STATE WEB PORT SOCKET → the configuration's path.
#include <unistd.h>

#include <iostream>

#include "ui/console/nginx_config.h"

namespace netsampler {
namespace {

Result<std::string> write(char** argv) {
  RealFileSystem disk;
  const std::string state = argv[1], folder = state + "/run/nginx";
  TRY(prepare_nginx(disk, state));
  const Certificate certificate = TRY(make_certificate(disk, folder));
  const NginxSetup setup{state, argv[2], std::string("127.0.0.1:") + argv[3], argv[4], certificate.certificate, certificate.key, ::geteuid() == 0};
  const std::string text = TRY(nginx_config(setup));
  TRY(write_whole(disk, folder + "/nginx.conf", as_bytes(text)));
  return folder + "/nginx.conf";
}

}  // namespace
}  // namespace netsampler

int main(int argc, char** argv) {
  if (argc != 5) return 64;
  const auto path = netsampler::write(argv);
  if (path.ok()) std::cout << *path << "\n";
  else std::cerr << path.error().text << "\n";
  return path.ok() ? 0 : 1;
}
