#include "capture/media/encoder.h"

#include <x264.h>

#include <optional>
#include <vector>

#include "capture/media/small_pictures.h"

namespace netsampler::capture {
namespace {

constexpr std::size_t kMoreBytes = 16;  // a packet than x264's

void set_parameters(x264_param_t& param, const EncoderSettings& settings) {
  x264_param_default_preset(&param, "ultrafast", "zerolatency");
  param.i_log_level = X264_LOG_NONE;
  param.i_width = settings.width;
  param.i_height = settings.height;
  param.i_csp = settings.layout == PixelLayout::nv12 ? X264_CSP_NV12 : X264_CSP_I420;
  param.i_threads = 1;
  param.b_vfr_input = 0;  // with 1, x264 holds each picture back to learn its duration; pts pass through either way
  param.i_fps_num = static_cast<std::uint32_t>(settings.frames_per_second);
  param.i_fps_den = 1;
  param.i_keyint_max = X264_KEYINT_MAX_INFINITE;  // the caller places every IDR at a segment's start
  param.i_scenecut_threshold = 0;
  param.rc.i_rc_method = X264_RC_CQP;
  param.rc.i_qp_constant = settings.qp;
  param.rc.f_ip_factor = 1.0F;
  param.b_annexb = 0;
  param.b_repeat_headers = 0;
  param.b_aud = 0;
  param.analyse.b_mb_info = settings.block_info ? 1 : 0;
  param.vui.b_fullrange = 0;
  param.vui.i_colorprim = 1;   // sRGB's primaries are BT.709's
  param.vui.i_transfer = 13;   // sRGB
  param.vui.i_colmatrix = 6;   // libyuv converts by BT.601
}

struct ParameterSets {
  ByteView sequence, picture;  // units; x264's memory, until its next call
};

ByteView unit_of(const x264_nal_t& nal) { return ByteView(nal.p_payload, static_cast<std::size_t>(nal.i_payload)).subspan(4); }  // without its length

Result<ParameterSets> sets_of(x264_t* handle) {
  x264_nal_t* nals = nullptr;
  int count = 0;
  if (x264_encoder_headers(handle, &nals, &count) < 0) return fail(ErrorKind::internal, "x264 gave no headers");
  ParameterSets sets;
  for (int i = 0; i < count; ++i) {
    if (nals[i].i_type == NAL_SPS) sets.sequence = unit_of(nals[i]);
    if (nals[i].i_type == NAL_PPS) sets.picture = unit_of(nals[i]);
  }
  if (sets.sequence.size() < 4 || sets.picture.empty()) return fail(ErrorKind::internal, "x264 gave no headers");
  return sets;
}

void put_unit(Bytes& out, ByteView unit) {
  out.push_back(static_cast<std::uint8_t>(unit.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(unit.size() & 0xff));
  append(out, unit);
}

Bytes avcc_of(ByteView sequence, ByteView picture) {
  Bytes out{1, sequence[1], sequence[2], sequence[3], 0xff, 0xe1};
  put_unit(out, sequence);
  out.push_back(1);
  put_unit(out, picture);
  return out;
}

class X264Encoder final : public Encoder {
 public:
  X264Encoder(x264_t* handle, const EncoderSettings& settings) : handle_(handle), settings_(settings) {
    info_.resize(static_cast<std::size_t>(blocks_of(settings.width)) * static_cast<std::size_t>(blocks_of(settings.height)));
  }
  X264Encoder(const X264Encoder&) = delete;
  X264Encoder& operator=(const X264Encoder&) = delete;
  ~X264Encoder() override { x264_encoder_close(handle_); }

  Result<void> read_headers() {
    const ParameterSets sets = TRY(sets_of(handle_));
    extradata_ = avcc_of(sets.sequence, sets.picture);
    if (!settings_.block_info) return {};
    const KeptSets kept = TRY(keep_sets(sets.sequence, sets.picture));
    extradata_ = avcc_of(kept.sequence, sets.picture);
    small_.emplace(settings_.width, settings_.height, settings_.qp, kept.form);
    return {};
  }
  const Bytes& extradata() const override { return extradata_; }

  Result<Packet> encode(const PictureView& picture, std::int64_t pts, bool key,
                        std::span<const std::uint8_t> changed) override {
    if (!changed.empty() && changed.size() != info_.size())
      return fail(ErrorKind::internal, "block map of another size than the picture");
    if (small_) small_->add(changed);
    if (!small_ || key || !small_->suit()) return encode_whole(picture, pts, key);
    Packet packet{pts, false, {}};
    small_->write(picture, packet.bytes);
    return packet;
  }

 private:
  Result<Packet> encode_whole(const PictureView& picture, std::int64_t pts, bool key) {
    x264_picture_t in = input_of(picture, pts, key);
    if (small_) mark_constant(in, small_->differs());
    x264_picture_t out;
    x264_nal_t* nals = nullptr;
    int count = 0;
    const int size = x264_encoder_encode(handle_, &nals, &count, &in, &out);
    if (size <= 0 || count <= 0) return fail(ErrorKind::internal, "x264 gave no picture");
    Packet packet{out.i_pts, out.b_keyframe != 0, {}};
    packet.bytes.reserve(static_cast<std::size_t>(size) + kMoreBytes);
    if (small_)
      TRY(take_units(std::span(nals, static_cast<std::size_t>(count)), packet.bytes));
    else
      packet.bytes.assign(nals[0].p_payload, nals[0].p_payload + size);  // units lie one behind the other
    // What x264 keeps of the picture, and refers to with its next, is what a decoder has: its own loop filter is off.
    if (small_) small_->encoded({PixelLayout::nv12, {out.img.plane[0], out.img.plane[1], nullptr}, {out.img.i_stride[0], out.img.i_stride[1], 0}});
    return packet;
  }
  Result<void> take_units(std::span<const x264_nal_t> nals, Bytes& to) {
    for (const x264_nal_t& nal : nals) {
      const bool slice = nal.i_type == NAL_SLICE || nal.i_type == NAL_SLICE_IDR;
      if (slice)
        TRY(small_->append_encoded(unit_of(nal), to));
      else
        append(to, ByteView(nal.p_payload, static_cast<std::size_t>(nal.i_payload)));
    }
    return {};
  }
  x264_picture_t input_of(const PictureView& picture, std::int64_t pts, bool key) const {
    x264_picture_t in;
    x264_picture_init(&in);
    in.i_pts = pts;
    in.i_type = key ? X264_TYPE_IDR : X264_TYPE_P;
    in.img.i_csp = settings_.layout == PixelLayout::nv12 ? X264_CSP_NV12 : X264_CSP_I420;
    in.img.i_plane = settings_.layout == PixelLayout::nv12 ? 2 : 3;
    for (int i = 0; i < in.img.i_plane; ++i) {
      in.img.plane[i] = const_cast<std::uint8_t*>(picture.planes[i]);  // x264 copies, never writes
      in.img.i_stride[i] = picture.strides[i];
    }
    return in;
  }
  void mark_constant(x264_picture_t& in, std::span<const std::uint8_t> changed) {
    for (std::size_t i = 0; i < info_.size(); ++i) info_[i] = changed[i] == 0 ? X264_MBINFO_CONSTANT : 0;
    in.prop.mb_info = info_.data();
  }

  x264_t* handle_;
  EncoderSettings settings_;
  Bytes extradata_;
  Bytes info_;
  std::optional<SmallPictures> small_;  // where we are told what stands still
};

}  // namespace

Result<std::unique_ptr<Encoder>> Encoder::open(const EncoderSettings& settings) {
  if (settings.width < kBlock || settings.height < kBlock || settings.width % 2 != 0 || settings.height % 2 != 0)
    return fail(ErrorKind::invalid, "a picture of " + std::to_string(settings.width) + "x" + std::to_string(settings.height) +
                                        " cannot be encoded (even sides of at least 16 pixels)");
  if (settings.block_info && (settings.layout != PixelLayout::nv12 || settings.qp < 10))
    return fail(ErrorKind::invalid, "pictures with a block map must be NV12, at a QP of 10 or more");
  x264_param_t param;
  set_parameters(param, settings);
  x264_t* handle = x264_encoder_open(&param);
  x264_param_cleanup(&param);
  if (handle == nullptr) return fail(ErrorKind::internal, "x264 refused its settings");
  auto encoder = std::make_unique<X264Encoder>(handle, settings);
  TRY(encoder->read_headers());
  return std::unique_ptr<Encoder>(std::move(encoder));
}

}  // namespace netsampler::capture
