// The whole way with real programs: a ledger process, its client, an export while another case records, the verifier's verdict.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "evidence/base/crypto.h"
#include "evidence/base/process.h"
#include "evidence/package/mask_package.h"

namespace netsampler {
namespace {

const std::vector<SamplerLogin> kTwo = {{"alice", "alice-password"}, {"bob", "bob-password"}};

struct ExportTest : ::testing::Test {
  std::string state;
  Process process;
  std::optional<LedgerClient> ledger;
  RealFileSystem disk;

  void SetUp() override {
    crypto_start();
    state = (std::filesystem::temp_directory_path() / ("state-" + random_id(10))).string();
    std::filesystem::create_directory(state);
    std::ofstream(state + "/netsampler.conf") << R"({"minimum_free_bytes": 1048576, "clock_limit_us": 60000000})";
    start();
    for (const auto& login : kTwo) ASSERT_TRUE(ledger->account_add(login.id, "抽样人员", login.password).ok());
    for (const char* id : {"A1", "A2"}) ASSERT_TRUE(ledger->case_open(id, "alice", Json::object(), {{"title", "玩具"}}).ok());
  }
  void TearDown() override {
    process.stop(10'000);
    std::filesystem::remove_all(state);
  }
  // Ready when its own line says so.
  void start() {
    auto pipe = make_pipe().take();
    ProcessOptions options;
    options.arguments = {std::string(BINARY_DIR) + "/bin/netsampler-ledger", "--state", state};
    options.descriptors = {{pipe.second.get(), 1}};
    process = Process::start(options).take();
    pipe.second.reset();
    char letter = 0;
    while (::read(pipe.first.get(), &letter, 1) == 1 && letter != '\n') {
    }
    ASSERT_EQ(letter, '\n');
    ledger = LedgerClient::connect(state + "/run/ledger.sock").take();
  }
  std::string open(const std::string& case_id, const std::string& display) {
    RecordingRequest request{"purchase", case_id, display, kTwo, ""};
    return ledger->open(request).take().recording;
  }
  Result<Receipt> page(const std::string& recording) {
    const Json body{{"page", 1},       {"kind", "product"}, {"origin", "https://shop.test"}, {"status", 200}, {"responses", 1}, {"bytes", 4},
                    {"from_us", 1},    {"to_us", 2},        {"ended", "left"}};
    std::vector<LedgerFile> files;
    files.push_back({"pages/1/page.warc", sealed_memory_file("page", as_bytes("WARC")).take()});
    return ledger->append(recording, "page", body, {{"url", "https://shop.test/?q=1"}}, files);
  }
  ExportRequest request(const std::string& profile = "full") {
    return {state + "/data", "A1", profile, "alice", state + "/out-" + profile, "test"};
  }
  int verdict(const std::string& path, std::string& text) {
    auto pipe = make_pipe().take();
    ProcessOptions options;
    options.arguments = {std::string(BINARY_DIR) + "/bin/netsampler-verify", "--policy", state + "/policy.txt", "--json", path};
    options.descriptors = {{pipe.second.get(), 1}};
    auto verifier = Process::start(options).take();
    pipe.second.reset();
    const Bytes said = read_all(pipe.first.get(), 1u << 20).take();
    text = std::string(as_text(said));
    return verifier.wait(30'000).value_or(-1);
  }
};

TEST_F(ExportTest, APackageVerifiesWhileAnotherCaseRecords) {
  const std::string recording = open("A1", ":7"), running = open("A2", ":8");
  ASSERT_TRUE(page(recording).ok());
  const auto early = export_case(disk, *ledger, request(), {});
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().kind, ErrorKind::busy);
  EXPECT_NE(early.error().text.find(recording), std::string::npos);
  ASSERT_TRUE(ledger->close(recording, "stopped", kTwo).ok());
  ASSERT_TRUE(disk.make_directories(state + "/out-full").ok());
  const auto made = export_case(disk, *ledger, request(), {});
  ASSERT_TRUE(made.ok()) << made.error().text;
  ASSERT_TRUE(page(running).ok());
  std::string text;
  EXPECT_EQ(verdict(made->path, text), 1) << text;  // nobody stamps here
  const Json report = parse_any(text).take();
  EXPECT_EQ(report["verdict"], "PARTIAL");
  for (const Json& finding : report["findings"]) {
    EXPECT_TRUE(finding["severity"] == "note" || finding["code"] == "unstamped") << print(finding);
  }
}

TEST_F(ExportTest, AChangedByteOfThePackageIsSeen) {
  const std::string recording = open("A1", ":7");
  ASSERT_TRUE(page(recording).ok());
  ASSERT_TRUE(ledger->close(recording, "stopped", kTwo).ok());
  const auto made = export_case(disk, *ledger, request("seller"), {});
  ASSERT_TRUE(made.ok()) << made.error().text;
  std::string text;
  EXPECT_EQ(verdict(made->path, text), 1) << text;
  std::fstream file(made->path + "/data/recordings/" + recording + "/pages/1/page.warc", std::ios::in | std::ios::out | std::ios::binary);
  file << "w";
  file.close();
  EXPECT_EQ(verdict(made->path, text), 2);
  EXPECT_NE(text.find("page.warc"), std::string::npos);
}

// What netsampler-stamp does, without an authority: the ledger stores any response, and the verifier is the one to judge it.
Result<StoredToken> stamp_newest(const std::string& socket) {
  LedgerClient ledger = TRY(LedgerClient::connect(socket));
  Json state = TRY(ledger.log_state());
  while (int_or(state, "stamped", 0) >= int_or(state, "size", 0)) state = TRY(ledger.log_state());
  std::vector<LedgerFile> files;
  files.push_back({"token.tsr", sealed_memory_file("token", as_bytes("a response")).take()});
  return ledger.token_store(int_or(state, "size", 0), "authority", files);
}

TEST_F(ExportTest, TheTokenOverItsCustodyRecordIsWaitedFor) {
  ASSERT_TRUE(stamp_newest(state + "/run/ledger.sock").ok());  // from here on only the export moves the log
  Result<StoredToken> stored = fail(ErrorKind::internal, "not yet");
  std::jthread authority([&] { stored = stamp_newest(state + "/run/ledger.sock"); });
  ExportRequest wanted = request();
  wanted.stamp_wait_ms = 30'000;
  const auto made = export_case(disk, *ledger, wanted, {});
  authority.join();
  ASSERT_TRUE(made.ok()) << made.error().text;
  ASSERT_TRUE(stored.ok());
  EXPECT_TRUE(made->log.stamped);
  EXPECT_EQ(made->log.trouble, "");
  EXPECT_TRUE(exists(disk, made->path + "/data/log/" + stored->path));
}

TEST_F(ExportTest, WhereNobodyStampsTheWaitEndsAndTheExportSaysSo) {
  ExportRequest wanted = request();
  wanted.stamp_wait_ms = 1'000;
  std::vector<std::int64_t> told;
  const auto made = export_case(disk, *ledger, wanted, {}, [&told](std::int64_t waited_s) { told.push_back(waited_s); });
  ASSERT_TRUE(made.ok()) << made.error().text;
  EXPECT_FALSE(made->log.stamped);
  EXPECT_NE(made->log.trouble, "");
  EXPECT_EQ(told, std::vector<std::int64_t>{0});
  EXPECT_TRUE(exists(disk, made->path + "/data/log/checkpoint"));
}

// A case is not held hostage by a log that the disk has spoilt: it leaves without it, and says so.
TEST_F(ExportTest, ADamagedBoxLogDoesNotStopTheExport) {
  process.stop(10'000);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(state + "/data/log/tile"))
    if (entry.is_regular_file()) std::ofstream(entry.path()) << "rubbish";
  start();
  const auto made = export_case(disk, *ledger, request(), {});
  ASSERT_TRUE(made.ok()) << made.error().text;
  EXPECT_EQ(made->log.size, 0u);
  EXPECT_NE(made->log.trouble, "");
  EXPECT_FALSE(exists(disk, made->path + "/data/log"));
}

// On the box: the book tells of both maskings, and both are signed; a clerk's own, made elsewhere, is not.
TEST_F(ExportTest, MaskingOnTheBoxIsRecordedAndSigned) {
  ExportRequest whole = request();
  whole.rules = {{"case_open.titel"}, {}, {}, {}, "标题"};
  EXPECT_EQ(export_case(disk, *ledger, whole, {}).error().kind, ErrorKind::usage);  // and the book has no record of it
  whole.rules = {};
  const auto made = export_case(disk, *ledger, whole, {});
  ASSERT_TRUE(made.ok()) << made.error().text;
  MaskRequest mask{made->path, "full", {{"case_open.title"}, {}, {}, {}, "标题"}, "bob", state + "/masked", "test"};
  const auto masked = mask_package(disk, &*ledger, mask, {});
  ASSERT_TRUE(masked.ok()) << masked.error().text;
  EXPECT_TRUE(exists(disk, masked->path + "/package.sig"));
  ExportRequest with_rules = request("panel");
  with_rules.rules = mask.rules;
  const auto second = export_case(disk, *ledger, with_rules, {});
  ASSERT_TRUE(second.ok()) << second.error().text;
  std::string text;
  for (const std::string& path : {masked->path, second->path}) {
    EXPECT_EQ(verdict(path, text), 1) << text;
    EXPECT_NE(text.find("标题"), std::string::npos);
    EXPECT_EQ(text.find("package-unsigned"), std::string::npos) << text;
    EXPECT_EQ(text.find("file-missing"), std::string::npos) << text;
  }
  const std::string book = std::string(as_text(disk.read(second->path + "/data/case/book.jsonl", 1u << 20).take()));
  std::vector<std::string> actions;
  for (std::size_t at = 0; (at = book.find("\"action\":\"", at)) != std::string::npos; at += 10) actions.push_back(book.substr(at + 10, book.find('"', at + 10) - at - 10));
  EXPECT_EQ(actions, (std::vector<std::string>{"export", "mask", "mask"}));
  mask.out_directory = state + "/elsewhere";
  mask.package = masked->path;
  mask.rules.fields = {"case_open.*"};
  EXPECT_EQ(mask_package(disk, nullptr, mask, {}).error().kind, ErrorKind::usage);  // it is withheld already
  std::filesystem::remove(made->path + "/package.sig");
  mask.package = made->path;
  EXPECT_EQ(mask_package(disk, &*ledger, mask, {}).error().kind, ErrorKind::invalid);
  const auto unsigned_one = mask_package(disk, nullptr, mask, {});
  ASSERT_TRUE(unsigned_one.ok()) << unsigned_one.error().text;
  EXPECT_EQ(verdict(unsigned_one->path, text), 1) << text;
  EXPECT_NE(text.find("package-unsigned"), std::string::npos);
}

// Two at once would take each other's half-written package for one that a dead process left.
TEST_F(ExportTest, ACaseIsExportedOnceAtATime) {
  Fd other(::open((state + "/data/cases/A1/book.jsonl").c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::flock(other.get(), LOCK_EX | LOCK_NB), 0);
  EXPECT_EQ(export_case(disk, *ledger, request(), {}).error().kind, ErrorKind::busy);
  other.reset();  // the other export has ended, or was killed
  const auto made = export_case(disk, *ledger, request(), {});
  EXPECT_TRUE(made.ok()) << made.error().text;
}

TEST_F(ExportTest, TheClientTellsThatTheLedgerIsGone) {
  process.stop(10'000);
  EXPECT_EQ(ledger->status().error().kind, ErrorKind::unavailable);
  EXPECT_EQ(LedgerClient::connect(state + "/run/ledger.sock").error().kind, ErrorKind::unavailable);
  start();
  EXPECT_TRUE(ledger->status().ok());
}

}  // namespace
}  // namespace netsampler
