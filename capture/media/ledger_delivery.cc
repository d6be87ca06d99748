#include "capture/media/ledger_delivery.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <vector>

#include "capture/media/encoder.h"
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

Result<LedgerRecord> sealed(std::string type, Json body, const std::string& file, ByteView bytes) {
  LedgerRecord record{std::move(type), std::move(body)};
  record.bytes = TRY(sealed_memory_file(file, bytes));
  record.size_bytes = static_cast<std::int64_t>(bytes.size());
  record.file = file;
  return record;
}

class LedgerDelivery final : public Delivery {
 public:
  LedgerDelivery(std::string socket, LedgerClient client, std::string recording, std::int64_t patience_us, EventPrinter print_event)
      : socket_(std::move(socket)), client_(std::move(client)), recording_(std::move(recording)), patience_us_(patience_us),
        print_(std::move(print_event)) {
    await_receipts();
  }

  Result<void> deliver(LedgerRecord record) override {
    const bool segment = record.type == "segment";
    const Json told{{"event", "sealed"}, {"source", string_or(record.body, "source", "")}, {"no", int_or(record.body, "no", 0)}};
    if (record.type == "source") {
      source_ = std::move(record);
      first_no_ = 0;
      return persist(source_);
    }
    TRY(persist(record));
    if (segment) print_(told);
    return {};
  }
  std::int64_t utc_error_us() const override {
    const std::int64_t stamped_us = stamped_us_.load();
    return stamped_us > 0 ? utc_error_us_.load() + (clock_.boot_us() - stamped_us) * kDrift_ppm / 1'000'000 : kernel_utc_error_us();
  }

 private:
  // A ledger that is there and does not answer is at work on a slow disk: to hand over again sooner would only give it more to do.
  void await_receipts() { client_.wait_for_receipts(static_cast<int>(patience_us_ / 1000)); }

  Result<void> persist(const LedgerRecord& record) {
    again_ = false;
    for (const std::int64_t begun_us = clock_.boot_us();;) {
      auto sent = send(record);
      if (sent.ok() || sent.error().kind != ErrorKind::unavailable) return sent;
      if (clock_.boot_us() - begun_us > patience_us_) return sent;  // soon the ledger would not let this recording go on any more
      again_ = true;
      ::poll(nullptr, 0, kTryAgainMs);  // until the ledger listens again
      auto back = LedgerClient::connect(socket_);
      if (!back.ok() && back.error().kind != ErrorKind::unavailable) return back.error();
      if (!back.ok()) continue;
      client_ = back.take();
      await_receipts();
    }
  }

  Result<void> send(const LedgerRecord& record) {
    auto sent = append(record);
    if (sent.ok() || !again_ || sent.error().kind != ErrorKind::not_found) return sent;
    TRY(resume(record));
    return append(record);
  }

  Result<void> append(const LedgerRecord& record) {
    const bool segment = record.type == "segment";
    Json body = record.body;
    const std::int64_t no = int_or(body, "no", 0) - first_no_;
    if (segment && no < 0) return {};  // the recording before holds it: its receipt was what got lost
    if (segment) body["no"] = no;
    if (segment && (again_ || int_or(body, "first_us", 0) < settled_us_)) body["sealed_late_us"] = std::max<std::int64_t>(clock_.boot_us() - int_or(body, "last_us", 0), 0);
    std::vector<LedgerFile> files(record.file.empty() ? 0 : 1);
    for (LedgerFile& file : files) {
      file.path = segment ? segment_path(string_or(body, "source", ""), no) : record.file;
      file.fd = Fd(::fcntl(record.bytes.get(), F_DUPFD_CLOEXEC, 0));
      if (!file.fd.valid()) return fail_errno("handing over " + record.file);
    }
    auto receipt = client_.append(recording_, record.type, body, record.personal, files);
    if (receipt.ok()) utc_error_us_ = receipt->err_us, stamped_us_ = clock_.boot_us();
    // Handed over a second time, to the ledger that had taken it: its receipt was what got lost.
    if (receipt.ok() || (receipt.error().kind == ErrorKind::busy && again_ && !files.empty())) return {};
    return std::move(receipt.error()).with("handing " + (record.file.empty() ? "a " + record.type : record.file) + " to the ledger");
  }

  // The ledger died and is back: nobody can extend the old chain. A new one goes on from it, with the source that goes on (unless that is what
  // is being handed over); it follows none there.
  Result<void> resume(const LedgerRecord& record) {
    RecordingRequest request;
    request.resumes = recording_;
    const OpenedRecording opened = TRY_WITH(client_.open(request), "going on after the ledger's death");
    print_({{"event", "resumed"}, {"recording", opened.recording}, {"resumes", recording_}});
    recording_ = opened.recording;
    settled_us_ = clock_.boot_us() + kStripBehindUs;
    if (source_.file.empty()) return {};
    source_.body.erase("follows");
    if (&record == &source_) return {};
    const auto held = opened.sealed.find(string_or(source_.body, "source", ""));
    if (held != opened.sealed.end()) first_no_ += held->second;
    return append(source_);
  }

  static constexpr int kTryAgainMs = 200;
  static constexpr std::int64_t kStripBehindUs = 3'000'000;  // so long may the strip show the old chain's head

  SystemClock clock_;
  std::string socket_;
  LedgerClient client_;
  std::string recording_;
  std::int64_t patience_us_;
  EventPrinter print_;
  LedgerRecord source_;           // whose segments come now
  std::int64_t first_no_ = 0;     // our number of its segment 0 in this chain
  bool again_ = false;            // the record at hand was handed over before: the ledger may have had it
  std::int64_t settled_us_ = 0;   // BOOTTIME; pictures before it were seen while the old chain was written, or none
  std::atomic<std::int64_t> utc_error_us_ = 0, stamped_us_ = 0;  // of the newest receipt's stamp, and BOOTTIME when it came (0: none has)
};

}  // namespace

Result<LedgerRecord> record_of(const SourceInfo& source, ByteView init) { return sealed("source", body_of(source), "media/" + source.name + "/init.mp4", init); }

Result<LedgerRecord> record_of(const std::string& source, const Segment& segment) {
  return sealed("segment", body_of(source, segment), segment_path(source, segment.no), segment.bytes);
}

Result<std::unique_ptr<Delivery>> open_ledger_delivery(const std::string& socket, const std::string& recording, std::int64_t patience_us, EventPrinter print) {
  auto client = TRY(LedgerClient::connect(socket));
  return std::unique_ptr<Delivery>(std::make_unique<LedgerDelivery>(socket, std::move(client), recording, patience_us, std::move(print)));
}

}  // namespace netsampler::capture
