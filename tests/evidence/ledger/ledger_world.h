// A ledger in memory, with a clock that stands still and a disk that can be cut: the core without processes.
#pragma once
#include <gtest/gtest.h>

#include "evidence/ledger/ledger.h"
#include "tests/evidence/ledger/faulty_file_system.h"

namespace netsampler {

inline const std::vector<SamplerLogin> kTwo = {{"alice", "alice-password"}, {"bob", "bob-password"}};

inline Json page_body(std::int64_t page) {
  return {{"page", page}, {"kind", "product"}, {"origin", "https://shop.test"}, {"status", 200}, {"responses", 1},
          {"bytes", 4},   {"from_us", 1},      {"to_us", 2},                    {"ended", "left"}};
}
inline Json waybill_body() {
  return {{"page", 1}, {"kind", "logistics"}, {"item", "40-1"}, {"name", "parcel.waybill"}, {"from", "text"}, {"confidence", 100}};
}
inline LedgerFile sealed(const std::string& path, const std::string& content) {
  return {path, sealed_memory_file("test", as_bytes(content)).take()};
}
inline std::vector<LedgerFile> one_file(const std::string& path, const std::string& content) {
  std::vector<LedgerFile> files;
  files.push_back(sealed(path, content));
  return files;
}

struct TestWorld {
  FaultyFileSystem disk;
  ManualClock clock;
  std::int64_t free_bytes = 100LL << 30;
  Config config;
  KeyKeeping keys;
  Result<void> locked_memory;
  StatePaths paths{"/state"};
  std::unique_ptr<Ledger> ledger;

  TestWorld() {
    crypto_start();
    config.clock_limit_us = 60'000'000;  // nobody has measured the clock here: 16 s
    paths.index = ":memory:";  // SQLite's own disk has its own tests: here each start rebuilds
  }
  Result<void> start(bool replace_lost_key = false) {
    ledger.reset();
    auto started = Ledger::start({disk, clock, [this] { return free_bytes; }, [] { return KernelTime{}; }, "test", keys, locked_memory}, paths, config,
                                 replace_lost_key);
    if (!started.ok()) return started.error();
    ledger = started.take();
    return {};
  }
  void started() {
    const auto outcome = start();
    ASSERT_TRUE(outcome.ok()) << outcome.error().text;
  }
  void with_samplers() {
    for (const auto& login : kTwo) ASSERT_TRUE(ledger->account_add(login.id, "抽样人员", login.password).ok());
  }
  std::string open(const std::string& kind, const std::string& case_id = "", const std::string& display = "") {
    RecordingRequest request;
    request.kind = kind, request.case_id = case_id, request.display = display;
    if (needs_samplers(kind)) request.samplers = kTwo;
    const auto opened = ledger->open(request);
    EXPECT_TRUE(opened.ok()) << opened.error().text;
    return opened.ok() ? opened->recording : "";
  }
  Result<Receipt> page(const std::string& recording, std::int64_t number = 1) {
    return ledger->append(recording, "page", page_body(number), {{"url", "https://shop.test/?q=1"}, {"title", "商品"}},
                          one_file("pages/" + std::to_string(number) + "/page.warc", "WARC"));
  }
  Result<Receipt> waybill(const std::string& recording, const std::string& number) {
    return ledger->append(recording, "fact", waybill_body(), {{"value", number}, {"raw", number}}, {});
  }
  std::string root_of(const std::string& recording) const { return paths.data + "/recordings/" + recording; }
  std::vector<Record> records(const std::string& directory, const std::string& name) {
    std::vector<Record> found;
    const auto visit = [&](const IndexEntry& entry) -> Result<void> {
      found.push_back(entry.record);
      return {};
    };
    const auto scan = scan_chain(disk, directory, name, visit);
    EXPECT_TRUE(scan.ok() && !scan->damage) << directory << (scan.ok() ? scan->damage.value_or("") : scan.error().text);
    return found;
  }
  std::vector<Record> chain(const std::string& recording) { return records(root_of(recording), "chain.jsonl"); }
  std::vector<Record> book(const std::string& case_id) { return records(paths.data + "/cases/" + case_id, "book.jsonl"); }
  std::vector<std::string> included(const std::string& case_id) {
    std::vector<std::string> found;
    for (const auto& record : book(case_id))
      if (record.head.type == "include") found.push_back(record.body["recording"].get<std::string>() + " " + record.body["why"].get<std::string>());
    return found;
  }
};

}  // namespace netsampler
