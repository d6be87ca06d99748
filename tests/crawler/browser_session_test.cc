// The session against a scripted browser: which states of a page become archives, with what in them.
#include <gtest/gtest.h>

#include "tests/crawler/fake_browser.h"

namespace netsampler {
namespace {

constexpr std::int64_t kMs = 1000;
const std::string kUrl = "https://shop.example/item?id=1";

std::string text_of(const Exchange& exchange) {
  const auto bytes = exchange.body.read();
  return bytes.ok() ? std::string(as_text(*bytes)) : bytes.error().text;
}

class BrowserSessionTest : public testing::Test {
 protected:
  BrowserSessionTest() {
    session_.start();
    event("Target.attachedToTarget", {{"sessionId", "S1"}, {"targetInfo", {{"targetId", "T1"}, {"type", "page"}, {"url", "about:blank"}}}},
          "");
    EXPECT_EQ(browser_.count("Runtime.runIfWaitingForDebugger"), 0u) << "the page waits until its bodies are kept";
    answer_last("Network.configureDurableMessages", Json::object());
    answer_last("Page.getFrameTree", Json::object());
  }
  void take(const std::string& message) { ASSERT_TRUE(session_.take(message).ok()) << message; }
  void event(const std::string& method, const Json& params, const std::string& session = "S1") {
    take(FakeBrowser::event(method, params, session));
  }
  void answer_last(const std::string& method, const Json& result) {
    const auto commands = browser_.waiting(method);
    ASSERT_FALSE(commands.empty()) << method;
    take(FakeBrowser::answer_to(commands.back(), result));
  }
  void pass(std::int64_t ms) {
    for (std::int64_t i = 0; i < ms; i += 50) {
      clock_.advance(50 * kMs);
      session_.tick();
    }
  }
  // The network's part of one response.
  void load(const std::string& id, const std::string& loader, const std::string& url, const std::string& type, const std::string& body) {
    event("Network.requestWillBeSent", {{"requestId", id}, {"loaderId", loader}, {"frameId", "T1"}, {"type", type},
                                        {"request", {{"url", url}, {"method", "GET"}, {"headers", {{"Accept", "*/*"}}}}}});
    event("Network.responseReceived", {{"requestId", id}, {"loaderId", loader}, {"type", type},
                                       {"response", {{"url", url}, {"status", 200}, {"statusText", "OK"}, {"mimeType", "text/html"}}}});
    event("Network.dataReceived", {{"requestId", id}, {"dataLength", body.size()}});
    event("Network.loadingFinished", {{"requestId", id}});
    answer_last("Network.getResponseBody", {{"body", body}, {"base64Encoded", false}});
  }
  void commit(const std::string& loader, const std::string& url) {
    event("Page.frameNavigated", {{"type", "Navigation"}, {"frame", {{"id", "T1"}, {"loaderId", loader}, {"url", url}}}});
  }
  void open_page(const std::string& loader = "L1", const std::string& url = kUrl) {
    event("Page.frameStartedNavigating", {{"frameId", "T1"}, {"url", url}, {"loaderId", loader}, {"navigationType", "differentDocument"}});
    load(loader, loader, url, "Document", "<p>page " + loader);
    commit(loader, url);
    event("Page.loadEventFired", {{"timestamp", 1}});
  }
  void answer_look(const std::string& url, const std::vector<std::string>& lines) {
    answer_last("DOMSnapshot.captureSnapshot", snapshot_of(url, lines));
    if (browser_.count("Page.captureScreenshot") <= pictures_) return;
    pictures_ = browser_.count("Page.captureScreenshot");
    answer_last("Page.captureScreenshot", {{"data", "iVBORw=="}});
    answer_last("Page.captureSnapshot", {{"data", "From: <Saved by Blink>\r\n"}});
    if (pages_.size() < pictures_) answer_last("Network.getCertificate", {{"tableNames", {"MAA="}}});
  }
  std::size_t looks() const { return browser_.count("DOMSnapshot.captureSnapshot"); }

