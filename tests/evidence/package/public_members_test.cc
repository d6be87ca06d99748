// Nothing personal gets into anything public: every kind of record is written by the ledger with a marked name, telephone number and address in whatever is
// private, and they are looked for in all that others may see; and no public text takes them, whoever hands it over.
#include <array>
#include <set>

#include "evidence/format/key_change.h"
#include "evidence/format/member_type.h"
#include "evidence/format/names.h"
#include "evidence/format/public_text.h"
#include "evidence/package/package.h"
#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

using T = MemberType;

constexpr std::array kMarks{"张三丰标记", "13912345678", "重庆市渝中区标记路88号"};
const std::string kAll = std::string(kMarks[0]) + " " + kMarks[1] + " " + kMarks[2];
// What the ledger writes itself, from what it knows: nobody hands over private members for these. `token` and `key_change` hold hashes and keys.
const std::set<std::string> kOwn{"open", "epoch", "close", "include", "token", "key_change", "case_open"};

std::string mark_in(const std::string& text) {
  for (const char* mark : kMarks)
    if (text.find(mark) != std::string::npos) return mark;
  return "";
}

Json text_of(const Member& member) {
  if (member.type == T::item) return "39-6";
  if (member.type == T::account) return "alice";
  if (member.type == T::display) return ":7";
  if (member.type == T::origin) return "https://shop.example:8443";
  if (member.type == T::phrase) return "Chromium 143.0.7499.169";
  if (member.type == T::recording) return std::string(26, 'a');
  if (member.name == "kind") return "order";
  if (member.name == "name") return "consignee.phone";
  return member.name == "source" ? "screen" : member.name == "ended" ? "left" : "some-word2";
}

Json sample_of(const Member& member) {
  switch (member.type) {
    case T::integer:
    case T::count: return 1;
    case T::boolean: return true;
    case T::hash: return std::string(64, 'a');
    case T::key: return to_base64(PublicKey{});
    case T::signature: return to_base64(Signature{});
    case T::severity: return "note";
    case T::accounts: return Json::array({"alice", "bob"});
    case T::rect: return {1, 2, 3, 4};
    case T::rects: return Json::array({{1, 2, 3, 4}, {5, 6, 7, 8}});
    case T::file: return json_of(NamedFile{"keys.txt", 1, std::string(64, 'a'), std::string(64, 'b')});
    case T::files: return Json::array();
    case T::servers: return Json::array({{{"server", "ntp.example:123"}, {"ok", false}, {"why", "no answer"}}});
    case T::resumption:
      return {{"recording", std::string(26, 'a')}, {"head", std::string(64, 'a')}, {"last_seq", 1}, {"torn_bytes", 0}, {"torn_sha256", std::string(64, 'b')}};
    case T::key_changes: return json_of(KeyHistory{rotate_key(SigningKey(Secret::random()), SigningKey(Secret::random()), 1)});
    default: return text_of(member);
  }
}

Json body_of(const Kind& kind, bool with_files) {
  Json body = Json::object();
  for (const Member& member : kind.members)
    if (with_files || (member.type != T::file && member.type != T::files)) body[std::string(member.name)] = sample_of(member);
  return body;
}

// Each place of a string in the sample, filled with the mark.
std::vector<Json> marked(const Member& member, const std::string& mark) {
  if (member.type == T::accounts) return {Json::array({"alice", mark})};
  if (member.type == T::servers) return {Json::array({{{"server", mark}, {"ok", true}}}), Json::array({{{"server", "a"}, {"ok", false}, {"why", mark}}})};
  if (member.type == T::file || member.type == T::files) return {};
  return {mark, "a" + mark, mark + ":1", "https://" + mark, "a." + mark + ".b"};
}

