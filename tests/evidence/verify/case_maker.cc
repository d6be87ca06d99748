#include "tests/evidence/verify/case_maker.h"

#include <gtest/gtest.h>

#include "evidence/format/bagit.h"
#include "evidence/format/names.h"
#include "evidence/format/record.h"

namespace netsampler::test {
namespace {

template <class T>
T must(Result<T> result) {
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().text);
  return result.ok() ? result.take() : T();
}

NamedFile named(const std::string& path, const std::string& bytes) {
  return {path, static_cast<std::int64_t>(bytes.size()), hex_of(sha256(as_bytes(bytes))), hex_of(sm3(as_bytes(bytes)))};
}

// The openings of a record go into private.jsonl first; their root goes into the record.
void commit(Files& files, std::int64_t seq, const Json& personal, Envelope& head) {
  const Openings openings = must(make_openings(seq, personal));
  for (const auto& line : openings.lines) files["private.jsonl"] += line + "\n";
  head.private_count = openings.count;
  head.private_root = openings.root;
}

EpochKeys keys_at(std::int64_t epoch, std::int64_t epochs) {
  EpochKeys keys(seed_of(7), epochs);
  EXPECT_TRUE(keys.advance_to(epoch).ok());
  return keys;
}

}  // namespace

Secret seed_of(std::uint8_t number) {
  crypto_start();  // may be called again and again
  return Secret::from(Bytes(32, number)).take();
}
SigningKey box_key() { return SigningKey(seed_of(1)); }
SigningKey other_key() { return SigningKey(seed_of(2)); }

Policy test_policy() {
  Policy policy;
  policy.boxes.push_back({box_key().public_key(), "测试设备"});
  return policy;
}

RecordingMaker::RecordingMaker(std::string name, std::string what, ManualClock& clock, const SigningKey& box, std::int64_t epochs)
    : id(std::move(name)), kind(std::move(what)), clock_(clock), box_(box), epochs_(epochs) {}

Json RecordingMaker::envelope(const std::string& type, const Json& body, const Json& personal) {
  Envelope head;
  head.owner = id;
  head.type = type;
  head.seq = seq_;
  head.prev = head_;
  head.at_us = clock_.utc_us();
  head.err_us = err_us;
  head.clock = err_clock;
  head.boot = boot_lie.empty() ? clock_.boot_id() : boot_lie;
  head.boot_us = clock_.boot_us();
  head.epoch = epoch_;
  commit(files, seq_, personal, head);
  return must(make_record(head, body));
}

void RecordingMaker::open() {
  open_boot_us_ = start_us_ = clock_.boot_us();
  Json body = {{"nonce", std::string(64, 'a')}, {"kind", kind}, {"software_version", "0.1.0"},
                     {"box_key", to_base64(box_.public_key())}, {"epoch_us", kTestEpochUs}, {"epochs", epochs_},
                     {"file", file("keys.txt", keys_at(0, epochs_).keys_text())}};
  body.update(more_open);
  counts_.add("open", body);
  const Json object = envelope("open", body, Json::object());
  const std::string line = must(seal_open(object, box_, keys_at(0, epochs_).key()));
  files["chain.jsonl"] += line + "\n";
  head_ = line_hash(line);
  ++seq_;
}

void RecordingMaker::epochs_until_now() {
  const std::int64_t now = epoch_at(open_boot_us_, kTestEpochUs, clock_.boot_us());
  while (epoch_ < now) {
    ++epoch_;
    if (write_epochs_) add("epoch", Json::object());
  }
}

void RecordingMaker::add(const std::string& type, Json body, const Json& personal, const Bend& bend) {
  if (type != "epoch") epochs_until_now();
  counts_.add(type, body);
  if (type == "close") body.update(json_of(counts_));
  Json object = envelope(type, body, personal);
  if (bend) bend(object);
  const std::string line = must(seal_record(object, keys_at(wrong_epoch_key.value_or(epoch_), epochs_).key()));
  files["chain.jsonl"] += line + "\n";
  head_ = line_hash(line);
  ++seq_;
}

