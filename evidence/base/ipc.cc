#include "evidence/base/ipc.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace netsampler {
namespace {

constexpr std::size_t kPeerLimit = 64;

// A socket's address holds 107 bytes; a longer path is reached through its directory's descriptor, kept open meanwhile.
struct Address {
  sockaddr_un address{};
  Fd directory;
};

Result<Address> address_of(const std::string& path) {
  Address at;
  at.address.sun_family = AF_UNIX;
  std::string name = path;
  if (path.size() >= sizeof at.address.sun_path) {
    const auto slash = path.find_last_of('/');
    at.directory = Fd(::open(path.substr(0, slash + 1).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!at.directory.valid()) return fail_errno("socket directory of " + path);
    name = "/proc/self/fd/" + std::to_string(at.directory.get()) + path.substr(slash);
  }
  if (name.size() >= sizeof at.address.sun_path) return fail(ErrorKind::invalid, "socket name too long: " + path);
  std::memcpy(at.address.sun_path, name.c_str(), name.size() + 1);
  return at;
}

Result<Fd> connect_to(const std::string& path) {
  const Address at = TRY(address_of(path));
  Fd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fail_errno("socket");
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&at.address), sizeof at.address) != 0)
    return fail(ErrorKind::unavailable, "nobody listens at " + path + " (is netsampler up?): " + std::strerror(errno));
  return fd;
}

Result<void> send_message(int fd, const IpcMessage& message, int flags = 0) {
  const std::string text = print(message.body);
  if (text.size() > kIpcTextLimit || message.files.size() > kIpcFdLimit)
    return fail(ErrorKind::full, "a message beyond the bounds (128 KiB, 32 files)");
  iovec part{const_cast<char*>(text.data()), text.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kIpcFdLimit)] = {};
  if (!message.files.empty()) {
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(sizeof(int) * message.files.size());
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * message.files.size());
    int* numbers = reinterpret_cast<int*>(CMSG_DATA(rights));
    for (std::size_t i = 0; i < message.files.size(); ++i) numbers[i] = message.files[i].get();
  }
  while (::sendmsg(fd, &header, MSG_NOSIGNAL | flags) < 0)
    if (errno != EINTR) return fail(ErrorKind::unavailable, std::string("the other program is gone: ") + std::strerror(errno) + " (see its log, then try again)");
  return {};
}

void take_files(msghdr& header, std::vector<Fd>& files) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const int* numbers = reinterpret_cast<const int*>(CMSG_DATA(part));
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) files.emplace_back(numbers[i]);
  }
}

// not_found: the peer closed in good order.
Result<IpcMessage> receive_message(int fd) {
  std::string text(kIpcTextLimit + 1, '\0');
  iovec part{text.data(), text.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kIpcFdLimit)];
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  ssize_t count = 0;
  while ((count = ::recvmsg(fd, &header, MSG_CMSG_CLOEXEC)) < 0)
    if (errno != EINTR) return fail(ErrorKind::unavailable, std::string("the other program is gone: ") + std::strerror(errno) + " (see its log, then try again)");
  IpcMessage message;
  take_files(header, message.files);
  if (count == 0) return fail(ErrorKind::not_found, "the other program ended the connection before it answered (see its log, then try again)");
  if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 || static_cast<std::size_t>(count) > kIpcTextLimit)
    return fail(ErrorKind::full, "a message beyond the bounds (128 KiB, 32 files)");
  text.resize(static_cast<std::size_t>(count));
  message.body = TRY(parse_any(text, {kIpcTextLimit, 32}));
  if (!message.body.is_object()) return fail(ErrorKind::invalid, "a message that is no JSON object");
  return message;
}

Json error_body(const Error& error) {
  return {{"ok", false}, {"kind", name_of(error.kind)}, {"error", error.text}};
}

}  // namespace

Result<IpcClient> IpcClient::connect(const std::string& path) { return IpcClient(TRY(connect_to(path))); }

