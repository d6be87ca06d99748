// What a package declares as withheld: accepted where it only excuses an absence, refused where it says otherwise than the records.
#include "evidence/format/withheld.h"

#include "tests/evidence/verify/helpers.h"

namespace netsampler::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kBase = std::string("data/recordings/") + kPurchase + "/";
const std::string kSegment = kBase + "media/screen/000001.m4s";
const std::string kPage = kBase + "pages/0/page.warc";
const std::string kOpenings = kBase + "private.jsonl";
const WithheldHeader kHeader{"seller", std::string(64, 'a'), ""};

WithheldItem file_item(const Files& files, const std::string& path) {
  const std::string& bytes = files.at(path);
  return {path, -1, -1, static_cast<std::int64_t>(bytes.size()), hex_of(sha256(as_bytes(bytes))), "alice", "他人信息"};
}

WithheldItem opening_item(std::int64_t seq, std::int64_t index) { return {kOpenings, seq, index, 0, "", "alice", "收货人信息"}; }

void rebag(Files& files) {
  for (const char* path : {"manifest-sha256.txt", "tagmanifest-sha256.txt", "package.sig"}) files.erase(path);
  make_bag(files, box_key());
}

// The first opening of the purchase, its line put in its withheld form.
Opening withhold_first_opening(Files& files) {
  const std::string line = line_at(files[kOpenings], 0);
  const Opening opening = parse_opening(line).take();
  files[kOpenings] = replaced(files[kOpenings], line, withheld_line(opening));
  return opening;
}

// A package without its second segment and a page's archive, which are declared with their reason.
struct Masked : ::testing::Test {
  Files files = sound_package();
  std::vector<WithheldItem> items{file_item(files, kSegment), file_item(files, kPage)};
  void SetUp() override {
    files.erase(kSegment);
    files.erase(kPage);
  }
  std::vector<std::string> codes() {
    if (!files.contains(kWithheldFile)) files[kWithheldFile] = print_withheld(kHeader, items);
    rebag(files);
    return codes_of(report_of(files));
  }
};

TEST_F(Masked, FilesThatAreDeclaredAreWithheldWithTheirReason) {
  EXPECT_THAT(codes(), ElementsAre("file-withheld", "file-withheld", "unstamped"));
  const auto report = report_of(files);
  EXPECT_EQ(report.findings[0].where, kSegment);
  EXPECT_THAT(verify::text_of(report.findings[0], false), HasSubstr("他人信息"));
  EXPECT_STREQ(verify::verdict_of(report), "PARTIAL");
}

TEST_F(Masked, WhatIsNotDeclaredIsMissing) {
  items.pop_back();
  EXPECT_THAT(codes(), ElementsAre("file-withheld", "file-missing", "unstamped"));
}

TEST_F(Masked, AnotherHashOrSizeThanTheRecordsIsAContradiction) {
  items[0].sha256[0] = items[0].sha256[0] == '0' ? '1' : '0';
  EXPECT_THAT(codes(), ElementsAre("withheld-list", "file-withheld", "unstamped"));
  files.erase(kWithheldFile);
  items[0] = items[1];
  items[0].path = kSegment;
  EXPECT_THAT(codes(), ElementsAre("withheld-list", "file-withheld", "unstamped"));
}

TEST_F(Masked, DeclaredAndHereIsSaid) {
  files[kPage] = sound_package()[kPage];
  EXPECT_THAT(codes(), ElementsAre("file-withheld", "withheld-present", "unstamped"));
}

TEST_F(Masked, AFileThatNoRecordNamesMayBeDeclared) {
  items.push_back(items[0]);
  items.back().path = "data/case.json";
  EXPECT_THAT(codes(), ElementsAre("file-withheld", "file-withheld", "file-withheld", "unstamped"));
  EXPECT_THAT(report_of(files).findings[2].detail, HasSubstr("no record names it"));
}

TEST_F(Masked, OpeningsAreCountedByReason) {
  const Opening opening = withhold_first_opening(files);
  items.push_back(opening_item(opening.seq, opening.index));
  EXPECT_THAT(codes(), ElementsAre("file-withheld", "file-withheld", "withheld", "unstamped"));
  EXPECT_EQ(report_of(files).findings[2].detail, "1 (收货人信息)");
}

TEST_F(Masked, AnOpeningMayBeWithheldWithoutAReason) {
  withhold_first_opening(files);
  EXPECT_THAT(codes(), ElementsAre("file-withheld", "file-withheld", "withheld", "unstamped"));
  EXPECT_EQ(report_of(files).findings[2].detail, "1");
}

TEST_F(Masked, AnOpeningDeclaredAndHereIsSaid) {
  const Opening opening = parse_opening(line_at(files[kOpenings], 0)).take();
  items.push_back(opening_item(opening.seq, opening.index));
  EXPECT_THAT(codes(), ElementsAre("file-withheld", "file-withheld", "withheld-present", "unstamped"));
}

// A list out of its form excuses nothing.
TEST_F(Masked, AListOutOfItsFormDeclaresNothing) {
  const std::string good = print_withheld(kHeader, items);
  const std::string first = line_at(good, 0) + "\n", one = line_at(good, 1) + "\n", two = line_at(good, 2) + "\n";
  for (const std::string& text : {std::string(), one + two, first + two + one, first + one + one, first + one + two.substr(0, 20),
                                  first + replaced(one, "\"by\":\"alice\"", "\"by\":\"张三\""), first + replaced(one, "data/", "../"),
                                  first + replaced(one, "{", "{ "), replaced(first, "\"v\":1", "\"v\":2") + one + two}) {
    files[kWithheldFile] = text;
    EXPECT_THAT(codes(), ElementsAre("withheld-list", "file-missing", "file-missing", "unstamped")) << text;
  }
  files[kWithheldFile] = good;
  EXPECT_THAT(codes(), ElementsAre("file-withheld", "file-withheld", "unstamped"));
}

TEST(WithheldReasons, AreOneLineOfText) {
  EXPECT_TRUE(is_withheld_reason("依《个人信息保护法》不提供"));
  EXPECT_FALSE(is_withheld_reason(""));
  EXPECT_FALSE(is_withheld_reason("two\nlines"));
  EXPECT_FALSE(is_withheld_reason(std::string(kReasonBytes + 1, 'x')));
  EXPECT_FALSE(is_withheld_reason("\xff"));
}

}  // namespace
}  // namespace netsampler::test
