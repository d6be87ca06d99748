#include "evidence/pictures/segment_decoder.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "evidence/pictures/jpeg.h"
#include "evidence/vision/libav.h"

namespace netsampler::pictures {
namespace {

constexpr int kIoBytes = 64 * 1024;
constexpr std::int64_t kMostPixels = 8192LL * 8192;
constexpr std::size_t kMostHeld = 100'000;  // pictures that a decoder may owe us
constexpr AVRational kNinetyKilohertz{1, 90000};

// Two pieces of memory as one file.
struct Joined {
  ByteView first, second;
  std::int64_t at = 0;

  std::int64_t size() const { return static_cast<std::int64_t>(first.size() + second.size()); }
  static int read(void* opaque, std::uint8_t* to, int wanted) {
    auto* joined = static_cast<Joined*>(opaque);
    const auto border = static_cast<std::int64_t>(joined->first.size());
    const bool in_first = joined->at < border;
    const ByteView piece = in_first ? joined->first : joined->second;
    const std::int64_t from = in_first ? joined->at : joined->at - border;
    const std::int64_t count = std::min<std::int64_t>(static_cast<std::int64_t>(piece.size()) - from, wanted);
    if (count <= 0) return AVERROR_EOF;
    std::memcpy(to, piece.data() + from, static_cast<std::size_t>(count));
    joined->at += count;
    return static_cast<int>(count);
  }
  static std::int64_t seek(void* opaque, std::int64_t offset, int whence) {
    auto* joined = static_cast<Joined*>(opaque);
    if ((whence & AVSEEK_SIZE) != 0) return joined->size();
    const std::int64_t base = whence == SEEK_CUR ? joined->at : whence == SEEK_END ? joined->size() : 0;
    if (base + offset < 0 || base + offset > joined->size()) return AVERROR(EINVAL);
    return joined->at = base + offset;
  }
};

// A segment behind its header, opened for its packets.
struct Demuxer {
  Joined joined;
  AvIo io;  // outlives the format that uses it
  AvFormat format;
  int track = -1;

  Result<void> open(ByteView init, ByteView segment) {
    joined = {init, segment, 0};
    auto* buffer = static_cast<std::uint8_t*>(av_malloc(kIoBytes));
    io.reset(avio_alloc_context(buffer, kIoBytes, 0, &joined, Joined::read, nullptr, Joined::seek));
    AVFormatContext* opened = avformat_alloc_context();
    if (io == nullptr || opened == nullptr) return fail(ErrorKind::internal, "no memory for a video reader");
    opened->pb = io.get();
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "", 0);
    av_dict_set(&options, "format_whitelist", "mov", 0);
    const int code = avformat_open_input(&opened, nullptr, av_find_input_format("mov"), &options);  // frees `opened` on failure
    av_dict_free(&options);
    if (code < 0) return fail(ErrorKind::invalid, "not an MP4 video: " + av_text(code));
    format.reset(opened);
    if (format->nb_streams != 1 || format->streams[0]->codecpar->codec_type != AVMEDIA_TYPE_VIDEO)
      return fail(ErrorKind::invalid, "not an MP4 of one video track");
    track = 0;
    return {};
  }
  // Nothing at the end.
  Result<AvPacket> next() const {
    AvPacket packet(av_packet_alloc());
    const int code = av_read_frame(format.get(), packet.get());
    if (code == AVERROR_EOF) return AvPacket();
    if (code < 0) return fail(ErrorKind::invalid, "the segment breaks off: " + av_text(code));
    return packet;
  }
};

bool is_luma_first(int format) {
  return format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_NV12 || format == AV_PIX_FMT_YUV422P ||
         format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_GRAY8;
}

std::optional<FrameTime> time_in(const AVFrame& picture) {
  std::optional<FrameTime> found;
  for (int i = 0; i < picture.nb_side_data; ++i) {
    const AVFrameSideData& data = *picture.side_data[i];
    if (data.type != AV_FRAME_DATA_SEI_UNREGISTERED) continue;
    const auto time = parse_frame_time({data.data, data.size});
    if (time && found) return std::nullopt;
    if (time) found = time;
  }
  return found;
}

class Decoder final : public SegmentDecoder {
 public:
  explicit Decoder(Bytes init) : init_(std::move(init)) {}

