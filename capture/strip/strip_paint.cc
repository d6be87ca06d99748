#include "capture/strip/strip_paint.h"

#include <cairo/cairo.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>

#include "capture/strip/marker.h"
#include "evidence/base/clock.h"
#include "evidence/format/strip_code.h"

namespace netsampler::capture {
namespace {

constexpr const char* kFont = "Noto Sans CJK SC";

struct FreeSurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct FreeCairo {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};
struct FreeObject {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};

struct Colour {
  double red, green, blue;
};
constexpr Colour kInk{0.10, 0.12, 0.16}, kPaper{1, 1, 1}, kGrey{0.42, 0.45, 0.50}, kRed{0.83, 0.07, 0.12}, kNight{0.07, 0.10, 0.16}, kAlarm{0.75, 0.05, 0.08},
    kGreen{0.30, 0.85, 0.45}, kAmber{1.0, 0.72, 0.20};

// A picture being painted.
class Canvas {
 public:
  Canvas(int width, int height)
      : surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)), cairo_(cairo_create(surface_.get())) {
    cairo_set_antialias(cairo_.get(), CAIRO_ANTIALIAS_DEFAULT);
  }
  void fill(double x, double y, double width, double height, const Colour& colour) {
    cairo_set_source_rgb(cairo_.get(), colour.red, colour.green, colour.blue);
    cairo_rectangle(cairo_.get(), x, y, width, height);
    cairo_fill(cairo_.get());
  }
  void disc(double x, double y, double radius, const Colour& colour) {
    cairo_set_source_rgb(cairo_.get(), colour.red, colour.green, colour.blue);
    cairo_arc(cairo_.get(), x, y, radius, 0, 6.2832);
    cairo_fill(cairo_.get());
  }
  // One line with its top at y, cut with an ellipsis at `room` pixels; gives its width.
  int text(double x, double y, double size, const Colour& colour, const std::string& words, int room, bool bold = false) {
    const std::unique_ptr<PangoLayout, FreeObject> layout(pango_cairo_create_layout(cairo_.get()));
    PangoFontDescription* font = pango_font_description_from_string(kFont);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    pango_layout_set_text(layout.get(), words.c_str(), static_cast<int>(words.size()));
    pango_layout_set_width(layout.get(), std::max(room, 1) * PANGO_SCALE);
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    cairo_set_source_rgb(cairo_.get(), colour.red, colour.green, colour.blue);
    cairo_move_to(cairo_.get(), x, y);
    pango_cairo_show_layout(cairo_.get(), layout.get());
    int width = 0, height = 0;
    pango_layout_get_pixel_size(layout.get(), &width, &height);
    return width;
  }
  Result<Painting> take(int width, int height) {
    if (cairo_status(cairo_.get()) != CAIRO_STATUS_SUCCESS)
      return fail(ErrorKind::internal, std::string("painting the strip: ") + cairo_status_to_string(cairo_status(cairo_.get())));
    cairo_surface_flush(surface_.get());
    const auto* data = cairo_image_surface_get_data(surface_.get());
    const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface_.get()));
    Painting painting{width, height, Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4)};
    const std::size_t length = static_cast<std::size_t>(width) * 4;
    for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y)
      std::memcpy(painting.pixels.data() + y * length, data + y * stride, length);
    return painting;
  }

 private:
  std::unique_ptr<cairo_surface_t, FreeSurface> surface_;
  std::unique_ptr<cairo_t, FreeCairo> cairo_;
};

std::string milliseconds(std::int64_t us) {
  char text[32];
  const double ms = static_cast<double>(us) / 1000;
  if (us <= -10'000'000 || us >= 10'000'000)
    std::snprintf(text, sizeof text, "%.0f s", ms / 1000);
  else
    std::snprintf(text, sizeof text, us > -10'000 && us < 10'000 ? "%.1f ms" : "%.0f ms", ms);
  return text;
}

