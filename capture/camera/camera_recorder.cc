#include "capture/camera/camera_recorder.h"

#include <poll.h>

#include <cerrno>
#include <thread>

#include "capture/camera/camera_encode.h"
#include "capture/camera/camera_input.h"
#include "capture/camera/keep_stage.h"
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

constexpr std::int64_t kFirstPicture_us = 10'000'000;

class Recorder final : public CameraRecorder {
 public:
  Recorder(const CameraSettings& settings, CameraAddress address, const Clock& clock, std::unique_ptr<Stop> stop)
      : settings_(settings), address_(std::move(address)), clock_(clock), stop_(std::move(stop)) {}

  Result<void> start(const Fd& signals) {
    const auto opened = TRY(Stop::make());
    return interruptible(signals, *stop_, *opened, [this] { return connect(); });
  }
  int width() const override { return width_; }
  int height() const override { return height_; }

  Result<void> run(SegmentSink& sink, const Fd& signals, const EventPrinter& print, Summary& summary) override {
    const std::int64_t from_us = clock_.boot_us();
    const SystemHardship reading(pulse_), encoding(pulse_);
    ReadStage read(opener(), std::move(stream_), std::move(first_), units_, talk_, clock_, *stop_, reading);
    KeepStage keep(units_, to_write_, to_encode_, to_watch_, talk_, watch_talk_, clock_, settings_.source);
    CameraEncodeStage encode(to_encode_, to_write_, clock_, encoding);
    WatchStage watch(to_watch_, watch_talk_);
    WriteStage write(sink, to_write_, {}, clock_);
    print({{"event", "ready"}});
    std::thread write_thread([&] { run_until_over(write, *stop_, [&] {
      to_write_.close();
      write.settle();
    }); });
    std::thread encode_thread([&] { run_until_over(encode, *stop_, [] {}); });
    std::thread watch_thread([&] { run_watch(watch); });
    std::thread keep_thread([&] { run_keep(keep); });
    std::thread read_thread([&] { run_read(read); });
    const Result<void> waited = wait_for_end(signals, *stop_, clock_, from_us, settings_.seconds, pulse_);
    if (!waited.ok()) stop_->fail(waited.error());
    stop_->ask();
    for (std::thread* each : {&read_thread, &keep_thread, &watch_thread, &encode_thread}) each->join();
    to_write_.close();  // all that fill it are over
    write_thread.join();
    summary = {keep.frames() + encode.frames(), read.dropped() + keep.dropped(), write.bytes(), write.segments(),
               static_cast<double>(clock_.boot_us() - from_us) / 1e6, cpu_seconds()};
    if (auto error = stop_->error()) return std::move(*error);
    return {};
  }

 private:
  CameraOpener opener() {
    return [this] { return open_camera(address_, clock_, stop_->flag()); };
  }

  // What was read until a first picture could be shown is the recording's beginning.
  Result<void> connect() {
    stream_ = TRY(opener()());
    const auto decoder = CameraDecoder::make();
    const std::int64_t until_us = clock_.boot_us() + kFirstPicture_us;
    while (clock_.boot_us() < until_us && first_.size() < kUnitQueue) {
      auto unit = TRY(stream_->next());
      if (unit)
        decoder->feed(*unit, static_cast<std::int64_t>(first_.size()));
      else
        decoder->finish();  // a film of very few pictures
      if (unit) first_.push_back(std::move(*unit));
      const auto picture = TRY(decoder->next());
      if (picture) return shown(*picture);
      if (!unit) break;
    }
    const ErrorKind kind = stream_->ends() ? ErrorKind::invalid : ErrorKind::unavailable;
    return fail(kind, "camera " + shown_address(settings_.address) + ": no picture in what it sends (does it send key pictures?)");
  }

  Result<void> shown(const CameraPicture& picture) {
    width_ = picture.width;
    height_ = picture.height;
    return {};
  }

  void run_read(ReadStage& read) {
    run_until_over(read, *stop_, [this] { units_.close(); });
    stop_->ask();  // a file is over
  }

  void run_keep(KeepStage& keep) {
    run_until_over(keep, *stop_, [this] {
      units_.close();
      to_encode_.close();
      to_watch_.close();
    });
  }

  void run_watch(WatchStage& watch) {
    leave_real_time();
    while (auto notes = watch.step()) put(std::move(*notes));
    put(watch.finish());
  }
  void put(std::vector<Note> notes) {
    for (Note& note : notes) to_write_.push(WriteItem(std::move(note)));
  }

  CameraSettings settings_;
  CameraAddress address_;
  const Clock& clock_;
  std::unique_ptr<Stop> stop_;
  std::unique_ptr<CameraStream> stream_;
  std::deque<CameraUnit> first_;
  int width_ = 0, height_ = 0;
  Pulse pulse_;
  UnitQueue units_{kUnitQueue};
  PictureQueue to_encode_{kPictureQueue};
  WatchQueue to_watch_{1};
  WriteQueue to_write_{kWriteQueue};
  ReadTalk talk_;
  WatchTalk watch_talk_;
};

}  // namespace

Result<std::unique_ptr<CameraRecorder>> CameraRecorder::open(const CameraSettings& settings, const Fd& signals, const Clock& clock) {
  CameraAddress address = TRY(parse_camera_address(settings.address, settings.transport));
  auto stop = TRY(Stop::make());
  auto recorder = std::make_unique<Recorder>(settings, std::move(address), clock, std::move(stop));
  TRY(recorder->start(signals));
  return std::unique_ptr<CameraRecorder>(std::move(recorder));
}

}  // namespace netsampler::capture