  Result<void> open_decoder() {
    Demuxer header;
    TRY(header.open(init_, {}));
    const AVCodecParameters* parameters = header.format->streams[0]->codecpar;
    if (parameters->codec_id != AV_CODEC_ID_H264 && parameters->codec_id != AV_CODEC_ID_HEVC)
      return fail(ErrorKind::invalid, "neither H.264 nor HEVC");
    const AVCodec* decoder = avcodec_find_decoder(parameters->codec_id);
    codec_.reset(avcodec_alloc_context3(decoder));
    codec_->thread_count = 1;
    codec_->max_pixels = kMostPixels;
    codec_->pkt_timebase = kNinetyKilohertz;
    if (const int code = avcodec_parameters_to_context(codec_.get(), parameters); code < 0)
      return fail(ErrorKind::invalid, "video parameters refused: " + av_text(code));
    if (const int code = avcodec_open2(codec_.get(), decoder, nullptr); code < 0)
      return fail(ErrorKind::invalid, "video decoder refused: " + av_text(code));
    return {};
  }

  Result<Fed> feed(std::int64_t number, ByteView segment, bool whole, const PictureVisitor& each) override {
    Demuxer demuxer;
    TRY(demuxer.open(init_, segment));
    AvPacket packet = TRY(demuxer.next());
    if (packet == nullptr) return fail(ErrorKind::invalid, "a segment without pictures");
    const bool key = (packet->flags & AV_PKT_FLAG_KEY) != 0;
    usable_ = key || (usable_ && whole);
    if (key) finish(each);
    if (!usable_) return Fed::no_key;
    while (packet != nullptr) {
      av_packet_rescale_ts(packet.get(), demuxer.format->streams[0]->time_base, kNinetyKilohertz);
      if (owed_.size() >= kMostHeld) return fail(ErrorKind::full, "the decoder holds too many pictures");
      owed_[packet->pts] = number;
      send(packet.get(), each);
      packet = TRY(demuxer.next());
    }
    return Fed::decoded;
  }

  void finish(const PictureVisitor& each) override {
    if (!sent_) return;
    send(nullptr, each);
    avcodec_flush_buffers(codec_.get());
    owed_.clear();
    sent_ = false;
  }

  Result<Bytes> last_jpeg(int width) const override {
    if (last_->width == 0) return fail(ErrorKind::not_found, "no picture was decoded");
    return jpeg_of(*last_, width);
  }

 private:
  // A packet that the decoder refuses is a picture that does not come out: the count says so.
  void send(const AVPacket* packet, const PictureVisitor& each) {
    sent_ = true;
    avcodec_send_packet(codec_.get(), packet);
    while (avcodec_receive_frame(codec_.get(), picture_.get()) == 0) {
      const auto owner = owed_.find(picture_->best_effort_timestamp);
      const bool sound = picture_->decode_error_flags == 0 && (picture_->flags & AV_FRAME_FLAG_CORRUPT) == 0;
      if (owner == owed_.end() || !sound) continue;
      const bool seen = is_luma_first(picture_->format);
      const ImageView luma{picture_->data[0], seen ? picture_->width : 0, seen ? picture_->height : 0, picture_->linesize[0], PixelForm::gray};
      each({owner->second, owner->first, luma, time_in(*picture_)});
      owed_.erase(owner);
      std::swap(picture_, last_);
    }
  }

  Bytes init_;
  AvCodec codec_;
  AvFrame picture_{av_frame_alloc()}, last_{av_frame_alloc()};  // last_: what a visitor was given last
  std::map<std::int64_t, std::int64_t> owed_;  // pts of packets handed over → their segment
  bool usable_ = false, sent_ = false;
};

}  // namespace

Result<std::unique_ptr<SegmentDecoder>> SegmentDecoder::open(Bytes init) {
  av_log_set_level(AV_LOG_QUIET);
  auto decoder = std::make_unique<Decoder>(std::move(init));
  TRY(decoder->open_decoder());
  return std::unique_ptr<SegmentDecoder>(std::move(decoder));
}

}  // namespace netsampler::pictures