void paint_marker(Canvas& canvas) {
  for (std::size_t i = 0; i < kMarkerColours.size(); ++i) {
    const std::uint32_t rgb = kMarkerColours[i];
    canvas.fill(static_cast<double>(i) * kMarkerCellWidth, 0, kMarkerCellWidth, kStripHeight,
                {static_cast<double>(rgb >> 16) / 255, static_cast<double>(rgb >> 8 & 0xff) / 255, static_cast<double>(rgb & 0xff) / 255});
  }
}

constexpr Colour kBlack{0, 0, 0};

StripCode code_of(const StripText& text) {
  StripCode code{text.utc_us / 1'000'000, {}};
  const auto head = hash_from_hex(text.box.head);
  if (text.box.answered && head.ok()) std::copy_n(head->begin(), code.head.size(), code.head.begin());
  return code;
}

void paint_code(Canvas& canvas, const StripText& text) {
  const StripCodeBytes bytes = print_strip_code(code_of(text));
  canvas.fill(kMarkerWidth, 0, kBeaconLeft - kMarkerWidth, kStripHeight, kBlack);
  for (int column = 0; column < kStripCodeBytes; ++column)
    for (int row = 0; row < 8; ++row)
      if ((bytes[static_cast<std::size_t>(column)] >> (7 - row) & 1) != 0)
        canvas.fill(kStripCodeLeft + column * kStripCell, kStripCodeTop + row * kStripCell, kStripCell, kStripCell, kPaper);
}

// One pixel a module: the picture's luma is not scaled, and ordinary decoders read it after x264 (tests/capture/strip_code_test.cc).
void paint_beacon(Canvas& canvas, const BeaconModules& modules) {
  canvas.fill(kBeaconLeft, 0, kBeaconSide, kStripHeight, kPaper);
  for (int y = 0; y < kBeaconModules; ++y)
    for (int x = 0; x < kBeaconModules; ++x)
      if (modules[static_cast<std::size_t>(y * kBeaconModules + x)] != 0)
        canvas.fill(kBeaconLeft + kBeaconInset + x, kBeaconInset + y, 1, 1, kBlack);
}

std::string head_text(const BoxState& box) {
  if (!box.answered) return "账本无应答";
  return box.head.empty() ? "链首 —" : "链首 " + box.head.substr(0, 16);
}

struct Line {
  std::string label, value;
};

std::string server_text(const BoxState::Server& server) {
  if (!server.ok) return "无应答 no answer";
  return "偏差 offset " + milliseconds(server.offset_us) + "   往返 delay " + milliseconds(server.delay_us) + "   层级 stratum " +
         std::to_string(server.stratum);
}

std::vector<Line> clock_lines(const Preparation& text) {
  const BoxState& box = text.now.box;
  std::vector<Line> lines = {{"本机时间 box time", beijing_time(text.now.utc_us) + " UTC+8"},
                             {"同步状态 state", clock_state_text(box.clock_state) + "   误差 error " + error_text(box.error_us)}};
  if (!box.clock_state.empty())
    lines.push_back({"偏差 offset", milliseconds(box.offset_us) +
                                      (box.stratum >= 0 ? "   层级 stratum " + std::to_string(box.stratum) : "")});
  constexpr std::size_t kServersShown = 8;
  for (std::size_t i = 0; i < box.servers.size() && i < kServersShown; ++i)
    lines.push_back({"时间服务器 " + box.servers[i].name, server_text(box.servers[i])});
  if (box.servers.empty()) lines.push_back({"时间服务器 servers", "尚无校时记录 none asked yet"});
  return lines;
}

std::vector<Line> recording_lines(const Preparation& text) {
  constexpr std::size_t kHashLine = 32;  // letters; a whole hash is wider than a small screen
  return {{"案件 case", text.now.case_id.empty() ? "—" : text.now.case_id},
          {"抽样人员 samplers", text.now.samplers.empty() ? "—" : text.now.samplers},
          {"录制编号 recording", text.recording},
          {"软件 software", "netsampler " + text.version},
          {"软件摘要 SHA-256", text.software_sha256.substr(0, kHashLine)},
          {"", text.software_sha256.size() > kHashLine ? text.software_sha256.substr(kHashLine) : ""}};
}

