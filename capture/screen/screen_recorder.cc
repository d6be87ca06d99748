#include "capture/screen/screen_recorder.h"

#include <optional>
#include <thread>

#include "capture/media/events.h"
#include "capture/media/real_time.h"
#include "capture/screen/screen_stages.h"

namespace netsampler::capture {
namespace {

class Recorder final : public ScreenRecorder {
 public:
  Recorder(const ScreenSettings& settings, const Clock& clock, std::unique_ptr<Stop> stop)
      : settings_(settings), clock_(clock), stop_(std::move(stop)) {}

  Result<void> start() {
    auto grabbed = TRY(XDisplay::open(settings_.display));
    grabber_ = TRY(XGrabber::open(std::move(grabbed), clock_, *stop_));
    EncoderSettings encoding{(grabber_->width() + 1) / 2 * 2, (grabber_->height() + 1) / 2 * 2};
    encoding.frames_per_second = settings_.frames_per_second;
    encoding.block_info = true;
    encoder_ = TRY(Encoder::open(encoding));
    slots_ = std::make_unique<FrameSlots>(encoding.width, encoding.height, kSlots);
    source_ = {"screen", "screen", "encoded", "h264", encoding.width, encoding.height, 0, encoder_->extradata()};
    if (!settings_.strip) return {};
    auto shown = TRY(XDisplay::open(settings_.display));
    strip_ = TRY(Strip::open(std::move(shown), settings_.strip_text, clock_, *stop_));
    return {};
  }

  std::string notice() const override { return grabber_->notice(); }

  Result<void> run(SegmentSink& sink, const Fd& signals, const EventPrinter& print, Summary& summary) override {
    const std::int64_t from_us = clock_.boot_us();
        EncodeStage encode(*encoder_, *slots_, to_encode_, to_write_);
    WriteStage write(sink, to_write_, source_, clock_);
    std::thread strip_thread([&] { run_strip(); });
    std::thread write_thread([&] { run_until_over(write, *stop_, [this] { to_write_.close(); }); });
    std::thread encode_thread([&] { run_until_over(encode, *stop_, [this] { to_write_.close(); }); });
    std::int64_t dropped = 0;
    std::thread grab_thread([&] { dropped = run_grab(print); });
    const Result<void> waited = wait_for_end(signals, *stop_, clock_, from_us, settings_.seconds, pulse_);
    if (!waited.ok()) stop_->fail(waited.error());
    stop_->ask();
    for (std::thread* each : {&grab_thread, &encode_thread, &write_thread}) each->join();
    if (strip_) strip_->abandon();
    strip_thread.join();
    summary = {encode.frames(), dropped, write.bytes(), write.segments(),
               static_cast<double>(clock_.boot_us() - from_us) / 1e6, cpu_seconds()};
    if (auto error = stop_->error()) return std::move(*error);
    return {};
  }

 private:
  void run_strip() {
    if (!strip_) return;
    leave_real_time();
    const Result<void> outcome = strip_->run([this](Note note) { to_write_.push(WriteItem(std::move(note))); });
    if (!outcome.ok() && !stop_->asked()) stop_->fail(outcome.error());
  }

  // Gives the pictures lost at the drop point. The meter is of the thread that makes it.
  std::int64_t run_grab(const EventPrinter& print) {
    const SystemHardship meter(pulse_);
    GrabStage grab(*grabber_, *slots_, to_encode_, to_write_, clock_, meter, {settings_.frames_per_second, settings_.strip});
    bool first = true;
    Result<void> outcome;
    while (!stop_->asked() && outcome.ok()) {
      outcome = grab.step();
      if (first && outcome.ok()) began(print);
      first = false;
    }
    // A request cut short by the stop is no failure of the display.
    if (!outcome.ok() && !stop_->asked()) stop_->fail(outcome.error());
    if (outcome.ok()) outcome = grab.finish();
    if (!outcome.ok()) grab.give_up();
    to_encode_.close();
    return grab.dropped();
  }

  void began(const EventPrinter& print) {
    print({{"event", "ready"}});
    if (strip_) strip_->recording_began();
  }

  ScreenSettings settings_;
  const Clock& clock_;
  std::unique_ptr<Stop> stop_;
  std::unique_ptr<XGrabber> grabber_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<FrameSlots> slots_;
  std::unique_ptr<Strip> strip_;
  SourceInfo source_;
  Pulse pulse_;
  EncodeQueue to_encode_{kSlots};
  WriteQueue to_write_{kWriteQueue};
};

}  // namespace

Result<std::unique_ptr<ScreenRecorder>> ScreenRecorder::open(const ScreenSettings& settings, const Clock& clock) {
  auto stop = TRY(Stop::make());
  auto recorder = std::make_unique<Recorder>(settings, clock, std::move(stop));
  TRY(recorder->start());
  return std::unique_ptr<ScreenRecorder>(std::move(recorder));
}

}  // namespace netsampler::capture
