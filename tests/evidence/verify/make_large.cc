// Large cases with known keys, for measuring the verifier: make_large WHAT COUNT DIRECTORY POLICY, WHAT one of
//   records   a recording of COUNT records, every fourth with personal members
//   media     a recording with COUNT segments of 1 MiB
//   lines     a recording of COUNT records of almost 64 KiB, all array
//   openings  a recording whose private.jsonl has COUNT lines, four for each record
//   files     a package with COUNT small files, a hundred to a page
//   unnamed   a package with COUNT files that nothing names
//   findings  a recording whose COUNT records are all of a wrong prev
//   gaps      a recording of COUNT gap records, each with a cause of 40 KiB
//   names     a package with COUNT files that nothing names, in one directory, their names 250 letters long
//   recordings  a box's data with COUNT recordings, cut behind an `open` whose kind is 40 KiB long
//   withheld  a package that declares COUNT files as withheld, each for a reason of its own, 300 bytes long
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "evidence/format/bagit.h"
#include "evidence/format/names.h"
#include "tests/evidence/verify/case_maker.h"

namespace netsampler::test {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kEpochUs60 = 60'000'000;
constexpr std::int64_t kEpochs = 1440;

NamedFile named(const std::string& path, std::string_view bytes) {
  return {path, static_cast<std::int64_t>(bytes.size()), hex_of(sha256(as_bytes(bytes))), hex_of(sm3(as_bytes(bytes)))};
}

class Directory {
 public:
  explicit Directory(fs::path root) : root_(std::move(root)) { fs::create_directories(root_); }
  NamedFile put(const std::string& path, std::string_view bytes) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << bytes;
    return named(path, bytes);
  }
  std::ofstream stream(const std::string& path) const { return std::ofstream(root_ / path, std::ios::binary); }
  const fs::path& root() const { return root_; }

 private:
  fs::path root_;
};

// A chain on the disk, written line by line; its clock is moved by the caller.
class ChainWriter {
 public:
  explicit ChainWriter(const Directory& directory)
      : directory_(directory), chain_(directory.stream("chain.jsonl")), private_(directory.stream("private.jsonl")), keys_(seed_of(7), kEpochs) {}

  void open(Directory& directory) {
    open_us_ = clock.boot_us();
    const Json body = {{"nonce", std::string(64, 'a')}, {"kind", "purchase"}, {"software_version", "0.1.0"},
                       {"box_key", to_base64(box_.public_key())}, {"epoch_us", kEpochUs60}, {"epochs", kEpochs},
                       {"file", json_of(directory.put("keys.txt", keys_.keys_text()))}};
    counts_.add("open", body);
    put(seal_open(object("open", body, Json::object()), box_, keys_.key()).take());
  }
  void add(const std::string& type, Json body, const Json& personal = Json::object(), bool bent = false) {
    while (epoch_ < epoch_at(open_us_, kEpochUs60, clock.boot_us())) next_epoch();
    counts_.add(type, body);
    if (type == "close") body.update(json_of(counts_));
    Json made = object(type, body, personal);
    if (bent) made["prev"] = std::string(64, '1');
    put(seal_record(std::move(made), keys_.key()).take());
  }
  std::string head() const { return hex_of(head_); }
  std::int64_t last_seq() const { return seq_ - 1; }
  ManualClock clock;

 private:
  void next_epoch() {
    (void)keys_.advance_to(++epoch_).ok();
    counts_.add("epoch", Json::object());
    put(seal_record(object("epoch", Json::object(), Json::object()), keys_.key()).take());
  }
  Json object(const std::string& type, const Json& body, const Json& personal) {
    Envelope head;
    head.owner = kPurchase;
    head.type = type;
    head.seq = seq_;
    head.prev = head_;
    head.at_us = clock.utc_us();
    head.err_us = 2000;
    head.clock = "synchronised";
    head.boot = clock.boot_id();
    head.boot_us = clock.boot_us();
    head.epoch = epoch_;
    const Openings openings = make_openings(seq_, personal).take();
    for (const auto& line : openings.lines) private_ << line << '\n';
    head.private_count = openings.count;
    head.private_root = openings.root;
    return make_record(head, body).take();
  }
  void put(const std::string& line) {
    chain_ << line << '\n';
    head_ = line_hash(line);
    ++seq_;
  }
  const Directory& directory_;
  std::ofstream chain_, private_;
  EpochKeys keys_;
  const SigningKey box_ = box_key();
  ChainCounts counts_;
  std::int64_t open_us_ = 0, seq_ = 0, epoch_ = 0;
  Hash head_{};
};

using Fill = void (*)(ChainWriter& chain, Directory& directory, std::int64_t count);

