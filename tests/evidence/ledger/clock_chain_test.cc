// A clock that drifts, steps, sleeps or loses its servers, from the ledger through the chain to the verifier's word. Beside each of
// them the chain that keeps silent about it, which only a liar writes.
#include <set>

#include "evidence/verify/verify.h"
#include "tests/evidence/ledger/ledger_world.h"
#include "tests/evidence/verify/helpers.h"

namespace netsampler {
namespace {

using Codes = std::set<std::string>;
constexpr std::int64_t kSecond_us = 1'000'000, kHour_us = 3600 * kSecond_us, kMonth_us = 30 * 24 * kHour_us;

Codes codes_of(const verify::Report& report) {
  Codes codes;
  for (const auto& finding : report.findings) codes.insert(std::string(verify::row_of(finding.reason).code));
  return codes;
}

struct Box : TestWorld {
  std::string recording;
  std::int64_t drift_ppm = 0;  // of UTC against BOOTTIME

  Box() { config.clock_limit_us = 500'000; }
  void begin(std::int64_t error_us = 1000) {
    started();
    measured(error_us);
    recording = open("unboxing");
  }
  void measured(std::int64_t error_us = 1000, const char* state = "synchronised") {
    ASSERT_TRUE(ledger->clock({{"state", state}, {"offset_us", 0}, {"error_us", error_us}}).ok());
  }
  void pass(std::int64_t us) {
    clock.advance(us);
    clock.utc += us / kSecond_us * drift_ppm;
    ledger->tick();
  }
  void pass_measured(std::int64_t us) {
    for (std::int64_t gone = 0; gone < us; gone += 16 * kSecond_us) pass(16 * kSecond_us), measured();
  }
  void mark() { ASSERT_TRUE(ledger->append(recording, "mark", {{"from_us", clock.boot}}, Json::object(), {}).ok()); }
  Codes judged() {
    EXPECT_TRUE(ledger->close(recording, "stopped", {}).ok());
    const auto text = disk.read(paths.policy, 1u << 16);
    EXPECT_TRUE(text.ok());
    const auto policy = parse_policy(as_text(*text));
    EXPECT_TRUE(policy.ok());
    const auto report = verify::verify(disk, root_of(recording), *policy);
    EXPECT_TRUE(report.ok());
    return codes_of(*report);
  }
};

struct Story {
  const char* name;
  std::function<void(Box&)> tell;
  Codes codes;
};

const Story kStories[] = {
    {"SteadyForAnHour", [](Box& b) { b.pass_measured(kHour_us); }, {"unstamped"}},
    {"DriftOf100Ppm", [](Box& b) { b.drift_ppm = 100; b.pass_measured(kHour_us); }, {"unstamped"}},
    {"DriftOf1000Ppm", [](Box& b) { b.drift_ppm = 1000; b.pass_measured(600 * kSecond_us); }, {"clock-stepped", "unstamped"}},
    {"DriftBackOf1000Ppm", [](Box& b) { b.drift_ppm = -1000; b.pass_measured(600 * kSecond_us); }, {"clock-stepped", "unstamped"}},
    {"Forward30DaysMeasuredAtOnce", [](Box& b) { b.clock.utc += kMonth_us; b.measured(); b.mark(); }, {"clock-stepped", "unstamped"}},
    {"Back30DaysMeasuredAtOnce", [](Box& b) { b.clock.utc -= kMonth_us; b.measured(); b.mark(); }, {"clock-stepped", "unstamped"}},
    {"Forward1SecondMeasuredAtOnce", [](Box& b) { b.clock.utc += kSecond_us; b.measured(); b.mark(); }, {"clock-stepped", "unstamped"}},
    {"Back1SecondMeasuredAtOnce", [](Box& b) { b.clock.utc -= kSecond_us; b.measured(); b.mark(); }, {"clock-stepped", "unstamped"}},
    {"Forward30DaysUnmeasured", [](Box& b) { b.clock.utc += kMonth_us; b.mark(); b.mark(); }, {"clock-limit", "clock-stepped", "unstamped"}},
    {"Back30DaysUnmeasured", [](Box& b) { b.clock.utc -= kMonth_us; b.mark(); b.mark(); }, {"clock-limit", "clock-stepped", "unstamped"}},
    {"NoServerFor15Minutes", [](Box& b) { for (int i = 0; i < 15; ++i) b.pass(60 * kSecond_us); b.mark(); }, {"unstamped"}},
    {"NoServerForAnHour", [](Box& b) { for (int i = 0; i < 60; ++i) b.pass(60 * kSecond_us); b.mark(); }, {"clock-limit", "unstamped"}},
    {"AsleepFor20MinutesThenMeasured", [](Box& b) { b.clock.advance(kHour_us / 3); b.measured(); b.mark(); }, {"epoch-late", "unstamped"}},
    {"AsleepFor20Minutes", [](Box& b) { b.clock.advance(kHour_us / 3); b.mark(); }, {"clock-limit", "epoch-late", "unstamped"}},
    {"ErrorBeyondTheLimitMidway", [](Box& b) { b.measured(500'001); }, {"clock-limit", "unstamped"}},
    {"ErrorAtTheLimit", [](Box& b) { b.measured(500'000); }, {"unstamped"}},
};

class AClock : public testing::TestWithParam<Story> {};

TEST_P(AClock, IsJudged) {
  Box box;
  box.begin();
  GetParam().tell(box);
  EXPECT_EQ(box.judged(), GetParam().codes);
}

INSTANTIATE_TEST_SUITE_P(Stories, AClock, testing::ValuesIn(kStories), [](const auto& one) { return std::string(one.param.name); });

TEST(HoldoverInAChain, GrowsBy500Ppm) {
  Box box;
  box.begin();
  box.pass(121 * kSecond_us);
  box.mark();
  box.pass(kHour_us);
  box.mark();
  const auto records = box.chain(box.recording);
  std::vector<Envelope> marks;
  for (const auto& record : records)
    if (record.head.type == "mark") marks.push_back(record.head);
  ASSERT_EQ(marks.size(), 2U);
  EXPECT_EQ(marks[0].clock, "holdover");
  EXPECT_EQ(marks[1].clock, "holdover");
  EXPECT_EQ(marks[1].err_us - marks[0].err_us, kHour_us / 2000);
}

TEST(OpenedBeyondTheLimit, SaysSoForEver) {
  Box box;
  box.begin(600'000);
  box.measured(1000);  // better later: what was opened so stays so
  const auto finding = box.chain(box.recording).at(1);
  EXPECT_EQ(finding.head.type, "finding");
  EXPECT_EQ(finding.body["code"], "clock-beyond-limit");
  EXPECT_EQ(box.judged(), Codes({"clock-limit", "recorded-partial", "unstamped"}));
}

TEST(OpenedBeyondTheLimit, IsNotSaidAtTheLimit) {
  Box box;
  box.begin(500'000);
  EXPECT_EQ(box.chain(box.recording).size(), 1U);
  EXPECT_EQ(box.judged(), Codes({"unstamped"}));
}

// The same drifts and steps in a chain whose writer does not say `stepped`.
Codes silent(std::int64_t step_us, std::int64_t drift_ppm, const char* said = "synchronised") {
  ManualClock clock;
  const SigningKey key = test::box_key();
  test::RecordingMaker made(test::kPurchase, "purchase", clock, key);
  made.open();
  clock.utc += step_us;
  for (int i = 0; i < 3; ++i) {
    clock.boot += 5 * kSecond_us, clock.utc += 5 * kSecond_us + 5 * drift_ppm;
    made.err_clock = i == 0 ? said : "synchronised";
    made.add("mark", {{"from_us", 1}});
  }
  made.close();
  return codes_of(test::report_of(made.files));
}

TEST(SilentAbout, ADriftOf100PpmIsAcceptedOf1000IsAContradiction) {
  EXPECT_FALSE(silent(0, 100).contains("clock-contradiction"));
  EXPECT_FALSE(silent(0, -100).contains("clock-contradiction"));
  EXPECT_TRUE(silent(0, 1000).contains("clock-contradiction"));
  EXPECT_TRUE(silent(0, -1000).contains("clock-contradiction"));
}

TEST(SilentAbout, AStepIsAContradiction) {
  for (const std::int64_t step_us : {kMonth_us, -kMonth_us, kSecond_us, -kSecond_us}) {
    EXPECT_TRUE(silent(step_us, 0).contains("clock-contradiction")) << step_us;
    EXPECT_TRUE(silent(step_us, 0, "stepped").contains("clock-stepped")) << step_us;
    EXPECT_FALSE(silent(step_us, 0, "stepped").contains("clock-contradiction")) << step_us;
  }
}

}  // namespace
}  // namespace netsampler
