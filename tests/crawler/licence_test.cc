// Numbers, QR payloads and captions of licences, without pictures; each accepted case has its refused twin.
#include <gtest/gtest.h>

#include <map>

#include "crawler/licence_number.h"
#include "crawler/licence_qr.h"
#include "crawler/licence_reader.h"
#include "crawler/licence_text.h"

namespace netsampler {
namespace {

constexpr const char* kUscc = "91110000600037341L";
constexpr const char* kOther = "92510100MA61WJ3204";
constexpr const char* kOld = "110108000000016";

std::vector<NumberReading> readings(const std::vector<std::string>& texts, int line = 0) {
  std::vector<NumberReading> all;
  for (const std::string& each : texts) all.push_back({each, line});
  return all;
}

TEST(LicenceNumber, AReadingWhoseTwoCheckDigitsAgreeIsGiven) {
  const LicenceNumber number = judge_uscc(readings({kUscc, "9111000060003734", "91110000600037347L"}));
  EXPECT_EQ(number.value, kUscc);
  EXPECT_TRUE(number.valid);
  EXPECT_TRUE(number.candidates.empty());
}

TEST(LicenceNumber, LettersThatTheStandardLeavesOutAreTheDigitsTheyLookLike) {
  EXPECT_EQ(as_uscc("9III0000600037341L"), kUscc);  // areas are digits: I is 1
  EXPECT_EQ(as_uscc("91110000600037E41V"), "");     // V looks like nothing
  EXPECT_EQ(judge_uscc(readings({"9111OOOO600037341L"})).value, kUscc);
}

TEST(LicenceNumber, TwoNumbersThatBothPassAreCandidatesAndNoneIsChosen) {
  const LicenceNumber same_line = judge_uscc(readings({kUscc, kUscc, kOther}));
  EXPECT_EQ(same_line.value, "");
  EXPECT_EQ(same_line.candidates, (std::vector<std::string>{kUscc, kOther}));
  auto two_lines = readings({kUscc, kUscc});
  two_lines.push_back({kOther, 1});
  const LicenceNumber number = judge_uscc(two_lines);
  EXPECT_EQ(number.value, "");
  EXPECT_EQ(number.candidates, (std::vector<std::string>{kUscc, kOther}));
}

TEST(LicenceNumber, PassingTheStandardAloneIsNotEnoughForOneReading) {
  const std::string broken = "91350100M000100Y56";  // the standard's check digit agrees, that of the organisation's code does not
  ASSERT_FALSE(is_sound_uscc(broken));
  ASSERT_TRUE(is_sound_uscc(kUscc));
  const LicenceNumber once = judge_uscc(readings({broken}));
  const LicenceNumber often = judge_uscc(readings({broken, broken, broken, broken}));
  EXPECT_EQ(once.value, "");
  EXPECT_EQ(once.candidates, std::vector<std::string>{broken});
  EXPECT_EQ(often.value, broken);
}

TEST(LicenceNumber, ReadingsAreJoinedWhereOneWayAlonePasses) {
  const LicenceNumber number = judge_uscc(readings({"9111000060003784IL", "911100006000373A1L"}));  // 8 for 3; A for 4
  EXPECT_EQ(number.value, kUscc);
  EXPECT_LT(number.confidence, 80);
  EXPECT_EQ(judge_uscc(readings({"9111000060003784IL"})).value, "");  // nobody read the right character: not invented
}

TEST(LicenceNumber, AGenuineNumberThatFailsIsKeptWithItsFault) {
  const std::string failing = "91350200M000000510";
  const LicenceNumber number = judge_uscc(readings({failing, failing, failing, failing}));
  EXPECT_EQ(number.value, failing);
  EXPECT_FALSE(number.valid);
  EXPECT_EQ(judge_uscc(readings({failing, failing, "91350200M000000519"})).value, "");  // readings that differ are no number
}

TEST(LicenceNumber, FifteenDigitsNeedTwoReadings) {
  EXPECT_EQ(judge_registration_number(readings({kOld, "11O1O8OOOOOOO16"})).value, kOld);
  const LicenceNumber once = judge_registration_number(readings({kOld}));
  EXPECT_EQ(once.value, "");
  EXPECT_EQ(once.candidates, std::vector<std::string>{kOld});
}

TEST(LicenceNumber, FoodLicencesAreReadWithTheirLetters) {
  EXPECT_EQ(judge_food_licence(readings({"JY11108071215650", "JYI1108071215650"})).value, "JY11108071215650");
  EXPECT_EQ(judge_food_licence(readings({"JY11105000000001", "JY11105000000001"})).valid, false);
}

TEST(LicenceQr, LinksAndTextsOfTheRegister) {
  EXPECT_EQ(read_licence_qr("http://www.gsxt.gov.cn/index.html?uniscid=91110000600037341L&sourceType=W").uscc, kUscc);
  const LicenceQr text = read_licence_qr("统一社会信用代码/注册号:91110000600037341L;\n名称:云峰（重庆）商贸有限公司;\n登记机关:某局;");
  EXPECT_EQ(text.uscc, kUscc);
  EXPECT_EQ(text.name, "云峰（重庆）商贸有限公司");
  EXPECT_TRUE(read_licence_qr("http://cq.gsxt.gov.cn/%7B0F2A%7D").of_a_licence);
  EXPECT_EQ(read_licence_qr("注册号：110108000000016").registration_number, kOld);
}

TEST(LicenceQr, AForeignOrBrokenPayloadSaysNothing) {
  EXPECT_EQ(read_licence_qr("https://shop.example/91110000600037341L").uscc, "");  // no licence's code
  EXPECT_EQ(read_licence_qr("uniscid=91110000600037341K").uscc, "");               // nothing is repaired
  EXPECT_FALSE(read_licence_qr(std::string(kQrTextLimit + 1, '9') + "gsxt.gov.cn").of_a_licence);
}

TEST(LicenceQr, HiddenCharactersInANameAreTold) {
  const LicenceQr qr = read_licence_qr("统一社会信用代码:91110000600037341L;名称:云\u202e峰\u200b商行;");
  EXPECT_TRUE(qr.hidden_characters);
  EXPECT_EQ(qr.name, "云峰商行");
  EXPECT_FALSE(read_licence_qr("统一社会信用代码:91110000600037341L;名称:云峰商行;").hidden_characters);
}

// Characters of 30 pixels; a space is a gap of one character.
void print(std::vector<TextSymbol>& page, const std::vector<std::string>& characters, int x, int y, int line) {
  for (const std::string& each : characters) {
    if (each != " ") page.push_back({each, {x, y, 28, 30}, 90, line});
    x += 30;
  }
}

TEST(LicenceText, ValuesBesideSpreadCaptionsInTwoColumns) {
  std::vector<TextSymbol> page;
  print(page, {"名", " ", " ", "称", " ", "云", "峰", "(", "重", "庆", ")", "商", "贸", "有", "限"}, 100, 100, 0);
  print(page, {"公", "司"}, 250, 140, 1);
  print(page, {"法", "定", "代", "表", "人", " ", "王", "芳"}, 900, 102, 2);
  print(page, {"类", " ", " ", "型", " ", "个", "体", "工", "商", "户"}, 100, 190, 3);
  std::map<std::string, std::string> found;
  for (const LicenceField& each : licence_fields(licence_rows(page))) found[each.name] = each.value;
  EXPECT_EQ(found["name"], "云峰（重庆）商贸有限公司");
  EXPECT_EQ(found["legal_representative"], "王芳");
  EXPECT_EQ(found["type"], "个体工商户");
  EXPECT_FALSE(found.contains("address"));
}

TEST(LicenceText, DirtInTheGapOfACaptionIsNoValue) {
  std::vector<TextSymbol> page;
  print(page, {"|", "名", " ", "一", "称", " ", "云", "峰", "商", "行"}, 100, 100, 0);
  const auto fields = licence_fields(licence_rows(page));
  ASSERT_EQ(fields.size(), 1U);
  EXPECT_EQ(fields[0].value, "云峰商行");
}

TEST(LicenceText, ASpeckInTheGapOfACaptionIsNoMark) {
  std::vector<TextSymbol> page;
  print(page, {"名", " ", " ", " ", "称", " ", "云", "峰", "商", "行"}, 100, 100, 0);
  page.insert(page.begin() + 1, TextSymbol{"。", {129, 118, 1, 1}, 30, 0});
  const auto fields = licence_fields(licence_rows(page));
  ASSERT_EQ(fields.size(), 1U);
  EXPECT_EQ(fields[0].value, "云峰商行");
  page[1].rect = {129, 118, 8, 8};  // a mark as wide as marks are stays one
  EXPECT_EQ(licence_rows(page)[0][1].text, "。");
}

TEST(LicenceText, ACompanysNameEndsAndTheNextFieldIsNotPartOfIt) {
  std::vector<TextSymbol> page;
  print(page, {"名", " ", " ", "称", " ", "云", "峰", "有", "限", "公", "司"}, 100, 100, 0);
  print(page, {"有", "限", "责", "任", "公", "司"}, 250, 145, 1);
  EXPECT_EQ(licence_fields(licence_rows(page)).at(0).value, "云峰有限公司");
  page.clear();
  print(page, {"名", " ", " ", "称", " ", "云", "峰", "有", "限", "公", "司"}, 100, 100, 0);
  print(page, {"重", "庆", "分", "公", "司"}, 250, 145, 1);
  EXPECT_EQ(licence_fields(licence_rows(page)).at(0).value, "云峰有限公司重庆分公司");
}

TEST(LicenceText, ACaptionInRunningTextIsNone) {
  std::vector<TextSymbol> page;
  print(page, {"请", "写", "名", "称", "在", "此"}, 100, 100, 0);
  EXPECT_TRUE(licence_fields(licence_rows(page)).empty());
  EXPECT_EQ(caption_count(licence_rows(page)), 0);
  EXPECT_TRUE(licence_rows({}).empty());
}

TEST(LicenceText, NumberLinesBesideACaptionComeFirst) {
  std::vector<TextSymbol> page;
  std::vector<std::string> phone, number{"注", "册", "号"};
  for (const char c : std::string("400123456789012345")) phone.push_back(std::string(1, c));
  for (const char c : std::string(kOld)) number.push_back(std::string(1, c));
  print(page, phone, 100, 100, 0);
  print(page, number, 100, 200, 1);
  const auto lines = number_lines(licence_rows(page));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].text, kOld);
  EXPECT_EQ(lines[0].rect.x, 190);
}

TEST(LicenceJson, WhatIsNotCertainIsAbsent) {
  Licence licence;
  EXPECT_TRUE(licence_json(licence).empty());
  licence.fields.push_back({"address", "某路1号", {}, 30});
  licence.uscc = {"uscc", "", false, 0, {kUscc, kOther}};
  const Json out = licence_json(licence);
  EXPECT_FALSE(out.contains("address"));
  EXPECT_FALSE(out.contains("uscc"));
  EXPECT_FALSE(out.contains("valid"));
  EXPECT_EQ(out["candidates"].size(), 2U);
  licence.uscc.value = kUscc;
  licence.uscc.valid = true;
  EXPECT_EQ(licence_json(licence)["uscc"], kUscc);
}

}  // namespace
}  // namespace netsampler
