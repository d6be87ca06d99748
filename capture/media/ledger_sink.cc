#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "capture/media/encoder.h"
#include "capture/media/sink.h"
#include "evidence/base/clock.h"
#include "evidence/format/frame_time.h"
#include "evidence/ledger/client.h"

namespace netsampler::capture {
namespace {

Json body_of(const SourceInfo& source) {
  Json body{{"source", source.name},    {"medium", source.medium},          {"width", source.width},
            {"height", source.height},  {"codec", source.codec},            {"mode", source.mode},
            {"time_base", kTicksPerSecond}, {"start_us", source.start_us}};
  if (!source.follows.empty()) body["follows"] = source.follows;
  if (!source.why.empty()) body["why"] = source.why;
  if (!source.monitors.empty()) body["monitors"] = source.monitors;
  if (source.frame_times) body["frame_times"] = kFrameTimesWord;
  return body;
}

Json body_of(const std::string& source, const Segment& segment) {
  Json body{{"source", source},
          {"no", segment.no},
          {"key", segment.key},
          {"frames", segment.frames},
          {"dropped", segment.dropped},
          {"heartbeats", segment.heartbeats},
          {"seen", segment.seen},
          {"waiting", segment.waiting},
          {"longest_us", segment.longest_us},
          {"first_pts", segment.first_pts},
          {"last_pts", segment.last_pts},
          {"last_duration", segment.last_duration},
          {"first_us", segment.first_us},
          {"last_us", segment.last_us}};
  if (segment.jitter_us >= 0) body["jitter_us"] = segment.jitter_us, body["lost"] = segment.lost;
  return body;
}

// What has no receipt yet. Files are sealed memory files: their bytes cannot change while they wait.
struct Held {
  std::string type;
  Json body, personal = Json::object();
  std::string file = {};  // name of the handed-over file, for errors; empty: a record without one
  std::shared_ptr<const Fd> bytes = nullptr;
  std::int64_t size_bytes = 0;
};

// A ledger that is there and does not answer is at work on a slow disk: to hand over again sooner would only give it more to do.
void await_receipts(LedgerClient& client, std::int64_t patience_us) { client.wait_for_receipts(static_cast<int>(patience_us / 1000)); }

class LedgerSink final : public SegmentSink {
 public:
  LedgerSink(std::string socket, LedgerClient client, std::string recording, std::int64_t patience_us, EventPrinter print_event)
      : socket_(std::move(socket)), client_(std::move(client)), recording_(std::move(recording)), patience_us_(patience_us),
        print_(std::move(print_event)) {}

  Result<void> start(const SourceInfo& source, ByteView init) override {
    Held held{"source", body_of(source)};
    source_name_ = source.name;
    TRY(seal(held, "media/" + source.name + "/init.mp4", init));
    sources_.push_back(held);
    return hand_over(std::move(held));
  }
  Result<void> segment(const Segment& segment) override {
    Held held{"segment", body_of(source_name_, segment)};
    TRY(seal(held, segment_path(source_name_, segment.no), segment.bytes));
    return hand_over(std::move(held));
  }
  Result<void> note(const Note& note) override { return hand_over({note.type, note.body, note.personal, ""}); }
  std::int64_t utc_error_us() const override {
    const std::int64_t stamped_us = stamped_us_.load();
    return stamped_us > 0 ? utc_error_us_.load() + (clock_.boot_us() - stamped_us) * kDrift_ppm / 1'000'000 : kernel_utc_error_us();
  }
  Result<void> finish() override { return deliver(true); }

 private:
  static Result<void> seal(Held& held, const std::string& file, ByteView bytes) {
    held.bytes = std::make_shared<const Fd>(TRY(sealed_memory_file(file, bytes)));
    held.size_bytes = static_cast<std::int64_t>(bytes.size());
    held.file = file;
    return {};
  }

  Result<void> hand_over(Held held) {
    held_bytes_ += held.size_bytes;
    held_.push_back(std::move(held));
    return deliver(false);
  }

  // All that waits, in its order. A ledger that is gone is waited for: at once again with the next item, here where there is no room for
  // more (then the queues fill, and the grabber drops and counts) or at the end (`to_the_end`).
  Result<void> deliver(bool to_the_end) {
    while (!held_.empty()) {
      const std::int64_t begun_us = clock_.boot_us();
      const auto sent = send(held_.front());
      if (sent.ok()) {
        pop_front();
        continue;
      }
      if (sent.error().kind != ErrorKind::unavailable) return sent;
      if (!lost_us_) lost_us_ = begun_us;
      if (clock_.boot_us() - *lost_us_ > patience_us_) return sent;  // soon the ledger would not let this recording go on any more
      const auto back = reconnect();
      if (back.ok()) continue;
      if (back.error().kind != ErrorKind::unavailable) return back;
      const bool room = held_bytes_ < kHeldBytes && held_.size() < kHeldItems;
      if (room && !to_the_end) return {};
      ::poll(nullptr, 0, kTryAgainMs);  // until the ledger listens again
    }
    lost_us_.reset();
    return {};
  }

