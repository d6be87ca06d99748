// `--deep` on a stamped case, with eyes that see what a test tells them. The videos themselves: tests/capture/deep_test.cc.
#include "evidence/base/json.h"
#include "evidence/format/record.h"
#include "evidence/format/strip_code.h"
#include "evidence/verify/picture_line.h"
#include "tests/evidence/verify/helpers.h"
#include "tests/evidence/verify/log_maker.h"

namespace netsampler::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kFirstToken = "data/log/tokens/1-0.tsr", kLastToken = "data/log/tokens/" + std::to_string(kLastSize) + "-0.tsr";

std::string beacon_of(const std::string& response) { return print_beacon(sha256(as_bytes(response))); }
std::string short_head(const std::string& line) { return hex_of(line_hash(line)).substr(0, 16); }

using BendLine = std::function<void(Json& line)>;

// Sees what the chain says, and the strip that a sound box shows; each line can be bent.
class Eyes final : public verify::PictureReader {
 public:
  explicit Eyes(const Files& package, BendLine bend = {}) : package_(package), bend_(std::move(bend)) {}

  Result<void> read(const std::string& directory, bool strip, std::size_t, const LineVisitor& each) override {
    asked.push_back(directory);
    const std::string chain = package_.at(directory.substr(0, directory.find("/media")) + "/chain.jsonl");
    std::int64_t start_us = 0;
    for (std::size_t at = 0; at < chain.size(); at = chain.find('\n', at) + 1) {
      const auto record = parse_record(std::string_view(chain).substr(at, chain.find('\n', at) - at));
      if (record->head.type == "source") start_us = int_or(record->body, "start_us", 0);
      if (record->head.type != "segment") continue;
      const std::int64_t offset_us = record->head.at_us - record->head.boot_us;
      Json line = line_of(record->body, (start_us + offset_us + int_or(record->body, "first_pts", 0) * 100 / 9) / 1'000'000, short_head(line_at(chain, 0)));
      EXPECT_TRUE(strip);
      if (bend_) bend_(line);
      TRY(each(raw.empty() ? canonical(line) : raw));
    }
    if (breaks_off) return {};
    TRY(each(R"({"end":true,"segments":3})"));
    if (goes_on) TRY(each(R"({"end":true,"segments":3})"));
    return outcome;
  }

  std::vector<std::string> asked;
  std::string raw;  // said instead of each line
  bool breaks_off = false, goes_on = false;
  Result<void> outcome;

 private:
  Json line_of(const Json& body, std::int64_t second, const std::string& head) const {
    return {{"no", body["no"]}, {"frames", body["frames"]}, {"first_pts", body["first_pts"]}, {"last_pts", body["last_pts"]}, {"sha256", body["file"]["sha256"]},
            {"looks", Json::array({{{"pts", body["first_pts"]}, {"second", second}, {"head", head}, {"beacon", beacon_of(package_.at(kFirstToken))}}})}};
  }
  const Files& package_;
  BendLine bend_;
};

verify::Report deep_report(const LoggedCase& made, Eyes& eyes) { return report_of(made.package, made.policy, {.deep = true, .only_case = "", .pictures = &eyes}); }
verify::Report deep_report(const BendLine& bend, const LogPlan& plan = {}) {
  const LoggedCase made = logged_case(plan);
  Eyes eyes(made.package, bend);
  return deep_report(made, eyes);
}
Json& look(Json& line) { return line["looks"][0]; }
void shift(Json& line, std::int64_t seconds) { look(line)["second"] = look(line)["second"].get<std::int64_t>() + seconds; }

TEST(Pictures, OfASoundCaseAgree) {
  const LoggedCase made = logged_case();
  Eyes eyes(made.package);
  const auto report = deep_report(made, eyes);
  EXPECT_THAT(codes_of(report), IsEmpty()) << print_of(report);
  EXPECT_TRUE(report.pictures.looked);
  EXPECT_EQ(report.pictures.segments, 2);
  EXPECT_EQ(report.pictures.strips, 2);
  EXPECT_EQ(report.pictures.beacons, 2);
  EXPECT_EQ(eyes.asked.size(), 2u);
  const auto json = parse_any(verify::report_json(report, true));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["checked"]["pictures"], true);
  EXPECT_EQ((*json)["pictures"]["strips"], 2);
  EXPECT_THAT(verify::report_text(report, true), HasSubstr("画面核验：解码片段 2"));
}

