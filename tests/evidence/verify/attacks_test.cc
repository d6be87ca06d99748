// Attacks on a sound package, spelled as data: what is done to it, and what the verifier must say. The accepted twin is the
// package itself: PARTIAL for the missing time stamps alone.
#include "tests/evidence/verify/helpers.h"

namespace netsampler::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using verify::Report;

std::string in_purchase(const std::string& path) { return std::string("data/recordings/") + kPurchase + "/" + path; }

TEST(SoundPackage, IsPartialForTheMissingTimeStampsAlone) {
  const Report report = report_of(sound_package());
  EXPECT_THAT(codes_of(report), ElementsAre("unstamped")) << print_of(report);
  EXPECT_STREQ(verify::verdict_of(report), "PARTIAL");
  EXPECT_EQ(verify::exit_code_of(report), 1);
  EXPECT_EQ(report.box_name, "测试设备");
  EXPECT_EQ(report.recordings.size(), 2u);
  EXPECT_EQ(report.books.at(0).delivered, 2);
}

TEST(SoundPackage, DeepChecksSm3Too) {
  EXPECT_THAT(codes_of(report_of(sound_package(), test_policy(), {.deep = true, .only_case = ""})), ElementsAre("pictures-skipped", "unstamped"));
}

TEST(SoundPackage, WithoutPolicyIsUntrusted) {
  EXPECT_THAT(codes_of(report_of(sound_package(), std::nullopt)), ElementsAre("untrusted", "unstamped"));
}

struct Attack {
  const char* name;
  std::function<void(Files&)> attack;
  const char* verdict;
  const char* code;
  const char* where;  // must be a part of the finding's place
};

void edit_line(Files& files, const std::string& path, std::size_t no, const std::string& from, const std::string& to) {
  const std::string line = line_at(files[path], no);
  files[path] = replaced(files[path], line, replaced(line, from, to));
}

void rebag(Files& files) {
  for (const char* path : {"manifest-sha256.txt", "tagmanifest-sha256.txt", "package.sig"}) files.erase(path);
  make_bag(files, box_key());
}

const std::string kChain = in_purchase("chain.jsonl");
const std::string kPrivate = in_purchase("private.jsonl");

