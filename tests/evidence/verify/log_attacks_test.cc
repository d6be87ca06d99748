// Attacks on a case whose box keeps a log and has it stamped. The accepted twin of them all is the case itself: INTACT.
#include "tests/evidence/verify/helpers.h"
#include "tests/evidence/verify/log_maker.h"

namespace netsampler::test {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using verify::Report;

const std::string kLog = "data/log/";
const std::string kLast = kLog + "checkpoints/" + std::to_string(kLastSize);
const std::string kLastToken = kLog + "tokens/" + std::to_string(kLastSize) + "-0.tsr";
const std::string kLeaves = kLog + "tile/0/000.p/" + std::to_string(kLastSize);
const std::string kEntryFile = kLog + "tile/entries/000.p/" + std::to_string(kLastSize);
const std::string kUnboxingChain = std::string("data/recordings/") + kUnboxing + "/chain.jsonl";

void rebag(Files& files) {
  for (const char* path : {"manifest-sha256.txt", "tagmanifest-sha256.txt", "package.sig"}) files.erase(path);
  make_bag(files, box_key());
}

Report report_on(const LoggedCase& made) { return report_of(made.package, made.policy); }

TEST(StampedCase, IsIntactAndTellsItsTimes) {
  const Report report = report_on(logged_case());
  EXPECT_THAT(codes_of(report), IsEmpty()) << print_of(report);
  EXPECT_STREQ(verify::verdict_of(report), "INTACT");
  EXPECT_EQ(report.recordings.at(0).not_before_us, 1'800'000'001'000'000);
  EXPECT_EQ(report.recordings.at(0).not_after_us, report.books.at(0).not_after_us);
  EXPECT_GT(report.recordings.at(0).not_after_us, report.recordings.at(1).last_us);
  EXPECT_EQ(report.books.at(0).opened, 2);
  EXPECT_EQ(report.books.at(0).opened_here, 2);
  const auto json = parse_any(verify::report_json(report, true));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["time"]["stamped"], true);
  EXPECT_EQ((*json)["time"]["not_before_us"], 1'800'000'001'000'000);
  EXPECT_EQ((*json)["log"]["size"], kLastSize);
  EXPECT_THAT(verify::report_text(report, false), HasSubstr("opened for the case 2, delivered 2; no witness"));
  EXPECT_THAT(verify::report_text(report, true), HasSubstr("不早于 2027-01-15"));
}

TEST(StampedCase, AsABoxesDataIsIntactToo) {
  Files data;
  for (const auto& [path, bytes] : logged_case().package)
    if (path.starts_with("data/")) data[path.starts_with("data/case/") ? std::string("data/cases/") + kCase + path.substr(9) : path] = bytes;
  const Report report = report_of(data, logged_case().policy);
  EXPECT_EQ(report.scope, "box");
  EXPECT_THAT(codes_of(report), IsEmpty()) << print_of(report);
}

struct LogAttack {
  const char* name;
  LogPlan plan;
  std::function<void(LoggedCase&)> attack;
  const char* verdict;
  const char* code;
  std::string where;
};

const auto nothing = [](LoggedCase&) {};
void drop(Files& files, const std::string& part) {
  std::erase_if(files, [&](const auto& entry) { return entry.first.find(part) != std::string::npos; });
}

const LogAttack kLogAttacks[] = {
    {"ChainCutWhileTheLogKnowsMore", {}, [](LoggedCase& c) { auto& f = c.package[kUnboxingChain]; f = without_line(f, 3); }, "BROKEN", "log-contradicts", "chain.jsonl"},
    {"BookCutWhileTheLogKnowsMore", {}, [](LoggedCase& c) { auto& f = c.package["data/case/book.jsonl"]; f = without_line(f, 3); }, "BROKEN", "log-contradicts", "book.jsonl"},
    {"ChainRewritten", {.rewrite_unboxing = true}, nothing, "BROKEN", "log-contradicts", "chain.jsonl seq 0"},
    {"RecordingDeleted", {}, [](LoggedCase& c) { drop(c.package, std::string("recordings/") + kUnboxing); }, "PARTIAL", "not-delivered", "data/case"},
    {"RecordingNeverLogged", {.log_unboxing = false}, nothing, "PARTIAL", "unstamped", kUnboxing},
    {"LogForked", {}, [](LoggedCase& c) { c.package[kLog + "checkpoints/3"] = sign_checkpoint(3, sha256({}), box_key()); }, "BROKEN", "log-tree", "checkpoints/3"},
    {"TwoCheckpointsOfOneSize", {}, [](LoggedCase& c) { c.package[kLog + "checkpoint"] = sign_checkpoint(kLastSize, sha256({}), box_key()); }, "BROKEN", "log-tree", "log/checkpoint"},
    {"CheckpointByAnotherKey", {}, [](LoggedCase& c) { c.package[kLast] = sign_checkpoint(kLastSize, sha256({}), other_key()); }, "BROKEN", "log-signature", "checkpoints/8"},
    {"CheckpointOfAnotherSize", {}, [](LoggedCase& c) { c.package[kLast] = c.package[kLog + "checkpoints/1"]; }, "BROKEN", "log-form", "checkpoints/8"},
    {"CheckpointOfAHugeTree", {}, [](LoggedCase& c) { c.package[kLog + "checkpoint"] = sign_checkpoint(1ull << 39, sha256({}), box_key()); }, "PARTIAL", "log-missing", "tile/0/000"},
    {"CheckpointsGone", {}, [](LoggedCase& c) { drop(c.package, "log/checkpoint"); }, "PARTIAL", "log-missing", "log/checkpoint"},
    {"LeafHashChanged", {}, [](LoggedCase& c) { c.package[kLeaves][40] ^= 1; }, "BROKEN", "log-tree", "checkpoints/8"},
    {"LeafChanged", {}, [](LoggedCase& c) { auto& f = c.package[kEntryFile]; f = replaced(f, "\"seq\":3", "\"seq\":2"); }, "BROKEN", "log-tree", "tile/entries"},
    {"TileGone", {}, [](LoggedCase& c) { c.package.erase(kLeaves); }, "PARTIAL", "log-missing", "tile/0/000"},
    {"LeavesGone", {}, [](LoggedCase& c) { drop(c.package, "tile/entries"); }, "PARTIAL", "log-missing", "tile/entries"},
    {"StrayFile", {}, [](LoggedCase& c) { c.package[kLog + "notes.txt"] = "x"; }, "PARTIAL", "uncovered", "notes.txt"},
    {"StrayRevocationData", {}, [](LoggedCase& c) { c.package[kLog + "tokens/8-0-1.crl"] = "x"; }, "PARTIAL", "uncovered", "8-0-1.crl"},
    {"OldTokenReused", {}, [](LoggedCase& c) { c.package[kLastToken] = c.package[kLog + "tokens/1-0.tsr"]; }, "PARTIAL", "token-unbound", "tokens/8-0.tsr"},
    {"OldTokenReusedStampsNothing", {}, [](LoggedCase& c) { c.package[kLastToken] = c.package[kLog + "tokens/1-0.tsr"]; }, "PARTIAL", "unstamped", "book.jsonl"},
    {"TokenOfNoCheckpoint", {}, [](LoggedCase& c) { c.package[kLog + "tokens/5-0.tsr"] = c.package[kLastToken]; }, "PARTIAL", "token-unbound", "tokens/5-0.tsr"},
    {"TokenChanged", {}, [](LoggedCase& c) { c.package[kLastToken].back() ^= 1; }, "BROKEN", "token-invalid", "tokens/8-0.tsr"},
    {"LastTokenGone", {}, [](LoggedCase& c) { c.package.erase(kLastToken); }, "PARTIAL", "unstamped", kUnboxing},
    {"BeaconGone", {}, [](LoggedCase& c) { c.package.erase(kLog + "tokens/1-0.tsr"); }, "PARTIAL", "no-beacon", "chain.jsonl seq 0"},
    {"NoBeacon", {.beacon = false}, nothing, "PARTIAL", "no-beacon", "chain.jsonl seq 0"},
    {"ClockSetBack30Days", {.clock_jump_us = -30LL * 86'400'000'000}, nothing, "BROKEN", "time-contradicts", "chain.jsonl seq 0"},
    {"ClockSetForward30Days", {.clock_jump_us = 30LL * 86'400'000'000}, nothing, "BROKEN", "time-contradicts", "chain.jsonl seq 0"},
    {"StampedBeforeItWasRecorded", {.token_late_us = -4'000'000}, nothing, "BROKEN", "time-contradicts", "book.jsonl seq 3"},
    {"AuthorityUnknown", {}, [](LoggedCase& c) { c.policy.tsas.clear(); }, "PARTIAL", "tsa-untrusted", "tokens/8-0.tsr"},
    {"OneAuthorityOfTwo", {}, [](LoggedCase& c) { c.policy.tsa_quorum = 2; }, "PARTIAL", "tsa-quorum", "book.jsonl"},
    {"NoWitness", {}, [](LoggedCase& c) { c.policy.quorum = 1; }, "PARTIAL", "witness-quorum", "book.jsonl"},
};

class AttackOnALog : public testing::TestWithParam<LogAttack> {};

TEST_P(AttackOnALog, IsNamed) {
  LoggedCase made = logged_case(GetParam().plan);
  GetParam().attack(made);
  rebag(made.package);
  const Report report = report_on(made);
  EXPECT_STREQ(verify::verdict_of(report), GetParam().verdict) << print_of(report);
  const auto named = [&](const verify::Finding& finding) {
    return verify::row_of(finding.reason).code == GetParam().code && finding.where.find(GetParam().where) != std::string::npos;
  };
  EXPECT_TRUE(std::any_of(report.findings.begin(), report.findings.end(), named)) << print_of(report);
}

INSTANTIATE_TEST_SUITE_P(Attacks, AttackOnALog, testing::ValuesIn(kLogAttacks),
                         [](const auto& one) { return std::string(one.param.name); });

// The accepted twins of the quorums, and of a clock that jumped without leaving its bracket.
TEST(StampedCase, BySecondAuthorityFillsAQuorumOfTwo) {
  LoggedCase made = logged_case({.second_authority = true});
  made.policy.tsas.push_back({authority(1).certificate(), "authority 1"});
  made.policy.tsa_quorum = 2;
  EXPECT_THAT(codes_of(report_on(made)), IsEmpty()) << print_of(report_on(made));
}

TEST(StampedCase, CosignedBeforeOrAfterTheTokenFillsAQuorum) {
  for (const LogPlan& plan : {LogPlan{.witness = true}, LogPlan{.late_witness = true}}) {
    LoggedCase made = logged_case(plan);
    made.policy.witnesses.push_back({kWitness, witness_key().public_key()});
    made.policy.quorum = 1;
    const Report report = report_on(made);
    EXPECT_THAT(codes_of(report), IsEmpty()) << print_of(report);
    EXPECT_EQ(report.log.witnessed, static_cast<std::uint64_t>(kLastSize));
  }
}

TEST(StampedCase, CosignedByAStrangerFillsNoQuorum) {
  LoggedCase made = logged_case({.witness = true});
  made.policy.witnesses.push_back({kWitness, other_key().public_key()});
  made.policy.quorum = 1;
  EXPECT_THAT(codes_of(report_on(made)), Contains("witness-quorum"));
}

TEST(LogWithoutTokens, IsUnstampedOnce) {
  LoggedCase made = logged_case();
  drop(made.package, "/tokens/");
  rebag(made.package);
  EXPECT_THAT(codes_of(report_on(made)), ElementsAre("unstamped"));
}

// Without the manifests to help: the log's files prove themselves.
TEST(EveryByteOfALog, FlippedIsNeverUnnoticed) {
  const LoggedCase made = logged_case();
  Files files;
  for (const auto& [path, bytes] : made.package)
    if (path.starts_with("data/")) files[path.starts_with("data/case/") ? std::string("p/data/cases/") + kCase + path.substr(9) : "p/" + path] = bytes;
  const MemoryDisk disk(files);
  for (auto& [path, bytes] : files) {
    if (path.find("/log/") == std::string::npos) continue;
    // A response's status and the token's version (its first bytes) are signed by nobody: in a package the manifests cover that.
    const std::size_t first = path.find("tokens/8-0") != std::string::npos ? 35 : path.size() % 7;
    for (std::size_t i = first; i < bytes.size(); i += 7) {
      bytes[i] ^= static_cast<char>(1 << (i % 7));
      const auto report = verify::verify(disk, "p", made.policy);
      ASSERT_TRUE(report.ok());
      EXPECT_STRNE(verify::verdict_of(*report), "INTACT") << path << " byte " << i;
      bytes[i] ^= static_cast<char>(1 << (i % 7));
    }
  }
}

}  // namespace
}  // namespace netsampler::test