TEST(Pictures, AreLookedAtOnlyWhenAskedAndItIsSaidWhenNobodyCan) {
  const LoggedCase made = logged_case();
  Eyes eyes(made.package, [](Json& line) { shift(line, 100); });
  EXPECT_THAT(codes_of(report_of(made.package, made.policy, {.deep = false, .only_case = "", .pictures = &eyes})), IsEmpty());
  EXPECT_TRUE(eyes.asked.empty());
  const auto blind = report_of(made.package, made.policy, {.deep = true, .only_case = ""});
  EXPECT_THAT(codes_of(blind), ElementsAre("pictures-skipped"));
  EXPECT_STREQ(verify::verdict_of(blind), "INTACT");
  EXPECT_THAT(verify::report_json(blind, true), HasSubstr(R"("pictures":false)"));
}

struct PictureAttack {
  const char* name;
  BendLine bend;
  const char* verdict;
  const char* code;  // "" where it is no attack
};

const PictureAttack kPictureAttacks[] = {
    {"AFrameLess", [](Json& l) { l["frames"] = l["frames"].get<int>() - 1; }, "BROKEN", "media-mismatch"},
    {"CannotBeDecoded", [](Json& l) { l["why"] = "file", l["frames"] = 0; }, "BROKEN", "media-mismatch"},
    {"AtOtherTimes", [](Json& l) { l["last_pts"] = l["last_pts"].get<int>() + 1; }, "BROKEN", "media-mismatch"},
    {"OtherBytesThanTheRecords", [](Json& l) { l["sha256"] = std::string(64, '0'); }, "BROKEN", "file-changed"},
    {"StripOfAnHourBefore", [](Json& l) { shift(l, -3600); }, "BROKEN", "picture-clock"},
    {"StripOfTheFuture", [](Json& l) { shift(l, 60); }, "BROKEN", "picture-clock"},
    {"StripOfABusyBox", [](Json& l) { shift(l, -4); }, "INTACT", ""},
    {"StripThatStandsStill", [](Json& l) { shift(l, -8); }, "BROKEN", "picture-clock"},
    {"HeadOfAnotherChain", [](Json& l) { look(l)["head"] = std::string(16, 'e'); }, "BROKEN", "picture-head"},
    {"HeadNotKnown", [](Json& l) { look(l)["head"] = std::string(16, '0'); }, "INTACT", ""},
    {"BeaconThatIsNotHere", [](Json& l) { look(l)["beacon"] = beacon_of("another"); }, "PARTIAL", "picture-unknown"},
    {"NoBeacon", [](Json& l) { look(l).erase("beacon"); }, "PARTIAL", "picture-unread"},
    {"NoStrip", [](Json& l) { look(l) = {{"pts", look(l)["pts"]}}; }, "PARTIAL", "picture-unread"},
    {"NothingLookedAt", [](Json& l) { l["looks"] = Json::array(); }, "PARTIAL", "picture-unread"},
    {"ASecondLookThatSees", [](Json& l) { l["looks"].insert(l["looks"].begin(), Json{{"pts", 0}}); }, "INTACT", ""},
    {"NoKeyFrame", [](Json& l) { l["why"] = "key"; }, "PARTIAL", "picture-unread"},
};

class PictureAttacks : public testing::TestWithParam<PictureAttack> {};

TEST_P(PictureAttacks, IsFound) {
  const auto report = deep_report(GetParam().bend);
  EXPECT_STREQ(verify::verdict_of(report), GetParam().verdict) << print_of(report);
  if (*GetParam().code != '\0') {
    EXPECT_THAT(codes_of(report), Contains(GetParam().code));
  }
}
INSTANTIATE_TEST_SUITE_P(All, PictureAttacks, testing::ValuesIn(kPictureAttacks), [](const auto& each) { return each.param.name; });

