#include "capture/media/cmaf.h"

#include <cstring>
#include <utility>

#include "capture/media/av.h"
#include "capture/media/encoder.h"

namespace netsampler::capture {
namespace {

constexpr int kBufferBytes = 64 * 1024;
constexpr std::size_t kHeadBytes = 256, kFrameHeadBytes = 16;  // of a moof; of its words about one frame
constexpr const char* kFlags = "frag_custom+empty_moov+default_base_moof+cmaf+skip_trailer";

int take_bytes(void* sink, std::uint8_t* data, int size) {
  append(*static_cast<Bytes*>(sink), ByteView(data, static_cast<std::size_t>(size)));
  return size;
}

class MovWriter final : public CmafWriter {
 public:
  MovWriter() = default;
  MovWriter(const MovWriter&) = delete;
  MovWriter& operator=(const MovWriter&) = delete;
  ~MovWriter() override {
    if (started_) av_write_trailer(format_);
    if (io_ != nullptr) av_freep(&io_->buffer);
    avio_context_free(&io_);
    avformat_free_context(format_);
  }

  Result<void> start(const SourceInfo& source) {
    TRY(allocate());
    TRY(describe(source));
    AVDictionary* options = nullptr;
    av_dict_set(&options, "movflags", kFlags, 0);
    av_dict_set(&options, "use_editlist", "0", 0);
    av_dict_set(&options, "video_track_timescale", "90000", 0);
    const int code = avformat_write_header(format_, &options);
    av_dict_free(&options);
    if (code < 0) return fail(ErrorKind::internal, "the container's header: " + av_text(code));
    started_ = true;
    avio_flush(io_);
    init_ = std::exchange(bytes_, {});
    return {};
  }

  const Bytes& init() const override { return init_; }

  Result<void> put(const EncodedFrame& frame, std::int64_t duration) override {
    // The muxer counts durations up by itself; told so before each fragment, it takes the first frame's time as it is.
    if (open_bytes_ == 0 && av_opt_set(format_->priv_data, "movflags", "+frag_discont", 0) < 0)
      return fail(ErrorKind::internal, "this libavformat cannot keep a jump of time");
    open_bytes_ += frame.bytes.size() + kFrameHeadBytes;
    AVPacket& packet = *packet_;
    packet.data = const_cast<std::uint8_t*>(frame.bytes.data());  // read only: not reference-counted, so the muxer copies
    packet.size = static_cast<int>(frame.bytes.size());
    packet.pts = packet.dts = frame.pts;
    packet.duration = duration;
    packet.flags = frame.key ? AV_PKT_FLAG_KEY : 0;
    packet.stream_index = 0;
    const int code = av_write_frame(format_, &packet);
    av_packet_unref(&packet);
    if (code < 0) return fail(ErrorKind::internal, "the container refused a frame: " + av_text(code));
    return {};
  }

  Result<Bytes> end_segment() override {
    bytes_.reserve(std::exchange(open_bytes_, 0) + kHeadBytes);  // grown step by step it would take twice the memory
    const int code = av_write_frame(format_, nullptr);           // ends the fragment
    if (code < 0) return fail(ErrorKind::internal, "the container's segment: " + av_text(code));
    avio_flush(io_);
    return std::exchange(bytes_, {});
  }

 private:
  Result<void> allocate() {
    if (avformat_alloc_output_context2(&format_, nullptr, "mp4", nullptr) < 0)
      return fail(ErrorKind::internal, "libavformat has no mp4 writer");
    auto* buffer = static_cast<std::uint8_t*>(av_malloc(kBufferBytes));
    if (buffer != nullptr) io_ = avio_alloc_context(buffer, kBufferBytes, 1, &bytes_, nullptr, take_bytes, nullptr);
    packet_.reset(av_packet_alloc());
    if (io_ == nullptr || !packet_) return fail(ErrorKind::internal, "no memory for the container");
    format_->pb = io_;
    format_->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    format_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
    return {};
  }

  Result<void> describe(const SourceInfo& source) {
    stream_ = avformat_new_stream(format_, nullptr);
    if (stream_ == nullptr) return fail(ErrorKind::internal, "no memory for the container");
    AVCodecParameters& codec = *stream_->codecpar;
    codec.codec_type = AVMEDIA_TYPE_VIDEO;
    codec.codec_id = source.codec == "hevc" ? AV_CODEC_ID_HEVC : AV_CODEC_ID_H264;
    if (source.codec == "hevc") codec.codec_tag = MKTAG('h', 'v', 'c', '1');  // players refuse hev1
    codec.width = source.width;
    codec.height = source.height;
    const std::size_t size = source.extradata.size();
    codec.extradata = static_cast<std::uint8_t*>(av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE));
    if (codec.extradata == nullptr) return fail(ErrorKind::internal, "no memory for the container");
    std::memcpy(codec.extradata, source.extradata.data(), size);
    codec.extradata_size = static_cast<int>(size);
    stream_->time_base = {1, static_cast<int>(kTicksPerSecond)};
    return {};
  }

  AVFormatContext* format_ = nullptr;
  AVIOContext* io_ = nullptr;
  AVStream* stream_ = nullptr;
  AvPacket packet_;
  Bytes bytes_, init_;
  std::size_t open_bytes_ = 0;  // of the open segment
  bool started_ = false;
};

}  // namespace

Result<std::unique_ptr<CmafWriter>> CmafWriter::open(const SourceInfo& source) {
  auto writer = std::make_unique<MovWriter>();
  TRY(writer->start(source));
  return std::unique_ptr<CmafWriter>(std::move(writer));
}

}  // namespace netsampler::capture
