#include "evidence/vision/frames.h"

#include <algorithm>
#include <cstring>

#include "evidence/vision/libav.h"
#include "evidence/vision/scale.h"

namespace netsampler {
namespace {

constexpr AVRational kNinetyKilohertz{1, 90000};
constexpr int kIoBytes = 64 * 1024;
constexpr int kBadPacketLimit = 256;  // in a row; then the file is given up

// Bytes as a file for libav: position and data live in FrameReader::State.
struct Source {
  Bytes bytes;
  std::int64_t at = 0;

  static int read(void* opaque, std::uint8_t* to, int size) {
    auto* source = static_cast<Source*>(opaque);
    const std::int64_t left = static_cast<std::int64_t>(source->bytes.size()) - source->at;
    const std::int64_t count = std::min<std::int64_t>(left, size);
    if (count <= 0) return AVERROR_EOF;
    std::memcpy(to, source->bytes.data() + source->at, static_cast<std::size_t>(count));
    source->at += count;
    return static_cast<int>(count);
  }
  static std::int64_t seek(void* opaque, std::int64_t offset, int whence) {
    auto* source = static_cast<Source*>(opaque);
    const auto size = static_cast<std::int64_t>(source->bytes.size());
    if ((whence & AVSEEK_SIZE) != 0) return size;
    const std::int64_t base = whence == SEEK_CUR ? source->at : whence == SEEK_END ? size : 0;
    if (base + offset < 0 || base + offset > size) return AVERROR(EINVAL);
    return source->at = base + offset;
  }
};

}  // namespace

struct FrameReader::State {
  PixelForm form = PixelForm::bgr;
  Source source;
  // Order matters: the format goes before the reader it uses.
  AvIo io;
  AvFormat format;
  AvCodec codec;
  PixelPacker packer;
  AvPacket packet{av_packet_alloc()};
  AvFrame picture{av_frame_alloc()};
  AvFrame ahead{av_frame_alloc()};  // decoded by at() beyond what it was asked for
  bool has_ahead = false;
  int track = -1;
  int bad_packets = 0;
  bool drained = false;

