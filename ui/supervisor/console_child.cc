#include "ui/supervisor/console_child.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>

#include "ui/console/nginx_config.h"

namespace netsampler {
namespace {

constexpr const char* kNginx = "/usr/sbin/nginx";  // outside an ordinary account's PATH
// A socket's address holds 107 bytes and a state directory may be deeper: both ends stand in run/ and name the socket from there.
constexpr const char* kSocketName = "console.sock";

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

Result<Address> parse_listen(const std::string& text) {
  const auto colon = text.find_last_of(':');
  Address address;
  address.host = text.substr(0, colon);
  const char* begin = text.data() + (colon == std::string::npos ? text.size() : colon + 1);
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(begin, end, address.port);
  if (colon == std::string::npos || begin == end || stop != end || code != std::errc())
    return fail(ErrorKind::usage, "--listen wants HOST:PORT, not " + text);
  return address;
}

// The kernel's choice; taken again by nginx at once, which says so where somebody was quicker.
Result<std::uint16_t> free_port(const std::string& host) {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    return fail(ErrorKind::usage, "--listen with port 0 wants an IPv4 address, not " + host);
  socklen_t size = sizeof address;
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return fail_errno("a free port on " + host);
  return ntohs(address.sin_port);
}

}  // namespace

Result<ConsolePlan> plan_console(const SessionWorld& world, const std::string& listen) {
  RealFileSystem disk;
  Address address = TRY(parse_listen(listen));
  if (address.port == 0) address.port = TRY(free_port(address.host));
  TRY(prepare_nginx(disk, world.paths.root));
  const Certificate certificate = TRY(make_certificate(disk, world.paths.run + "/nginx"));
  NginxSetup setup;
  setup.state = world.paths.root;
  setup.web = world.programs + "/../share/console";
  setup.listen = address.host + ":" + std::to_string(address.port);
  setup.console_socket = kSocketName;
  setup.certificate = certificate.certificate;
  setup.key = certificate.key;
  setup.root = ::geteuid() == 0;
  const std::string text = TRY(nginx_config(setup));
  const std::string configuration = world.paths.run + "/nginx/nginx.conf";
  TRY(write_whole(disk, configuration, as_bytes(text)));
  ConsolePlan plan;
  plan.address = "https://" + setup.listen + "/";
  plan.console_arguments = {"env", "-C", world.paths.run, world.programs + "/netsampler-console", "--state", world.paths.root,
                            "--socket", kSocketName};
  plan.nginx_arguments = {"env", "-C", world.paths.run, kNginx, "-p", world.paths.run + "/nginx", "-c", configuration};
  return plan;
}

}  // namespace netsampler
