// What somebody outside kept (`--witness`) against a package: each contradiction with its accepted twin.
#include "tests/evidence/verify/helpers.h"
#include "tests/evidence/verify/log_maker.h"

namespace netsampler::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using verify::Outside;
using verify::Report;

const std::string kSize = std::to_string(kLastSize);
const std::string kUnboxingBase = std::string("data/recordings/") + kUnboxing;

// The log of a case, as somebody outside could have seen it.
struct SeenLog {
  std::vector<std::string> leaves;
  std::vector<Hash> hashes;
};

SeenLog seen_log(const LoggedCase& made) {
  const std::string& bundle = made.package.at("data/log/tile/entries/000.p/" + kSize);
  SeenLog log{parse_entries(as_bytes(bundle), kLastSize).take(), {}};
  for (const auto& leaf : log.leaves) log.hashes.push_back(log_leaf_hash(leaf));
  return log;
}

std::string checkpoint(const SeenLog& log, std::size_t size, const SigningKey& key) {
  return sign_checkpoint(size, merkle_root(std::span(log.hashes).first(size)), key);
}

std::string proof(const SeenLog& log, std::uint64_t index, bool with_leaf, std::size_t size = kLastSize) {
  LogProof made;
  made.index = index;
  made.hashes = inclusion_proof(std::span(log.hashes).first(size), index);
  made.checkpoint = checkpoint(log, size, box_key());
  const ByteView leaf = as_bytes(log.leaves[index]);
  if (with_leaf) made.extra = Bytes(leaf.begin(), leaf.end());
  return print_log_proof(made);
}

Policy witness_policy(const LoggedCase& made) {
  Policy policy = made.policy;
  policy.boxes.push_back({other_key().public_key(), "another box"});
  policy.witnesses.push_back({kWitness, witness_key().public_key()});
  return policy;
}

// The codes that a package's report has once those texts are held against it.
std::vector<std::string> codes_with(const LoggedCase& made, const std::vector<std::string>& texts) {
  const Policy policy = witness_policy(made);
  std::vector<Outside> outside;
  for (const std::string& text : texts) {
    auto one = verify::parse_outside(text, "kept", policy);
    EXPECT_TRUE(one.ok()) << one.error().text;
    if (one.ok()) outside.push_back(one.take());
  }
  return codes_of(report_of(made.package, policy, {.outside = outside}));
}

void cut_unboxing(LoggedCase& made, bool log_too) {
  std::string& chain = made.package[kUnboxingBase + "/chain.jsonl"];
  chain = without_line(chain, 3);
  if (log_too) std::erase_if(made.package, [](const auto& entry) { return entry.first.starts_with("data/log/"); });
  for (const char* path : {"manifest-sha256.txt", "tagmanifest-sha256.txt", "package.sig"}) made.package.erase(path);
  make_bag(made.package, box_key());
}

TEST(KeptOutside, AgreesAtEverySize) {
  const LoggedCase made = logged_case();
  const SeenLog log = seen_log(made);
  for (std::size_t size = 1; size <= kLastSize; ++size) EXPECT_THAT(codes_with(made, {checkpoint(log, size, box_key())}), IsEmpty()) << size;
}

TEST(KeptOutside, AnotherRootAtAnySizeContradicts) {
  const LoggedCase made = logged_case();
  SeenLog log = seen_log(made);
  log.hashes[0][0] ^= 1;
  for (std::size_t size = 1; size <= kLastSize; ++size)
    EXPECT_THAT(codes_with(made, {checkpoint(log, size, box_key())}), ElementsAre("witness-contradicts")) << size;
}

TEST(KeptOutside, BeyondTheLogHereCannotBeCompared) {
  const LoggedCase made = logged_case();
  SeenLog log = seen_log(made);
  log.hashes.push_back(log.hashes.front());
  EXPECT_THAT(codes_with(made, {checkpoint(log, kLastSize + 1, box_key())}), ElementsAre("witness-unused"));
  EXPECT_STREQ(verify::verdict_of(report_of(made.package, made.policy)), "INTACT");
}

TEST(KeptOutside, OfAnotherBoxSaysNothing) {
  const LoggedCase made = logged_case();
  EXPECT_THAT(codes_with(made, {checkpoint(seen_log(made), 3, other_key())}), ElementsAre("witness-unused"));
}

