// Which directory is what; a box's data; and what the report's two forms say.
#include "evidence/base/json.h"
#include "evidence/format/kinds.h"
#include "tests/evidence/verify/helpers.h"

namespace netsampler::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

// A box's data: a case with its recording, a recording of no case, and a case without recordings.
Files box_data(const std::function<void(BookMaker&, RecordingMaker&)>& bend = {}) {
  ManualClock clock;
  const SigningKey box = box_key();
  RecordingMaker unboxing = small_recording(kUnboxing, "unboxing", clock, box);
  BookMaker book(kCase, clock, box), other("CQ-2", clock, box);
  book.open();
  other.open();
  if (bend) bend(book, unboxing);
  book.include(unboxing);
  Files files;
  put_below(files, std::string("recordings/") + kPurchase, sound_purchase(clock, box).files);
  put_below(files, std::string("recordings/") + kUnboxing, unboxing.files);
  put_below(files, std::string("cases/") + kCase, book.files);
  put_below(files, "cases/CQ-2", other.files);
  return files;
}

TEST(BoxData, IsVerifiedWholeOrOneCase) {
  const auto whole = report_of(box_data());
  EXPECT_EQ(whole.scope, "box");
  EXPECT_THAT(codes_of(whole), ElementsAre("unstamped")) << print_of(whole);
  EXPECT_EQ(whole.recordings.size(), 2u);
  const auto one = report_of(box_data(), test_policy(), {.deep = false, .only_case = kCase});
  EXPECT_EQ(one.scope, "case");
  EXPECT_EQ(one.recordings.size(), 1u);
  EXPECT_EQ(one.books.size(), 1u);
}

TEST(BoxData, IsFoundInItsStateDirectory) {
  Files state;
  put_below(state, "data", box_data());
  state["policy.txt"] = "x";
  EXPECT_THAT(codes_of(report_of(state)), ElementsAre("unstamped"));
}

// Whoever takes everything from a package but a recording has no box's data: a box always has its own book. Found by the fuzzer.
TEST(BoxData, WithoutAnyBookIsWhatWasLeftOfAPackage) {
  Files state, left;
  put_below(state, "data", box_data());
  for (const auto& [path, bytes] : state)
    if (path.starts_with("data/recordings/")) left[path] = bytes;
  const auto report = report_of(left);
  EXPECT_EQ(report.scope, "package");
  EXPECT_THAT(codes_of(report), Contains("bag-declaration")) << print_of(report);
}

// The sockets of a running box lie beside its evidence, not in it.
TEST(BoxData, OddThingsCountInTheEvidenceAlone) {
  Files state;
  put_below(state, "p/data", box_data());
  state["p/run/ledger.sock"] = state["p/data/cases/CQ-2/pipe"] = "";
  MemoryDisk disk(state);
  disk.odd = "p/run/ledger.sock";
  state.erase("p/data/cases/CQ-2/pipe");
  EXPECT_THAT(codes_of(*verify::verify(disk, "p", test_policy())), ElementsAre("unstamped"));
  state["p/data/cases/CQ-2/pipe"] = "";
  disk.odd = "p/data/cases/CQ-2/pipe";
  EXPECT_THAT(codes_of(*verify::verify(disk, "p", test_policy())), ElementsAre("not-a-file", "unstamped"));
}

// The ledger was killed between making a book's file and its first record: nothing was acknowledged, nothing contradicts.
TEST(BoxData, AnEmptyBookIsInterrupted) {
  Files files = box_data();
  files["cases/CQ-3/book.jsonl"] = "";
  EXPECT_THAT(codes_of(report_of(files)), ElementsAre("interrupted", "unstamped"));
}

TEST(BoxData, UnknownCaseIsNoVerdict) {
  const Files files = rooted(box_data());
  const MemoryDisk disk(files);
  const auto report = verify::verify(disk, "p", test_policy(), {.deep = false, .only_case = "CQ-9"});
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().kind, ErrorKind::invalid);
}

TEST(ACaseAlone, MissesItsRecordings) {
  ManualClock clock;
  const SigningKey box = box_key();
  BookMaker book(kCase, clock, box);
  book.open();
  EXPECT_THAT(codes_of(report_of(book.files)), ElementsAre("unstamped"));
  book.include(small_recording(kUnboxing, "unboxing", clock, box));
  EXPECT_THAT(codes_of(report_of(book.files)), ElementsAre("recording-missing", "unstamped"));
}

TEST(AnInclude, OfAnotherHeadIsBroken) {
  ManualClock clock;
  const SigningKey box = box_key();
  RecordingMaker unboxing = small_recording(kUnboxing, "unboxing", clock, box);
  Files files;
  put_below(files, std::string("recordings/") + kUnboxing, unboxing.files);
  BookMaker book(kCase, clock, box);
  book.open();
  book.include(unboxing, [](Json& object) { object["head"] = std::string(64, '0'); });
  put_below(files, std::string("cases/") + kCase, book.files);
  EXPECT_THAT(codes_of(report_of(files)), ElementsAre("include-head", "unstamped"));
}

