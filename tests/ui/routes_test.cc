#include "ui/console/api_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"
#include "ui/console/embedded.h"

namespace netsampler {
namespace {

constexpr const char* kMedia = "/media/recordings/{recording}/media/{source}/{file}";
const std::string kRecording(26, 'a');

TEST(Routes, MatchGivesTheNames) {
  const auto names = match_route(kMedia, "/media/recordings/" + kRecording + "/media/screen/000001.m4s");
  ASSERT_TRUE(names.has_value());
  EXPECT_EQ(names->at("recording"), kRecording);
  EXPECT_EQ(names->at("file"), "000001.m4s");
}

TEST(Routes, PartsThatBreakTheirRuleDoNotMatch) {
  for (const std::string& path : std::vector<std::string>{"/media/recordings/short/media/screen/a.m4s", "/media/recordings/" + kRecording + "/media/../a.m4s",
                                 "/media/recordings/" + kRecording + "/media/screen/..", "/media/recordings/" + kRecording + "/media/screen/",
                                 "/media/recordings/" + kRecording + "/media/screen/a/b", "/media/recordings/" + kRecording + "/media/SCREEN/a.m4s"})
    EXPECT_FALSE(match_route(kMedia, path).has_value()) << path;
}

TEST(Routes, EveryRouteStandsInTheOpenApiFile) {
  const std::string text = kOpenApi;
  for (const Route& route : all_routes()) {
    const auto at = text.find("\n  " + std::string(route.pattern) + ":\n");
    ASSERT_NE(at, std::string::npos) << route.pattern;
    const std::string entry = text.substr(at, text.find("\n  /", at + 3) - at);
    EXPECT_THAT(entry, testing::HasSubstr(route.method == std::string("GET") ? "\n    get:" : "\n    post:")) << route.pattern;
    EXPECT_EQ(entry.find("security: []") != std::string::npos, route.access == Access::open) << route.pattern;
  }
}

TEST(Routes, TheOpenApiFileHasNoOtherRoute) {
  const std::string text = kOpenApi;
  std::size_t count = 0;
  for (auto at = text.find("\n  /"); at != std::string::npos; at = text.find("\n  /", at + 1)) ++count;
  EXPECT_EQ(count, all_routes().size());
}

class Answers : public testing::Test {
 protected:
  HttpReply ask(const std::string& method, const std::string& target, const std::string& cookie = "") {
    HttpRequest request{method, target, {{"cookie", cookie}, {"content-type", "application/json"}}, "{}", "10.0.0.1"};
    return answer(console_, request);
  }
  TempDirectory directory_;
  ManualClock clock_;
  Console console_{{directory_.path(), directory_ / "web", "box", "no-verifier", "no-pictures", false}, clock_};
};

TEST_F(Answers, ASessionOpensTheDoorUntilItEnds) {
  const std::string cookie = "a=b; session=" + console_.sessions.open({"alice", "抽样人员"});
  EXPECT_EQ(ask("GET", "/api/v1/session", cookie).status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/session").status, 401);
  EXPECT_EQ(ask("GET", "/api/v1/session", "session=guess").status, 401);
  clock_.advance(Sessions::kLifeUs);
  EXPECT_EQ(ask("GET", "/api/v1/session", cookie).status, 401);
}

TEST_F(Answers, WithoutAnIndexTheListSaysSoAndHealthIsBad) {
  const std::string cookie = "session=" + console_.sessions.open({"alice", "抽样人员"});
  EXPECT_GE(ask("GET", "/api/v1/cases", cookie).status, 400);
  EXPECT_EQ(ask("GET", "/healthz").status, 503);
}

TEST_F(Answers, EscapesAndForeignMethodsAreRefused) {
  EXPECT_EQ(ask("GET", "/%2e%2e/accounts.json").status, 400);
  EXPECT_EQ(ask("DELETE", "/api/v1/cases").status, 405);
  EXPECT_EQ(ask("GET", "/../accounts.json").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/nothing").status, 404);
}

TEST(RateLimits, LetTheLimitThroughAndNoMoreUntilAMinuteHasPassed) {
  ManualClock clock;
  RateLimit limit(clock, 2);
  EXPECT_TRUE(limit.allow("a"));
  limit.give_back("a");
  EXPECT_TRUE(limit.allow("a"));
  EXPECT_TRUE(limit.allow("a"));
  EXPECT_FALSE(limit.allow("a"));
  EXPECT_TRUE(limit.allow("b"));
  clock.advance(60'000'000);
  EXPECT_TRUE(limit.allow("a"));
}

TEST(RequestParts, CookiesByWholeName) {
  const HttpRequest request{"GET", "/", {{"cookie", "mysession=1; session=right"}}, "", ""};
  EXPECT_EQ(cookie_of(request, "session"), "right");
  EXPECT_EQ(cookie_of(request, "sess"), "");
}

}  // namespace
}  // namespace netsampler
