#include "capture/camera/camera_input.h"

#include <poll.h>

#include <algorithm>
#include <cstdarg>
#include <cstring>

#include "capture/camera/h264_units.h"
#include "capture/camera/stream_format.h"
#include "capture/camera/video_device.h"
#include "capture/media/av.h"

namespace netsampler::capture {
namespace {

constexpr std::size_t kLargestPiece = 64u << 20;
constexpr int kNothingInARow = 300;  // packets without a picture; then the stream counts as lost
constexpr int kMostPieces = 64;      // of one picture

// What breaks libav's waits off: a time limit, or the end of the recording.
struct Patience {
  const Clock& clock;
  const std::atomic<bool>& stop;
  std::int64_t until_us = 0;
  bool over() const { return stop.load() || clock.boot_us() > until_us; }
  static int is_over(void* opaque) { return static_cast<Patience*>(opaque)->over() ? 1 : 0; }
};

// libav tells lost RTP packets in its log and nowhere else. A format context of ours carries its stream's counter as `opaque`.
void count_lost(void* context, int, const char* form, va_list words) {
  if (context == nullptr || std::strncmp(form, "RTP: missed %d", 14) != 0) return;
  if (*static_cast<const AVClass**>(context) != avformat_get_class()) return;
  auto* lost = static_cast<std::int64_t*>(static_cast<AVFormatContext*>(context)->opaque);
  if (lost != nullptr) *lost += std::max(1, va_arg(words, int));
}

ErrorKind kind_of(int code, CameraKind kind) {
  if (code == AVERROR(ENOENT) || code == AVERROR(ENODEV) || code == AVERROR_HTTP_NOT_FOUND) return ErrorKind::not_found;
  if (code == AVERROR_HTTP_UNAUTHORIZED || code == AVERROR_HTTP_FORBIDDEN || code == AVERROR(EACCES)) return ErrorKind::denied;
  if (code == AVERROR(EBUSY)) return ErrorKind::busy;
  return kind == CameraKind::file ? ErrorKind::invalid : ErrorKind::unavailable;
}

std::string advice_for(CameraKind kind) {
  if (kind == CameraKind::device) return " (check that the camera is plugged in and not in use)";
  return kind == CameraKind::file ? " (is it a video file?)" : " (check the camera's power, cable, address and password)";
}

const char* transports_of(CameraTransport transport) {
  if (transport == CameraTransport::tcp) return "tcp";
  return transport == CameraTransport::udp ? "udp" : "tcp+udp";
}

AVDictionary* options_for(const CameraAddress& address) {
  AVDictionary* options = nullptr;
  if (address.kind == CameraKind::rtsp) {
    const bool tcp = address.transport == CameraTransport::tcp;
    av_dict_set(&options, "rtsp_transport", transports_of(address.transport), 0);
    if (address.transport == CameraTransport::any) av_dict_set(&options, "rtsp_flags", "prefer_tcp", 0);
    av_dict_set(&options, "allowed_media_types", "video", 0);
    av_dict_set(&options, "protocol_whitelist", "rtsp,rtp,tcp,udp", 0);
    av_dict_set(&options, "fflags", "nobuffer", 0);
    av_dict_set(&options, "max_delay", tcp ? "0" : "100000", 0);               // µs that a packet may come behind its successor
    av_dict_set(&options, "reorder_queue_size", tcp ? "2" : "500", 0);         // 2: a hole shows at once, and is told
    if (!tcp) av_dict_set(&options, "buffer_size", "4194304", 0);
  }
  if (address.kind == CameraKind::http) {
    av_dict_set(&options, "protocol_whitelist", "http,tcp", 0);
    av_dict_set(&options, "format_whitelist", "mpjpeg,mjpeg", 0);
  }
  if (address.kind == CameraKind::file) av_dict_set(&options, "protocol_whitelist", "file", 0);
  return options;
}

class AvCameraStream final : public CameraStream {
 public:
  AvCameraStream(CameraAddress address, std::string shown, const Clock& clock, const std::atomic<bool>& stop, const CameraLimits& limits)
      : address_(std::move(address)), shown_(std::move(shown)), limits_(limits), patience_{clock, stop} {}