const Attack kAttacks[] = {
    {"ByteOfASegment", [](Files& f) { f[in_purchase("media/screen/000001.m4s")].back() ^= 1; }, "BROKEN", "file-changed", "000001.m4s"},
    {"LastSegmentFileGone", [](Files& f) { f.erase(in_purchase("media/screen/000002.m4s")); }, "PARTIAL", "file-missing", "000002.m4s"},
    {"PageFileGone", [](Files& f) { f.erase(in_purchase("pages/0/page.warc")); }, "PARTIAL", "file-missing", "page.warc"},
    {"InitReplaced", [](Files& f) { f[in_purchase("media/screen/init.mp4")] = make_init({.width = 66}); }, "BROKEN", "file-changed", "init.mp4"},
    {"KeysGone", [](Files& f) { f.erase(in_purchase("keys.txt")); }, "BROKEN", "keys", "chain.jsonl"},
    {"RecordDeleted", [](Files& f) { f[kChain] = without_line(f[kChain], 4); }, "BROKEN", "sequence", "chain.jsonl"},
    {"RecordAndFileDeleted", [](Files& f) { f[kChain] = without_line(f[kChain], 4); f.erase(in_purchase("media/screen/000001.m4s")); }, "BROKEN", "prev", "chain.jsonl"},
    {"HeadRemoved", [](Files& f) { f[kChain] = without_line(f[kChain], 0); }, "BROKEN", "open-first", "chain.jsonl"},
    {"RecordsSwapped", [](Files& f) {
       const std::string a = line_at(f[kChain], 5), b = line_at(f[kChain], 6);
       f[kChain] = replaced(f[kChain], a + "\n" + b, b + "\n" + a);
     }, "BROKEN", "sequence", "chain.jsonl"},
    {"SignatureStripped", [](Files& f) { edit_line(f, kChain, 1, "\"sig\":", "\"sag\":"); }, "BROKEN", "line-form", "seq 1"},
    {"PriceChangedInPrivate", [](Files& f) { f[kPrivate] = replaced(f[kPrivate], "19900", "9900"); }, "BROKEN", "opening-root", "private.jsonl seq 7"},
    {"PrivateLineGone", [](Files& f) { f[kPrivate] = without_line(f[kPrivate], 3); rebag(f); }, "PARTIAL", "private-missing", "private.jsonl"},
    {"PrivateFileGone", [](Files& f) { f.erase(kPrivate); rebag(f); }, "PARTIAL", "private-missing", "private.jsonl"},
    {"PrivateLineTwice", [](Files& f) { f[kPrivate] += line_at(f[kPrivate], 3) + "\n"; }, "BROKEN", "opening-form", "private.jsonl line 5"},
    {"NotCanonical", [](Files& f) { edit_line(f, kChain, 3, "\"frames\":2", "\"frames\": 2"); }, "BROKEN", "line-form", "seq 3"},
    {"NullMember", [](Files& f) { edit_line(f, kChain, 3, "\"frames\":2", "\"frames\":null"); }, "BROKEN", "line-form", "seq 3"},
    {"DeepNesting", [](Files& f) { f[kChain] += std::string(9000, '[') + "\n"; }, "BROKEN", "line-form", "chain.jsonl"},
    {"HugeLine", [](Files& f) { f[kChain] += std::string(70'000, 'x') + "\n"; }, "BROKEN", "line-form", "chain.jsonl"},
    {"SomethingBehindClose", [](Files& f) { f[kChain] += line_at(f[kChain], 10) + "\n"; }, "BROKEN", "after-close", "chain.jsonl"},
    {"BytesBehindClose", [](Files& f) { f[kChain] += "{"; }, "BROKEN", "after-close", "chain.jsonl"},
    {"ChainCutAtAnEdge", [](Files& f) { f[kChain] = without_line(f[kChain], 10); }, "BROKEN", "include-head", "book.jsonl seq 1"},
    {"StrayFile", [](Files& f) { f[in_purchase("media/screen/000003.m4s")] = "x"; }, "PARTIAL", "unnamed-file", "000003.m4s"},
    {"StrayTagFile", [](Files& f) { f["case.json"] = "{}"; }, "PARTIAL", "not-in-manifest", "case.json"},
    {"RecordingTakenOut", [](Files& f) { std::erase_if(f, [](const auto& e) { return e.first.find(kUnboxing) != std::string::npos; }); rebag(f); }, "PARTIAL", "recording-missing", "book.jsonl seq 2"},
    {"ChainTakenOut", [](Files& f) { f.erase(in_purchase("chain.jsonl")); }, "PARTIAL", "recording-missing", "chain.jsonl"},
    {"BookTakenOut", [](Files& f) { f.erase("data/case/book.jsonl"); }, "BROKEN", "package-signature", "package.sig"},
    {"BookCutAndRebagged", [](Files& f) { f["data/case/book.jsonl"] = without_line(without_line(f["data/case/book.jsonl"], 3), 2); rebag(f); }, "PARTIAL", "not-included", kUnboxing},
    {"PackageSignatureGone", [](Files& f) { f.erase("package.sig"); }, "PARTIAL", "package-unsigned", "package.sig"},
    {"TagManifestGone", [](Files& f) { f.erase("tagmanifest-sha256.txt"); }, "PARTIAL", "package-unsigned", "package.sig"},
    {"FileAddedAndManifestsRedone", [](Files& f) { const std::string old = f["package.sig"]; f["data/case.json"] = "{}"; rebag(f); f["package.sig"] = old; }, "BROKEN", "package-signature", "package.sig"},
    {"ManifestLineBent", [](Files& f) { f["manifest-sha256.txt"] += "zz  data/x\n"; }, "BROKEN", "manifest-form", "manifest-sha256.txt"},
    {"BagDeclarationGone", [](Files& f) { f.erase("bagit.txt"); }, "BROKEN", "bag-declaration", "bagit.txt"},
    {"HugePackageSignature", [](Files& f) { f["package.sig"] += std::string(5'000, 'A'); }, "BROKEN", "package-signature", "package.sig"},
    {"HugeBagDeclaration", [](Files& f) { f["bagit.txt"] += std::string(5'000, 'A'); }, "BROKEN", "bag-declaration", "bagit.txt"},
    {"EndlessDirectories", [](Files& f) {
       std::string path;
       for (int i = 0; i < 40; ++i) path += "d/";
       f[path + "x"] = "";
     }, "BROKEN", "not-a-file", "d/d"},
    {"SignedByAnotherBox", [](Files& f) { make_bag(f, other_key()); }, "BROKEN", "package-signature", "package.sig"},
};

class AttackOnAPackage : public testing::TestWithParam<Attack> {};

TEST_P(AttackOnAPackage, IsNamed) {
  const Attack& attack = GetParam();
  Files files = sound_package();
  attack.attack(files);
  const Report report = report_of(files);
  EXPECT_STREQ(verify::verdict_of(report), attack.verdict) << print_of(report);
  const auto named = [&](const verify::Finding& finding) {
    return verify::row_of(finding.reason).code == attack.code && finding.where.find(attack.where) != std::string::npos;
  };
  EXPECT_TRUE(std::any_of(report.findings.begin(), report.findings.end(), named)) << print_of(report);
}

INSTANTIATE_TEST_SUITE_P(Attacks, AttackOnAPackage, testing::ValuesIn(kAttacks),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(WithheldMember, StillVerifiesAndIsNamed) {
  Files files = sound_package();
  const std::string line = line_at(files[kPrivate], 3);
  const auto opening = parse_opening(line);
  ASSERT_TRUE(opening.ok());
  files[kPrivate] = replaced(files[kPrivate], line, withheld_line(*opening));
  rebag(files);
  EXPECT_THAT(codes_of(report_of(files)), ElementsAre("withheld", "unstamped"));
}

TEST(WithheldMember, WithAnotherLeafIsBroken) {
  Files files = sound_package();
  auto opening = parse_opening(line_at(files[kPrivate], 3));
  ASSERT_TRUE(opening.ok());
  opening->leaf[0] ^= 1;
  files[kPrivate] = replaced(files[kPrivate], line_at(files[kPrivate], 3), withheld_line(*opening));
  rebag(files);
  EXPECT_THAT(codes_of(report_of(files)), Contains("opening-root"));
}

// Any bit of any byte of any file: never the report of the sound package again. Shared out, so that it runs side by side.
constexpr std::size_t kShares = 8;
class EveryByte : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryByte, FlippedIsNeverUnnoticed) {
  const Files sound = small_package();
  ASSERT_THAT(codes_of(report_of(sound)), ElementsAre("unstamped"));
  Files files = rooted(sound);
  const MemoryDisk disk(files);
  for (auto& [path, bytes] : files) {
    for (std::size_t i = GetParam(); i < bytes.size(); i += kShares) {
      bytes[i] ^= static_cast<char>(1 << (i % 7));
      const auto report = verify::verify(disk, "p", test_policy());
      ASSERT_TRUE(report.ok()) << path << " byte " << i;
      EXPECT_THAT(codes_of(*report), testing::Not(ElementsAre("unstamped"))) << path << " byte " << i;
      bytes[i] ^= static_cast<char>(1 << (i % 7));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shares, EveryByte, testing::Range(std::size_t{0}, kShares));

TEST(EveryFile, DeletedIsNeverUnnoticed) {
  const Files sound = sound_package();
  for (const auto& [path, bytes] : sound) {
    Files files = sound;
    files.erase(path);
    EXPECT_THAT(codes_of(report_of(files)), testing::Not(ElementsAre("unstamped"))) << path;
  }
}

TEST(ADisk, ThatDoesNotAnswerIsNoVerdict) {
  const Files files = rooted(sound_package());
  MemoryDisk disk(files);
  disk.unreadable = "p/" + in_purchase("media/screen/000001.m4s");
  const auto report = verify::verify(disk, "p", test_policy());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().kind, ErrorKind::io);
}

TEST(Nothing, ToVerifyIsNoVerdict) {
  const Files files = {{"p/readme.txt", "x"}};
  const MemoryDisk disk(files);
  const auto report = verify::verify(disk, "p", test_policy());
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace netsampler::test
