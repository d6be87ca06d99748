// The courier: whoever records never waits, the order stays, what waits is told, and the end comes when the room is used up.
#include "capture/media/courier_sink.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "evidence/base/queue.h"
#include "tests/capture/recording.h"

namespace netsampler::capture {
namespace {

std::int64_t resident_kib() {
  const std::string status = text_of_file("/proc/self/status");
  return std::strtoll(status.c_str() + status.find("VmRSS:") + 6, nullptr, 10);
}

// What a ledger has that takes nothing while its gate is shut; a receipt for each segment.
class GatedDelivery final : public Delivery {
 public:
  GatedDelivery(BoundedQueue<int>& gate, Guarded<std::vector<std::string>>& taken, EventPrinter print, std::int64_t fail_at)
      : gate_(gate), taken_(taken), print_(std::move(print)), fail_at_(fail_at) {}

  Result<void> deliver(LedgerRecord record) override {
    const std::int64_t no = int_or(record.body, "no", 0);
    const bool segment = record.type == "segment";
    if (segment) static_cast<void>(gate_.pop());  // a closed gate that is empty stands open
    if (segment && no >= fail_at_) return fail(ErrorKind::io, "the disk failed");
    std::string what = record.type == "source" ? "source " + string_or(record.body, "source", "") : record.type + (segment ? " " + std::to_string(no) : "");
    taken_.with([&](auto& list) { list.push_back(std::move(what)); });
    if (segment) print_({{"event", "sealed"}, {"source", "screen"}, {"no", no}});
    return {};
  }

 private:
  BoundedQueue<int>& gate_;
  Guarded<std::vector<std::string>>& taken_;
  EventPrinter print_;
  std::int64_t fail_at_;
};

class Courier : public testing::Test {
 protected:
  void open(std::int64_t fail_at = 1'000'000, const CourierBounds& bounds = {1000}) {
    const auto print = [this](const Json& event) { events_.with([&](auto& list) { list.push_back(event); }); };
    sink_ = make_courier_sink(std::make_unique<GatedDelivery>(gate_, taken_, print, fail_at), clock_, print, backlog_, bounds);
    SourceInfo source;
    source.name = "screen";
    ASSERT_TRUE(sink_->start(source, Bytes{1}).ok());
  }
  Result<void> give(std::int64_t no, std::size_t bytes = 10) {
    Segment segment;
    segment.no = no;
    segment.bytes.resize(bytes);
    return sink_->segment(segment);
  }
  std::vector<std::string> taken() {
    return taken_.with([](auto& list) { return list; });
  }
  std::vector<Json> told(const std::string& what) {
    return events_.with([&](auto& list) {
      std::vector<Json> found;
      for (const Json& each : list)
        if (each["event"] == what) found.push_back(each);
      return found;
    });
  }
  bool sealed(std::size_t count) {
    return eventually([&] { return told("sealed").size() >= count; });
  }

  ManualClock clock_;
  BoundedQueue<int> gate_{100};
  Guarded<std::vector<std::string>> taken_;
  Guarded<std::vector<Json>> events_;
  std::shared_ptr<Backlog> backlog_ = std::make_shared<Backlog>();
  std::unique_ptr<SegmentSink> sink_;
};

TEST_F(Courier, TakesWhatItIsGivenWhileNothingIsTakenBehindItAndKeepsTheOrder) {
  open();
  ASSERT_TRUE(give(0).ok());
  ASSERT_TRUE(sink_->note({"gap", Json::object(), Json::object()}).ok());
  ASSERT_TRUE(give(1).ok());
  EXPECT_TRUE(told("sealed").empty());
  gate_.close();
  ASSERT_TRUE(sink_->finish().ok());
  EXPECT_EQ(taken(), (std::vector<std::string>{"source screen", "segment 0", "gap", "segment 1"}));
  EXPECT_EQ(told("sealed").size(), 2U);
}

TEST_F(Courier, WhatWaitsForLongIsToldUntilItIsOver) {
  open();
  ASSERT_TRUE(give(0).ok());
  clock_.advance(7'000'000);
  ASSERT_TRUE(give(1).ok());
  ASSERT_EQ(told("waiting").size(), 1U);
  EXPECT_EQ(told("waiting")[0], (Json{{"event", "waiting"}, {"seconds", 7}, {"bytes", 20}}));
  EXPECT_EQ(backlog_->seconds, 7);
  gate_.close();
  ASSERT_TRUE(sealed(2));
  ASSERT_TRUE(sink_->finish().ok());
  ASSERT_EQ(told("waiting").size(), 2U);
  EXPECT_EQ(told("waiting")[1], (Json{{"event", "waiting"}, {"seconds", 0}, {"bytes", 0}}));
  EXPECT_EQ(backlog_->bytes, 0);
}

TEST_F(Courier, ReceiptsInTimeAreNotTold) {
  open();
  gate_.close();
  for (int no = 0; no < 20; ++no) {
    ASSERT_TRUE(give(no, 900).ok());
    ASSERT_TRUE(sealed(static_cast<std::size_t>(no) + 1));
    clock_.advance(2'000'000);
  }
  ASSERT_TRUE(sink_->finish().ok());
  EXPECT_TRUE(told("waiting").empty());
}

TEST_F(Courier, WhereTheRoomIsUsedUpItEndsAndHandsOverAllThatItTook) {
  open();
  ASSERT_TRUE(give(0, 600).ok());
  const auto outcome = give(1, 600);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(exit_code_of(outcome.error().kind), 74);
  EXPECT_NE(outcome.error().text.find("look at the ledger"), std::string::npos);
  gate_.close();
  ASSERT_TRUE(sink_->finish().ok());
  EXPECT_EQ(taken(), (std::vector<std::string>{"source screen", "segment 0", "segment 1"}));
}

TEST_F(Courier, AFailureBehindItIsToldOnceMoreAtEachCallAndNothingIsHandedOverAfterIt) {
  open(1);
  gate_.close();
  ASSERT_TRUE(give(0).ok());
  ASSERT_TRUE(sink_->health().ok());
  ASSERT_TRUE(give(1).ok());
  ASSERT_TRUE(eventually([&] { return !sink_->health().ok(); }));
  EXPECT_FALSE(give(2).ok());
  const auto ended = sink_->finish();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().text, "the disk failed");
  EXPECT_EQ(taken(), (std::vector<std::string>{"source screen", "segment 0"}));
}

// The bound of the product itself, with all its bytes there: they lie in memory files, not in this program's own memory.
TEST_F(Courier, AQuarterOfAGibibyteWaitsOutsideThisProgramsMemory) {
  constexpr std::size_t kSegment = 8 << 20;
  open(1'000'000, {});
  const std::int64_t before_kib = resident_kib();
  std::int64_t no = 0;
  for (; no < 31; ++no) ASSERT_TRUE(give(no, kSegment).ok());
  EXPECT_LT(resident_kib() - before_kib, 64 << 10);
  const auto outcome = give(no, kSegment);  // the 32nd fills it
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().kind, ErrorKind::full);
  EXPECT_NE(outcome.error().text.find("256 MiB"), std::string::npos);
  gate_.close();
  ASSERT_TRUE(sink_->finish().ok());
  EXPECT_EQ(taken().size(), 33U);
}

}  // namespace
}  // namespace netsampler::capture
