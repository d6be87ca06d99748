// The recorder and the real ledger: a purchase recording as it comes to lie on the chain.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "capture/strip/marker.h"
#include "evidence/base/config.h"
#include "evidence/base/crypto.h"
#include "evidence/format/strip_code.h"
#include "evidence/ledger/client.h"
#include "tests/capture/recording.h"
#include "tests/capture/x_server.h"

namespace netsampler::capture {
namespace {

class LedgerRecord : public testing::Test {
 protected:
  void SetUp() override {
    crypto_start();
    auto server = XServer::start(1280, 720);
    ASSERT_TRUE(server.ok()) << server.error().text;
    server_ = std::make_unique<XServer>(server.take());
    ProcessOptions options;
    options.arguments = {std::string(BINARY_DIR) + "/bin/netsampler-ledger", "--state", state_};
    options.output_file = directory_ / "ledger.log";
    auto process = Process::start(options);
    ASSERT_TRUE(process.ok());
    ledger_ = process.take();
    ASSERT_TRUE(eventually([&] { return LedgerClient::connect(socket_).ok(); })) << text_of_file(directory_ / "ledger.log");
    auto client = LedgerClient::connect(socket_);
    ASSERT_TRUE(client.ok());
    client_ = std::make_unique<LedgerClient>(client.take());
    open_purchase();
  }