void records(ChainWriter& chain, Directory&, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    chain.clock.advance(500'000);
    const Json personal = i % 4 == 0 ? Json{{"value", 19900 + i}, {"raw", "￥199.00"}} : Json::object();
    chain.add("fact", {{"page", i}, {"kind", "product"}, {"item", "39-5"}, {"name", "price.list"}, {"rect", {1, 2, 3, 4}}, {"from", "jsonld"}, {"confidence", 100}}, personal);
  }
}

void media(ChainWriter& chain, Directory& directory, std::int64_t count) {
  const std::int64_t start = chain.clock.boot_us();
  chain.add("source", {{"source", "screen"}, {"medium", "screen"}, {"width", 64}, {"height", 48}, {"codec", "h264"}, {"time_base", 90'000},
                       {"start_us", start}, {"mode", "encoded"}, {"file", json_of(directory.put("media/screen/init.mp4", make_init()))}});
  constexpr std::size_t kMiB = 1u << 20;
  constexpr std::int64_t kTicks = 90'000;
  for (std::int64_t no = 0; no < count; ++no) {
    SegmentPlan plan{.first_pts = static_cast<std::uint64_t>(no * kTicks), .durations = {static_cast<std::uint64_t>(kTicks)}};
    std::string file = make_segment(plan);
    // One frame of a whole mebibyte: its size stands in trun (second word of its one row) and in mdat's header.
    const std::size_t mdat = file.find("mdat"), more = kMiB - file.size(), bytes = 4 + more;
    file.replace(mdat - 4, 4, u32(bytes + 8)).replace(mdat - 12, 4, u32(bytes)).append(more, static_cast<char>('a' + no % 26));
    chain.clock.advance(1'000'000);
    chain.add("segment", {{"source", "screen"}, {"no", no}, {"key", true}, {"frames", 1}, {"dropped", 0}, {"heartbeats", 0}, {"longest_us", 1'000'000},
                          {"first_pts", no * kTicks}, {"last_pts", no * kTicks}, {"last_duration", kTicks}, {"first_us", start + no * 1'000'000},
                          {"last_us", start + no * 1'000'000}, {"file", json_of(directory.put(segment_path("screen", no), file))}});
  }
}

void lines(ChainWriter& chain, Directory&, std::int64_t count) {
  Json list = Json::array();
  for (int i = 0; i < 32'000; ++i) list.push_back(1);
  for (std::int64_t i = 0; i < count; ++i) {
    chain.clock.advance(10'000);
    chain.add("unheard_of", {{"list", list}});
  }
}

void openings(ChainWriter& chain, Directory&, std::int64_t count) {
  for (std::int64_t i = 0; i < count / 4; ++i) {
    chain.clock.advance(20'000);
    chain.add("unheard_of", Json::object(), {{"a", i}, {"b", i}, {"c", i}, {"d", i}});
  }
}

void files(ChainWriter& chain, Directory& directory, std::int64_t count) {
  for (std::int64_t page = 0; page * 100 < count; ++page) {
    Json list = Json::array();
    for (int i = 0; i < 100; ++i)
      list.push_back(json_of(directory.put("pages/" + std::to_string(page) + "/file-" + std::to_string(i) + ".bin", std::to_string(page * 100 + i))));
    chain.clock.advance(1'000'000);
    chain.add("page", {{"page", page}, {"kind", "product"}, {"origin", "https://shop.example"}, {"status", 200}, {"responses", 3}, {"bytes", 5},
                       {"from_us", 1}, {"to_us", 2}, {"ended", "left"}, {"files", list}});
  }
}

void unnamed(ChainWriter&, Directory& directory, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) directory.put("pages/" + std::to_string(i / 1000) + "/stray-" + std::to_string(i), "x");
}

void findings(ChainWriter& chain, Directory&, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) chain.add("unheard_of", Json::object(), Json::object(), true);
}

void gaps(ChainWriter& chain, Directory&, std::int64_t count) {
  const std::string cause(40'000, 'x');
  for (std::int64_t i = 0; i < count; ++i) {
    chain.clock.advance(1'000);
    chain.add("gap", {{"source", "screen"}, {"cause", cause}, {"from_us", i}, {"to_us", i + 1}});
  }
}

void names(ChainWriter&, Directory& directory, std::int64_t count) {
  const std::string rest(244, 'n');
  const fs::path pages = directory.root() / "pages/1";
  for (std::int64_t i = 0; i < count; ++i) {  // links cost less than files; a file has room for 65,000
    const std::string first = "first-" + std::to_string(i / 60'000);
    if (i % 60'000 == 0) directory.put("pages/1/" + first, "");
    fs::create_hard_link(pages / first, pages / (std::to_string(100'000 + i) + rest));
  }
}

void nothing(ChainWriter&, Directory&, std::int64_t) {}

struct Row {
  Fill fill;
  bool package;
};
const std::map<std::string, Row> kRows{{"records", {records, false}}, {"media", {media, false}},   {"lines", {lines, false}},       {"openings", {openings, false}},
                                       {"files", {files, true}},      {"unnamed", {unnamed, true}}, {"findings", {findings, false}}, {"gaps", {gaps, false}},
                                       {"names", {names, true}},  {"withheld", {nothing, true}}};

void bag(const fs::path& root) {
  std::vector<ManifestEntry> payload, tags;
  for (const auto& entry : fs::recursive_directory_iterator(root / "data")) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    payload.push_back({fs::relative(entry.path(), root).string(), sha256(as_bytes(bytes))});
  }
  Directory directory(root);
  for (const auto& [path, text] : {std::pair<std::string, std::string>{"bagit.txt", kBagDeclaration}, {"manifest-sha256.txt", print_manifest(payload)}}) {
    directory.put(path, text);
    tags.push_back({path, sha256(as_bytes(text))});
  }
  const std::string tagmanifest = print_manifest(tags);
  directory.put("tagmanifest-sha256.txt", tagmanifest);
  directory.put("package.sig", print_package_signature(box_key().sign(package_message(sha256(as_bytes(tagmanifest))))));
}

void make(const Row& row, std::int64_t count, const fs::path& root) {
  Directory directory(row.package ? root / "data/recordings" / kPurchase : root);
  std::string head;
  std::int64_t last_seq = 0;
  ManualClock clock;
  {
    ChainWriter chain(directory);
    chain.open(directory);
    row.fill(chain, directory, count);
    chain.add("close", {{"reason", "stopped"}});
    head = chain.head();
    last_seq = chain.last_seq();
    clock = chain.clock;
  }
  if (!row.package) return;
  const SigningKey box = box_key();
  BookMaker book(kCase, clock, box);
  book.open();
  book.add("include", {{"recording", kPurchase}, {"head", head}, {"last_seq", last_seq}, {"role", "purchase"}, {"why", "officer"}});
  Directory at(root / "data/case");
  for (const auto& [path, bytes] : book.files) at.put(path, bytes);
  bag(root);
}

void declare_withheld(std::int64_t count, const fs::path& root) {
  std::ofstream list(root / "withheld.jsonl", std::ios::binary);
  list << canonical({{"format", "netsampler-withheld"}, {"head", std::string(64, 'a')}, {"profile", "panel"}, {"v", 1}}) << '\n';
  for (std::int64_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(1'000'000 + i);
    list << canonical({{"bytes", 1}, {"by", "alice"}, {"path", "data/" + number}, {"reason", number + std::string(293, 'r')}, {"sha256", std::string(64, '0')}}) << '\n';
  }
}

void make_recordings(std::int64_t count, const fs::path& root) {
  Json record = {{"type", "open"}, {"v", 1}, {"seq", 0}, {"prev", std::string(64, '0')}, {"at_us", 1}, {"err_us", 1}, {"clock", "synchronised"},
                 {"boot", "b"}, {"boot_us", 1}, {"epoch", 0}, {"recording", kPurchase}, {"kind", std::string(40'000, 'k')}};
  const std::string line = seal_record(std::move(record), box_key()).take() + "\n";
  for (std::int64_t i = 0; i < count; ++i) {
    std::string id = kPurchase;
    for (std::int64_t rest = i, at = 0; rest > 0; rest /= 26) id[static_cast<std::size_t>(at++)] = static_cast<char>('a' + rest % 26);
    Directory(root / "recordings" / id).put("chain.jsonl", line);
  }
}

std::string policy_text() {
  const auto key = box_key().public_key();
  return "netsampler-policy v1\nbox " + hex_of(sha256(key)) + " " + to_base64(key) + " test-box\n";
}

}  // namespace
}  // namespace netsampler::test

int main(int argc, char** argv) {
  using namespace netsampler::test;
  const std::string what = argc == 5 ? argv[1] : "";
  const auto row = kRows.find(what);
  if (row == kRows.end() && what != "recordings") {
    std::cerr << "usage: make_large records|media|lines|openings|files|unnamed|findings|gaps|names|recordings|withheld COUNT DIRECTORY POLICY\n";
    return 64;
  }
  const std::string_view digits = argv[2];
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc() || end != digits.data() + digits.size()) return 64;
  if (what == "recordings")
    make_recordings(count, argv[3]);
  else
    make(row->second, what == "withheld" ? 0 : count, argv[3]);
  if (what == "withheld") declare_withheld(count, argv[3]);
  std::ofstream(argv[4]) << policy_text();
  return 0;
}
