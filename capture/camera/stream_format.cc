#include "capture/camera/stream_format.h"

#include <cstring>

#include "capture/camera/h264_units.h"
#include "capture/media/av.h"

namespace netsampler::capture {
namespace {

constexpr int kLargestSide = 8192;  // pixels

std::shared_ptr<AVCodecParameters> copy_of(const AVCodecParameters& from) {
  const auto drop = [](AVCodecParameters* parameters) { avcodec_parameters_free(&parameters); };
  std::shared_ptr<AVCodecParameters> copy(avcodec_parameters_alloc(), drop);
  return copy && avcodec_parameters_copy(copy.get(), &from) >= 0 ? copy : nullptr;
}

Result<void> put_sets(AVCodecParameters& parameters, ByteView sets) {
  av_freep(&parameters.extradata);
  parameters.extradata_size = 0;
  if (sets.empty()) return {};
  parameters.extradata = static_cast<std::uint8_t*>(av_mallocz(sets.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (parameters.extradata == nullptr) return fail(ErrorKind::internal, "no memory for the camera");
  std::memcpy(parameters.extradata, sets.data(), sets.size());
  parameters.extradata_size = static_cast<int>(sets.size());
  return {};
}

// libav's reader of H.264 headers, for one picture behind its parameter sets. It decodes nothing.
struct Headers {
  struct CloseParser {
    void operator()(AVCodecParserContext* parser) const { av_parser_close(parser); }
  };
  std::unique_ptr<AVCodecParserContext, CloseParser> parser{av_parser_init(AV_CODEC_ID_H264)};
  AvCodec codec{avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264))};

  bool read(ByteView units) {
    if (!parser || !codec) return false;
    parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
    Bytes padded(units.begin(), units.end());
    padded.resize(units.size() + AV_INPUT_BUFFER_PADDING_SIZE, 0);
    std::uint8_t* out = nullptr;
    int size = 0;
    av_parser_parse2(parser.get(), codec.get(), &out, &size, padded.data(), static_cast<int>(units.size()), AV_NOPTS_VALUE, AV_NOPTS_VALUE, 0);
    return parser->width > 0 && parser->height > 0;
  }
  std::string unfit() const {
    if (parser->format != AV_PIX_FMT_YUV420P && parser->format != AV_PIX_FMT_YUVJ420P) return "pixels";
    if (parser->picture_structure == AV_PICTURE_STRUCTURE_TOP_FIELD || parser->picture_structure == AV_PICTURE_STRUCTURE_BOTTOM_FIELD) return "interlaced";
    const bool odd = parser->width % 2 != 0 || parser->height % 2 != 0 || std::max(parser->width, parser->height) > kLargestSide;
    return odd ? "size" : "";
  }
};

}  // namespace

Result<StreamFormat> StreamFormat::open(const AVCodecParameters& parameters, double declared_rate) {
  StreamFormat stream;
  auto format = std::make_shared<CameraFormat>();
  format->codec = avcodec_get_name(parameters.codec_id);
  format->declared_rate = declared_rate;
  const auto copy = copy_of(parameters);
  if (!copy) return fail(ErrorKind::internal, "no memory for the camera");
  if (format->h264()) {
    const ByteView extradata(parameters.extradata, static_cast<std::size_t>(parameters.extradata_size));
    H264Header header = TRY(read_h264_header(extradata));
    TRY(put_sets(*copy, header.sets));
    format->sets = std::move(header.sets);
    stream.length_bytes_ = header.length_bytes;
  }
  format->parameters = copy;
  stream.format_ = std::move(format);
  return stream;
}

Result<std::optional<CameraUnit>> StreamFormat::unit_of(const AVPacket& packet) {
  if (format_->h264()) return h264_unit_of(packet);
  CameraUnit unit;
  // A copy: a device's packets lie in its own memory, which is gone when it is closed.
  auto bytes = std::make_shared<const Bytes>(packet.data, packet.data + packet.size);
  unit.bytes = *bytes;
  unit.keeper = std::move(bytes);
  const AVCodecDescriptor* codec = avcodec_descriptor_get(format_->parameters->codec_id);
  const bool each = codec != nullptr && (codec->props & AV_CODEC_PROP_INTRA_ONLY) != 0;
  unit.key = each || (packet.flags & AV_PKT_FLAG_KEY) != 0;
  unit.format = format_;
  return std::optional<CameraUnit>(std::move(unit));
}

Result<std::optional<CameraUnit>> StreamFormat::h264_unit_of(const AVPacket& packet) {
  auto split = split_h264(ByteView(packet.data, static_cast<std::size_t>(packet.size)), length_bytes_);
  if (!split.ok()) return std::optional<CameraUnit>();
  const bool first = format_->width == 0;
  const bool others = !split->sets.empty() && split->sets != format_->sets;
  if (split->slices && (first || others)) describe(others ? split->sets : format_->sets, split->units);
  if (!split->slices) return std::optional<CameraUnit>();
  CameraUnit unit;
  unit.key = split->key;
  unit.reordered = split->reordered;
  unit.continues = split->continues;
  auto bytes = std::make_shared<const Bytes>(std::move(split->units));
  unit.bytes = *bytes;
  unit.keeper = std::move(bytes);
  unit.format = format_;
  return std::optional<CameraUnit>(std::move(unit));
}

// Called before the first picture, and where parameter sets changed.
void StreamFormat::describe(const Bytes& sets, ByteView units) {
  Bytes whole = sets;
  append(whole, units);
  Headers headers;
  if (sets.empty() || !headers.read(whole)) return;
  auto format = std::make_shared<CameraFormat>(*format_);
  const auto parameters = copy_of(*format_->parameters);
  if (!parameters || !put_sets(*parameters, sets).ok()) return;
  format->sets = sets;
  format->width = headers.parser->width;
  format->height = headers.parser->height;
  format->unfit = headers.unfit();
  const AVRational rate = headers.codec->framerate;
  if (format->declared_rate == 0 && rate.num > 0 && rate.den > 0) format->declared_rate = av_q2d(rate) / 2;  // it counts fields
  format->parameters = parameters;
  format_ = std::move(format);
}

}  // namespace netsampler::capture