TEST(PublicMembers, TakeNoMarkWhoeverHandsItOver) {
  crypto_start();
  for (const Kind& kind : all_kinds()) {
    const Json good = body_of(kind, true);
    const auto accepted = check_public(kind.chain, std::string(kind.type), good);
    ASSERT_TRUE(accepted.ok()) << kind.type << ": " << accepted.error().text;
    for (const Member& member : kind.members) {
      for (const char* mark : kMarks) {
        for (const Json& value : marked(member, mark)) {
          Json bad = good;
          bad[std::string(member.name)] = value;
          const auto refused = check_public(kind.chain, std::string(kind.type), bad);
          ASSERT_FALSE(refused.ok()) << kind.type << "." << member.name << " takes " << print(value);
          EXPECT_EQ(mark_in(refused.error().text), "") << refused.error().text;
          const bool text_to_readers = has_type(value, member.type);
          EXPECT_EQ(text_to_readers, check_read(kind.chain, std::string(kind.type), bad).ok()) << kind.type << "." << member.name;
        }
      }
    }
  }
}

struct Row {
  T type;
  const char* text;
  bool fits;
};
constexpr Row kTexts[] = {
    {T::word, "order.placed_at", true},      {T::word, "h264", true},           {T::word, "case-closed", true},      {T::word, "", false},
    {T::word, "a..b", false},                {T::word, "x-", false},            {T::word, "Order", false},           {T::word, "a12345", false},
    {T::item, "39-5", true},                 {T::item, "139-12", true},         {T::item, "39-", false},             {T::item, "139-1234", false},
    {T::account, "cq-0001", true},           {T::account, "?", true},           {T::account, "20240012", true},      {T::account, "139-1234-5678", false},
    {T::display, ":7", true},                {T::display, "localhost:10.0", true}, {T::display, "7", false},         {T::display, ":139123", false},
    {T::origin, "https://shop107922698.example", true}, {T::origin, "http://127.0.0.1:34567", true}, {T::origin, "https://[::1]:8443", true},
    {T::origin, "data:", true},              {T::origin, "", true},             {T::origin, "https://10086.example", true},
    {T::origin, "https://139123456.example", false}, {T::origin, "https://a@b", false}, {T::origin, "https://x/y", false}, {T::origin, "https://商店.example", false},
    {T::phrase, "Linux 6.1.0-28-amd64", true}, {T::phrase, "http://tsa.example:3180/tsr", true}, {T::phrase, "build 139123456", false},
    {T::phrase, "两\n行", false},            {T::recording, "aaaaaaaaaaaaaaaaaaaaaaaaaa", true}, {T::recording, "a", false}};

TEST(PublicMembers, HaveNarrowForms) {
  for (const Row& row : kTexts) EXPECT_EQ(is_public_text(row.text, row.type), row.fits) << row.text;
  EXPECT_TRUE(is_public_path("pages/3/page.warc"));
  EXPECT_FALSE(is_public_path("pages/3/13912345678.png"));
}

struct PublicEvidence : ::testing::Test {
  TestWorld world;
  std::string id, heard, status;
  Json opened = Json::object();

