#include "capture/clock/sntp.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>
#include <functional>
#include <thread>

#include "evidence/base/crypto.h"
#include "evidence/base/fd.h"

namespace netsampler::capture {
namespace {

using Packet = std::vector<std::uint8_t>;
constexpr std::int64_t kNow_us = 1'795'355'237'000'000;
constexpr std::int64_t kSecondsFrom1900 = 2'208'988'800;

void put_stamp(Packet& packet, std::size_t at, std::int64_t utc_us) {
  const auto seconds = static_cast<std::uint32_t>(utc_us / 1'000'000 + kSecondsFrom1900);
  const auto fraction = static_cast<std::uint32_t>((static_cast<std::uint64_t>(utc_us % 1'000'000) << 32) / 1'000'000);
  const std::uint64_t stamp = std::uint64_t{seconds} << 32 | fraction;
  for (std::size_t i = 0; i < 8; ++i) packet[at + i] = static_cast<std::uint8_t>(stamp >> (56 - 8 * i));
}

void put_short(Packet& packet, std::size_t at, double seconds) {
  const auto value = static_cast<std::uint32_t>(seconds * 65536);
  for (std::size_t i = 0; i < 4; ++i) packet[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

// An honest answer of stratum 2 whose clock reads `server_us` on arrival and 100 µs later on departure.
Packet answer_to(const Packet& request, std::int64_t server_us) {
  Packet packet(kSntpPacketBytes, 0);
  packet[0] = 0 << 6 | 4 << 3 | 4;
  packet[1] = 2;
  put_short(packet, 4, 0.002);
  put_short(packet, 8, 0.003);
  std::copy(request.begin() + 40, request.begin() + 48, packet.begin() + 24);
  put_stamp(packet, 32, server_us);
  put_stamp(packet, 40, server_us + 100);
  return packet;
}

const SntpExchange kExchange{0x0123456789abcdef, kNow_us, kNow_us + 1100};

TEST(Sntp, RequestIsVersionFourClientWithTheCookie) {
  const Packet request = sntp_request(kExchange.cookie);
  ASSERT_EQ(request.size(), kSntpPacketBytes);
  EXPECT_EQ(request[0], 0x23);
  EXPECT_EQ(request[40], 0x01);
  EXPECT_EQ(request[47], 0xef);
}

TEST(Sntp, MeasuresOffsetDelayDispersion) {
  const auto answer = judge_sntp(answer_to(sntp_request(kExchange.cookie), kNow_us + 500 + 7'000'000), kExchange);
  ASSERT_TRUE(answer.ok) << answer.why;
  EXPECT_NEAR(static_cast<double>(answer.offset_us), 7'000'000, 2);
  EXPECT_NEAR(static_cast<double>(answer.delay_us), 1000, 2);
  EXPECT_NEAR(static_cast<double>(answer.dispersion_us), 4000, 40);  // 3 ms + 2 ms / 2, in steps of 1/65536 s
  EXPECT_EQ(answer.stratum, 2);
}

TEST(Sntp, TimesBeyondTheEraOf2036) {
  const std::int64_t later = 2'200'000'000'000'000;  // 2039
  const SntpExchange exchange{kExchange.cookie, later, later + 1100};
  const auto answer = judge_sntp(answer_to(sntp_request(exchange.cookie), later + 500), exchange);
  ASSERT_TRUE(answer.ok) << answer.why;
  EXPECT_NEAR(static_cast<double>(answer.offset_us), 0, 2);
}

struct Lie {
  const char* name;
  std::function<void(Packet&)> spoil;
  const char* why;
};

TEST(Sntp, RefusesLiars) {
  const Lie lies[] = {
      {"another origin", [](Packet& p) { p[24] ^= 1; }, "wrong origin"},
      {"client mode", [](Packet& p) { p[0] = 4 << 3 | 3; }, "not a server"},
      {"version 1", [](Packet& p) { p[0] = 1 << 3 | 4; }, "not a server"},
      {"kiss of death", [](Packet& p) { p[1] = 0, std::memcpy(&p[12], "RATE", 4); }, "kiss RATE"},
      {"stratum 16", [](Packet& p) { p[1] = 16; }, "bad stratum"},
      {"unsynchronised", [](Packet& p) { p[0] = 3 << 6 | 4 << 3 | 4; }, "unsynchronised"},
      {"no transmit time", [](Packet& p) { std::fill(p.begin() + 40, p.end(), 0); }, "bad time"},
      {"sent before it came", [](Packet& p) { put_stamp(p, 40, kNow_us - 5'000'000); }, "bad time"},
      {"cut short", [](Packet& p) { p.resize(47); }, "not a server"},
      {"empty", [](Packet& p) { p.clear(); }, "not a server"},
  };
  for (const Lie& lie : lies) {
    Packet packet = answer_to(sntp_request(kExchange.cookie), kNow_us);
    lie.spoil(packet);
    const auto answer = judge_sntp(packet, kExchange);
    EXPECT_FALSE(answer.ok) << lie.name;
    EXPECT_EQ(answer.why, lie.why) << lie.name;
    EXPECT_EQ(answer.offset_us, 0) << lie.name;
  }
}

// A server on loopback that answers every request with the datagrams that `reply` makes of it.
class UdpServer {
 public:
  explicit UdpServer(std::function<std::vector<Packet>(const Packet&)> reply) : reply_(std::move(reply)) {
    socket_ = Fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    socklen_t size = sizeof address;
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    name_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    EXPECT_EQ(::pipe(stop_), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~UdpServer() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
  }
  const std::string& name() const { return name_; }

 private:
  void serve() {
    for (;;) {
      pollfd waits[2] = {{socket_.get(), POLLIN, 0}, {stop_[0], POLLIN, 0}};
      ::poll(waits, 2, -1);
      if (waits[1].revents != 0) return;
      Packet request(512);
      sockaddr_in peer{};
      socklen_t size = sizeof peer;
      const ssize_t got = ::recvfrom(socket_.get(), request.data(), request.size(), 0, reinterpret_cast<sockaddr*>(&peer), &size);
      if (got < 0) continue;
      request.resize(static_cast<std::size_t>(got));
      for (const Packet& packet : reply_(request))
        ::sendto(socket_.get(), packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&peer), size);
    }
  }
  std::function<std::vector<Packet>(const Packet&)> reply_;
  Fd socket_;
  std::string name_;
  int stop_[2] = {-1, -1};
  std::thread thread_;
};

TEST(Sntp, AsksHonestServersAndLiarsInOneBoundedRound) {
  crypto_start();
  const SystemClock clock;
  const auto honest = [&](const Packet& request) { return std::vector<Packet>{answer_to(request, clock.utc_us())}; };
  UdpServer good(honest);
  UdpServer ahead([&](const Packet& request) { return std::vector<Packet>{answer_to(request, clock.utc_us() + 30'000'000)}; });
  UdpServer silent([](const Packet&) { return std::vector<Packet>{}; });
  UdpServer kisses([&](const Packet& request) {
    Packet packet = answer_to(request, clock.utc_us());
    packet[1] = 0;
    std::memcpy(&packet[12], "DENY", 4);
    return std::vector<Packet>{packet};
  });
  UdpServer forger([&](const Packet& request) {
    Packet packet = answer_to(request, clock.utc_us());
    packet[24] ^= 0xff;
    return std::vector<Packet>{packet};
  });
  // A forged answer before the true one must not hide it.
  UdpServer raced([&](const Packet& request) {
    Packet forged = answer_to(request, clock.utc_us() + 99'000'000);
    forged[31] ^= 1;
    return std::vector<Packet>{forged, answer_to(request, clock.utc_us())};
  });
  const std::int64_t begun = clock.boot_us();
  const auto answers = ask_time_servers(
      {good.name(), ahead.name(), silent.name(), kisses.name(), forger.name(), raced.name()}, clock, 700);
  EXPECT_LT(clock.boot_us() - begun, 5'000'000);
  ASSERT_EQ(answers.size(), 6U);
  EXPECT_EQ(answers[0].server, good.name());
  EXPECT_TRUE(answers[0].ok) << answers[0].why;
  EXPECT_LE(std::abs(answers[0].offset_us), answers[0].delay_us + 1000);
  ASSERT_TRUE(answers[1].ok) << answers[1].why;
  EXPECT_NEAR(static_cast<double>(answers[1].offset_us), 30e6, static_cast<double>(answers[1].delay_us + 1000));
  EXPECT_EQ(answers[2].why, "no answer");
  EXPECT_EQ(answers[3].why, "kiss DENY");
  EXPECT_EQ(answers[4].why, "wrong origin");
  ASSERT_TRUE(answers[5].ok) << answers[5].why;
  EXPECT_LE(std::abs(answers[5].offset_us), answers[5].delay_us + 1000);
}

TEST(Sntp, UnknownNamesAndTooManyServersStayBounded) {
  crypto_start();
  const SystemClock clock;
  const std::vector<std::string> many(kSntpServerLimit + 5, "256.256.256.256:notaport");
  const auto answers = ask_time_servers(many, clock, 300);
  ASSERT_EQ(answers.size(), kSntpServerLimit);
  for (const auto& answer : answers) EXPECT_FALSE(answer.ok);
}

TEST(Sntp, NoServersIsNoAnswer) { EXPECT_TRUE(ask_time_servers({}, SystemClock(), 300).empty()); }

}  // namespace
}  // namespace netsampler::capture