TEST(ABook, SignedByAnotherKeyIsBroken) {
  Files files = box_data();
  ManualClock clock;
  const SigningKey thief = other_key();
  BookMaker forged("CQ-2", clock, thief);
  forged.add("case_open", {{"nonce", std::string(64, '1')}, {"box_key", to_base64(box_key().public_key())}});
  files["cases/CQ-2/book.jsonl"] = forged.files["book.jsonl"];
  files.erase("cases/CQ-2/private.jsonl");
  EXPECT_THAT(codes_of(report_of(files)), ElementsAre("signature", "unstamped"));
}

TEST(ABook, UnderAnothersNameIsBroken) {
  Files files = box_data();
  Files moved;
  for (const auto& [path, bytes] : files)
    moved[path.starts_with("cases/CQ-2/") ? "cases/CQ-3/" + path.substr(11) : path] = bytes;
  EXPECT_THAT(codes_of(report_of(moved)), Contains("wrong-chain"));
}

// A power cut left a file that no record names; the next start put its hash into the book.
TEST(AnOrphan, RecordedByItsHashIsANoteAndChangedIsBroken) {
  const auto bend = [](BookMaker& book, RecordingMaker& unboxing) {
    const Json orphan = unboxing.file("media/screen/000001.m4s", "left over");
    book.add("finding", {{"code", "interrupted"}, {"severity", "partial"}, {"recording", kUnboxing}, {"orphans", Json::array({orphan})}});
  };
  EXPECT_THAT(codes_of(report_of(box_data(bend))), ElementsAre("recorded-partial", "orphan", "unstamped"));
  Files bent = box_data(bend);
  bent[std::string("recordings/") + kUnboxing + "/media/screen/000001.m4s"] += "x";
  EXPECT_THAT(codes_of(report_of(bent)), ElementsAre("recorded-partial", "file-changed", "unstamped"));
}

TEST(ReportJson, HasTheContractsMembers) {
  const auto json = parse_any(verify::report_json(report_of(sound_package()), true));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["verdict"], "PARTIAL");
  EXPECT_EQ((*json)["findings"][0]["code"], "unstamped");
  EXPECT_EQ((*json)["findings"][0]["severity"], "partial");
  EXPECT_TRUE((*json)["findings"][0].contains("where"));
  EXPECT_TRUE((*json)["findings"][0].contains("text"));
  EXPECT_TRUE((*json)["gaps"].is_array());
  EXPECT_TRUE((*json)["time"].is_object());
  EXPECT_EQ((*json)["segments"], 4);
  EXPECT_GT((*json)["records"].get<int>(), 15);
}

TEST(ReportText, SpeaksBothLanguagesAndListsTheHashes) {
  const auto report = report_of(sound_package());
  const std::string zh = verify::report_text(report, true), en = verify::report_text(report, false);
  EXPECT_THAT(zh, HasSubstr("结论：PARTIAL 部分可证"));
  EXPECT_THAT(zh, HasSubstr("完整性校验值清单"));
  EXPECT_THAT(zh, HasSubstr("不证明"));
  EXPECT_THAT(en, HasSubstr("Verdict: PARTIAL: all that is present verifies"));
  EXPECT_THAT(en, HasSubstr("does not prove"));
  for (const auto& line : report.hashes) EXPECT_THAT(en, HasSubstr(hex_of(line.sha256) + "  " + hex_of(line.sm3)));
}

// Whoever sends a package chooses its file names: they must not write lines of the report.
TEST(ReportText, ForeignNamesStayInTheirLine) {
  Files files = sound_package();
  files["x\n结论：INTACT 完整\x1b[2J"] = "";
  const std::string zh = verify::report_text(report_of(files), true);
  EXPECT_EQ(zh.find("\n结论：INTACT"), std::string::npos);
  EXPECT_EQ(zh.find('\x1b'), std::string::npos);
  EXPECT_THAT(zh, HasSubstr("结论：INTACT 完整"));  // it is named, in its line
}

TEST(Report, IsBoundedAndStillCountsTheWorst) {
  verify::Report report;
  for (int i = 0; i < 5'000; ++i) report.add(verify::Reason::opaque, "x");
  report.add(verify::Reason::prev, "y");
  EXPECT_LT(report.findings.size(), 200u);
  EXPECT_EQ(verify::exit_code_of(report), 2);
  EXPECT_TRUE(report.lists(verify::Reason::more, ""));
  EXPECT_EQ(verify::exit_code_of(verify::Report()), 0);
}

TEST(Reasons, AreInTheFormatsDescription) {
  const RealFileSystem disk;
  const auto text = disk.read(std::string(SOURCE_DIR) + "/docs/evidence-format.md", 1u << 20);
  ASSERT_TRUE(text.ok());
  for (const auto& row : verify::all_reasons()) EXPECT_THAT(std::string(as_text(*text)), HasSubstr(std::string(row.code)));
}

TEST(Kinds, AreInTheFormatsDescription) {
  const RealFileSystem disk;
  const auto text = disk.read(std::string(SOURCE_DIR) + "/docs/evidence-format.md", 1u << 20);
  ASSERT_TRUE(text.ok());
  for (const Kind& kind : all_kinds()) {
    EXPECT_THAT(std::string(as_text(*text)), HasSubstr("| " + std::string(kind.type)));
    for (const Member& member : kind.members) EXPECT_THAT(std::string(as_text(*text)), HasSubstr(std::string(member.name)));
  }
}

}  // namespace
}  // namespace netsampler::test
