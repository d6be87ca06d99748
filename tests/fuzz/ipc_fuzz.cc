// Messages to the ledger. Input: datagrams, each ended by a NUL (so none holds one); "$R" in them stands for a recording that is open;
// the first byte of a datagram says how many descriptors come beside it (modulo 4). They go through a real server socket to a real
// ledger on a disk in memory. Whatever comes in: one JSON object with `ok` goes out for each, and what was written verifies.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "evidence/base/ipc.h"
#include "evidence/ledger/requests.h"
#include "evidence/verify/verify.h"
#include "tests/evidence/ledger/ledger_world.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

constexpr std::size_t kMessagesAtMost = 16;
constexpr std::size_t kDescriptorsAtMost = 3;

// One server and one raw client for the whole run; the socket lies in a directory of its own.
class Wire {
 public:
  Wire() {
    char name[] = "/tmp/netsampler-fuzz-XXXXXX";
    fuzz::require(::mkdtemp(name) != nullptr, "a directory for the socket can be made");
    directory_ = name;
    const std::string path = directory_ + "/s";
    auto server = IpcServer::listen(path);
    fuzz::require(server.ok(), "the server listens");
    server_ = std::make_unique<IpcServer>(server.take());
    client_ = Fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    fuzz::require(::connect(client_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "the client connects");
    const auto nobody = [](const IpcPeer&, IpcMessage) -> Result<IpcMessage> { return fail(ErrorKind::internal, "nothing was sent"); };
    fuzz::require(server_->step(1000, nobody).ok(), "the server accepts");
  }
  ~Wire() {
    server_.reset();
    std::error_code trouble;
    std::filesystem::remove_all(directory_, trouble);
  }
  std::string ask(const std::string& text, std::size_t descriptors, const IpcServer::Handler& handler) {
    if (!send(text, descriptors)) return "";
    fuzz::require(server_->step(1000, handler).ok(), "the server goes on");
    std::string reply(2 * kIpcTextLimit, '\0');
    const ssize_t count = ::recv(client_.get(), reply.data(), reply.size(), 0);
    fuzz::require(count > 0, "each message has a reply");
    reply.resize(static_cast<std::size_t>(count));
    return reply;
  }

 private:
  bool send(const std::string& text, std::size_t descriptors) {
    iovec part{const_cast<char*>(text.data()), text.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kDescriptorsAtMost)] = {};
    const Fd file = sealed_memory_file("fuzz", as_bytes("WARC/1.1")).take();
    if (descriptors > 0) {
      header.msg_control = control;
      header.msg_controllen = CMSG_SPACE(sizeof(int) * descriptors);
      cmsghdr* rights = CMSG_FIRSTHDR(&header);
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN(sizeof(int) * descriptors);
      const std::vector<int> numbers(descriptors, file.get());
      std::memcpy(CMSG_DATA(rights), numbers.data(), sizeof(int) * descriptors);
    }
    return ::sendmsg(client_.get(), &header, MSG_NOSIGNAL) >= 0;
  }
  std::string directory_;
  std::unique_ptr<IpcServer> server_;
  Fd client_;
};

Wire& wire() {
  static Wire made;
  return made;
}

// What no request may bring about, whatever it says: the ledger's own part of the evidence.
constexpr verify::Reason kNever[] = {
    verify::Reason::line_form,   verify::Reason::sequence,     verify::Reason::prev,         verify::Reason::signature,
    verify::Reason::keys,        verify::Reason::box_signature, verify::Reason::wrong_chain, verify::Reason::epoch,
    verify::Reason::open_first,  verify::Reason::after_close,  verify::Reason::counts,       verify::Reason::record_shape,
    verify::Reason::opening_form, verify::Reason::opening_root, verify::Reason::opening_stray, verify::Reason::file_changed,
    verify::Reason::file_missing, verify::Reason::unnamed_file, verify::Reason::include_head, verify::Reason::private_missing};

void check_evidence(const TestWorld& world) {
  const auto report = verify::verify(world.disk, world.paths.data, std::nullopt);
  fuzz::require(report.ok(), "what was written can be verified");
  for (const verify::Reason reason : kNever) {
    if (report->has(reason)) std::fprintf(stderr, "fuzz: finding %s\n", std::string(verify::row_of(reason).code).c_str());
    fuzz::require(!report->has(reason), "what the ledger writes is sound");
  }
}

std::string with_recording(std::string text, const std::string& id) {
  for (std::size_t at = text.find("$R"); at != std::string::npos; at = text.find("$R", at + id.size())) text.replace(at, 2, id);
  return text;
}

void ask(TestWorld& world, std::string_view datagram, const std::string& recording) {
  if (datagram.empty()) return;
  const std::size_t descriptors = static_cast<std::uint8_t>(datagram.front()) % (kDescriptorsAtMost + 1);
  const std::string text = with_recording(std::string(datagram.substr(1)), recording);
  if (text.empty()) return;  // an empty datagram is how SOCK_SEQPACKET says that the other end is closed
  const auto handler = [&](const IpcPeer&, IpcMessage message) { return answer(*world.ledger, std::move(message)); };
  const std::string reply = wire().ask(text, descriptors, handler);
  if (reply.empty()) return;
  const auto json = parse_any(reply);
  fuzz::require(json.ok() && json->is_object() && json->contains("ok"), "a reply is an object with ok");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  TestWorld world;
  fuzz::require(world.start().ok(), "a ledger starts");
  const std::string recording = world.open("unboxing");
  std::string_view rest = fuzz::text_from(data, size);
  for (std::size_t i = 0; i < kMessagesAtMost && !rest.empty(); ++i) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    ask(world, rest.substr(0, end), recording);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    world.clock.advance(1'000);
  }
  check_evidence(world);
  return 0;
}
