#include "capture/media/encoder.h"

#include <x264.h>

#include <vector>

namespace netsampler::capture {
namespace {

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

void put_unit(Bytes& out, const x264_nal_t& nal) {
  const int size = nal.i_payload - 4;  // without x264's own length
  out.push_back(static_cast<std::uint8_t>(size >> 8));
  out.push_back(static_cast<std::uint8_t>(size & 0xff));
  out.insert(out.end(), nal.p_payload + 4, nal.p_payload + nal.i_payload);
}

Result<Bytes> avcc_of(x264_t* handle) {
  x264_nal_t* nals = nullptr;
  int count = 0;
  if (x264_encoder_headers(handle, &nals, &count) < 0) return fail(ErrorKind::internal, "x264 gave no headers");
  const x264_nal_t *sps = nullptr, *pps = nullptr;
  for (int i = 0; i < count; ++i) {
    if (nals[i].i_type == NAL_SPS) sps = &nals[i];
    if (nals[i].i_type == NAL_PPS) pps = &nals[i];
  }
  if (sps == nullptr || pps == nullptr || sps->i_payload < 8) return fail(ErrorKind::internal, "x264 gave no headers");
  Bytes out{1, sps->p_payload[5], sps->p_payload[6], sps->p_payload[7], 0xff, 0xe1};
  put_unit(out, *sps);
  out.push_back(1);
  put_unit(out, *pps);
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
    extradata_ = TRY(avcc_of(handle_));
    return {};
  }
  const Bytes& extradata() const override { return extradata_; }

  Result<Packet> encode(const PictureView& picture, std::int64_t pts, bool key,
                        std::span<const std::uint8_t> changed) override {
    if (!changed.empty() && changed.size() != info_.size())
      return fail(ErrorKind::internal, "block map of another size than the picture");
    x264_picture_t in = input_of(picture, pts, key);
    if (settings_.block_info) mark_constant(in, changed);
    x264_picture_t out;
    x264_nal_t* nals = nullptr;
    int count = 0;
    const int size = x264_encoder_encode(handle_, &nals, &count, &in, &out);
    if (size <= 0 || count <= 0) return fail(ErrorKind::internal, "x264 gave no picture");
    Packet packet{out.i_pts, out.b_keyframe != 0, {}};
    packet.bytes.assign(nals[0].p_payload, nals[0].p_payload + size);  // units lie one behind the other
    return packet;
  }

 private:
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
    for (std::size_t i = 0; i < info_.size(); ++i)
      info_[i] = !changed.empty() && changed[i] == 0 ? X264_MBINFO_CONSTANT : 0;
    in.prop.mb_info = info_.data();
  }

  x264_t* handle_;
  EncoderSettings settings_;
  Bytes extradata_;
  Bytes info_;
};

}  // namespace

Result<std::unique_ptr<Encoder>> Encoder::open(const EncoderSettings& settings) {
  if (settings.width < kBlock || settings.height < kBlock || settings.width % 2 != 0 || settings.height % 2 != 0)
    return fail(ErrorKind::invalid, "a picture of " + std::to_string(settings.width) + "x" + std::to_string(settings.height) +
                                        " cannot be encoded (even sides of at least 16 pixels)");
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