  void open_purchase() {
    for (const std::string id : {"zhang", "li"}) ASSERT_TRUE(client_->account_add(id, id, "password-of-" + id).ok());
    ASSERT_TRUE(client_->case_open("C-2026-7", "zhang", Json::object(), Json::object()).ok());
    const Json server = {{"server", "ntp.example"}, {"ok", true}, {"offset_us", 210}, {"delay_us", 9'800}, {"dispersion_us", 30}, {"stratum", 2}};
    const Json silent = {{"server", "ntp2.example"}, {"ok", false}};
    const auto clock = client_->clock({{"state", "synchronised"}, {"offset_us", 150}, {"error_us", 4'200}, {"stratum", 3}, {"leap", "normal"},
                                       {"root_delay_us", 8'000}, {"root_dispersion_us", 100}, {"phase", "before"}, {"servers", {server, silent}}});
    ASSERT_TRUE(clock.ok()) << clock.error().text;
    const auto opened = client_->open({"purchase", "C-2026-7", server_->display(), logins_, ""});
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    recording_ = opened->recording;
  }

  Process record() {
    auto process = start_capture({"screen", "--display", server_->display(), "--ledger", socket_, "--recording", recording_, "--case",
                                  "C-2026-7", "--samplers", "张三、李四", "--patience", "4", "--json"}, log_);
    EXPECT_TRUE(process.ok());
    return process.ok() ? process.take() : Process();
  }

  std::vector<Json> chain() {
    std::istringstream in(text_of_file(home() + "/chain.jsonl"));
    std::vector<Json> records;
    for (std::string line; std::getline(in, line);) records.push_back(parse_any(line).value_or(Json::object()));
    return records;
  }
  // A time stamp of the newest checkpoint, as far as the ledger is concerned: it does not judge responses.
  void stamp(const std::string& response) {
    const auto state = client_->log_flush();
    ASSERT_TRUE(state.ok());
    std::vector<LedgerFile> files;
    auto memory = sealed_memory_file("response", as_bytes(response));
    ASSERT_TRUE(memory.ok());
    files.push_back({"response.tsr", memory.take()});
    const auto stored = client_->token_store(int_or(*state, "size", 0), "authority", files);
    ASSERT_TRUE(stored.ok()) << stored.error().text;
  }
  // What the QR code said, in the order of the pictures, each once; "" while there was none.
  std::vector<std::string> beacons_seen() {
    std::istringstream lines(run_and_read({std::string(BINARY_DIR) + "/bin/netsampler-pictures", "--strip", home() + "/media/screen"}, 60'000).value_or(""));
    std::vector<std::string> seen;
    for (std::string line; std::getline(lines, line);) {
      const Json told = parse_any(line).value_or(Json::object());
      for (const Json& look : told.value("looks", Json::array())) {
        EXPECT_TRUE(look.contains("second")) << line;
        const std::string beacon = string_or(look, "beacon", "");
        if (seen.empty() || seen.back() != beacon) seen.push_back(beacon);
      }
    }
    return seen;
  }
  std::string home() const { return state_ + "/data/recordings/" + recording_; }
  bool sealed(int count) {
    return eventually([&] { return segments_in(home() + "/media/screen").size() >= static_cast<std::size_t>(count); });
  }

  TempDirectory directory_;
  std::string state_ = directory_ / "s", log_ = directory_ / "log", socket_ = StatePaths(state_).ledger_socket, recording_;
  std::vector<SamplerLogin> logins_ = {{"zhang", "password-of-zhang"}, {"li", "password-of-li"}};
  std::unique_ptr<XServer> server_;
  Process ledger_;
  std::unique_ptr<LedgerClient> client_;
};

TEST_F(LedgerRecord, SegmentsMeetAndTheChainNamesThem) {
  Process recorder = record();
  ASSERT_TRUE(sealed(4)) << text_of_file(log_);
  recorder.signal(SIGTERM);
  ASSERT_EQ(recorder.wait(30'000), 0) << text_of_file(log_);
  ASSERT_TRUE(client_->close(recording_, "stopped", logins_).ok());
  std::int64_t end = 0, segments = 0;
  std::set<std::string> types;
  bool gap = false;
  for (const Json& each : chain()) {
    types.insert(string_or(each, "type", ""));
    if (each["type"] == "chapter") {
      EXPECT_EQ(each["item"], "39-1");
    }
    gap = gap || each["type"] == "gap";  // a machine under load may leave one; then it must be said
    if (each["type"] != "segment") continue;
    EXPECT_EQ(int_or(each, "no", -1), segments++);
    EXPECT_EQ(int_or(each, "first_pts", -1) == end, !gap);
    gap = false;
    end = int_or(each, "last_pts", 0) + int_or(each, "last_duration", 0);
    EXPECT_LE(end - int_or(each, "first_pts", 0), 180'000);
    EXPECT_LE(int_or(each, "longest_us", 1 << 30), 1'100'000);
    const std::string bytes = text_of_file(home() + "/" + string_or(each["file"], "path", ""));
    EXPECT_EQ(string_or(each["file"], "sha256", ""), hex_of(sha256(as_bytes(bytes))));
  }
  EXPECT_GE(segments, 4);
  for (const char* type : {"open", "source", "segment", "chapter", "close"}) EXPECT_TRUE(types.contains(type)) << type;
  EXPECT_FALSE(types.contains("finding"));
  const std::string said = text_of_file(log_);
  EXPECT_LT(said.find("\"ready\""), said.find("\"sealed\""));
}

TEST_F(LedgerRecord, ThePreparationIsInThePictureAndGoesAway) {
  Process recorder = record();
  const auto x = XDisplay::open(server_->display());
  ASSERT_TRUE(x.ok());
  const auto white_at_the_end = [&](bool expected) {  // the preparation's paper; the empty screen is black
    const auto cookie = xcb_get_image(x->get(), XCB_IMAGE_FORMAT_Z_PIXMAP, x->root(), 1270, 710, 1, 1, ~0U);
    const auto reply = x->reply<xcb_get_image_reply_t>(cookie.sequence);
    return reply.ok() && (xcb_get_image_data(reply->get())[0] == 255) == expected;
  };
  ASSERT_TRUE(eventually([&] { return white_at_the_end(true); }));
  ASSERT_TRUE(sealed(2));
  const std::string during = joined(home() + "/media/screen");
  ASSERT_TRUE(eventually([&] { return white_at_the_end(false); }));
  recorder.signal(SIGTERM);
  ASSERT_EQ(recorder.wait(30'000), 0);
  const auto picture = LastPicture::decode(during, 1280, 720);
  ASSERT_TRUE(picture.ok());
  EXPECT_TRUE(picture->shows(1270, 710, 0xffffff));
  EXPECT_TRUE(picture->shows(5, 18, kMarkerColours[0]));
}

TEST_F(LedgerRecord, TheQrCodeFollowsTheTimeStampsAndDeepReadsIt) {
  Process recorder = record();
  ASSERT_TRUE(sealed(1)) << text_of_file(log_);
  std::vector<std::string> expected = {""};
  for (const std::string response : {"first response", "second response"}) {
    stamp(response);
    expected.push_back(print_beacon(sha256(as_bytes(response))));
    ASSERT_TRUE(sealed(static_cast<int>(segments_in(home() + "/media/screen").size()) + 2));
  }
  recorder.signal(SIGTERM);
  ASSERT_EQ(recorder.wait(30'000), 0) << text_of_file(log_);
  ASSERT_TRUE(client_->close(recording_, "stopped", logins_).ok());
  EXPECT_EQ(beacons_seen(), expected);
  ProcessOptions verify;
  verify.arguments = {std::string(BINARY_DIR) + "/bin/netsampler-verify", "--deep", "--json", home()};
  const auto outcome = run_program(verify, 60'000, 1u << 24);
  ASSERT_TRUE(outcome.ok());
  const Json report = parse_any(outcome->text).value_or(Json::object());
  EXPECT_EQ(report["checked"]["pictures"], true);
  EXPECT_GE(report["pictures"]["strips"], report["segments"]);
  EXPECT_GT(report["pictures"]["beacons"], 0);
  EXPECT_EQ(report["pictures"]["times"], report["pictures"]["frames"]);  // every picture says its number and times, and they agree
  EXPECT_EQ(outcome->text.find("picture-"), std::string::npos) << print(report["findings"]);
}

TEST_F(LedgerRecord, ALostLedgerIsOneLineAndExitOne) {
  Process recorder = record();
  ASSERT_TRUE(sealed(1)) << text_of_file(log_);
  const auto x = XDisplay::open(server_->display());
  ASSERT_TRUE(x.ok());
  const auto strip_is_red = [&] {  // its right lower corner
    const auto cookie = xcb_get_image(x->get(), XCB_IMAGE_FORMAT_Z_PIXMAP, x->root(), 1276, 34, 1, 1, ~0U);
    const auto reply = x->reply<xcb_get_image_reply_t>(cookie.sequence);
    return reply.ok() && xcb_get_image_data(reply->get())[2] > 150 && xcb_get_image_data(reply->get())[1] < 60;
  };
  EXPECT_FALSE(strip_is_red());
  ledger_.signal(SIGKILL);
  EXPECT_TRUE(eventually(strip_is_red)) << text_of_file(log_);  // the officer sees it before the strip goes
  EXPECT_EQ(recorder.wait(30'000), 1) << text_of_file(log_);
  EXPECT_NE(text_of_file(log_).find("to the ledger"), std::string::npos);
}

TEST_F(LedgerRecord, AnUnknownRecordingIsRefused) {
  recording_ = std::string(26, 'a');
  Process recorder = record();
  EXPECT_EQ(recorder.wait(30'000), 1) << text_of_file(log_);
}

}  // namespace
}  // namespace netsampler::capture
