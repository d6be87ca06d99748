#include "capture/clock/sntp.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>

#include "evidence/base/crypto.h"
#include "evidence/base/fd.h"
#include "evidence/base/queue.h"

namespace netsampler::capture {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

struct Target {
  std::string host, port = "123";
};

// "host", "host:port", "[v6]:port", "v6".
Target target_of(const std::string& server) {
  Target target;
  const std::size_t bracket = server.find(']'), colon = server.rfind(':');
  if (!server.empty() && server[0] == '[' && bracket != std::string::npos) {
    target.host = server.substr(1, bracket - 1);
    if (colon == bracket + 1) target.port = server.substr(colon + 1);
    return target;
  }
  const bool has_port = colon != std::string::npos && server.find(':') == colon;
  target.host = server.substr(0, has_port ? colon : std::string::npos);
  if (has_port) target.port = server.substr(colon + 1);
  return target;
}

std::optional<Address> lookup(const Target& target, int flags) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_DGRAM;
  wanted.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(target.host.c_str(), target.port.c_str(), &wanted, &found) != 0) return std::nullopt;
  Address address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.size = found->ai_addrlen;
  ::freeaddrinfo(found);
  return address;
}

using AddressSlot = BoundedQueue<std::optional<Address>>;

// The resolver has no time limit of its own, so a name is looked up on a thread that may outlive the round; it owns all it touches.
std::shared_ptr<AddressSlot> resolve(const std::string& server) {
  auto slot = std::make_shared<AddressSlot>(1);
  const Target target = target_of(server);
  if (auto numeric = lookup(target, AI_NUMERICHOST)) {
    slot->try_push(numeric);
    return slot;
  }
  std::thread([slot, target] { slot->try_push(lookup(target, 0)); }).detach();
  return slot;
}

struct Pending {
  std::shared_ptr<AddressSlot> address;
  Fd socket;
  SntpExchange exchange;
  SntpAnswer answer;
  bool done = false;
};

void give_up(Pending& one, const char* why) {
  one.answer.why = why;
  one.done = true;
}

void send_request(Pending& one, const Address& to, const Clock& clock) {
  one.socket = Fd(::socket(to.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // Connected: only datagrams from that address and port arrive.
  if (!one.socket.valid() || ::connect(one.socket.get(), reinterpret_cast<const sockaddr*>(&to.storage), to.size) != 0)
    return give_up(one, "refused");
  std::uint8_t random[8];
  random_fill(random);
  std::memcpy(&one.exchange.cookie, random, sizeof random);
  const auto request = sntp_request(one.exchange.cookie);
  one.exchange.sent_us = clock.utc_us();
  if (::send(one.socket.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) give_up(one, "refused");
}

void take_answer(Pending& one, const Clock& clock) {
  std::uint8_t datagram[512];
  const ssize_t size = ::recv(one.socket.get(), datagram, sizeof datagram, 0);
  one.exchange.received_us = clock.utc_us();
  if (size < 0) return give_up(one, "refused");  // ICMP: nobody listens at that port
  SntpAnswer answer = judge_sntp({datagram, static_cast<std::size_t>(size)}, one.exchange);
  answer.server = one.answer.server;
  one.done = answer.why != "wrong origin";  // whoever sent it did not see our request: the true answer may still come
  one.answer = std::move(answer);
}

std::vector<Pending> start(const std::vector<std::string>& servers) {
  std::vector<Pending> round(std::min(servers.size(), kSntpServerLimit));
  for (std::size_t i = 0; i < round.size(); ++i) {
    round[i].answer.server = servers[i];
    round[i].answer.why = "no answer";
    round[i].address = resolve(servers[i]);
  }
  return round;
}

void advance_lookups(std::vector<Pending>& round, const Clock& clock) {
  for (auto& one : round) {
    if (one.done || one.socket.valid() || one.address->size() == 0) continue;
    const std::optional<Address> address = one.address->pop_for(std::chrono::microseconds(0)).value_or(std::nullopt);
    if (address.has_value())
      send_request(one, *address, clock);
    else
      give_up(one, "no address");
  }
}

// While a name is being looked up the wait is short, because a lookup wakes no descriptor.
void wait_for_answers(std::vector<Pending>& round, const Clock& clock, std::int64_t left_us) {
  constexpr std::int64_t kLookupTurn_us = 20'000;
  std::vector<pollfd> waits;
  bool looking = false;
  for (auto& one : round) {
    waits.push_back({one.done ? -1 : one.socket.get(), POLLIN, 0});
    looking = looking || (!one.done && !one.socket.valid());
  }
  const std::int64_t wait_us = looking ? std::min(left_us, kLookupTurn_us) : left_us;
  ::poll(waits.data(), waits.size(), static_cast<int>((wait_us + 999) / 1000));
  for (std::size_t i = 0; i < round.size(); ++i)
    if (waits[i].revents != 0) take_answer(round[i], clock);
}

}  // namespace

std::vector<SntpAnswer> ask_time_servers(const std::vector<std::string>& servers, const Clock& clock, int timeout_ms) {
  std::vector<Pending> round = start(servers);
  const std::int64_t until_us = clock.boot_us() + std::int64_t{timeout_ms} * 1000;
  const auto waiting = [&] { return std::any_of(round.begin(), round.end(), [](const Pending& one) { return !one.done; }); };
  for (std::int64_t now_us = clock.boot_us(); waiting() && now_us < until_us; now_us = clock.boot_us()) {
    advance_lookups(round, clock);
    if (waiting()) wait_for_answers(round, clock, until_us - now_us);
  }
  std::vector<SntpAnswer> answers;
  for (auto& one : round) answers.push_back(std::move(one.answer));
  return answers;
}

}  // namespace netsampler::capture