  void SetUp() override {
    for (const char* field : {"name", "phone", "address", "value", "raw", "note", "url", "title", "text"}) opened[field] = kAll;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    write();
    heard = testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
  }
  void write() {
    world.started();
    ASSERT_TRUE(world.ledger->account_add("alice", kMarks[0], "alice-password").ok());
    EXPECT_FALSE(world.ledger->account_add(kMarks[1], "张", "alice-password").ok());
    EXPECT_FALSE(world.ledger->account_check(kMarks[1], "alice-password").ok());  // somebody typed his number into the wrong field
    ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), opened).ok());
    EXPECT_FALSE(world.ledger->case_open("A2", kMarks[1], Json::object(), opened).ok());
    id = world.open("unboxing", "A1");
    for (const Kind& kind : all_kinds())
      if (!kOwn.contains(std::string(kind.type))) append(kind);
    status = print(world.ledger->status().take());
    ASSERT_TRUE(world.ledger->close(id, "stopped", {}).ok());
  }
  void append(const Kind& kind) {
    const std::string type(kind.type);
    const Json body = body_of(kind, false);
    const auto receipt = kind.chain == ChainKind::book ? world.ledger->book_append("A1", type, "alice", body, opened, {})
                                                       : world.ledger->append(id, type, body, opened, files_of_kind(type));
    EXPECT_TRUE(receipt.ok()) << type << ": " << receipt.error().text;
  }
  static std::vector<LedgerFile> files_of_kind(const std::string& type) {
    if (type == "source") return one_file(init_path("screen"), "init");
    if (type == "segment") return one_file(segment_path("screen", 1), kAll);
    if (type == "page") return one_file("pages/1/page.warc", kAll);
    return {};
  }
  std::string text(const std::string& path) { return std::string(as_text(world.disk.read(path, 1u << 24).take())); }
  // The package under a profile, whole: paths and bytes.
  std::string package(const std::string& profile) {
    const std::string out = "/nowhere/" + profile;
    EXPECT_TRUE(world.disk.make_directories(out).ok());
    const Receipt custody = world.ledger->book_append("A1", "custody", "alice", {{"action", "export"}, {"profile", profile}}, Json::object(), {}).take();
    ExportRequest request{"/state/data", "A1", profile, "alice", out, "test"};
    request.log_size = static_cast<std::uint64_t>(int_or(world.ledger->log_flush().take(), "size", 0));
    const auto made = write_package(world.disk, [this](const std::string& hash) { return world.ledger->package_sign(hash); }, request, custody.head, {});
    EXPECT_TRUE(made.ok()) << made.error().text;
    std::string whole;
    for (const auto& path : walk(world.disk, out).take()) whole += path + "\n" + text(out + "/" + path);
    return whole;
  }
};

TEST_F(PublicEvidence, ChainsBooksKeysAndLogHoldNoMark) {
  std::set<std::string> looked_at;
  bool kept = false;
  for (const auto& path : walk(world.disk, "/state/data").take()) {
    const std::string content = text("/state/data/" + path);
    const bool personal = path.ends_with("private.jsonl") || path.find("/pages/") != std::string::npos || path.ends_with(".m4s");
    kept = kept || (path.ends_with("private.jsonl") && content.find(kAll) != std::string::npos);
    if (personal) continue;
    EXPECT_EQ(mark_in(path + content), "") << path;
    looked_at.insert(path.substr(path.rfind('/') + 1));
  }
  EXPECT_TRUE(kept);  // they are where they belong
  for (const char* name : {"chain.jsonl", "book.jsonl", "keys.txt", "checkpoint"}) EXPECT_TRUE(looked_at.contains(name)) << name;
}

TEST_F(PublicEvidence, EveryKindOfRecordIsThere) {
  std::set<std::string> types;
  for (const auto& records : {world.chain(id), world.book("A1"), world.book("box")})
    for (const auto& record : records) types.insert(record.head.type);
  for (const Kind& kind : all_kinds()) {
    const std::string type(kind.type);
    const bool later = type == "epoch" || type == "token" || type == "key_change";
    EXPECT_TRUE(later || types.contains(type)) << type;
  }
}

TEST_F(PublicEvidence, ProgramsLogAndStatusHoldNoMark) {
  EXPECT_NE(heard.find("recording " + id + " opened"), std::string::npos);
  EXPECT_EQ(mark_in(heard), "") << heard;
  EXPECT_EQ(mark_in(status), "") << status;
}

TEST_F(PublicEvidence, PackagesForSellersAndThePublicHoldNoMark) {
  for (const char* profile : {"seller", "public"}) {
    const std::string whole = package(profile);
    EXPECT_EQ(mark_in(whole), "") << profile;
    EXPECT_NE(whole.find("withheld.jsonl"), std::string::npos);
  }
  EXPECT_NE(mark_in(package("full")), "");
}

}  // namespace
}  // namespace netsampler