TEST(Pictures, ALineThatCameLaterIsNoLineBefore) {
  const LoggedCase made = logged_case();
  const std::string chain = made.package.at(std::string("data/recordings/") + kPurchase + "/chain.jsonl");
  const auto lines = std::count(chain.begin(), chain.end(), '\n');
  Eyes eyes(made.package, [&](Json& line) { look(line)["head"] = short_head(line_at(chain, static_cast<std::size_t>(lines - 1))); });
  EXPECT_THAT(codes_of(deep_report(made, eyes)), Contains("picture-head"));
}

TEST(Pictures, ATimeStampMadeLaterIsAContradiction) {
  const LoggedCase made = logged_case({.token_late_us = 600'000'000});
  Eyes late(made.package, [&](Json& line) { look(line)["beacon"] = beacon_of(made.package.at(kLastToken)); });
  EXPECT_THAT(codes_of(deep_report(made, late)), Contains("picture-beacon"));
  Eyes sound(made.package);
  EXPECT_THAT(codes_of(deep_report(made, sound)), IsEmpty());
}

TEST(Pictures, WithoutATimeStampNoCodeIsMissed) {
  const auto report = deep_report([](Json& line) { look(line).erase("beacon"); }, {.beacon = false});
  EXPECT_THAT(codes_of(report), testing::Not(Contains("picture-unread"))) << print_of(report);
}

TEST(Pictures, AHelperThatFailsIsSaid) {
  const LoggedCase made = logged_case();
  Eyes failed(made.package), broken(made.package), chatty(made.package);
  failed.outcome = fail(ErrorKind::io, "killed");
  broken.breaks_off = true;
  chatty.goes_on = true;
  for (Eyes* eyes : {&failed, &broken, &chatty}) EXPECT_THAT(codes_of(deep_report(made, *eyes)), ElementsAre("picture-unread", "picture-unread"));
}

TEST(Pictures, AHelperThatSpeaksNonsenseIsSaid) {
  const LoggedCase made = logged_case();
  for (const char* raw : {"", "x", "[]", "{}", R"({"no":-1,"frames":0,"looks":[]})", R"({"no":0,"frames":"1","looks":[]})", R"({"no":0,"frames":1})"}) {
    Eyes eyes(made.package);
    eyes.raw = *raw == '\0' ? " " : raw;
    EXPECT_THAT(codes_of(deep_report(made, eyes)), Contains("picture-unread")) << raw;
  }
}

TEST(PictureLine, IsReadStrictly) {
  const std::string look = R"("first_pts":0,"frames":2,"last_pts":90000,"looks":[LOOK],"no":7,"sha256":"ab")";
  const auto with = [&](const std::string& text) { return "{" + replaced(look, "LOOK", text) + "}"; };
  const auto line = verify::parse_picture_line(with(R"({"head":"0102030405060708","pts":3,"second":9})"));
  ASSERT_TRUE(line.ok()) << line.error().text;
  EXPECT_EQ(line->no, 7);
  ASSERT_EQ(line->looks.size(), 1u);
  EXPECT_EQ(line->looks[0].code->second, 9);
  EXPECT_FALSE(line->looks[0].beacon);
  for (const char* bad : {R"(1)", R"({})", R"({"pts":"3"})", R"({"pts":3,"second":9})", R"({"head":"01","pts":3,"second":9})",
                          R"({"head":"0102030405060708","pts":3,"second":-9})", R"({"head":"0102030405060708","pts":3,"second":1099511627776})",
                          R"({"pts":3,"beacon":"https://elsewhere.example"})"})
    EXPECT_FALSE(verify::parse_picture_line(with(bad)).ok()) << bad;
  std::string many = "{\"pts\":1}";
  for (int i = 0; i < 16; ++i) many += ",{\"pts\":1}";
  EXPECT_FALSE(verify::parse_picture_line(with(many)).ok());
}

}  // namespace
}  // namespace netsampler::test
