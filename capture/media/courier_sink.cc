#include "capture/media/courier_sink.h"

#include <deque>
#include <optional>
#include <thread>
#include <variant>

#include "evidence/base/queue.h"

namespace netsampler::capture {
namespace {

constexpr std::size_t kItems = 8192;  // notes as well: more than a day's findings, and no bound of bytes lets so many segments wait

struct Begin {
  SourceInfo source;
  Bytes init;
};
using Item = std::variant<Begin, Segment, Note>;

// A segment without a receipt.
struct Carried {
  std::string source;
  std::int64_t no = 0, bytes = 0, since_us = 0;
};

struct Load {
  std::deque<Carried> segments;  // in the order of their hand-over
  std::int64_t bytes = 0;
  bool told = false;
  std::optional<Error> error;  // of the sink behind; the first
};

class CourierSink final : public SegmentSink {
 public:
  CourierSink(const Clock& clock, EventPrinter print, std::shared_ptr<Backlog> backlog, const CourierBounds& bounds)
      : clock_(clock), print_(std::move(print)), backlog_(std::move(backlog)), bounds_(bounds) {}
  ~CourierSink() override { end(); }

  Result<void> open(const SinkOpener& opener) {
    sink_ = TRY(opener([this](const Json& event) { pass_on(event); }));
    thread_ = std::thread([this] { carry(); });
    return {};
  }

  Result<void> start(const SourceInfo& source, ByteView init) override {
    source_ = source.name;
    return take(Begin{source, Bytes(init.begin(), init.end())});
  }
  Result<void> segment(const Segment& segment) override {
    const auto size_bytes = static_cast<std::int64_t>(segment.bytes.size());
    const std::int64_t now_us = clock_.boot_us();
    load_.with([&](Load& load) {
      load.segments.push_back({source_, segment.no, size_bytes, now_us});
      load.bytes += size_bytes;
    });
    TRY(take(segment));
    return tell(now_us);
  }
  Result<void> note(const Note& note) override { return take(note); }
  std::int64_t utc_error_us() const override { return sink_->utc_error_us(); }  // safe beside the courier
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

  Result<void> take(Item item) {
    TRY(failure());
    if (!items_.try_push(std::move(item))) return fail(ErrorKind::full, "too much waits for the ledger (is it running? see its log)");
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

  // An event of the sink behind. A receipt ends the waiting of its segment, and of those before it: a ledger that died may have had them.
  void pass_on(const Json& event) {
    print_(event);
    if (string_or(event, "event", "") != "sealed") return;
    const std::string source = string_or(event, "source", "");
    const std::int64_t no = int_or(event, "no", 0);
    bool over = false;
    load_.with([&](Load& load) {
      for (bool found = false; !found && !load.segments.empty(); load.segments.pop_front()) {
        const Carried& first = load.segments.front();
        found = first.source == source && first.no == no;
        load.bytes -= first.bytes;
      }
      const bool in_time = load.segments.empty() || clock_.boot_us() - load.segments.front().since_us < bounds_.told_us;
      over = load.told && in_time;
      if (over) load.told = false;
    });
    if (over) show(0, 0);
  }

  Result<void> hand_over(const Item& item) {
    if (const auto* begin = std::get_if<Begin>(&item)) return sink_->start(begin->source, begin->init);
    if (const auto* segment = std::get_if<Segment>(&item)) return sink_->segment(*segment);
    return sink_->note(std::get<Note>(item));
  }

  // The courier's whole work. After a failure nothing is handed over any more; what comes is thrown away until the end.
  void carry() {
    Result<void> outcome;
    while (auto item = items_.pop()) {
      if (outcome.ok()) outcome = hand_over(*item);
      if (!outcome.ok()) keep(outcome.error());
    }
    if (outcome.ok()) outcome = sink_->finish();
    if (!outcome.ok()) keep(outcome.error());
  }

  void keep(const Error& error) {
    load_.with([&](Load& load) {
      if (!load.error) load.error = error;
    });
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
  BoundedQueue<Item> items_{kItems};
  std::unique_ptr<SegmentSink> sink_;  // the courier's once it runs, utc_error_us() apart
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<SegmentSink>> open_courier_sink(const SinkOpener& open, const Clock& clock, EventPrinter print,
                                                       std::shared_ptr<Backlog> backlog, const CourierBounds& bounds) {
  auto sink = std::make_unique<CourierSink>(clock, std::move(print), std::move(backlog), bounds);
  TRY(sink->open(open));
  return std::unique_ptr<SegmentSink>(std::move(sink));
}

}  // namespace netsampler::capture
