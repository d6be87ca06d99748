#include "capture/screen/screen_recorder.h"

#include <optional>
#include <thread>

#include "capture/media/events.h"
#include "capture/media/real_time.h"
#include "capture/screen/screen_take.h"

namespace netsampler::capture {
namespace {

constexpr int kTakeLimit = 64;  // sizes of the screen in one recording; a verifier looks at the pictures of a hundred sources

class Recorder final : public ScreenRecorder {
 public:
  Recorder(const ScreenSettings& settings, const Clock& clock, std::unique_ptr<Stop> stop)
      : settings_(settings), clock_(clock), stop_(std::move(stop)) {}

  Result<void> start() {
    auto grabbed = TRY(XDisplay::open(settings_.display));
    grabber_ = TRY(XGrabber::open(std::move(grabbed), clock_, *stop_));
    take_ = TRY(next_take(1, {}));
    if (!settings_.strip) return {};
    auto shown = TRY(XDisplay::open(settings_.display));
    strip_ = TRY(Strip::open(std::move(shown), settings_.strip_text, clock_, *stop_));
    return {};
  }

  std::string notice() const override { return grabber_->notice(); }

  Result<void> run(SegmentSink& sink, const Fd& signals, const EventPrinter& print, Summary& summary) override {
    const std::int64_t from_us = clock_.boot_us();
    WriteStage write(sink, to_write_, take_->source(), clock_);
    std::thread strip_thread([&] { run_strip(); });
    Sealing sealing{write, strip_.get()};
    std::thread write_thread([&] { run_until_over(sealing, *stop_, [&] {
      to_write_.close();
      write.settle();
    }); });
    std::thread grab_thread([&] { run_takes(print); });
    const Result<void> waited = wait_for_end(signals, *stop_, clock_, from_us, settings_.seconds, pulse_);
    if (!waited.ok()) stop_->fail(waited.error());
    stop_->ask();
    grab_thread.join();
    if (strip_) strip_->abandon();
    strip_thread.join();
    to_write_.close();  // both that fill it are over
    write_thread.join();
    summary = {frames_, dropped_, write.bytes(), write.segments(),
               static_cast<double>(clock_.boot_us() - from_us) / 1e6, cpu_seconds()};
    if (auto error = stop_->error()) return std::move(*error);
    return {};
  }

 private:
  // The write stage, and the strip told of what lies on the disk.
  struct Sealing {
    WriteStage& write;
    Strip* strip;
    Result<bool> step() {
      auto more = write.step();
      if (strip != nullptr && write.segments() > 0) strip->segment_sealed();
      return more;
    }
  };

  void run_strip() {
    if (!strip_) return;
    leave_real_time();
    const Result<void> outcome = strip_->run([this](Note note) { to_write_.push(WriteItem(std::move(note))); });
    if (!outcome.ok() && !stop_->asked()) stop_->fail(outcome.error());
  }

  Result<std::unique_ptr<ScreenTake>> next_take(int number, const TakeEnd& before) {
    return ScreenTake::open(*grabber_, number, before, {settings_.frames_per_second, settings_.strip}, to_write_, clock_);
  }

  void run_takes(const EventPrinter& print) {
    const Result<void> outcome = take_all(print);
    if (!outcome.ok() && !stop_->asked()) stop_->fail(outcome.error());
    stop_->ask();
  }

  // One take as long as the screen keeps its size.
  Result<void> take_all(const EventPrinter& print) {
    const SystemHardship meter(pulse_);  // of this thread
    TakeEnd end;
    for (int number = 1; number <= kTakeLimit; ++number) {
      if (number > 1) take_ = TRY(next_take(number, end));
      if (number > 1) to_write_.push(WriteItem(take_->source()));
      const std::int64_t last_us = end.last_us;
      const auto ended = take_->run(*stop_, meter, [&] { began(print); });
      frames_ += take_->frames();
      dropped_ += take_->dropped();
      if (!ended.ok()) return ended.error();
      end = *ended;
      if (end.last_us == 0) end.last_us = last_us;
      if (!end.resized || stop_->asked()) return {};
      TRY(grabber_->follow());
    }
    return fail(ErrorKind::unavailable, "the screen has changed its size too often (set the desktop to one size, then record again)");
  }

  void began(const EventPrinter& print) {
    if (ready_) return;
    ready_ = true;
    print({{"event", "ready"}});
    if (strip_) strip_->recording_began();
  }

  ScreenSettings settings_;
  const Clock& clock_;
  std::unique_ptr<Stop> stop_;
  std::unique_ptr<XGrabber> grabber_;
  std::unique_ptr<Strip> strip_;
  Pulse pulse_;
  WriteQueue to_write_{kWriteQueue};
  std::unique_ptr<ScreenTake> take_;
  bool ready_ = false;
  std::int64_t frames_ = 0, dropped_ = 0;  // of the takes that are over
};

}  // namespace

Result<std::unique_ptr<ScreenRecorder>> ScreenRecorder::open(const ScreenSettings& settings, const Clock& clock) {
  auto stop = TRY(Stop::make());
  auto recorder = std::make_unique<Recorder>(settings, clock, std::move(stop));
  TRY(recorder->start());
  return std::unique_ptr<ScreenRecorder>(std::move(recorder));
}

}  // namespace netsampler::capture
