// The protocol's two layers: messages cut out of a byte stream, and answers matched to commands.
#include <gtest/gtest.h>

#include "evidence/base/process.h"
#include "tests/crawler/fake_browser.h"

namespace netsampler {
namespace {

using Messages = std::vector<std::string>;

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

TEST(CdpFramer, GivesEachMessageHoweverItIsCut) {
  const Bytes stream = bytes_of(std::string("{\"a\":1}\0{\"b\":\"\xe4\xbd\xa0\"}\0", 20));
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    CdpFramer framer;
    Messages all;
    for (const ByteView part : {ByteView(stream).first(cut), ByteView(stream).subspan(cut)}) {
      auto messages = framer.feed(part);
      ASSERT_TRUE(messages.ok());
      all.insert(all.end(), messages->begin(), messages->end());
    }
    EXPECT_EQ(all, (Messages{"{\"a\":1}", "{\"b\":\"\xe4\xbd\xa0\"}"})) << "cut at " << cut;
    EXPECT_EQ(framer.held_bytes(), 0u);
  }
}

TEST(CdpFramer, TakesAMessageOfTheLimitAndRefusesOneByteMore) {
  CdpFramer fits(8);
  ASSERT_TRUE(fits.feed(bytes_of("12345678")).ok());
  const auto whole = fits.feed(Bytes{0});
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(*whole, (Messages{"12345678"}));
  CdpFramer overflows(8);
  ASSERT_TRUE(overflows.feed(bytes_of("12345678")).ok());
  EXPECT_FALSE(overflows.feed(bytes_of("9")).ok());
  EXPECT_FALSE(overflows.feed(bytes_of("{}")).ok()) << "a broken stream stays broken";
  EXPECT_EQ(overflows.held_bytes(), 0u);
}

TEST(CdpFramer, RefusesAnEmptyMessage) {
  CdpFramer framer;
  EXPECT_FALSE(framer.feed(Bytes{0}).ok());
}

struct Client {
  ManualClock clock;
  FakeBrowser browser;
  std::vector<std::string> events;
  CdpClient client{browser, clock,
                   [this](const std::string& session, const std::string& method, const Json&) { events.push_back(session + "/" + method); }};
};

TEST(CdpClient, MatchesAnswersToCommandsOutOfOrder) {
  Client it;
  std::vector<std::string> heard;
  it.client.call("", "A.a", Json::object(), [&](const Result<Json>& reply) { heard.push_back("a" + print(*reply)); });
  it.client.call("S", "B.b", Json::object(), [&](const Result<Json>& reply) { heard.push_back("b" + print(*reply)); });
  EXPECT_EQ(it.browser.sent[1]["sessionId"], "S");
  ASSERT_TRUE(it.client.take(FakeBrowser::answer_to(it.browser.sent[1], {{"n", 2}})).ok());
  ASSERT_TRUE(it.client.take("{\"result\":{\"n\":1},\"id\":1}").ok()) << "the id may stand anywhere";
  EXPECT_EQ(heard, (Messages{"b{\"n\":2}", "a{\"n\":1}"}));
  EXPECT_EQ(it.client.waiting(), 0u);
}

TEST(CdpClient, TellsARefusalAndIgnoresAnAnswerToNothing) {
  Client it;
  std::string why;
  it.client.call("", "A.a", Json::object(), [&](const Result<Json>& reply) { why = reply.error().text; });
  ASSERT_TRUE(it.client.take("{\"id\":1,\"error\":{\"code\":-32000,\"message\":\"no such page\"}}").ok());
  EXPECT_EQ(why, "A.a: no such page");
  EXPECT_TRUE(it.client.take("{\"id\":1,\"result\":{}}").ok()) << "a second answer is dropped";
  EXPECT_TRUE(it.client.take("{\"id\":99,\"result\":{}}").ok());
}

TEST(CdpClient, GivesUpInTimeAndOnlyOnce) {
  Client it;
  int calls = 0;
  it.client.call("", "A.a", Json::object(), [&](const Result<Json>& reply) { calls += reply.ok() ? 100 : 1; }, 1000);
  it.clock.advance(999);
  it.client.expire();
  EXPECT_EQ(calls, 0);
  it.clock.advance(1);
  it.client.expire();
  it.client.expire();
  EXPECT_TRUE(it.client.take("{\"id\":1,\"result\":{}}").ok());
  EXPECT_EQ(calls, 1);
}

TEST(CdpClient, FailsTheCommandsOfASessionThatIsGoneAndNoOthers) {
  Client it;
  std::vector<std::string> heard;
  for (const char* session : {"S1", "S2"})
    it.client.call(session, "A.a", Json::object(), [&, session](const Result<Json>& reply) {
      heard.push_back(std::string(session) + (reply.ok() ? "+" : "-"));
    });
  it.client.fail_session("S1", "gone");
  EXPECT_EQ(heard, (Messages{"S1-"}));
  ASSERT_TRUE(it.client.take("{\"id\":2,\"result\":{}}").ok());
  EXPECT_EQ(heard, (Messages{"S1-", "S2+"}));
}

TEST(CdpClient, HandsEventsOnAndRefusesGarbage) {
  Client it;
  ASSERT_TRUE(it.client.take("{\"method\":\"Page.x\",\"params\":{},\"sessionId\":\"S\"}").ok());
  ASSERT_TRUE(it.client.take("{\"method\":\"Target.y\"}").ok());
  EXPECT_EQ(it.events, (Messages{"S/Page.x", "/Target.y"}));
  for (const char* garbage : {"", "hello", "[1]", "{\"method\":7}", "{\"no\":1}", "{\"method\":\"x\"", "\xff\xfe"})
    EXPECT_FALSE(it.client.take(garbage).ok()) << garbage;
}

TEST(CdpClient, DropsAnswersNobodyWaitsForUnread) {
  Client it;
  it.client.tell("", "DOM.getDocument");
  EXPECT_TRUE(it.client.take("{\"id\":1,\"result\":{{{{ not even JSON").ok());
  EXPECT_EQ(it.client.waiting(), 0u);
}

TEST(CdpPipe, SpeaksOverTwoPipesAndSeesTheBrowserGo) {
  auto commands = make_pipe();
  auto answers = make_pipe();
  ASSERT_TRUE(commands.ok() && answers.ok());
  auto pipe = CdpPipe::over(std::move(commands->second), std::move(answers->first));
  ASSERT_TRUE(pipe.ok());
  ASSERT_TRUE(pipe->send("{\"id\":1}").ok());
  Bytes heard(9);
  ASSERT_EQ(::read(commands->first.get(), heard.data(), heard.size()), 9);
  EXPECT_EQ(as_text(heard), std::string_view("{\"id\":1}\0", 9));
  ASSERT_TRUE(write_all(answers->second.get(), as_bytes(std::string_view("{\"id\"", 5))).ok());
  auto none = pipe->step(1000, -1);
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->empty());
  ASSERT_TRUE(write_all(answers->second.get(), as_bytes(std::string_view(":1}\0", 4))).ok());
  answers->second.reset();
  auto one = pipe->step(1000, -1);
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(*one, (Messages{"{\"id\":1}"}));
  const auto gone = pipe->step(1000, -1);
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().kind, ErrorKind::unavailable);
}

TEST(CdpPipe, KeepsWhatTheBrowserDoesNotTakeUpToABound) {
  auto commands = make_pipe();
  auto answers = make_pipe();
  ASSERT_TRUE(commands.ok() && answers.ok());
  auto pipe = CdpPipe::over(std::move(commands->second), std::move(answers->first));
  ASSERT_TRUE(pipe.ok());
  const std::string large(16u << 20, 'x');
  int taken = 0;
  while (taken < 10 && pipe->send(large).ok()) ++taken;
  EXPECT_GE(taken, 3);
  EXPECT_LT(taken, 5);
}

}  // namespace
}  // namespace netsampler
