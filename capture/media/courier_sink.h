// The ledger's sink: its caller never waits. What it is given becomes a record with a sealed memory file and goes into a queue; a thread of its
// own (the courier) delivers one after the other, in their order. So a ledger that is away, or whose disk takes a minute for a write,
// stops no picture.
// Bound: kCarriedBytes from the hand-over to the receipt; where they are full, segment() takes that one segment
// still and fails with `full`: the recording ends, and finish() hands over all that was taken.
// Told: {"event":"waiting","seconds","bytes"} with each segment while the oldest without a receipt is older than kToldUs; once with zeros
// when that is over. The same figures for the strip: Backlog.
#pragma once
#include <atomic>
#include <memory>

#include "capture/media/ledger_delivery.h"
#include "evidence/base/clock.h"

namespace netsampler::capture {

inline constexpr std::int64_t kCarriedBytes = 256LL << 20;  // some minutes of a full HD screen
inline constexpr std::int64_t kToldUs = 5'000'000;          // a ledger at work answers within milliseconds

// What waits for its receipt. Zeros where nothing waits for long.
struct Backlog {
  std::atomic<std::int64_t> seconds = 0, bytes = 0;
};

struct CourierBounds {
  std::int64_t carried_bytes = kCarriedBytes, told_us = kToldUs;  // others in tests alone
};

// `clock` outlives the sink. `print` is called from the courier's thread and the caller's.
std::unique_ptr<SegmentSink> make_courier_sink(std::unique_ptr<Delivery> delivery, const Clock& clock, EventPrinter print, std::shared_ptr<Backlog> backlog,
                                               const CourierBounds& bounds = {});

}  // namespace netsampler::capture
