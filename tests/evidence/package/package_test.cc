// Packages of a box in memory: what goes along, what a profile withholds, that the same head gives the same bytes.
#include "evidence/package/package.h"

#include <filesystem>

#include "evidence/format/bagit.h"
#include "evidence/format/private.h"
#include "evidence/package/profile.h"
#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

Json fact(const std::string& name) {
  Json body = waybill_body();
  body["name"] = name;
  return body;
}

struct PackageTest : ::testing::Test {
  TestWorld world;
  std::string id, other, head;
  ExportRequest request;
  void SetUp() override {
    world.started();
    ASSERT_TRUE(world.disk.make_directories("/nowhere/out").ok());
    ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), {{"title", "玩具"}}).ok());
    ASSERT_TRUE(world.ledger->case_open("A2", "alice", Json::object(), {{"title", "别的案件"}}).ok());
    id = world.open("unboxing", "A1");
    ASSERT_TRUE(world.page(id).ok());
    ASSERT_TRUE(world.ledger->append(id, "fact", fact("consignee.phone"), {{"value", "13800001234"}}, {}).ok());
    ASSERT_TRUE(world.ledger->append(id, "fact", fact("price.list"), {{"value", 12'900}}, {}).ok());
    ASSERT_TRUE(world.ledger->close(id, "stopped", {}).ok());
    other = world.open("unboxing", "A2");
    head = custody().head;
    request = {"/state/data", "A1", "full", "alice", "/nowhere/out", "test"};
  }
  Receipt custody() {
    return world.ledger->book_append("A1", "custody", "alice", {{"action", "export"}, {"profile", "full"}}, Json::object(), {}).take();
  }
  Result<ExportedPackage> package(const std::string& out) {
    (void)world.disk.make_directories(out).ok();
    request.out_directory = out;
    return write_package(world.disk, [this](const std::string& hash) { return world.ledger->package_sign(hash); }, request, head, {});
  }
  std::string text(const std::string& path) {
    const auto bytes = world.disk.read(path, 1u << 24);
    EXPECT_TRUE(bytes.ok()) << path;
    return bytes.ok() ? std::string(as_text(*bytes)) : "";
  }
  std::map<std::string, std::string> all(const std::string& root) {
    std::map<std::string, std::string> files;
    for (const auto& path : walk(world.disk, root).take()) files[path] = text(root + "/" + path);
    return files;
  }
};

TEST_F(PackageTest, HoldsTheCaseAndItsRecordingsAndNothingElse) {
  std::int64_t done = 0;
  (void)world.disk.make_directories("/nowhere/out").ok();
  const auto made = write_package(world.disk, [this](const std::string& hash) { return world.ledger->package_sign(hash); }, request, head,
                                  [&](std::int64_t bytes, std::int64_t total) {
                                    done = bytes;
                                    EXPECT_LE(bytes, total);
                                  });
  ASSERT_TRUE(made.ok()) << made.error().text;
  EXPECT_EQ(made->path, "/nowhere/out/A1");
  EXPECT_EQ(made->bytes, done);
  const std::string from = "data/recordings/" + id + "/";
  std::vector<std::string> paths;
  for (const auto& [path, content] : all("/nowhere/out/A1")) paths.push_back(path);
  EXPECT_EQ(paths, (std::vector<std::string>{"README.txt", "bag-info.txt", "bagit.txt", "data/case/book.jsonl", "data/case/private.jsonl",
                                             from + "chain.jsonl", from + "keys.txt", from + "pages/1/page.warc", from + "private.jsonl",
                                             "manifest-sha256.txt", "package.sig", "tagmanifest-sha256.txt", "verify.py"}));
  EXPECT_FALSE(exists(world.disk, "/nowhere/out/A1~partial"));
}

TEST_F(PackageTest, ManifestsAndSignatureHold) {
  ASSERT_TRUE(package("/nowhere/out").ok());
  const auto manifest = parse_manifest(text("/nowhere/out/A1/manifest-sha256.txt")).take();
  EXPECT_EQ(manifest.size(), 6u);
  for (const auto& entry : manifest) EXPECT_EQ(sha256(as_bytes(text("/nowhere/out/A1/" + entry.path))), entry.sha256) << entry.path;
  const std::string tags = text("/nowhere/out/A1/tagmanifest-sha256.txt");
  for (const auto& entry : parse_manifest(tags).take()) EXPECT_EQ(sha256(as_bytes(text("/nowhere/out/A1/" + entry.path))), entry.sha256) << entry.path;
  const auto signature = parse_package_signature(text("/nowhere/out/A1/package.sig")).take();
  const auto key = public_key_from_base64(world.ledger->status()->at("box_key").get<std::string>()).take();
  EXPECT_TRUE(verify_signature(key, package_message(sha256(as_bytes(tags))), signature));
  EXPECT_FALSE(verify_signature(key, package_message(sha256(as_bytes(tags + "\n"))), signature));
}

TEST_F(PackageTest, TheSameHeadAndProfileGiveTheSameBytesWhateverCameLater) {
  ASSERT_TRUE(package("/nowhere/out").ok());
  world.clock.advance(86'400'000'000);
  custody();
  ASSERT_TRUE(package("/nowhere/again").ok());
  EXPECT_EQ(all("/nowhere/out/A1"), all("/nowhere/again/A1"));
  head = custody().head;
  ASSERT_TRUE(package("/nowhere/later").ok());
  EXPECT_NE(all("/nowhere/out/A1"), all("/nowhere/later/A1"));
}

TEST_F(PackageTest, ASellerDoesNotSeeTheConsigneeAndTheRootsStillHold) {
  request.profile = "seller";
  ASSERT_TRUE(package("/nowhere/out").ok());
  const std::string openings = text("/nowhere/out/A1/data/recordings/" + id + "/private.jsonl");
  EXPECT_EQ(openings.find("13800001234"), std::string::npos);
  EXPECT_NE(openings.find("12900"), std::string::npos);
  EXPECT_NE(openings.find("\"leaf\""), std::string::npos);
  std::map<std::int64_t, std::vector<Hash>> leaves;
  std::size_t at = 0;
  for (std::size_t end; (end = openings.find('\n', at)) != std::string::npos; at = end + 1) {
    const auto opening = parse_opening(std::string_view(openings).substr(at, end - at)).take();
    leaves[opening.seq].push_back(opening.leaf);
  }
  for (const auto& record : world.chain(id)) {
    const Hash expected = record.head.private_count > 0 ? record.head.private_root : merkle_root({});
    EXPECT_EQ(merkle_root(leaves[record.head.seq]), expected) << record.head.seq;
  }
  request.profile = "full";
  ASSERT_TRUE(package("/nowhere/whole").ok());
  EXPECT_NE(text("/nowhere/whole/A1/data/recordings/" + id + "/private.jsonl").find("13800001234"), std::string::npos);
}

TEST_F(PackageTest, WhatTheTableShows) {
  const auto sees = [](const char* profile, const char* name) { return shows(profile, {"fact", name, ""}, "value"); };
  EXPECT_TRUE(sees("seller", "price.final"));
  EXPECT_FALSE(sees("seller", "order.no"));
  EXPECT_FALSE(sees("seller", "payment.serial"));
  EXPECT_FALSE(sees("seller", "something.new"));
  EXPECT_TRUE(sees("panel", "order.no"));
  EXPECT_FALSE(sees("panel", "consignee.name"));
  EXPECT_TRUE(sees("full", "consignee.name"));
  EXPECT_TRUE(shows("seller", {"case_open", "", ""}, "product"));
  EXPECT_FALSE(shows("seller", {"case_open", "", ""}, "title"));
  EXPECT_TRUE(shows("seller", {"page", "", "product"}, "url"));
  EXPECT_FALSE(shows("seller", {"page", "", "order"}, "url"));
  EXPECT_FALSE(shows("public", {"fact", "price.final", ""}, "value"));
  EXPECT_TRUE(shows_page("panel", "product"));
  EXPECT_FALSE(shows_page("panel", "order"));
  EXPECT_FALSE(shows_page("panel", "hologram"));
  EXPECT_FALSE(shows_page("public", "product"));
  EXPECT_FALSE(shows_book_file("seller", "files/ab.openings"));
  EXPECT_FALSE(shows_book_file("panel", "files/ab.openings"));
  EXPECT_TRUE(shows_book_file("seller", "files/ab.torn"));
}

TEST_F(PackageTest, RefusesInOneLineAndLeavesNothingHalfWritten) {
  request.profile = "press";
  EXPECT_EQ(package("/nowhere/out").error().kind, ErrorKind::usage);
  request.profile = "full";
  request.case_id = "A9";
  EXPECT_EQ(package("/nowhere/out").error().kind, ErrorKind::not_found);
  request.case_id = "A1";
  const std::string good = head;
  head = std::string(64, '0');
  EXPECT_EQ(package("/nowhere/out").error().kind, ErrorKind::invalid);
  head = good;
  ASSERT_TRUE(package("/nowhere/out").ok());
  EXPECT_EQ(package("/nowhere/out").error().kind, ErrorKind::busy);
}

// A case may be called "A1.partial", and its package lie beside that of A1.
TEST(PackageOnDisk, LeavesAnotherCasesPackageAlone) {
  TestWorld world;
  world.started();
  const std::string root = (std::filesystem::temp_directory_path() / ("export-" + random_id(10))).string();
  RealFileSystem disk;
  const auto accept = [&](const std::string& hash) { return world.ledger->package_sign(hash); };
  for (const std::string id : {"A1.partial", "A1"}) {
    const Receipt opened = world.ledger->case_open(id, "alice", Json::object(), Json::object()).take();
    const Bytes book = world.disk.read("/state/data/cases/" + id + "/book.jsonl", 1u << 20).take();
    ASSERT_TRUE(disk.make_directories(root + "/data/cases/" + id).ok());
    ASSERT_TRUE(write_whole(disk, root + "/data/cases/" + id + "/book.jsonl", book).ok());
    const auto made = write_package(disk, accept, {root + "/data", id, "full", "alice", root + "/out", "test"}, opened.head, {});
    EXPECT_TRUE(made.ok()) << made.error().text;
  }
  EXPECT_TRUE(exists(disk, root + "/out/A1.partial/package.sig"));
  EXPECT_TRUE(exists(disk, root + "/out/A1/package.sig"));
  std::filesystem::remove_all(root);
}

TEST(PackageOnDisk, AFailedExportIsRemoved) {
  TestWorld world;
  world.started();
  ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), Json::object()).ok());
  const Receipt custody = world.ledger->book_append("A1", "custody", "alice", {{"action", "export"}}, Json::object(), {}).take();
  // The evidence lies in memory, so it is copied out first; then the signature is refused when all else is written.
  const std::string root = (std::filesystem::temp_directory_path() / ("export-" + random_id(10))).string();
  RealFileSystem disk;
  ASSERT_TRUE(disk.make_directories(root + "/data/cases/A1").ok());
  const Bytes book = world.disk.read("/state/data/cases/A1/book.jsonl", 1u << 20).take();
  ASSERT_TRUE(write_whole(disk, root + "/data/cases/A1/book.jsonl", book).ok());
  const ExportRequest request{root + "/data", "A1", "full", "alice", root, "test"};
  const auto refuse = [](const std::string&) -> Result<PackageSignature> { return fail(ErrorKind::unavailable, "the ledger is gone"); };
  const auto outcome = write_package(disk, refuse, request, custody.head, {});
  EXPECT_EQ(outcome.error().kind, ErrorKind::unavailable);
  EXPECT_FALSE(exists(disk, root + "/A1"));
  EXPECT_FALSE(exists(disk, root + "/A1~partial"));
  // The key was rotated in between: no key of the book as it is cut would confirm the signature.
  const auto rotated = [&](const std::string& hash) -> Result<PackageSignature> {
    PackageSignature made = world.ledger->package_sign(hash).take();
    made.box_key = to_base64(SigningKey(Secret::random()).public_key());
    return made;
  };
  EXPECT_EQ(write_package(disk, rotated, request, custody.head, {}).error().kind, ErrorKind::busy);
  EXPECT_FALSE(exists(disk, root + "/A1"));
  const auto accept = [&](const std::string& hash) { return world.ledger->package_sign(hash); };
  EXPECT_TRUE(write_package(disk, accept, request, custody.head, {}).ok());
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace netsampler