TEST(KeptOutside, ProofsOfEveryLeafAgree) {
  const LoggedCase made = logged_case();
  const SeenLog log = seen_log(made);
  std::vector<std::string> proofs;
  for (std::uint64_t index = 0; index < kLastSize; ++index)
    for (const bool with_leaf : {false, true}) proofs.push_back(proof(log, index, with_leaf));
  EXPECT_THAT(codes_with(made, proofs), IsEmpty());
}

// The box that hands over a shorter chain may hand over a log that fits it, or none; whoever kept a proof knows better.
TEST(KeptOutside, ProofOfALaterHeadFindsACutChain) {
  const LoggedCase whole = logged_case();
  const std::string kept = proof(seen_log(whole), 6, true);
  LoggedCase cut = whole;
  cut_unboxing(cut, true);
  EXPECT_THAT(codes_with(cut, {}), testing::Not(testing::Contains("witness-contradicts")));
  const auto codes = codes_with(cut, {kept});
  EXPECT_THAT(codes, testing::Contains("witness-contradicts"));
  EXPECT_THAT(codes_with(whole, {kept}), IsEmpty());
}

TEST(KeptOutside, ProofOfARewrittenLineContradicts) {
  LoggedCase made = logged_case({.rewrite_unboxing = true});
  const std::string kept = proof(seen_log(made), 4, true);
  std::erase_if(made.package, [](const auto& entry) { return entry.first.starts_with("data/log/"); });
  EXPECT_THAT(codes_with(made, {kept}), testing::Contains("witness-contradicts"));
}

TEST(KeptOutside, ProofOfARecordingThatIsNotHereIsMissed) {
  LoggedCase made = logged_case();
  const std::string kept = proof(seen_log(made), 5, true);
  std::erase_if(made.package, [](const auto& entry) { return entry.first.starts_with(kUnboxingBase) || entry.first.starts_with("data/log/"); });
  EXPECT_THAT(codes_with(made, {}), testing::Not(testing::Contains("not-delivered")));
  EXPECT_THAT(codes_with(made, {kept}), testing::Contains("not-delivered"));
}

TEST(KeptOutside, ProofWithoutItsLeafIsHeldAgainstTheLeafHere) {
  const LoggedCase made = logged_case();
  SeenLog forked = seen_log(made);
  forked.hashes[5][0] ^= 1;
  EXPECT_THAT(codes_with(made, {proof(forked, 5, false)}), ElementsAre("witness-contradicts", "witness-contradicts"));
  forked.hashes.push_back(forked.hashes.front());  // a larger tree: the leaf alone can be compared
  EXPECT_THAT(codes_with(made, {proof(forked, 5, false, kLastSize + 1)}), ElementsAre("witness-contradicts"));
  SeenLog grown = seen_log(made);
  grown.hashes.push_back(grown.hashes.front());
  EXPECT_THAT(codes_with(made, {proof(grown, 5, false, kLastSize + 1)}), IsEmpty());
}

TEST(KeptOutside, CosignaturesFillTheQuorum) {
  LoggedCase made = logged_case();
  const SeenLog log = seen_log(made);
  auto note = parse_note(checkpoint(log, kLastSize, box_key())).take();
  note.signatures = {cosign_note(note.text, kWitness, witness_key(), 1'800'000'100)};  // the witness's alone
  made.policy.quorum = 1;
  EXPECT_THAT(codes_with(made, {}), testing::Contains("witness-quorum"));
  EXPECT_THAT(codes_with(made, {print_note(note)}), IsEmpty());
}

TEST(KeptOutside, UnusableInputIsRefused) {
  const LoggedCase made = logged_case();
  const Policy policy = witness_policy(made);
  const SeenLog log = seen_log(made);
  const auto refused = [&](const std::string& text, const char* why) {
    const auto outside = verify::parse_outside(text, "kept", policy);
    ASSERT_FALSE(outside.ok()) << why;
    EXPECT_EQ(outside.error().kind, ErrorKind::invalid);
    EXPECT_THAT(outside.error().text, HasSubstr(why));
  };
  refused("x", "kept");
  refused(checkpoint(log, 3, SigningKey(seed_of(9))), "no box in the policy");
  auto note = parse_note(checkpoint(log, 3, box_key())).take();
  note.signatures = {cosign_note(note.text, "stranger.example/w", other_key(), 1)};
  refused(print_note(note), "neither");
  refused(replaced(proof(log, 2, true), "index 2\n", "index 3\n"), "does not stand");
  refused(replaced(proof(log, 2, true), "tlog-proof@v1", "tlog-proof@v2"), "first line");
}

}  // namespace
}  // namespace netsampler::test
