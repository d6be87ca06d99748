// Packages made from a package: what is withheld is gone from every place and declared, and the rest verifies as before.
#include "evidence/package/mask_package.h"

#include <set>

#include "evidence/format/names.h"
#include "evidence/format/withheld.h"
#include "tests/evidence/ledger/faulty_file_system.h"
#include "tests/evidence/verify/helpers.h"

namespace netsampler {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsSubsetOf;
using testing::Not;
using namespace netsampler::test;

constexpr const char* kPhone = "13912345678";
constexpr std::int64_t kSecondUs = 1'000'000;
const std::string kRecording = std::string("data/recordings/") + kPurchase + "/";

std::string segment(int no) { return kRecording + segment_path("screen", no); }

Json page_body(RecordingMaker& made, std::int64_t number, const std::string& kind, std::int64_t from_us, std::int64_t to_us) {
  const std::string path = "pages/" + std::to_string(number) + "/page.warc";
  return {{"page", number}, {"kind", kind}, {"origin", "https://shop.example"}, {"status", 200}, {"responses", 1}, {"bytes", 5}, {"from_us", from_us},
          {"to_us", to_us}, {"ended", "left"}, {"files", Json::array({made.file(path, "WARC of a page of kind " + kind + ", " + kPhone)})}};
}

// 14 s of pictures in segments of 2 s, key frames in 0, 2, 5; a product page, from 4.5 s to 5.5 s an order page, then a shop page.
RecordingMaker purchase(ManualClock& clock, const SigningKey& box) {
  RecordingMaker made(kPurchase, "purchase", clock, box, 5);
  made.open();
  const std::int64_t begun_us = clock.boot_us();
  made.source();
  const auto second = [&](double seconds) { return begun_us + static_cast<std::int64_t>(seconds * kSecondUs); };
  for (int no = 0; no < 7; ++no) made.segment({.first_pts = static_cast<std::uint64_t>(no) * 180'000, .key = no == 0 || no == 2 || no == 5});
  made.add("page", page_body(made, 1, "product", second(0), second(4.5)), {{"url", "https://shop.example/item"}, {"title", "头盔"}});
  made.add("page", page_body(made, 2, "order", second(4.5), second(5.5)), {{"url", "https://shop.example/order?no=77"}, {"title", "订单"}});
  made.add("page", page_body(made, 3, "shop", second(5.5), second(5.9)), {{"url", "https://shop.example/shop"}, {"title", "店铺"}});
  made.add("page", page_body(made, 4, "licence", second(12), second(13)), {{"url", "https://shop.example/licence"}, {"title", "执照"}});
  made.add("fact", {{"page", 2}, {"kind", "order"}, {"name", "consignee.phone"}, {"from", "text"}}, {{"value", kPhone}, {"raw", std::string("电话 ") + kPhone}});
  made.add("fact", {{"page", 1}, {"kind", "product"}, {"name", "price.list"}, {"from", "jsonld"}}, {{"value", 19900}, {"raw", "￥199"}});
  made.close();
  return made;
}

Files full_package() {
  ManualClock clock;
  const SigningKey box = box_key();
  BookMaker book(kCase, clock, box);
  book.open();
  const RecordingMaker made = purchase(clock, box);
  book.include(made);
  book.add("custody", {{"action", "export"}, {"profile", "full"}});
  Files package;
  put_below(package, "data/case", book.files);
  put_below(package, std::string("data/recordings/") + kPurchase, made.files);
  package["data/case.json"] = std::string("derived, ") + kPhone;
  make_bag(package, box);
  return package;
}

struct MaskTest : ::testing::Test {
  FaultyFileSystem disk;
  Files original = full_package();
  MaskRequest request{"/p", "full", {}, "clerk", "/out", "test"};
  void SetUp() override {
    crypto_start();
    put(original, "/p");
    ASSERT_TRUE(disk.make_directories("/out").ok());
  }
  void put(const Files& files, const std::string& root) {
    for (const auto& [path, bytes] : files) {
      const std::string whole = root + "/" + path;
      ASSERT_TRUE(disk.make_directories(parent_of(whole)).ok());
      if (exists(disk, whole)) {
        ASSERT_TRUE(disk.remove(whole).ok());
      }
      ASSERT_TRUE(disk.create(whole).take()->write(as_bytes(bytes)).ok());
    }
  }
  Files made(const std::string& root = "/out") {
    const auto outcome = mask_package(disk, nullptr, request, {});
    EXPECT_TRUE(outcome.ok()) << outcome.error().text;
    return outcome.ok() ? all(root + "/" + kCase) : Files();
  }
  Files all(const std::string& root) {
    Files files;
    for (const auto& path : walk(disk, root).take()) files[path] = std::string(as_text(disk.read(root + "/" + path, 1u << 24).take()));
    return files;
  }
  ErrorKind refused() {
    const auto outcome = mask_package(disk, nullptr, request, {});
    EXPECT_FALSE(outcome.ok());
    EXPECT_FALSE(exists(disk, std::string("/out/") + kCase));
    return outcome.ok() ? ErrorKind::internal : outcome.error().kind;
  }
  std::set<std::string> codes(const Files& files) {
    const auto report = report_of(files);
    EXPECT_STREQ(verify::verdict_of(report), "PARTIAL");
    std::set<std::string> codes;
    for (const auto& code : codes_of(report)) codes.insert(code);
    return codes;
  }
  std::set<std::string> withheld(const Files& files) {
    std::set<std::string> paths;
    for (const auto& [path, bytes] : original)
      if (path.starts_with("data/") && !files.contains(path)) paths.insert(path.substr(5));
    return paths;
  }
};

const std::vector<std::string> kOfMasking{"file-withheld", "withheld", "package-unsigned", "unstamped"};

TEST_F(MaskTest, TheOriginalIsSound) { EXPECT_EQ(codes(original), (std::set<std::string>{"unstamped"})); }

TEST_F(MaskTest, ASellersVersionVerifiesAndHoldsNothingOfTheOrder) {
  request.profile = "seller";
  const Files files = made();
  EXPECT_THAT(codes(files), IsSubsetOf(kOfMasking)) << print_of(report_of(files));
  const std::string base = std::string("recordings/") + kPurchase + "/";
  // The order page was on the screen until the shop page was looked at (5.9 s): segment 2; 3 and 4 build upon it. Its late responses may be in page 3.
  EXPECT_EQ(withheld(files), (std::set<std::string>{"case.json", base + "pages/2/page.warc", base + "pages/3/page.warc", base + "media/screen/000002.m4s",
                                                    base + "media/screen/000003.m4s", base + "media/screen/000004.m4s"}));
  for (const auto& [path, bytes] : files) {
    const bool shown_page = path.ends_with("/pages/1/page.warc") || path.ends_with("/pages/4/page.warc");
    EXPECT_EQ(bytes.find(kPhone) != std::string::npos, shown_page) << path;
    EXPECT_EQ(bytes.find("订单"), std::string::npos) << path;
  }
  EXPECT_THAT(files.at(kRecording + "private.jsonl"), HasSubstr("19900"));
  EXPECT_EQ(files.at(kRecording + "chain.jsonl"), original.at(kRecording + "chain.jsonl"));
  const auto header = parse_withheld_header(line_at(files.at(kWithheldFile), 0)).take();
  EXPECT_EQ(header.original, hex_of(sha256(as_bytes(original.at("tagmanifest-sha256.txt")))));
  EXPECT_EQ(header.profile, "seller");
}

TEST_F(MaskTest, ThePublicSeesTheChainsAlone) {
  request.profile = "public";
  const Files files = made();
  EXPECT_THAT(codes(files), IsSubsetOf(kOfMasking)) << print_of(report_of(files));
  for (const auto& [path, bytes] : files) {
    EXPECT_THAT(path, Not(HasSubstr("/media/")));
    EXPECT_THAT(path, Not(HasSubstr("/pages/")));
    for (const char* personal : {kPhone, "订单", "头盔", "19900"}) EXPECT_EQ(bytes.find(personal), std::string::npos) << path;
  }
}

// The telephone number is one of 10^11: with the salt it would be found in an afternoon.
TEST_F(MaskTest, AWithheldNumberCannotBeGuessed) {
  request.rules.fields = {"consignee."};
  request.rules.reason = "收货人信息";
  std::string salt;
  for (std::size_t no = 0; salt.empty(); ++no) {
    const auto opening = parse_opening(line_at(original.at(kRecording + "private.jsonl"), no)).take();
    if (opening.value == kPhone) salt = opening.salt;
  }
  const Files files = made();
  for (const auto& [path, bytes] : files) EXPECT_EQ(bytes.find(salt), std::string::npos) << path;
  EXPECT_THAT(files.at(kRecording + "private.jsonl"), HasSubstr("订单"));
  EXPECT_THAT(codes(files), Contains("withheld"));
}

TEST_F(MaskTest, FieldsAreNamedByKindOrByAFactsName) {
  request.rules = {{"page.url", "price."}, {}, {}, {}, "试"};
  const std::string openings = made().at(kRecording + "private.jsonl");
  for (const char* gone : {"order?no=77", "19900", "￥199"}) EXPECT_THAT(openings, Not(HasSubstr(gone)));
  for (const char* kept : {"订单", kPhone}) EXPECT_THAT(openings, HasSubstr(kept));
}

TEST_F(MaskTest, FilesAreNamedByPatterns) {
  request.rules = {{}, {"recordings/*/pages/4/*", "recordings/*/000005.m4s"}, {}, {}, "第四页"};
  const Files files = made();
  const std::string base = std::string("recordings/") + kPurchase + "/";
  EXPECT_EQ(withheld(files), (std::set<std::string>{"case.json", base + "pages/4/page.warc", base + "media/screen/000005.m4s", base + "media/screen/000006.m4s"}));
  EXPECT_THAT(codes(files), IsSubsetOf(kOfMasking));
  EXPECT_THAT(verify::report_text(report_of(files), true), HasSubstr("第四页"));
}

TEST_F(MaskTest, ARangeOfTimeWithholdsPicturesAndPages) {
  const std::int64_t begun_us = ManualClock().utc;
  request.rules = {{}, {}, begun_us + 12'500'000, begun_us + 12'600'000, "他人入镜"};
  const std::string base = std::string("recordings/") + kPurchase + "/";
  EXPECT_EQ(withheld(made()), (std::set<std::string>{"case.json", base + "pages/4/page.warc", base + "media/screen/000006.m4s"}));
}

TEST_F(MaskTest, WhatWasWithheldBeforeStaysDeclaredWithItsReason) {
  request.profile = "seller";
  const Files first = made();
  request = {std::string("/out/") + kCase, "full", {{"price."}, {}, {}, {}, "价格"}, "other", "/again", "test"};
  const Files second = made("/again");
  EXPECT_THAT(codes(second), IsSubsetOf(kOfMasking)) << print_of(report_of(second));
  EXPECT_THAT(second.at(kWithheldFile), HasSubstr(kReasonPicture));
  EXPECT_THAT(second.at(kWithheldFile), HasSubstr("\"by\":\"clerk\""));
  EXPECT_THAT(second.at(kWithheldFile), HasSubstr("价格"));
  EXPECT_THAT(second.at("bag-info.txt"), HasSubstr("Netsampler-Profile: seller"));
  EXPECT_THAT(second.at(kRecording + "private.jsonl"), Not(HasSubstr("19900")));
  for (const auto& finding : report_of(second).findings) EXPECT_EQ(verify::row_of(finding.reason).code == "withheld" && finding.detail.empty(), false);
}

TEST_F(MaskTest, TheSameOriginalAndRulesGiveTheSameBytes) {
  request.profile = "panel";
  const Files one = made();
  request.out_directory = "/again";
  EXPECT_EQ(one, made("/again"));
}

// A slip of the pen must not pass for a masked name.
TEST_F(MaskTest, ARuleThatWithholdsNothingIsRefused) {
  for (const MaskRules& rules : {MaskRules{{"consignee.", "consigne.x"}, {}, {}, {}, "r"}, MaskRules{{"page.ur"}, {}, {}, {}, "r"},
                                 MaskRules{{}, {"recordings/*/pages/9/*"}, {}, {}, "r"}, MaskRules{{}, {}, 1, 2, "r"}, MaskRules{{""}, {}, {}, {}, "r"},
                                 MaskRules{{"consignee."}, {}, {}, {}, ""}, MaskRules{{"consignee."}, {}, {}, {}, "two\nlines"},
                                 MaskRules{{"consignee."}, {}, 2, 1, "r"}, MaskRules{}}) {
    request.rules = rules;
    EXPECT_EQ(refused(), ErrorKind::usage);
  }
  request.rules = {{"consignee."}, {}, {}, {}, "r"};
  request.by = "张三";
  EXPECT_EQ(refused(), ErrorKind::usage);
  request.by = "clerk";
  EXPECT_THAT(codes(made()), Contains("withheld"));
}

TEST_F(MaskTest, AnOriginalThatDoesNotFitItselfIsRefused) {
  request.profile = "seller";
  for (const std::string& path : {segment(0), kRecording + "chain.jsonl", kRecording + "private.jsonl", std::string("data/case/book.jsonl"),
                                  std::string("manifest-sha256.txt"), std::string("bag-info.txt"), std::string("package.sig")}) {
    Files changed{{path, original.at(path)}};
    changed[path].front() ^= 1;
    put(changed, "/p");
    EXPECT_EQ(refused(), ErrorKind::invalid) << path;
    put({{path, original.at(path)}}, "/p");
  }
  put({{kRecording + "pages/1/more.warc", "x"}}, "/p");
  request.profile = "full", request.rules = {{"consignee."}, {}, {}, {}, "r"};
  EXPECT_EQ(refused(), ErrorKind::invalid);
  ASSERT_TRUE(disk.remove("/p/" + kRecording + "pages/1/more.warc").ok());
  request.out_directory = "/again";
  EXPECT_FALSE(made("/again").empty());
}

// What is damaged must not pass for withheld.
TEST_F(MaskTest, AFileOtherThanItsRecordSaysIsNotDeclared) {
  request.profile = "seller";
  Files damaged = original;
  damaged[kRecording + "pages/2/page.warc"] += "x";
  for (const char* path : {"manifest-sha256.txt", "tagmanifest-sha256.txt", "package.sig"}) damaged.erase(path);
  make_bag(damaged, box_key());
  put(damaged, "/p");
  EXPECT_THAT(codes(made()), Contains("file-missing"));
}

TEST_F(MaskTest, RefusesAnOccupiedPlaceAndThePackageItself) {
  request.profile = "seller";
  request.out_directory = "/p/data";
  EXPECT_EQ(mask_package(disk, nullptr, request, {}).error().kind, ErrorKind::usage);
  request.out_directory = "/out";
  EXPECT_FALSE(made().empty());
  EXPECT_EQ(mask_package(disk, nullptr, request, {}).error().kind, ErrorKind::busy);
  request.package = "/nowhere", request.out_directory = "/other";
  EXPECT_EQ(mask_package(disk, nullptr, request, {}).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace netsampler
