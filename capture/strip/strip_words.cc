#include "capture/strip/strip_words.h"

#include <cstdio>

namespace netsampler::capture {
namespace {

constexpr std::int64_t kUnknownUs = 3'600'000'000;  // an hour or more stands for "nobody knows"

bool is_unknown(std::int64_t error_us) { return error_us < 0 || error_us >= kUnknownUs; }

bool beyond_limit(const BoxState& box) { return box.limit_us >= 0 && box.error_us > box.limit_us; }

// What has no receipt, behind the word for why; empty where nothing waits.
std::string waiting_words(const StripText& text) {
  if (text.waiting_s <= 0) return "";
  return "，待封存 " + std::to_string(text.waiting_s) + " 秒 " + std::to_string((text.waiting_bytes + 999'999) / 1'000'000) + " MB WAITING";
}

}  // namespace

std::string milliseconds(std::int64_t us) {
  char text[32];
  const double ms = us > -50 && us < 50 ? 0 : static_cast<double>(us) / 1000;  // never "-0.0"
  if (us <= -10'000'000 || us >= 10'000'000)
    std::snprintf(text, sizeof text, "%.0f s", ms / 1000);
  else
    std::snprintf(text, sizeof text, us > -10'000 && us < 10'000 ? "%.1f ms" : "%.0f ms", ms);
  return text;
}

std::string error_text(std::int64_t error_us) { return is_unknown(error_us) ? "误差未知" : "±" + milliseconds(error_us); }

std::string clock_state_text(const std::string& state) {
  if (state == "synchronised") return "已同步";
  if (state == "holdover") return "保持";
  if (state == "stepped") return "跳变";
  return "未同步";
}

Tone clock_tone(const BoxState& box) {
  if (beyond_limit(box)) return Tone::bad;
  return box.clock_state == "synchronised" && !is_unknown(box.error_us) ? Tone::plain : Tone::doubtful;
}

std::string clock_text(const BoxState& box) {
  return error_text(box.error_us) + " " + clock_state_text(box.clock_state) + (beyond_limit(box) ? " 误差超限" : "");
}

std::string trouble_of(const StripText& text) {
  constexpr int kPatience = 3;  // polls, one a second
  if (!text.ended_by.empty()) return "录制已停止 RECORDING STOPPED：" + text.ended_by;
  if (!text.box.broken.empty()) return "无法继续封存 CANNOT SEAL：" + text.box.broken;
  const std::string waits = waiting_words(text);
  if (text.box.unanswered >= kPatience) return "账本无应答 LEDGER SILENT" + waits;
  if (!waits.empty()) return "封存缓慢 SEALING LATE" + waits;
  return "";
}

}  // namespace netsampler::capture