double paint_lines(Canvas& canvas, double y, double size, int width, const std::vector<Line>& lines) {
  const double left = width * 0.08, value = width * 0.34;
  for (const Line& line : lines) {
    canvas.text(left, y, size, kGrey, line.label, static_cast<int>(value - left) - 8);
    canvas.text(value, y, size, kInk, line.value, static_cast<int>(width * 0.94 - value));
    y += size * 1.75;
  }
  return y;
}

}  // namespace

std::string error_text(std::int64_t error_us) {
  constexpr std::int64_t kUnknownUs = 3'600'000'000;  // an hour or more stands for "nobody knows"
  return error_us < 0 || error_us >= kUnknownUs ? "误差未知" : "±" + milliseconds(error_us);
}

std::string clock_state_text(const std::string& state) {
  if (state == "synchronised") return "已同步";
  if (state == "holdover") return "保持";
  if (state == "stepped") return "跳变";
  return "未同步";
}

std::string trouble_of(const StripText& text) {
  constexpr int kPatience = 3;  // polls, one a second
  if (!text.ended_by.empty()) return "录制已停止 RECORDING STOPPED：" + text.ended_by;
  if (!text.box.broken.empty()) return "无法继续封存 CANNOT SEAL：" + text.box.broken;
  if (text.box.unanswered >= kPatience) return "账本无应答 LEDGER SILENT";
  return "";
}

Result<Painting> paint_strip(int width, const StripText& text) {
  constexpr double kSize = 16, kTop = 6;
  Canvas canvas(width, kStripHeight);
  const std::string trouble = trouble_of(text);
  canvas.fill(0, 0, width, kStripHeight, trouble.empty() ? kNight : kAlarm);
  paint_marker(canvas);
  paint_code(canvas, text);
  const bool stamped = !text.box.beacon_modules.empty();
  if (stamped) paint_beacon(canvas, text.box.beacon_modules);
  double x = kBeaconLeft + (stamped ? kBeaconSide : 0) + 12;
  const auto put = [&](const std::string& words, const Colour& colour, bool bold = false) {
    x += canvas.text(x, kTop, kSize, colour, words, width - static_cast<int>(x) - 8, bold) + 18;
  };
  if (trouble.empty()) {
    canvas.disc(x + 6, kStripHeight / 2.0, 7, kRed);
    x += 20;
    put("录制中", {1, 0.45, 0.45}, true);
  }
  put(beijing_time(text.utc_us) + " UTC+8", kPaper, true);
  if (!trouble.empty()) {
    put(trouble, kPaper, true);
    return canvas.take(width, kStripHeight);
  }
  const bool synchronised = text.box.clock_state == "synchronised";
  put(error_text(text.box.error_us) + " " + clock_state_text(text.box.clock_state), synchronised ? kGreen : kAmber);
  if (!stamped) put("未加时间戳", kAmber);
  put(head_text(text.box), text.box.answered ? kPaper : kAmber);
  if (!text.case_id.empty()) put("案件 " + text.case_id, kPaper);
  if (!text.samplers.empty()) put("抽样 " + text.samplers, kPaper);
  return canvas.take(width, kStripHeight);
}

Result<Painting> paint_preparation(int width, int height, const Preparation& text) {
  Canvas canvas(width, height);
  canvas.fill(0, 0, width, height, kPaper);
  const double size = std::clamp(std::min(height / 26.0, width / 56.0), 11.0, 24.0);
  canvas.fill(0, 0, width, size * 4.4, {0.93, 0.95, 0.98});
  canvas.text(width * 0.08, size * 1.0, size * 1.7, kInk, "网络校时　Time synchronisation　39(一)", static_cast<int>(width * 0.86), true);
  double y = paint_lines(canvas, size * 5.4, size, width, clock_lines(text));
  canvas.fill(width * 0.08, y + size * 0.2, width * 0.84, 1, kGrey);
  paint_lines(canvas, y + size * 1.2, size, width, recording_lines(text));
  return canvas.take(width, height);
}

}  // namespace netsampler::capture