  Result<void> open() {
    av_log_set_callback(count_lost);
    av_max_alloc(kLargestPiece);
    patience_.until_us = patience_.clock.boot_us() + limits_.open_us;
    TRY(open_format());
    return find_track();
  }
  bool ends() const override { return address_.kind == CameraKind::file; }
  Result<std::optional<CameraUnit>> next() override;

 private:
  Result<void> open_format();
  Result<void> find_track();
  Result<std::optional<CameraUnit>> read_unit();
  Result<std::optional<CameraUnit>> whole_of(CameraUnit first);
  Result<std::optional<CameraUnit>> unit_of(AvPacket packet);
  void set_times(CameraUnit& unit, const AVPacket& packet);
  int read_packet(AVPacket& packet);
  void wait_for_its_time(std::int64_t pts_us);
  Error lost(int code) const;

  CameraAddress address_;
  std::string shown_;
  CameraLimits limits_;
  Patience patience_;
  AvFormat format_;
  std::optional<StreamFormat> pictures_;
  int track_ = -1;
  // libav knows that a picture is whole when the next one begins: the last before a silence comes out when that has been waited for.
  bool silent_ = false;
  std::optional<CameraUnit> read_ahead_;       // read to see where a key picture ends
  std::int64_t before_us_ = 0;                 // arrival of the picture before
  std::optional<std::int64_t> before_pts_us_;  // and its own time
  std::int64_t lost_ = 0;                // packets, since the last picture
  std::optional<std::int64_t> pace_us_;  // file: BOOTTIME − time of its first picture
};

Error AvCameraStream::lost(int code) const {
  if (patience_.stop.load()) return fail(ErrorKind::unavailable, "camera " + shown_ + ": the recording ends");
  const std::string why = patience_.over() ? "silent for too long" : av_text(code);
  return fail(kind_of(code, address_.kind), "camera " + shown_ + ": " + why + advice_for(address_.kind));
}

Result<void> AvCameraStream::open_format() {
  const AVInputFormat* form = nullptr;
  if (address_.kind == CameraKind::device) form = TRY(video_device_format());
  AVFormatContext* opened = avformat_alloc_context();
  if (opened == nullptr) return fail(ErrorKind::internal, "no memory for the camera");
  opened->interrupt_callback = {Patience::is_over, &patience_};
  opened->opaque = &lost_;
  if (address_.kind == CameraKind::device) opened->flags |= AVFMT_FLAG_NONBLOCK;  // a driver that hangs would hold us for ever
  AVDictionary* options = options_for(address_);
  const int code = avformat_open_input(&opened, address_.target.c_str(), form, &options);  // frees `opened` on failure
  av_dict_free(&options);
  if (code < 0) return lost(code);
  format_.reset(opened);
  // A camera's description names the codec; looking for more would hold back its first pictures.
  const int found = ends() ? avformat_find_stream_info(format_.get(), nullptr) : 0;
  return found < 0 ? Result<void>(lost(found)) : Result<void>();
}

Result<void> AvCameraStream::find_track() {
  for (unsigned i = 0; i < format_->nb_streams && track_ < 0; ++i) {
    const AVStream& track = *format_->streams[i];
    if (track.codecpar->codec_type != AVMEDIA_TYPE_VIDEO || avcodec_find_decoder(track.codecpar->codec_id) == nullptr) continue;
    track_ = static_cast<int>(i);
    const double rate = address_.kind == CameraKind::http || track.avg_frame_rate.den == 0 ? 0 : av_q2d(track.avg_frame_rate);
    pictures_ = TRY(StreamFormat::open(*track.codecpar, rate));
  }
  if (track_ >= 0) return {};
  return fail(kind_of(0, address_.kind), "camera " + shown_ + ": no video that can be decoded" + advice_for(address_.kind));
}

// Files alone: a picture comes when it is due, as it would from a camera.
void AvCameraStream::wait_for_its_time(std::int64_t pts_us) {
  if (!pace_us_) pace_us_ = patience_.clock.boot_us() - pts_us;
  constexpr std::int64_t kTurn_us = 50'000;
  for (;;) {
    const std::int64_t left_us = *pace_us_ + pts_us - patience_.clock.boot_us();
    if (left_us <= 0 || patience_.stop.load()) return;
    ::poll(nullptr, 0, static_cast<int>((std::min(left_us, kTurn_us) + 999) / 1000));
  }
}

// MJPEG over HTTP has no times of its own: libav would make them up from a rate that it makes up.
void AvCameraStream::set_times(CameraUnit& unit, const AVPacket& packet) {
  const AVRational base = format_->streams[track_]->time_base;
  const std::int64_t decoded_at = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
  if (ends() && decoded_at != AV_NOPTS_VALUE) wait_for_its_time(av_rescale_q(decoded_at, base, {1, 1'000'000}));
  if (address_.kind != CameraKind::http && packet.pts != AV_NOPTS_VALUE) unit.pts_us = av_rescale_q(packet.pts, base, {1, 1'000'000});
  unit.arrived_us = patience_.clock.boot_us();
  if (silent_ && unit.pts_us && before_pts_us_) unit.arrived_us = std::min(unit.arrived_us, before_us_ + std::max<std::int64_t>(0, *unit.pts_us - *before_pts_us_));
  before_us_ = unit.arrived_us;
  before_pts_us_ = unit.pts_us;
}

Result<std::optional<CameraUnit>> AvCameraStream::unit_of(AvPacket packet) {
  auto unit = TRY(pictures_->unit_of(*packet));
  if (!unit) return unit;
  set_times(*unit, *packet);
  unit->lost = std::exchange(lost_, 0) + ((packet->flags & AV_PKT_FLAG_CORRUPT) != 0 ? 1 : 0);
  return unit;
}

// A device has nothing most of the time, and libav keeps its descriptor to itself: looked at every few milliseconds.
int AvCameraStream::read_packet(AVPacket& packet) {
  constexpr int kTurn_ms = 4;
  int code = av_read_frame(format_.get(), &packet);
  while (code == AVERROR(EAGAIN) && !patience_.over()) {
    ::poll(nullptr, 0, kTurn_ms);
    code = av_read_frame(format_.get(), &packet);
  }
  return code;
}

Result<std::optional<CameraUnit>> AvCameraStream::read_unit() {
  if (silent_) return lost(AVERROR_EXIT);
  patience_.until_us = patience_.clock.boot_us() + limits_.silence_us;
  for (int nothing = 0; nothing < kNothingInARow; ++nothing) {
    AvPacket packet(av_packet_alloc());
    if (!packet) return fail(ErrorKind::internal, "no memory for a picture");
    const int code = read_packet(*packet);
    if (code == AVERROR_EOF) return std::optional<CameraUnit>();
    if (code < 0) return lost(code);
    silent_ = patience_.over();
    if (packet->stream_index != track_) continue;
    auto unit = TRY(unit_of(std::move(packet)));
    if (unit) return unit;
  }
  return fail(kind_of(0, address_.kind), "camera " + shown_ + ": what it sends is no video" + advice_for(address_.kind));
}

// A camera of several slices a picture: libav's parser gives key pictures in pieces, the others whole. Only key pictures wait for the next one.
Result<std::optional<CameraUnit>> AvCameraStream::whole_of(CameraUnit first) {
  auto more = read_unit();
  for (int pieces = 0; pieces < kMostPieces && more.ok() && *more && (*more)->continues; ++pieces) {
    auto joined = std::make_shared<Bytes>(first.bytes.begin(), first.bytes.end());
    append(*joined, (*more)->bytes);
    first.bytes = *joined;
    first.keeper = std::move(joined);
    first.lost += (*more)->lost;
    more = read_unit();
  }
  if (more.ok()) read_ahead_ = more.take();  // an error comes again with the next read
  return std::optional<CameraUnit>(std::move(first));
}

Result<std::optional<CameraUnit>> AvCameraStream::next() {
  auto unit = read_ahead_ ? std::exchange(read_ahead_, std::nullopt) : TRY(read_unit());
  const bool in_pieces = unit && unit->key && unit->format->h264() && !ends();
  return in_pieces ? whole_of(std::move(*unit)) : Result<std::optional<CameraUnit>>(std::move(unit));
}

}  // namespace

Result<std::unique_ptr<CameraStream>> open_camera(const CameraAddress& address, const Clock& clock, const std::atomic<bool>& stop,
                                                  const CameraLimits& limits) {
  auto stream = std::make_unique<AvCameraStream>(address, shown_address(address.target), clock, stop, limits);
  TRY(stream->open());
  return std::unique_ptr<CameraStream>(std::move(stream));
}

}  // namespace netsampler::capture