  Result<void> open_format(const char* path);
  Result<void> open_decoder();
  Result<bool> feed();
  Result<Frame> converted();
  Result<bool> decode();
  std::int64_t pts() const;
};

Result<void> FrameReader::State::open_format(const char* path) {
  AVFormatContext* opened = avformat_alloc_context();
  if (opened == nullptr) return fail(ErrorKind::internal, "no memory for a video reader");
  opened->pb = io.get();
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  av_dict_set(&options, "format_whitelist", "mov", 0);
  const int code = avformat_open_input(&opened, path, av_find_input_format("mov"), &options);  // frees `opened` on failure
  av_dict_free(&options);
  if (code == AVERROR(ENOENT)) return fail(ErrorKind::not_found, std::string("no such video: ") + path);
  if (code < 0) return fail(ErrorKind::invalid, "not an MP4 video: " + av_text(code));
  format.reset(opened);
  return {};
}

Result<void> FrameReader::State::open_decoder() {
  if (const int code = avformat_find_stream_info(format.get(), nullptr); code < 0)
    return fail(ErrorKind::invalid, "MP4 without readable tracks: " + av_text(code));
  const AVCodec* decoder = nullptr;
  track = av_find_best_stream(format.get(), AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
  if (track < 0 || decoder == nullptr) return fail(ErrorKind::invalid, "MP4 without a video track that can be decoded");
  codec.reset(avcodec_alloc_context3(decoder));
  codec->thread_count = 1;
  if (const int code = avcodec_parameters_to_context(codec.get(), format->streams[track]->codecpar); code < 0)
    return fail(ErrorKind::invalid, "video parameters refused: " + av_text(code));
  if (const int code = avcodec_open2(codec.get(), decoder, nullptr); code < 0)
    return fail(ErrorKind::invalid, "video decoder refused: " + av_text(code));
  const ImageView size{reinterpret_cast<const std::uint8_t*>(""), codec->width, codec->height, codec->width * 3, PixelForm::bgr};
  if (!is_sound(size)) return fail(ErrorKind::invalid, "video with sides out of bounds");
  return {};
}

// Hands the decoder one more packet, or the end. False where the end was handed over before.
Result<bool> FrameReader::State::feed() {
  if (drained) return false;
  const int code = av_read_frame(format.get(), packet.get());
  if (code < 0 && code != AVERROR_EOF) return fail(ErrorKind::invalid, "the video breaks off: " + av_text(code));
  if (code == AVERROR_EOF) {
    drained = true;
    avcodec_send_packet(codec.get(), nullptr);
    return true;
  }
  const bool ours = packet->stream_index == track;
  const int sent = ours ? avcodec_send_packet(codec.get(), packet.get()) : 0;
  av_packet_unref(packet.get());
  bad_packets = sent < 0 ? bad_packets + 1 : 0;
  if (bad_packets > kBadPacketLimit) drained = true;
  if (sent < 0) return fail(ErrorKind::invalid, "a damaged picture: " + av_text(sent));
  return true;
}

Result<Frame> FrameReader::State::converted() {
  Frame frame;
  frame.width = picture->width;
  frame.height = picture->height;
  frame.form = form;
  frame.key = picture->key_frame != 0;
  frame.pts = pts();
  frame.pixels = TRY(packer.pack(*picture, form));
  return frame;
}

std::int64_t FrameReader::State::pts() const { return av_rescale_q(picture->best_effort_timestamp, format->streams[track]->time_base, kNinetyKilohertz); }

// The next picture into `picture`; false at the end.
Result<bool> FrameReader::State::decode() {
  if (std::exchange(has_ahead, false)) {
    av_frame_unref(picture.get());
    av_frame_move_ref(picture.get(), ahead.get());
    return true;
  }
  for (;;) {  // each turn consumes a packet of a finite file
    const int code = avcodec_receive_frame(codec.get(), picture.get());
    if (code == 0) return true;
    if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) return fail(ErrorKind::invalid, "a damaged picture: " + av_text(code));
    if (code == AVERROR_EOF || !TRY(feed())) return false;
  }
}

FrameReader::FrameReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
FrameReader::FrameReader(FrameReader&&) noexcept = default;
FrameReader& FrameReader::operator=(FrameReader&&) noexcept = default;
FrameReader::~FrameReader() = default;

Result<FrameReader> FrameReader::open_file(const std::string& path, PixelForm form) {
  auto state = std::make_unique<State>();
  state->form = form;
  av_log_set_level(AV_LOG_QUIET);
  TRY(state->open_format(path.c_str()));
  TRY(state->open_decoder());
  return FrameReader(std::move(state));
}

Result<FrameReader> FrameReader::open_bytes(Bytes bytes, PixelForm form) {
  auto state = std::make_unique<State>();
  state->form = form;
  av_log_set_level(AV_LOG_QUIET);
  state->source.bytes = std::move(bytes);
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(kIoBytes));
  state->io.reset(avio_alloc_context(buffer, kIoBytes, 0, &state->source, Source::read, nullptr, Source::seek));
  TRY(state->open_format(nullptr));
  TRY(state->open_decoder());
  return FrameReader(std::move(state));
}

Result<std::optional<Frame>> FrameReader::next() {
  if (!TRY(state_->decode())) return std::optional<Frame>();
  return std::optional<Frame>(TRY(state_->converted()));
}

// Only the picture that is asked for is converted.
Result<Frame> FrameReader::at(std::int64_t pts) {
  const AvFrame best(av_frame_alloc());
  bool found = false;
  for (;;) {
    const bool more = TRY(state_->decode());
    if (!more) break;
    const bool late = state_->pts() > pts;
    if (late && found) {
      av_frame_move_ref(state_->ahead.get(), state_->picture.get());
      state_->has_ahead = true;
      break;
    }
    av_frame_unref(best.get());
    av_frame_move_ref(best.get(), state_->picture.get());
    found = true;
    if (late) break;
  }
  if (!found) return fail(ErrorKind::not_found, "the video has no more pictures");
  av_frame_unref(state_->picture.get());
  av_frame_move_ref(state_->picture.get(), best.get());
  return state_->converted();
}

int FrameReader::width() const { return state_->codec->width; }
int FrameReader::height() const { return state_->codec->height; }

}  // namespace netsampler