Result<IpcMessage> IpcClient::call(const IpcMessage& request, int timeout_ms) {
  TRY(send_message(fd_.get(), request));
  pollfd wait{fd_.get(), POLLIN, 0};
  int ready = 0;
  while ((ready = ::poll(&wait, 1, timeout_ms)) < 0 && errno == EINTR) {
  }
  if (ready <= 0) {
    fd_.reset();  // a late reply must never be taken for the next one's
    return fail(ErrorKind::unavailable, "no answer within " + std::to_string(timeout_ms) + " ms (is the other program busy or stopped? see its log)");
  }
  auto reply = receive_message(fd_.get());
  if (!reply.ok()) return fail(ErrorKind::unavailable, reply.error().text);
  if (!bool_or(reply->body, "ok", false))
    return fail(error_kind_from(string_or(reply->body, "kind", "internal")), string_or(reply->body, "error", "refused"));
  return reply;
}

Result<Json> IpcClient::call(const Json& request, int timeout_ms) {
  IpcMessage message;
  message.body = request;
  auto reply = TRY(call(message, timeout_ms));
  return std::move(reply.body);
}

Result<IpcServer> IpcServer::listen(const std::string& path, std::vector<uid_t> allowed_uids) {
  if (connect_to(path).ok()) return fail(ErrorKind::busy, "another program already listens at " + path);
  const Address at = TRY(address_of(path));
  ::unlink(path.c_str());
  Fd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return fail_errno("socket");
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&at.address), sizeof at.address) != 0)
    return fail_errno("bind " + path);
  if (!allowed_uids.empty() && ::chmod(path.c_str(), 0666) != 0) return fail_errno("open up " + path);
  if (::listen(fd.get(), 16) != 0) return fail_errno("listen " + path);
  allowed_uids.push_back(::geteuid());
  allowed_uids.push_back(0);
  return IpcServer(std::move(fd), path, std::move(allowed_uids));
}

IpcServer::~IpcServer() {
  if (listener_.valid()) ::unlink(path_.c_str());
}

void IpcServer::accept_peer() {
  Fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!fd.valid() || peers_.size() >= kPeerLimit) return;
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return;
  if (std::find(allowed_.begin(), allowed_.end(), credentials.uid) == allowed_.end()) return;
  peers_.push_back({std::move(fd), {credentials.uid, credentials.pid}});
}

// A peer that asks and asks and never reads is dropped, not waited for: the one writer must not stand still for it.
bool IpcServer::send_reply(int fd, Result<IpcMessage> reply) {
  IpcMessage answer;
  if (reply.ok())
    answer = std::move(*reply);
  else
    answer.body = error_body(reply.error());
  if (reply.ok() && !answer.body.contains("ok")) answer.body["ok"] = true;
  Result<void> sent = send_message(fd, answer, MSG_DONTWAIT);
  if (!sent.ok() && sent.error().kind == ErrorKind::full) sent = send_message(fd, IpcMessage(error_body(sent.error())), MSG_DONTWAIT);
  return sent.ok();
}

Result<void> IpcServer::step(int wait_ms, const Handler& handler, const Settle& settle) {
  std::vector<pollfd> waits{{listener_.get(), POLLIN, 0}};
  for (const auto& peer : peers_) waits.push_back({peer.fd.get(), POLLIN, 0});
  const int ready = ::poll(waits.data(), waits.size(), wait_ms);
  if (ready < 0 && errno != EINTR) return fail_errno("poll");
  if (ready <= 0) return {};
  std::vector<std::size_t> asked, gone;  // places in peers_
  std::vector<Result<IpcMessage>> replies;
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    if (waits[i + 1].revents == 0) continue;
    auto request = receive_message(peers_[i].fd.get());
    const bool over = !request.ok() && (request.error().kind == ErrorKind::not_found || request.error().kind == ErrorKind::unavailable);
    (over ? gone : asked).push_back(i);
    if (!over) replies.push_back(request.ok() ? handler(peers_[i].peer, std::move(*request)) : Result<IpcMessage>(request.error()));
  }
  if (settle) settle(replies);
  for (std::size_t k = 0; k < asked.size(); ++k)
    if (!send_reply(peers_[asked[k]].fd.get(), std::move(replies[k]))) gone.push_back(asked[k]);
  std::sort(gone.rbegin(), gone.rend());
  for (const std::size_t i : gone) peers_.erase(peers_.begin() + static_cast<std::ptrdiff_t>(i));
  if (waits[0].revents != 0) accept_peer();
  return {};
}

}  // namespace netsampler