Json RecordingMaker::file(const std::string& path, std::string bytes) {
  const Json name = json_of(named(path, bytes));
  files[path] = std::move(bytes);
  return name;
}

void RecordingMaker::source(const InitPlan& plan) {
  start_us_ = clock_.boot_us();
  no_ = 0;
  Json body = {{"source", source_name}, {"medium", "screen"}, {"width", 64}, {"height", 48}, {"codec", "h264"},
               {"time_base", 90'000}, {"start_us", start_us_}, {"mode", "encoded"},
               {"file", file(init_path(source_name), make_init(plan))}};
  if (!follows.empty()) body["follows"] = follows;
  add("source", body);
}

void RecordingMaker::segment(const SegmentPlan& plan, const Bend& bend) {
  std::int64_t end = static_cast<std::int64_t>(plan.first_pts), longest = 0;
  for (std::uint64_t ticks : plan.durations) {
    end += static_cast<std::int64_t>(ticks);
    longest = std::max(longest, static_cast<std::int64_t>(ticks));
  }
  const auto last_duration = static_cast<std::int64_t>(plan.durations.back());
  const auto us = [&](std::int64_t pts) { return start_us_ + pts * 100 / 9; };
  const auto first = static_cast<std::int64_t>(plan.first_pts);
  Json body = {{"source", source_name}, {"no", no_}, {"key", plan.key}, {"frames", plan.durations.size()}, {"dropped", 0},
               {"heartbeats", 0}, {"longest_us", longest * 100 / 9}, {"first_pts", first},
               {"last_pts", end - last_duration}, {"last_duration", last_duration}, {"first_us", us(first)},
               {"last_us", us(end - last_duration)}, {"file", file(segment_path(source_name, no_), make_segment(plan))}};
  ++no_;
  const std::int64_t until = us(end) - clock_.boot_us();
  if (until > 0) clock_.advance(until);
  add("segment", body, Json::object(), bend);
}

void RecordingMaker::close(const std::string& reason) { add("close", {{"reason", reason}}); }

BookMaker::BookMaker(std::string id, ManualClock& clock, const SigningKey& box) : id_(std::move(id)), clock_(clock), box_(&box) {}

void BookMaker::add(const std::string& type, const Json& body, const Json& personal, const Bend& bend) {
  Envelope head;
  head.chain = ChainKind::book;
  head.owner = id_;
  head.actor = "li";
  head.type = type;
  head.seq = seq_++;
  head.prev = head_;
  head.at_us = clock_.utc_us();
  head.err_us = 2'000;
  head.clock = "synchronised";
  head.boot = clock_.boot_id();
  head.boot_us = clock_.boot_us();
  commit(files, head.seq, personal, head);
  Json object = must(make_record(head, body));
  if (bend) bend(object);
  const std::string line = must(seal_record(object, *box_));
  files["book.jsonl"] += line + "\n";
  head_ = line_hash(line);
}

void BookMaker::open() {
  Json body = {{"nonce", nonce}, {"box_key", to_base64(box_->public_key())}};
  body.update(more_open);
  add("case_open", body, {{"title", "电动自行车头盔"}});
}

void BookMaker::change_key(const KeyHistory& changes, const SigningKey& fresh, const Bend& bend) {
  box_ = &fresh;
  add("key_change", {{"changes", json_of(changes)}}, Json::object(), bend);
}

void BookMaker::include(const RecordingMaker& recording, const Bend& bend) {
  add("include",
      {{"recording", recording.id}, {"head", recording.head()}, {"last_seq", recording.last_seq()}, {"role", recording.kind},
       {"why", "officer"}},
      Json::object(), bend);
}

void put_below(Files& into, const std::string& base, const Files& from) {
  for (const auto& [path, bytes] : from) into[base + "/" + path] = bytes;
}

std::string line_at(const std::string& text, std::size_t no) {
  std::size_t from = 0;
  for (; no > 0; --no) from = text.find('\n', from) + 1;
  return text.substr(from, text.find('\n', from) - from);
}

std::string without_line(const std::string& text, std::size_t no) { return replaced(text, line_at(text, no) + "\n", ""); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

RecordingMaker sound_purchase(ManualClock& clock, const SigningKey& box) {
  RecordingMaker made(kPurchase, "purchase", clock, box);
  made.open();
  made.add("clock", {{"state", "synchronised"}, {"offset_us", -120}, {"error_us", 900}, {"phase", "before"}});
  made.source();
  made.segment({.first_pts = 0});
  made.segment({.first_pts = 180'000, .key = false});
  made.add("page", {{"page", 0}, {"kind", "product"}, {"origin", "https://shop.example"}, {"status", 200}, {"responses", 3},
                    {"bytes", 5}, {"from_us", 1}, {"to_us", 2}, {"ended", "left"},
                    {"files", Json::array({made.file("pages/0/page.warc", "WARC/1.1")})}},
           {{"url", "https://shop.example/item?id=7"}, {"title", "头盔"}});
  made.add("fact", {{"page", 0}, {"kind", "product"}, {"item", "39-5"}, {"name", "price.list"}, {"rect", {1, 2, 3, 4}},
                    {"from", "jsonld"}, {"confidence", 100}},
           {{"value", 19900}, {"raw", "￥199.00"}});
  made.segment({.first_pts = 360'000});
  made.add("finding", {{"code", "marker-late"}, {"severity", "note"}});
  made.close();
  return made;
}

RecordingMaker small_recording(const std::string& id, const std::string& kind, ManualClock& clock, const SigningKey& box) {
  RecordingMaker made(id, kind, clock, box, 2);
  made.open();
  made.source();
  made.segment({.first_pts = 0, .durations = {90'000}});
  made.add("fact", {{"name", "parcel.waybill"}, {"from", "barcode"}, {"item", "40-1"}}, {{"value", "SF1234567890"}});
  made.close();
  return made;
}

void make_bag(Files& package, const SigningKey& box) {
  std::vector<ManifestEntry> payload, tags;
  package["bagit.txt"] = kBagDeclaration;
  package["bag-info.txt"] = "Payload-Oxum: 0.0\n";
  for (const auto& [path, bytes] : package)
    if (path.starts_with("data/")) payload.push_back({path, sha256(as_bytes(bytes))});
  package["manifest-sha256.txt"] = print_manifest(payload);
  for (const char* path : {"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "withheld.jsonl"})
    if (package.contains(path)) tags.push_back({path, sha256(as_bytes(package[path]))});
  package["tagmanifest-sha256.txt"] = print_manifest(tags);
  const Hash hash = sha256(as_bytes(package["tagmanifest-sha256.txt"]));
  package["package.sig"] = print_package_signature(box.sign(package_message(hash)));
}

Files sound_package() {
  ManualClock clock;
  const SigningKey box = box_key();
  BookMaker book(kCase, clock, box);
  book.open();
  const RecordingMaker purchase = sound_purchase(clock, box);
  book.include(purchase);
  const RecordingMaker unboxing = small_recording(kUnboxing, "unboxing", clock, box);
  book.include(unboxing);
  book.add("custody", {{"action", "export"}, {"profile", "full"}});
  Files package;
  put_below(package, "data/case", book.files);
  put_below(package, std::string("data/recordings/") + kPurchase, purchase.files);
  put_below(package, std::string("data/recordings/") + kUnboxing, unboxing.files);
  make_bag(package, box);
  return package;
}

Files small_package() {
  ManualClock clock;
  const SigningKey box = box_key();
  BookMaker book(kCase, clock, box);
  book.open();
  const RecordingMaker unboxing = small_recording(kUnboxing, "unboxing", clock, box);
  book.include(unboxing);
  Files package;
  put_below(package, "data/case", book.files);
  put_below(package, std::string("data/recordings/") + kUnboxing, unboxing.files);
  make_bag(package, box);
  return package;
}

}  // namespace netsampler::test
