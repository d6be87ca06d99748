// The web archive of a recording: its index, what goes into it, the same bytes each time, nothing that the mask leaves out.
#include "evidence/package/web_archive.h"

#include "evidence/base/json.h"
#include "evidence/package/package.h"
#include "evidence/package/web_index.h"
#include "evidence/package/zip_writer.h"
#include "evidence/web/gzip.h"
#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

std::string record(const std::string& type, const std::string& fields, const std::string& block) {
  const std::string text = "WARC/1.1\r\nWARC-Type: " + type + "\r\nWARC-Date: 2027-01-15T08:00:00.123456Z\r\n" + fields +
                           "Content-Length: " + std::to_string(block.size()) + "\r\n\r\n" + block + "\r\n\r\n";
  Bytes packed;
  EXPECT_TRUE(append_gzip(packed, as_bytes(text), 6).ok());
  return std::string(as_text(packed));
}
std::string answer(const std::string& url, const std::string& id) {
  return record("response", "WARC-Target-URI: " + url + "\r\nWARC-Record-ID: <urn:uuid:" + id + ">\r\nWARC-Payload-Digest: sha256:00\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\n\r\n<p>");
}
std::string question(const std::string& url, const std::string& id, const std::string& method) {
  return record("request", "WARC-Target-URI: " + url + "\r\nWARC-Concurrent-To: <urn:uuid:" + id + ">\r\n", method + " / HTTP/1.1\r\n\r\n");
}

struct WebArchive : ::testing::Test {
  TestWorld world;
  void write(const std::string& path, const std::string& content) {
    ASSERT_TRUE(world.disk.make_directories(parent_of(path)).ok());
    auto file = world.disk.create(path);
    ASSERT_TRUE(file.ok() && (*file)->write(as_bytes(content)).ok() && (*file)->sync().ok());
  }
};

TEST_F(WebArchive, TheIndexSaysWhereEachAnswerToAGetLies) {
  const std::string first = answer("https://www.Shop.example/a?b=2&a=1", "1"), asked = question("https://www.Shop.example/a", "1", "GET"),
                    posted = answer("https://shop.example/pay", "2");
  write("/w/page.warc.gz", first + asked + posted + question("https://shop.example/pay", "2", "POST"));
  const auto lines = cdxj_lines(world.disk, "/w/page.warc.gz", "1.warc.gz");
  ASSERT_TRUE(lines.ok()) << lines.error().text;
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ(lines->front(), "example,shop)/a?a=1&b=2 20270115080000 {\"digest\":\"sha256:00\",\"filename\":\"1.warc.gz\",\"length\":\"" +
                                std::to_string(first.size()) +
                                "\",\"mime\":\"text/html\",\"offset\":\"0\",\"status\":\"200\",\"url\":\"https://www.Shop.example/a?b=2&a=1\"}\n");
}

TEST_F(WebArchive, WhatIsNoWarcHasNoIndex) {
  write("/w/plain", "WARC/1.1\r\n");
  write("/w/torn", answer("https://a.example/", "1").substr(0, 60));
  Bytes other;
  ASSERT_TRUE(append_gzip(other, as_bytes("something else"), 6).ok());
  write("/w/other", std::string(as_text(other)));
  for (const char* path : {"/w/plain", "/w/torn", "/w/other"}) {
    const auto lines = cdxj_lines(world.disk, path, "x");
    ASSERT_FALSE(lines.ok()) << path;
    EXPECT_EQ(lines.error().kind, ErrorKind::invalid) << path;
  }
}

TEST(Surt, OrdersHostAndQuery) {
  EXPECT_EQ(surt_of("http://Example.com"), "com,example)/");
  EXPECT_EQ(surt_of("https://m.shop.example:8443/X?"), "example,shop,m:8443)/x");
  EXPECT_EQ(surt_of("https://u:p@shop.example:443/#top"), "example,shop)/");
  EXPECT_EQ(surt_of("http://127.0.0.1:80/a"), "127.0.0.1)/a");
  EXPECT_EQ(surt_of("urn:sha256:AB"), "urn:sha256:AB");
}

