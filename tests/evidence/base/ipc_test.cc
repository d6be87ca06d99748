#include "evidence/base/ipc.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <thread>

#include "evidence/base/file_system.h"
#include "tests/support/temp_directory.h"

namespace netsampler {
namespace {

// A server on its own thread, stepping until the test ends.
class Served {
 public:
  Served(const std::string& path, IpcServer::Handler handler) : server_(IpcServer::listen(path).take()) {
    thread_ = std::thread([this, handler] {
      while (!done_) EXPECT_TRUE(server_.step(5, handler).ok());
    });
  }
  ~Served() {
    done_ = true;
    thread_.join();
  }

 private:
  IpcServer server_;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

Result<IpcMessage> echo(const IpcPeer&, IpcMessage request) {
  if (request.body.contains("refuse")) return fail(ErrorKind::busy, "taken");
  Json reply = {{"said", request.body["say"]}, {"files", request.files.size()}};
  if (!request.files.empty()) reply["text"] = std::string(as_text(*read_all(request.files[0].get(), 1000)));
  return IpcMessage(std::move(reply));
}

TEST(Ipc, CarriesTextAndSealedFiles) {
  const TempDirectory directory;
  const Served served(directory / "s", echo);
  auto client = IpcClient::connect(directory / "s");
  ASSERT_TRUE(client.ok());
  IpcMessage request(Json{{"say", "您好"}});
  request.files.push_back(sealed_memory_file("x", as_bytes("bytes")).take());
  const auto reply = client->call(request);
  ASSERT_TRUE(reply.ok()) << reply.error().text;
  EXPECT_EQ(reply->body["said"], "您好");
  EXPECT_EQ(reply->body["text"], "bytes");
}

TEST(Ipc, RefusalsKeepTheirKind) {
  const TempDirectory directory;
  const Served served(directory / "s", echo);
  auto client = IpcClient::connect(directory / "s");
  const auto reply = client->call(Json{{"refuse", true}});
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().kind, ErrorKind::busy);
  EXPECT_TRUE(client->call(Json{{"say", "again"}}).ok());  // the connection lives on
}

TEST(Ipc, BoundsAreKept) {
  const TempDirectory directory;
  const Served served(directory / "s", echo);
  auto client = IpcClient::connect(directory / "s");
  EXPECT_TRUE(client->call(Json{{"say", std::string(60'000, 'x')}}).ok());
  EXPECT_EQ(client->call(Json{{"say", std::string(kIpcTextLimit, 'x')}}).error().kind, ErrorKind::full);
}

TEST(Ipc, RubbishIsAnsweredWithAnError) {
  const TempDirectory directory;
  const Served served(directory / "s", echo);
  auto client = IpcClient::connect(directory / "s");
  EXPECT_FALSE(client->call(Json(std::string("no object"))).ok());
  EXPECT_TRUE(client->call(Json{{"say", "still here"}}).ok());
}

// Raw, because IpcClient waits for each reply: a peer that only asks fills its socket with answers that it never takes.
TEST(Ipc, APeerThatNeverReadsDoesNotHoldUpTheOthers) {
  const TempDirectory directory;
  const Served served(directory / "s", echo);
  const Fd peer(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (directory / "s").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::connect(peer.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const std::string request = print(Json{{"say", std::string(60'000, 'x')}});
  auto other = IpcClient::connect(directory / "s");
  for (int i = 0; i < 40; ++i) {
    (void)::send(peer.get(), request.data(), request.size(), MSG_NOSIGNAL);
    const auto reply = other->call(Json{{"say", "still here"}}, 5000);
    ASSERT_TRUE(reply.ok()) << "after " << i << " questions: " << reply.error().text;
  }
}

TEST(Ipc, AReplyBeyondTheBoundsIsARefusalNotSilence) {
  const TempDirectory directory;
  const Served served(directory / "s", [](const IpcPeer&, IpcMessage) { return IpcMessage(Json{{"text", std::string(kIpcTextLimit, 'x')}}); });
  auto client = IpcClient::connect(directory / "s");
  EXPECT_EQ(client->call(Json{{"say", "all"}}).error().kind, ErrorKind::full);
}

TEST(Ipc, NobodyListensIsUnavailable) {
  const TempDirectory directory;
  EXPECT_EQ(IpcClient::connect(directory / "none").error().kind, ErrorKind::unavailable);
}

TEST(Ipc, ASecondServerIsBusyAndAStaleSocketIsReplaced) {
  const TempDirectory directory;
  const std::string path = directory / "s";
  {
    auto first = IpcServer::listen(path);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(IpcServer::listen(path).error().kind, ErrorKind::busy);
  }
  EXPECT_TRUE(IpcServer::listen(path).ok());
}

TEST(Ipc, PathsBeyond107BytesWork) {
  const TempDirectory directory;
  const std::string deep = directory / (std::string(60, 'a') + "/" + std::string(60, 'b'));
  RealFileSystem disk;
  ASSERT_TRUE(disk.make_directories(deep).ok());
  const Served served(deep + "/s", echo);
  EXPECT_TRUE(IpcClient::connect(deep + "/s").ok());
}

}  // namespace
}  // namespace netsampler
