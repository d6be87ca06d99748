#include "capture/media/courier_sink.h"

#include <deque>
#include <optional>
#include <thread>

#include "evidence/base/queue.h"

namespace netsampler::capture {
namespace {

constexpr std::size_t kItems = 900;  // half an hour of segments of a slow ledger; each is an open file, and 1024 is what a program is given

// A segment without a receipt.
struct Carried {
  std::int64_t bytes = 0, since_us = 0;
};

struct Load {
  std::deque<Carried> segments;  // in the order of their hand-over
  std::int64_t bytes = 0;
  bool told = false;
  std::optional<Error> error;  // of the delivery; the first
};

class CourierSink final : public SegmentSink {
 public:
  CourierSink(std::unique_ptr<Delivery> delivery, const Clock& clock, EventPrinter print, std::shared_ptr<Backlog> backlog, const CourierBounds& bounds)
      : clock_(clock), print_(std::move(print)), backlog_(std::move(backlog)), bounds_(bounds), delivery_(std::move(delivery)), thread_([this] { carry(); }) {}
  ~CourierSink() override { end(); }

  Result<void> start(const SourceInfo& source, ByteView init) override {
    source_ = source.name;
    auto record = TRY(record_of(source, init));
    return take(std::move(record));
  }
  Result<void> segment(const Segment& segment) override {
    auto record = TRY(record_of(source_, segment));
    const std::int64_t now_us = clock_.boot_us();
    load_.with([&](Load& load) {
      load.segments.push_back({record.size_bytes, now_us});
      load.bytes += record.size_bytes;
    });
    TRY(take(std::move(record)));
    return tell(now_us);
  }
  Result<void> note(const Note& note) override { return take({note.type, note.body, note.personal}); }
  std::int64_t utc_error_us() const override { return delivery_->utc_error_us(); }  // safe beside the courier
  Result<void> health() override { return failure(); }
  Result<void> finish() override {
    end();
    return failure();
  }

 private:
  Result<void> failure() {
    auto error = load_.with([](Load& load) { return load.error; });
    if (error) return std::move(*error);
    return {};
  }

  Result<void> take(LedgerRecord record) {
    TRY(failure());
    if (!items_.try_push(std::move(record))) return fail(ErrorKind::full, "too much waits for the ledger (is it running? see its log)");
    return {};
  }

  // How long the oldest waits, where that is long; and the end where the room is used up.
  Result<void> tell(std::int64_t now_us) {
    bool late = false, full = false;
    std::int64_t seconds = 0, bytes = 0;
    load_.with([&](Load& load) {
      const std::int64_t age_us = load.segments.empty() ? 0 : now_us - load.segments.front().since_us;
      late = load.told = load.told || age_us >= bounds_.told_us;
      seconds = age_us / 1'000'000;
      bytes = load.bytes;
      full = bytes >= bounds_.carried_bytes;
    });
    if (late) show(seconds, bytes);
    if (!full) return {};
    return fail(ErrorKind::full, "the ledger has taken nothing for " + std::to_string(seconds) + " s, and the " + std::to_string(bounds_.carried_bytes >> 20) +
                                     " MiB that can wait are used up: the recording ends (look at the ledger and its disk, then record again)");
  }

  void show(std::int64_t seconds, std::int64_t bytes) {
    backlog_->seconds = seconds;
    backlog_->bytes = bytes;
    print_({{"event", "waiting"}, {"seconds", seconds}, {"bytes", bytes}});
  }

  // The first segment's receipt is there.
  void unload() {
    const bool over = load_.with([&](Load& load) {
      load.bytes -= load.segments.front().bytes;
      load.segments.pop_front();
      const bool in_time = load.segments.empty() || clock_.boot_us() - load.segments.front().since_us < bounds_.told_us;
      return in_time && std::exchange(load.told, false);
    });
    if (over) show(0, 0);
  }

  // The courier's whole work. After a failure nothing is handed over any more; what comes is thrown away until the end.
  void carry() {
    Result<void> outcome;
    while (auto record = items_.pop()) {
      if (!outcome.ok()) continue;
      const bool segment = record->type == "segment";
      outcome = delivery_->deliver(std::move(*record));
      if (!outcome.ok()) load_.with([&](Load& load) { load.error = outcome.error(); });
      else if (segment) unload();
    }
  }

  void end() {
    items_.close();
    if (thread_.joinable()) thread_.join();
  }

  const Clock& clock_;
  EventPrinter print_;
  std::shared_ptr<Backlog> backlog_;
  CourierBounds bounds_;
  std::string source_;  // the one whose segments come now
  Guarded<Load> load_;
  BoundedQueue<LedgerRecord> items_{kItems};
  std::unique_ptr<Delivery> delivery_;  // the courier's, utc_error_us() apart
  std::thread thread_;                  // last: it uses all of these
};

}  // namespace

std::unique_ptr<SegmentSink> make_courier_sink(std::unique_ptr<Delivery> delivery, const Clock& clock, EventPrinter print, std::shared_ptr<Backlog> backlog,
                                               const CourierBounds& bounds) {
  return std::make_unique<CourierSink>(std::move(delivery), clock, std::move(print), std::move(backlog), bounds);
}

}  // namespace netsampler::capture
