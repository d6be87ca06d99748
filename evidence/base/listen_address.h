// "ADDRESS:PORT" as a server is told where to listen; "[v6]:port" too. Form alone: whether it is an address is for the socket library.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace netsampler {

struct ListenAddress {
  std::string host;  // without brackets; perhaps empty
  std::uint16_t port = 0;
};
// Nothing where no port from 0 to 65535 stands behind the last colon.
std::optional<ListenAddress> listen_address_of(const std::string& text);

}  // namespace netsampler