  ManualClock clock_;
  FakeBrowser browser_;
  std::vector<PageArchive> pages_;
  std::vector<std::string> findings_;
  std::vector<Download> downloads_;
  int ready_ = 0;
  std::size_t pictures_ = 0;
  BrowserSession session_{browser_, clock_, {},
                          {[this](PageArchive page) { pages_.push_back(std::move(page)); },
                           [this](const std::string& code, const std::string&, const Json&) { findings_.push_back(code); },
                           [this](const Download& download) { downloads_.push_back(download); },
                           [this] { ++ready_; },
                           [](const std::string&) {}}};
};

TEST_F(BrowserSessionTest, AQuietPageBecomesOneArchive) {
  EXPECT_EQ(ready_, 1);
  open_page();
  pass(550);
  EXPECT_EQ(looks(), 0u);
  pass(100);
  answer_look(kUrl, {"电饭煲", "¥199"});
  ASSERT_EQ(pages_.size(), 1u);
  const PageArchive& page = pages_[0];
  EXPECT_EQ(page.ended, "quiet");
  EXPECT_EQ(page.url, kUrl);
  EXPECT_EQ(page.title, "题目");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.certificates, (std::vector<Bytes>{{0x30, 0x00}}));
  EXPECT_EQ(page.screenshot.size(), 4u);
  ASSERT_EQ(page.exchanges.size(), 1u);
  EXPECT_EQ(text_of(page.exchanges[0]), "<p>page L1");
  EXPECT_EQ(page.exchanges[0].body_state, BodyState::exact);
  EXPECT_LT(page.from_us, page.to_us);
  pass(30'000);
  EXPECT_EQ(looks(), 1u) << "nothing happens, nothing is asked";
}

TEST_F(BrowserSessionTest, BytesOutsideUtf8AreExactButNotFromThePagesOwnMemory) {
  const std::string gbk = "<p>\xb5\xe7", utf8 = "<p>电";
  const auto begin = [this](const std::string& id, std::size_t bytes) {
    event("Network.requestWillBeSent", {{"requestId", id}, {"loaderId", "L1"}, {"frameId", "T1"}, {"type", "Script"},
                                        {"request", {{"url", kUrl + id}, {"method", "GET"}, {"headers", Json::object()}}}});
    if (bytes == 0) event("Network.requestServedFromCache", {{"requestId", id}});
    event("Network.responseReceived", {{"requestId", id}, {"loaderId", "L1"}, {"type", "Script"},
                                       {"response", {{"url", kUrl + id}, {"status", 200}, {"charset", "gbk"}}}});
    if (bytes > 0) event("Network.dataReceived", {{"requestId", id}, {"dataLength", bytes}});
    event("Network.loadingFinished", {{"requestId", id}});
  };
  open_page();
  begin("A", gbk.size());
  answer_last("Network.getResponseBody", {{"body", to_base64(as_bytes(gbk))}, {"base64Encoded", true}});
  begin("B", 0);
  answer_last("Network.getResponseBody", {{"body", utf8}, {"base64Encoded", false}});
  begin("C", 5);
  answer_last("Network.getResponseBody", {{"body", "ascii"}, {"base64Encoded", false}});
  pass(700);
  answer_look(kUrl, {"电"});
  ASSERT_EQ(pages_.size(), 1u);
  ASSERT_EQ(pages_[0].exchanges.size(), 4u);
  EXPECT_EQ(text_of(pages_[0].exchanges[1]), gbk);
  EXPECT_EQ(pages_[0].exchanges[1].body_state, BodyState::exact);
  EXPECT_EQ(pages_[0].exchanges[2].body_state, BodyState::converted);
  EXPECT_EQ(pages_[0].exchanges[3].body_state, BodyState::exact);
}

TEST_F(BrowserSessionTest, NoScriptEverRunsInThePage) {
  open_page();
  pass(1000);
  for (const Json& command : browser_.sent) {
    const std::string method = command["method"];
    EXPECT_NE(method, "Runtime.evaluate");
    EXPECT_NE(method, "Runtime.enable");
    EXPECT_EQ(method.find("addScript"), std::string::npos);
  }
}

TEST_F(BrowserSessionTest, AChangeInPlaceIsANewPageAndASameLookIsNone) {
  open_page();
  pass(700);
  answer_look(kUrl, {"等待支付"});
  event("DOM.characterDataModified", {{"nodeId", 5}, {"characterData", "x"}});
  pass(1200);
  EXPECT_EQ(looks(), 2u);
  answer_look(kUrl, {"等待支付"});
  EXPECT_EQ(pages_.size(), 1u) << "nothing that shows";
  load("2.1", "L1", "https://shop.example/poll", "XHR", "paid");
  event("DOM.childNodeInserted", {{"parentNodeId", 5}});
  pass(1500);
  answer_look(kUrl, {"支付成功"});
  ASSERT_EQ(pages_.size(), 2u);
  EXPECT_EQ(pages_[1].status, 200) << "of the document, which came earlier";
  ASSERT_EQ(pages_[1].exchanges.size(), 1u);
  EXPECT_EQ(pages_[1].exchanges[0].url, "https://shop.example/poll");
  EXPECT_GT(pages_[1].from_us, pages_[0].to_us);
}

TEST_F(BrowserSessionTest, WhatWasTypedIsKeptWhenThePageIsLeft) {
  open_page();
  pass(700);
  answer_look(kUrl, {"搜索"});
  event("Page.frameStartedNavigating",
        {{"frameId", "T1"}, {"url", "https://shop.example/s"}, {"loaderId", "L2"}, {"navigationType", "differentDocument"}});
  EXPECT_EQ(looks(), 2u);
  Json snapshot = snapshot_of(kUrl, {"搜索"});
  snapshot["documents"][0]["nodes"]["inputValue"] = {{"index", {1}}, {"value", {1}}};
  answer_last("DOMSnapshot.captureSnapshot", snapshot);
  load("L2", "L2", "https://shop.example/s", "Document", "results");
  commit("L2", "https://shop.example/s");
  answer_last("Page.captureScreenshot", {{"data", "iVBORw=="}});
  answer_last("Page.captureSnapshot", {{"data", "of which page?"}});
  ASSERT_EQ(pages_.size(), 2u);
  EXPECT_TRUE(pages_[1].mhtml.empty());
  EXPECT_EQ(pages_[1].ended, "left");
  EXPECT_EQ(pages_[1].url, kUrl);
  EXPECT_TRUE(pages_[1].screenshot.empty()) << "it came after the next page was there";
  EXPECT_TRUE(pages_[1].exchanges.empty()) << "the next page's document belongs to the next page";
}

TEST_F(BrowserSessionTest, APageLeftBeforeItWasSeenIsRecordedWithoutAPicture) {
  open_page("L1", kUrl);
  event("Page.frameStartedNavigating",
        {{"frameId", "T1"}, {"url", "https://b.example/"}, {"loaderId", "L2"}, {"navigationType", "differentDocument"}});
  load("L2", "L2", "https://b.example/", "Document", "second");
  commit("L2", "https://b.example/");
  answer_last("DOMSnapshot.captureSnapshot", snapshot_of("https://b.example/", {"second"}));  // too late: of the next page
  ASSERT_EQ(pages_.size(), 1u);
  EXPECT_EQ(pages_[0].url, kUrl);
  EXPECT_EQ(pages_[0].ended, "left");
  EXPECT_TRUE(pages_[0].snapshot.empty());
  ASSERT_EQ(pages_[0].exchanges.size(), 1u);
  EXPECT_EQ(text_of(pages_[0].exchanges[0]), "<p>page L1");
}

TEST_F(BrowserSessionTest, APageThatNeverRestsIsClosedInTime) {
  open_page();
  for (int i = 0; i < 200 && looks() == 0; ++i) {
    event("DOM.attributeModified", {{"nodeId", 1}});
    pass(50);
  }
  answer_look(kUrl, {"转圈"});
  ASSERT_EQ(pages_.size(), 1u);
  EXPECT_EQ(pages_[0].ended, "bound");
  EXPECT_LE(pages_[0].to_us - pages_[0].from_us, kQuietBound_us + 200 * kMs);
}

TEST_F(BrowserSessionTest, ABrowserThatDoesNotAnswerIsNotWaitedForForEver) {
  open_page();
  pass(40'000);
  ASSERT_EQ(pages_.size(), 1u) << "after three looks without an answer";
  EXPECT_TRUE(pages_[0].snapshot.empty());
  EXPECT_EQ(pages_[0].exchanges.size(), 1u);
}

TEST_F(BrowserSessionTest, TheEndTakesALastLook) {
  open_page();
  session_.close_pages();
  EXPECT_FALSE(session_.idle());
  answer_look(kUrl, {"x"});
  EXPECT_TRUE(session_.idle());
  ASSERT_EQ(pages_.size(), 1u);
  EXPECT_EQ(pages_[0].ended, "closed");
}

TEST_F(BrowserSessionTest, ATabThatIsGoneIsRecordedOnce) {
  open_page();
  pass(700);
  event("Target.detachedFromTarget", {{"sessionId", "S1"}, {"targetId", "T1"}}, "");
  ASSERT_EQ(pages_.size(), 1u);
  EXPECT_EQ(pages_[0].ended, "closed");
  session_.gone();
  EXPECT_EQ(pages_.size(), 1u);
}

TEST_F(BrowserSessionTest, PagesOfTheBrowserItselfAreNotEvidence) {
  commit("L0", "chrome://newtab/");
  event("Page.loadEventFired", {{"timestamp", 1}});
  pass(10'000);
  session_.close_pages();
  EXPECT_EQ(looks(), 0u);
  EXPECT_TRUE(pages_.empty());
}

TEST_F(BrowserSessionTest, DevToolsAndExtensionsAreToldOnce) {
  const auto target = [](const char* id, const char* url) { return Json{{"targetInfo", {{"targetId", id}, {"url", url}}}}; };
  event("Target.targetCreated", target("D", "devtools://devtools/bundled/a.html"), "");
  event("Target.targetInfoChanged", target("D", "devtools://devtools/bundled/a.html"), "");
  event("Target.targetCreated", target("E", "chrome-extension://abcdefghijklmnopabcdefghijklmnop/b.js"), "");
  event("Target.targetCreated", target("P", "https://shop.example/devtools://"), "");
  EXPECT_EQ(findings_, (std::vector<std::string>{"devtools-used", "extension-seen"}));
  EXPECT_TRUE(session_.devtools_seen());
  EXPECT_EQ(session_.extensions().size(), 1u);
}

TEST_F(BrowserSessionTest, ARedirectKeepsBothAnswers) {
  const Json redirect = {{"url", "https://shop.example/old"}, {"status", 302}, {"statusText", "Found"}, {"headers", {{"Location", kUrl}}}};
  const auto request = [](const std::string& url) { return Json{{"url", url}, {"method", "GET"}, {"headers", Json::object()}}; };
  event("Network.requestWillBeSent", {{"requestId", "L1"}, {"loaderId", "L1"}, {"type", "Document"}, {"request", request("https://shop.example/old")}});
  event("Network.requestWillBeSent", {{"requestId", "L1"}, {"loaderId", "L1"}, {"type", "Document"}, {"request", request(kUrl)},
                                      {"redirectResponse", redirect}});
  event("Network.responseReceived", {{"requestId", "L1"}, {"loaderId", "L1"}, {"response", {{"status", 200}, {"statusText", "OK"}}}});
  event("Network.loadingFinished", {{"requestId", "L1"}});
  answer_last("Network.getResponseBody", {{"body", "eA=="}, {"base64Encoded", true}});
  commit("L1", kUrl);
  event("Page.loadEventFired", {{"timestamp", 1}});
  pass(700);
  answer_look(kUrl, {"x"});
  ASSERT_EQ(pages_.size(), 1u);
  ASSERT_EQ(pages_[0].exchanges.size(), 2u);
  EXPECT_EQ(pages_[0].exchanges[0].status, 302);
  EXPECT_EQ(pages_[0].exchanges[0].body_state, BodyState::none);
  EXPECT_EQ(pages_[0].exchanges[1].status, 200);
  EXPECT_EQ(text_of(pages_[0].exchanges[1]), "x");
}

TEST_F(BrowserSessionTest, ABodyBeyondTheBoundIsCutAndCounted) {
  event("Network.requestWillBeSent", {{"requestId", "9"}, {"loaderId", "L1"}, {"type", "Media"},
                                      {"request", {{"url", "https://shop.example/film"}, {"method", "GET"}, {"headers", Json::object()}}}});
  event("Network.responseReceived", {{"requestId", "9"}, {"loaderId", "L1"}, {"response", {{"status", 200}}}});
  event("Network.dataReceived", {{"requestId", "9"}, {"dataLength", kBodyLimit_bytes + 1}});
  event("Network.loadingFinished", {{"requestId", "9"}});
  EXPECT_EQ(browser_.count("Network.getResponseBody"), 0u);
  EXPECT_EQ(session_.cut(), 1);
  open_page();
  pass(700);
  answer_look(kUrl, {"x"});
  ASSERT_EQ(pages_.size(), 1u);
  EXPECT_EQ(pages_[0].exchanges[0].body_state, BodyState::too_long);
  EXPECT_EQ(pages_[0].exchanges[1].body_state, BodyState::exact);
}

}  // namespace
}  // namespace netsampler