  Result<void> send(const Held& held) {
    std::vector<LedgerFile> files;
    Json body = held.body;
    const std::string source = string_or(body, "source", "");
    if (held.type == "segment") body["no"] = int_or(body, "no", 0) - first_no_[source];
    if (held.type == "segment" && (lost_us_ || int_or(body, "first_us", 0) < settled_us_)) body["sealed_late_us"] = std::max<std::int64_t>(clock_.boot_us() - int_or(body, "last_us", 0), 0);
    if (held.bytes != nullptr) {
      files.resize(1);
      files[0].path = held.type == "segment" ? segment_path(source, int_or(body, "no", 0)) : held.file;
      files[0].fd = Fd(::fcntl(held.bytes->get(), F_DUPFD_CLOEXEC, 0));
      if (!files[0].fd.valid()) return fail_errno("handing over " + held.file);
    }
    auto receipt = client_.append(recording_, held.type, body, held.personal, files);
    // Handed over a second time, to the ledger that had taken it: its receipt was what got lost.
    const bool there = !receipt.ok() && receipt.error().kind == ErrorKind::busy && lost_us_ && held.bytes != nullptr;
    if (receipt.ok()) utc_error_us_ = receipt->err_us, stamped_us_ = clock_.boot_us();
    if (receipt.ok() || there) return {};
    if (receipt.error().kind == ErrorKind::not_found && lost_us_) return resume();
    return std::move(receipt.error()).with("handing " + (held.file.empty() ? "a " + held.type : held.file) + " to the ledger");
  }

  void pop_front() {
    const Held& held = held_.front();
    if (held.type == "segment") print_({{"event", "sealed"}, {"source", string_or(held.body, "source", "")}, {"no", int_or(held.body, "no", 0)}});
    held_bytes_ -= held.size_bytes;
    held_.pop_front();
  }

  Result<void> reconnect() {
    client_ = TRY(LedgerClient::connect(socket_));
    await_receipts(client_, patience_us_);
    return {};
  }

  // The ledger died and is back: nobody can extend the old chain. A new one goes on from it, with the same source; what the old one holds
  // of what waits here had its record, but no receipt. The error says: again, with the item that is first now.
  Result<void> resume() {
    RecordingRequest request;
    request.resumes = recording_;
    const OpenedRecording opened = TRY_WITH(client_.open(request), "going on after the ledger's death");
    for (const auto& [source, count] : opened.sealed) first_no_[source] += count;
    std::erase_if(held_, [this](const Held& held) {
      const bool there = held.type == "source" || (held.type == "segment" && int_or(held.body, "no", 0) < first_no_[string_or(held.body, "source", "")]);
      held_bytes_ -= there ? held.size_bytes : 0;
      return there;
    });
    begin_again();
    print_({{"event", "resumed"}, {"recording", opened.recording}, {"resumes", recording_}});
    recording_ = opened.recording;
    settled_us_ = clock_.boot_us() + kStripBehindUs;
    return fail(ErrorKind::unavailable, "the ledger was away");
  }

  // The new chain needs the source that goes on, and those of which something waits, each before its first segment there; what one
  // follows is told where that one is there too.
  void begin_again() {
    if (sources_.empty()) return;
    const auto name_of = [](const Held& held) { return string_or(held.body, "source", ""); };
    std::deque<Held> waiting;
    std::vector<Held> kept;
    const auto begin = [&](Held source) {
      if (kept.empty() || string_or(source.body, "follows", "") != name_of(kept.back())) source.body.erase("follows");
      held_bytes_ += source.size_bytes;
      kept.push_back(source);
      waiting.push_back(std::move(source));
    };
    for (Held& held : held_) {
      const auto of_it = [&](const Held& source) { return name_of(source) == name_of(held); };
      const bool begins = held.type == "segment" && (kept.empty() || !of_it(kept.back()));
      const auto source = std::find_if(sources_.begin(), sources_.end(), of_it);
      if (begins && source != sources_.end()) begin(*source);
      waiting.push_back(std::move(held));
    }
    if (kept.empty() || name_of(kept.back()) != name_of(sources_.back())) begin(sources_.back());
    held_ = std::move(waiting);
    sources_ = std::move(kept);
  }

  static constexpr std::int64_t kHeldBytes = 256LL << 20;        // some minutes of a full HD screen
  static constexpr std::size_t kHeldItems = 1000;
  static constexpr int kTryAgainMs = 200;
  static constexpr std::int64_t kStripBehindUs = 3'000'000;      // so long may the strip show the old chain's head

  SystemClock clock_;
  std::string socket_;
  LedgerClient client_;
  std::string recording_, source_name_;
  std::int64_t patience_us_;
  EventPrinter print_;
  std::vector<Held> sources_;             // of this recording, oldest first
  std::deque<Held> held_;
  std::int64_t held_bytes_ = 0;
  std::map<std::string, std::int64_t> first_no_;  // our number of a source's segment 0 in this chain
  std::int64_t settled_us_ = 0;           // BOOTTIME; pictures before it were seen while the old chain was written, or none
  std::atomic<std::int64_t> utc_error_us_ = 0, stamped_us_ = 0;  // of the newest receipt's stamp, and BOOTTIME when it came (0: none has)
  std::optional<std::int64_t> lost_us_;   // BOOTTIME since when something waits for the ledger
};

}  // namespace

Result<std::unique_ptr<SegmentSink>> open_ledger_sink(const std::string& socket, const std::string& recording,
                                                      std::int64_t patience_us, EventPrinter print_event) {
  auto client = TRY(LedgerClient::connect(socket));
  await_receipts(client, patience_us);
  return std::unique_ptr<SegmentSink>(std::make_unique<LedgerSink>(socket, std::move(client), recording, patience_us, std::move(print_event)));
}

}  // namespace netsampler::capture
