// The closing rule by itself: when a look is due, and which looks count.
#include <gtest/gtest.h>

#include "crawler/page_quiet.h"
#include "crawler/page_signature.h"
#include "tests/crawler/fake_browser.h"

namespace netsampler {
namespace {

constexpr std::int64_t ms = 1000, kStart = 1'000'000'000;

TEST(PageQuiet, IsDueOnceLoadedAndStillFor600ms) {
  PageQuiet quiet;
  quiet.committed(kStart);
  quiet.request_started("1", kStart + 10 * ms);
  quiet.loaded(kStart + 100 * ms);
  EXPECT_EQ(quiet.due(kStart + 2000 * ms), Due::no) << "a request is in flight";
  quiet.request_ended("1", kStart + 2000 * ms);
  EXPECT_EQ(quiet.due(kStart + 2599 * ms), Due::no);
  EXPECT_EQ(quiet.due(kStart + 2600 * ms), Due::quiet);
}

TEST(PageQuiet, NothingHappenedNothingDue) {
  PageQuiet quiet;
  EXPECT_EQ(quiet.due(kStart), Due::no);
  quiet.committed(kStart);
  quiet.loaded(kStart);
  quiet.looking();
  quiet.looked(kStart + 700 * ms, Seen::news);
  EXPECT_EQ(quiet.due(kStart + 60'000 * ms), Due::no);
}

TEST(PageQuiet, APageThatNeverRestsIsDueAfter8s) {
  PageQuiet quiet;
  quiet.committed(kStart);
  std::int64_t now = kStart;
  for (; now < kStart + 7900 * ms; now += 100 * ms) {
    quiet.changed(now);
    ASSERT_EQ(quiet.due(now), Due::no);
  }
  EXPECT_EQ(quiet.due(kStart + kQuietBound_us), Due::bound);
}

TEST(PageQuiet, ALongPollDoesNotHoldUpLaterStates) {
  PageQuiet quiet;
  quiet.committed(kStart);
  quiet.loaded(kStart);
  quiet.request_started("poll", kStart);
  EXPECT_EQ(quiet.due(kStart + 7900 * ms), Due::no);
  quiet.looking();
  quiet.looked(kStart + 8000 * ms, Seen::news);
  quiet.changed(kStart + 20'000 * ms);
  EXPECT_EQ(quiet.due(kStart + 20'600 * ms), Due::quiet);
}

TEST(PageQuiet, LooksThatFindNothingAreSpaced) {
  PageQuiet quiet;
  quiet.committed(kStart);
  quiet.loaded(kStart);
  std::int64_t now = kStart;
  for (int i = 0; i < 5; ++i) {
    quiet.looking();
    EXPECT_EQ(quiet.looked(now, Seen::nothing_new), Seen::nothing_new);
    quiet.changed(now + 1);
    now += 10'000 * ms;
  }
  quiet.looking();
  quiet.looked(now, Seen::nothing_new);
  quiet.changed(now);
  EXPECT_EQ(quiet.due(now + 1900 * ms), Due::no);
  EXPECT_EQ(quiet.due(now + 2000 * ms), Due::quiet);
}

TEST(PageQuiet, CountdownsAreRecordedEverMoreSeldomAndNewsAlways) {
  PageQuiet quiet;
  quiet.committed(kStart);
  int recorded = 0;
  for (int second = 0; second < 120; ++second)
    recorded += quiet.looked(kStart + second * 1000 * ms, Seen::digits) == Seen::digits ? 1 : 0;
  EXPECT_GE(recorded, 5);
  EXPECT_LE(recorded, 8);
  EXPECT_EQ(quiet.looked(kStart + 121'000 * ms, Seen::news), Seen::news);
}

TEST(PageQuiet, AFailedLookIsStillOwed) {
  PageQuiet quiet;
  quiet.committed(kStart);
  quiet.loaded(kStart);
  quiet.looking();
  quiet.looked(kStart, Seen::failed);
  EXPECT_EQ(quiet.due(kStart + 2000 * ms), Due::quiet);
}

TEST(PageSignature, TellsWordsFromDigitsAndSameFromOther) {
  const auto of = [](const std::string& url, const std::vector<std::string>& lines) {
    return signature_of(snapshot_of(url, lines)).value_or(PageSignature());
  };
  const PageSignature first = of("https://a/", {"支付中", "剩余 14:59"});
  EXPECT_EQ(first.title, "题目");
  EXPECT_EQ(compare(first, of("https://a/", {"支付中", "剩余 14:59"})), Seen::nothing_new);
  EXPECT_EQ(compare(first, of("https://a/", {"支付中", "剩余 14:58"})), Seen::digits);
  EXPECT_EQ(compare(first, of("https://a/", {"支付成功", "剩余 14:59"})), Seen::news);
  EXPECT_EQ(compare(first, of("https://a/b", {"支付中", "剩余 14:59"})), Seen::news);
  EXPECT_FALSE(signature_of(Json::object()).ok());
  EXPECT_FALSE(signature_of({{"documents", Json::array()}, {"strings", Json::array()}}).ok());
}

TEST(PageSignature, WhatIsTypedCounts) {
  Json before = snapshot_of("https://a/", {"搜索"}), after = before;
  before["documents"][0]["nodes"]["inputValue"] = {{"index", {1}}, {"value", {-1}}};
  after["documents"][0]["nodes"]["inputValue"] = {{"index", {1}}, {"value", {2}}};
  EXPECT_EQ(compare(*signature_of(before), *signature_of(after)), Seen::news);
}

}  // namespace
}  // namespace netsampler
