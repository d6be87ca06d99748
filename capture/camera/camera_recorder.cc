#include "capture/camera/camera_recorder.h"

#include <poll.h>

#include <cerrno>
#include <thread>

#include "capture/camera/camera_input.h"
#include "capture/camera/camera_stages.h"
#include "capture/media/events.h"
#include "capture/media/real_time.h"
#include "evidence/base/program.h"

namespace netsampler::capture {
namespace {

// While something blocks in this thread, a stop signal breaks it off.
template <class Work>
auto interruptible(const Fd& signals, Stop& stop, Stop& done, Work&& work) {
  std::thread watcher([&] {
    pollfd waits[2] = {{signals.get(), POLLIN, 0}, {done.wake_fd(), POLLIN, 0}};
    while (::poll(waits, 2, -1) < 0 && errno == EINTR) {
    }
    if (waits[0].revents != 0) stop.ask();
  });
  auto outcome = work();
  done.ask();
  watcher.join();
  return outcome;
}

class Recorder final : public CameraRecorder {
 public:
  Recorder(const CameraSettings& settings, const Clock& clock, std::unique_ptr<Stop> stop)
      : settings_(settings), clock_(clock), stop_(std::move(stop)) {}

  Result<void> start(const Fd& signals) {
    const auto opened = TRY(Stop::make());
    TRY(interruptible(signals, *stop_, *opened, [this] { return connect(); }));
    EncoderSettings encoding{first_->width, first_->height};
    encoding.layout = PixelLayout::i420;
    encoder_ = TRY(Encoder::open(encoding));
    source_ = {"camera", "camera", "encoded", "h264", first_->width, first_->height, 0, encoder_->extradata()};
    return {};
  }
  int width() const override { return source_.width; }
  int height() const override { return source_.height; }

  Result<void> run(SegmentSink& sink, const Fd& signals, const EventPrinter& print, Summary& summary) override {
    const std::int64_t from_us = clock_.boot_us();
    ReadStage read(opener(), std::move(stream_), std::move(*first_), to_encode_, to_watch_, clock_, *stop_);
    CameraEncodeStage encode(*encoder_, source_.width, source_.height, to_encode_, to_write_, clock_);
    WaybillStage watch(to_watch_, source_.name);
    WriteStage write(sink, to_write_, source_, clock_);
    print({{"event", "ready"}});
    std::thread write_thread([&] { run_until_over(write, *stop_, [this] { to_write_.close(); }); });
    std::thread encode_thread([&] { run_until_over(encode, *stop_, [] {}); });
    std::thread watch_thread([&] { run_watch(watch); });
    std::thread read_thread([&] { run_read(read); });
    const Result<void> waited = wait_for_end(signals, *stop_, clock_, from_us, settings_.seconds, pulse_);
    if (!waited.ok()) stop_->fail(waited.error());
    stop_->ask();
    for (std::thread* each : {&read_thread, &watch_thread, &encode_thread}) each->join();
    to_write_.close();  // both that fill it are over
    write_thread.join();
    summary = {encode.frames(), read.dropped(), write.bytes(), write.segments(),
               static_cast<double>(clock_.boot_us() - from_us) / 1e6, cpu_seconds()};
    if (auto error = stop_->error()) return std::move(*error);
    return {};
  }

 private:
  CameraOpener opener() {
    return [this] { return open_camera(settings_.address, clock_, stop_->flag()); };
  }

  Result<void> connect() {
    stream_ = TRY(opener()());
    auto picture = TRY(stream_->next());
    if (!picture) return fail(ErrorKind::invalid, "camera " + shown_address(settings_.address) + ": no picture in it");
    first_ = std::move(*picture);
    return {};
  }

  void run_read(ReadStage& read) {
    run_until_over(read, *stop_, [this] {
      to_encode_.close();
      to_watch_.close();
    });
    stop_->ask();  // a file is over
  }

  void run_watch(WaybillStage& watch) {
    leave_real_time();
    while (auto notes = watch.step())
      for (Note& note : *notes) to_write_.push(WriteItem(std::move(note)));
  }

  CameraSettings settings_;
  const Clock& clock_;
  std::unique_ptr<Stop> stop_;
  std::unique_ptr<CameraStream> stream_;
  std::optional<CameraPicture> first_;
  std::unique_ptr<Encoder> encoder_;
  SourceInfo source_;
  Pulse pulse_;
  PictureQueue to_encode_{kPictureQueue};
  WatchQueue to_watch_{1};
  WriteQueue to_write_{kWriteQueue};
};

}  // namespace

Result<std::unique_ptr<CameraRecorder>> CameraRecorder::open(const CameraSettings& settings, const Fd& signals, const Clock& clock) {
  auto stop = TRY(Stop::make());
  auto recorder = std::make_unique<Recorder>(settings, clock, std::move(stop));
  TRY(recorder->start(signals));
  return std::unique_ptr<CameraRecorder>(std::move(recorder));
}

}  // namespace netsampler::capture
