// A ledger dies, the next one lets a new recording resume the old: what `open` says, what is refused, and what the verifier makes of it.
#include "evidence/ledger/resume.h"
#include "evidence/verify/verify.h"
#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

using verify::Reason;

class Resume : public ::testing::Test {
 protected:
  void SetUp() override {
    box.started();
    box.with_samplers();
    ASSERT_TRUE(box.ledger->case_open("A1", "alice", Json::object(), {{"title", "玩具"}}).ok());
    old = box.open("purchase", "A1", ":7");
    ASSERT_TRUE(box.page(old).ok());
  }
  void die() {
    box.ledger.reset();
    box.disk.come_back(Cut::killed);
    box.started();
  }
  Result<OpenedRecording> resume() {
    RecordingRequest request;
    request.resumes = old;
    return box.ledger->open(request);
  }
  verify::Report report() { return verify::verify(box.disk, box.paths.data, std::nullopt).take(); }
  TestWorld box;
  std::string old;
};

TEST_F(Resume, ANewChainGoesOnAndBothAreInTheCase) {
  box.disk.append_raw(box.root_of(old) + "/chain.jsonl", "{\"half");
  die();
  box.clock.advance(5'000'000);
  const auto heir = resume();
  ASSERT_TRUE(heir.ok()) << heir.error().text;
  const Json open = box.chain(heir->recording).at(0).body;
  EXPECT_EQ(open["resumes"]["recording"], old);
  EXPECT_EQ(open["resumes"]["last_seq"], 1);
  EXPECT_EQ(open["resumes"]["torn_bytes"], 6);
  EXPECT_EQ(open["kind"], "purchase");
  EXPECT_FALSE(open.contains("samplers"));
  EXPECT_EQ(box.ledger->close(heir->recording, "stopped", {}).error().kind, ErrorKind::denied);  // closing asks for them as ever
  ASSERT_TRUE(box.ledger->close(heir->recording, "stopped", kTwo).ok());
  EXPECT_EQ(box.included("A1"), (std::vector<std::string>{old + " recovery", heir->recording + " officer"}));
  const auto found = report();
  EXPECT_TRUE(found.has(Reason::resumed));
  EXPECT_TRUE(found.has(Reason::interrupted));
  EXPECT_NE(found.worst(), verify::Severity::broken);
}

TEST_F(Resume, AnOldChainThatIsNotTheOneResumedIsAContradiction) {
  die();
  const auto heir = resume();
  ASSERT_TRUE(heir.ok());
  ASSERT_FALSE(report().has(Reason::resumed_contradicts));
  box.disk.append_raw(box.root_of(old) + "/chain.jsonl", "{\"more");
  EXPECT_TRUE(report().has(Reason::resumed_contradicts));
}

TEST_F(Resume, EachRecorderThatAsksGoesOnInTheSameRecordingAsLongAsItIsOpen) {
  die();
  const auto first = resume(), second = resume();
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->recording, second->recording);
  EXPECT_EQ(first->sealed, second->sealed);
  ASSERT_TRUE(box.ledger->close(first->recording, "failed", {}).ok());
  EXPECT_EQ(resume().error().kind, ErrorKind::busy);
}

TEST_F(Resume, OnceOnlyAndNeverWhatIsStillOpenClosedOrUnknown) {
  EXPECT_EQ(resume().error().kind, ErrorKind::busy);
  RecordingRequest other;
  other.resumes = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
  EXPECT_EQ(box.ledger->open(other).error().kind, ErrorKind::not_found);
  other.resumes = "../../keys";
  EXPECT_EQ(box.ledger->open(other).error().kind, ErrorKind::not_found);
  const std::string closed = box.open("unboxing");
  ASSERT_TRUE(box.ledger->close(closed, "stopped", {}).ok());
  other.resumes = closed;
  EXPECT_EQ(box.ledger->open(other).error().kind, ErrorKind::invalid);
}

TEST_F(Resume, NotTooLateAndNotInAnotherBoot) {
  die();
  box.clock.advance(kResumeWithinUs + 1);
  EXPECT_EQ(resume().error().kind, ErrorKind::invalid);
  box.clock.advance(-2);
  box.clock.id = "00000000-0000-4000-8000-000000000002";
  EXPECT_EQ(resume().error().kind, ErrorKind::invalid);
  box.clock.id = "00000000-0000-4000-8000-000000000001";
  EXPECT_TRUE(resume().ok());
}

}  // namespace
}  // namespace netsampler
