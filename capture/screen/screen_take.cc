#include "capture/screen/screen_take.h"

#include <thread>

#include "capture/media/run.h"

namespace netsampler::capture {
namespace {

int even(int length) { return (length + 1) / 2 * 2; }

std::string name_of(int number) { return number == 1 ? "screen" : "screen-" + std::to_string(number); }

}  // namespace

ScreenTake::ScreenTake(PixelSource& pixels, std::unique_ptr<Encoder> encoder, const GrabSettings& settings, WriteQueue& out, const Clock& clock)
    : pixels_(pixels),
      out_(out),
      clock_(clock),
      settings_(settings),
      width_(even(pixels.width())),
      height_(even(pixels.height())),
      monitors_(pixels.monitors()),
      encoder_(std::move(encoder)),
      slots_(width_, height_, kSlots),
      encode_(*encoder_, slots_, to_encode_, out) {}

Result<std::unique_ptr<ScreenTake>> ScreenTake::open(PixelSource& pixels, int number, const TakeEnd& before, const TakeSettings& settings,
                                                     WriteQueue& out, const Clock& clock) {
  EncoderSettings encoding{even(pixels.width()), even(pixels.height())};
  encoding.frames_per_second = settings.frames_per_second;
  encoding.block_info = true;
  auto encoder = TRY(Encoder::open(encoding));
  const GrabSettings grab{settings.frames_per_second, settings.watch_strip, name_of(number), before.last_us, before.dropped_since};
  return std::unique_ptr<ScreenTake>(new ScreenTake(pixels, std::move(encoder), grab, out, clock));
}

SourceInfo ScreenTake::source() const {
  SourceInfo info{settings_.source, "screen", "encoded", "h264", width_, height_, 0, encoder_->extradata()};
  info.gap_cause = "resized";
  for (const Rect& each : monitors_) info.monitors.push_back({each.x, each.y, each.width, each.height});
  return info;
}

Result<TakeEnd> ScreenTake::run(Stop& stop, const HardshipMeter& meter, const std::function<void()>& began) {
  GrabStage grab(pixels_, slots_, to_encode_, out_, clock_, meter, settings_);
  std::thread encode_thread([&] { run_until_over(encode_, stop, [] {}); });
  const Result<void> outcome = run_grab(grab, stop, began);
  to_encode_.close();
  encode_thread.join();
  dropped_ = grab.dropped();
  if (!outcome.ok()) return outcome.error();
  return TakeEnd{pixels_.resized(), grab.last_us(), grab.dropped_since()};
}

// A request cut short by the stop is no failure of the display.
Result<void> ScreenTake::run_grab(GrabStage& grab, const Stop& stop, const std::function<void()>& began) {
  Result<bool> more = true;
  for (bool first = true; more.ok() && *more && !stop.asked(); first = false) {
    more = grab.step();
    if (first && more.ok() && *more) began();
  }
  Result<void> outcome = more.ok() ? grab.finish() : Result<void>(more.error());
  if (!outcome.ok()) grab.give_up();
  if (!more.ok() && !stop.asked()) return outcome;
  return {};
}

}  // namespace netsampler::capture