TEST(ZipWriter, RefusesAnEntryOfAnotherLengthAndAReceiverThatFails) {
  const PieceVisitor takes = [](ByteView) { return Result<void>(); };
  ZipWriter longer(takes), shorter(takes);
  ASSERT_TRUE(longer.entry("a", 2).ok());
  EXPECT_FALSE(longer.write(as_bytes("abc")).ok());
  ASSERT_TRUE(shorter.entry("a", 2).ok());
  EXPECT_TRUE(shorter.write(as_bytes("a")).ok());
  EXPECT_FALSE(shorter.finish().ok());
  ZipWriter failing([](ByteView) -> Result<void> { return fail(ErrorKind::io, "the disk is full"); });
  ASSERT_TRUE(failing.entry("a", 2).ok());
  (void)failing.write(as_bytes("ab")).ok();
  const auto ended = failing.finish();
  ASSERT_FALSE(ended.ok());
  EXPECT_NE(ended.error().text.find("the disk is full"), std::string::npos);
}

struct WebExport : WebArchive {
  std::string id, head;
  void SetUp() override {
    world.started();
    ASSERT_TRUE(world.disk.make_directories("/nowhere").ok());
    ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), {{"title", "玩具"}}).ok());
    id = world.open("unboxing", "A1");
    page(1, "product", "https://shop.example/item");
    page(2, "order", "https://shop.example/order/8800");
    ASSERT_TRUE(world.ledger->close(id, "stopped", {}).ok());
    head = world.ledger->book_append("A1", "custody", "alice", {{"action", "export"}, {"profile", "full"}}, Json::object(), {}).take().head;
  }
  void page(std::int64_t number, const std::string& kind, const std::string& url) {
    const std::string folder = "pages/" + std::to_string(number) + "/";
    Json body = page_body(number);
    body["kind"] = kind;
    std::vector<LedgerFile> files;
    files.push_back(sealed(folder + "page.warc.gz", answer(url, "1")));
    files.push_back(sealed(folder + "page.json", print({{"url", url}, {"title", "页面"}, {"ts", "2027-01-15T08:00:00Z"}, {"text", "可见"}})));
    files.push_back(sealed(folder + "screenshot.png", "PNG"));
    ASSERT_TRUE(world.ledger->append(id, "page", body, {{"url", url}}, std::move(files)).ok());
  }
  std::string wacz(const std::string& profile, const std::string& out) {
    EXPECT_TRUE(world.disk.make_directories(out).ok());
    const ExportRequest request{"/state/data", "A1", profile, "alice", out, "test"};
    const auto made = write_package(world.disk, [this](const std::string& hash) { return world.ledger->package_sign(hash); }, request, head, {});
    EXPECT_TRUE(made.ok()) << made.error().text;
    const auto bytes = world.disk.read(out + "/A1/data/web/" + id + ".wacz", 1u << 20);
    if (bytes.ok()) {
      const auto manifest = world.disk.read(out + "/A1/manifest-sha256.txt", 1u << 20).take();
      EXPECT_NE(as_text(manifest).find(hex_of(sha256(*bytes)) + "  data/web/"), std::string_view::npos);
    }
    return bytes.ok() ? std::string(as_text(*bytes)) : "";
  }
};

TEST_F(WebExport, HoldsPagesIndexAndPicturesAndIsTheSameEachTime) {
  const std::string made = wacz("full", "/nowhere/a");
  for (const char* what : {"archive/1.warc.gz", "archive/2.warc.gz", "indexes/index.cdx", "pages/pages.jsonl", "screenshots/1.png",
                           "datapackage.json", "datapackage-digest.json", "\"wacz_version\": \"1.1.1\"", "example,shop)/item 20270115080000 ",
                           "order/8800", "\"text\":\"可见\""})
    EXPECT_NE(made.find(what), std::string::npos) << what;
  EXPECT_EQ(made, wacz("full", "/nowhere/b"));
}

TEST_F(WebExport, ASellerSeesTheShopsPagesAlone) {
  const std::string made = wacz("seller", "/nowhere/a");
  EXPECT_NE(made.find("archive/1.warc.gz"), std::string::npos);
  EXPECT_EQ(made.find("archive/2.warc.gz"), std::string::npos);
  EXPECT_EQ(made.find("8800"), std::string::npos);
  EXPECT_EQ(wacz("public", "/nowhere/b"), "");
}

}  // namespace
}  // namespace netsampler
