#include "capture/strip/strip_paint.h"

#include <cairo/cairo.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "capture/strip/marker.h"
#include "capture/strip/strip_words.h"
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
    kGreen{0.30, 0.85, 0.45}, kAmber{1.0, 0.72, 0.20}, kRose{1, 0.45, 0.45}, kOchre{0.72, 0.42, 0.02};
constexpr double kLeading = 1.75;  // of a page's lines, in sizes of their letters

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

const Colour& colour_of(Tone tone) { return tone == Tone::bad ? kRed : tone == Tone::doubtful ? kOchre : kInk; }

double paint_lines(Canvas& canvas, double y, double size, int width, double right, const std::vector<PageLine>& lines) {
  const double left = width * 0.08, value = width * 0.34;
  for (const PageLine& line : lines) {
    canvas.text(left, y, size, kGrey, line.label, static_cast<int>(value - left) - 8);
    const std::string mark = line.tone == Tone::bad ? "⚠ " : "";
    canvas.text(value, y, size, colour_of(line.tone), mark + line.value, static_cast<int>(right - value), line.tone == Tone::bad);
    y += size * kLeading;
  }
  return y;
}

// At the lower right, a few pixels a module; gives its left edge.
double paint_large_beacon(Canvas& canvas, int width, int height, const BeaconModules& modules) {
  const double right = width * 0.94;
  if (modules.empty()) return right;
  const double module = std::clamp(height / 200.0, 3.0, 8.0), side = std::floor(module) * kBeaconModules;
  const double left = std::floor(right - side), top = std::floor(height * 0.96 - side);
  for (int y = 0; y < kBeaconModules; ++y)
    for (int x = 0; x < kBeaconModules; ++x)
      if (modules[static_cast<std::size_t>(y * kBeaconModules + x)] != 0)
        canvas.fill(left + std::floor(module) * x, top + std::floor(module) * y, std::floor(module), std::floor(module), kBlack);
  return left - 4 * module;  // the code's quiet zone
}

}  // namespace

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
    const bool confirmed = text.box.segments > 0;  // only what lies sealed on the disk is recorded
    canvas.disc(x + 6, kStripHeight / 2.0, 7, confirmed ? kRed : kAmber);
    x += 20;
    put(confirmed ? "录制中" : "准备中", confirmed ? kRose : kAmber, true);
  }
  put(beijing_time(text.utc_us) + " UTC+8", kPaper, true);
  if (!trouble.empty()) {
    put(trouble, kPaper, true);
    return canvas.take(width, kStripHeight);
  }
  const Tone clock = clock_tone(text.box);
  put(clock_text(text.box), clock == Tone::plain ? kGreen : clock == Tone::doubtful ? kAmber : kRose, clock == Tone::bad);
  if (!stamped) put("未加时间戳", kAmber);
  put(head_text(text.box), text.box.answered ? kPaper : kAmber);
  if (!text.case_id.empty()) put("案件 " + text.case_id, kPaper);
  if (!text.samplers.empty()) put("抽样 " + text.samplers, kPaper);
  return canvas.take(width, kStripHeight);
}

Result<Painting> paint_page(int width, int height, const std::string& title, const std::vector<std::vector<PageLine>>& sections,
                            const BeaconModules& beacon) {
  constexpr double kAround = 9.5;  // lines' heights: header, rules and margins
  Canvas canvas(width, height);
  canvas.fill(0, 0, width, height, kPaper);
  std::size_t count = 0;
  for (const auto& section : sections) count += section.size();
  const double size = std::clamp(std::min(height / (static_cast<double>(count) * kLeading + kAround), width / 60.0), 9.0, 24.0);
  canvas.fill(0, 0, width, size * 3.6, {0.93, 0.95, 0.98});
  canvas.text(width * 0.08, size * 0.7, size * 1.5, kInk, title, static_cast<int>(width * 0.86), true);
  const double beacon_left = paint_large_beacon(canvas, width, height, beacon);
  double y = size * 4.4;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    if (i > 0) canvas.fill(width * 0.08, y + size * 0.1, width * 0.86, 1, kGrey);
    if (i > 0) y += size * 0.9;
    const bool beside_beacon = i + 1 == sections.size();
    y = paint_lines(canvas, y, size, width, beside_beacon ? beacon_left : width * 0.94, sections[i]);
  }
  return canvas.take(width, height);
}

}  // namespace netsampler::capture
