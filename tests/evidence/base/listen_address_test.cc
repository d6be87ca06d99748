#include "evidence/base/listen_address.h"

#include <gtest/gtest.h>

namespace netsampler {
namespace {

TEST(ListenAddress, IsHostAndPort) {
  for (const auto& [text, host, port] : {std::tuple{"127.0.0.1:8080", "127.0.0.1", 8080}, {"[::]:0", "::", 0}, {"localhost:65535", "localhost", 65535}, {":1", "", 1}}) {
    const auto address = listen_address_of(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->host, host);
    EXPECT_EQ(address->port, port);
  }
}

TEST(ListenAddress, WithoutAPortIsNone) {
  for (const char* text : {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:80x", "127.0.0.1:-1", "127.0.0.1:65536"})
    EXPECT_FALSE(listen_address_of(text).has_value()) << text;
}

}  // namespace
}  // namespace netsampler
