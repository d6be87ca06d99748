#include "capture/strip/preparation.h"

#include <algorithm>

#include "capture/strip/strip_words.h"
#include "evidence/base/clock.h"

namespace netsampler::capture {
namespace {

constexpr std::size_t kServersShown = 8;
constexpr std::size_t kHashLine = 32;  // letters; a whole hash is wider than a small screen

PageLine server_line(const BoxState::Server& server) {
  const std::string label = "时间服务器 " + server.name;
  if (!server.ok) return {label, "无应答 no answer" + (server.why.empty() ? "" : "（" + server.why + "）"), Tone::doubtful};
  return {label, "偏差 offset " + milliseconds(server.offset_us) + "   往返 delay " + milliseconds(server.delay_us) + "   层级 stratum " +
                     std::to_string(server.stratum) + "   离散 dispersion " + milliseconds(server.dispersion_us)};
}

std::vector<PageLine> clock_lines(const StripText& now) {
  const BoxState& box = now.box;
  std::vector<PageLine> lines = {{"本机时间 box time", beijing_time(now.utc_us) + " UTC+8"},
                                 {"同步状态 state", clock_text(box), clock_tone(box)}};
  if (!box.clock_state.empty())
    lines.push_back({"偏差 offset", milliseconds(box.offset_us) + (box.stratum >= 0 ? "   层级 stratum " + std::to_string(box.stratum) : "")});
  for (std::size_t i = 0; i < box.servers.size() && i < kServersShown; ++i) lines.push_back(server_line(box.servers[i]));
  if (box.servers.empty()) lines.push_back({"时间服务器 servers", "尚无校时记录 none asked yet", Tone::doubtful});
  return lines;
}

PageLine flag(const Json& from, const char* key, const char* label, bool usual, const char* yes, const char* no) {
  const auto found = from.find(key);
  if (found == from.end() || !found->is_boolean()) return {label, "—", Tone::doubtful};
  const bool value = found->get<bool>();
  return {label, value ? yes : no, value == usual ? Tone::plain : Tone::bad};
}

void put_hash(std::vector<PageLine>& lines, const std::string& label, const std::string& hash) {
  lines.push_back({label, hash.empty() ? "—" : hash.substr(0, kHashLine)});
  if (hash.size() > kHashLine) lines.push_back({"", hash.substr(kHashLine)});
}

std::vector<PageLine> recording_lines(const Preparation& text) {
  std::vector<PageLine> lines = {{"案件 case", text.now.case_id.empty() ? "—" : text.now.case_id},
                                 {"抽样人员 samplers", text.now.samplers.empty() ? "—" : text.now.samplers},
                                 {"录制编号 recording", text.recording.empty() ? "—" : text.recording},
                                 {"软件 software", "netsampler " + text.version}};
  put_hash(lines, "软件摘要 SHA-256", text.software_sha256);
  put_hash(lines, "设备 box", text.now.box.box_id);
  const std::string& beacon = text.now.box.beacon;
  lines.push_back({"最新时间戳 time stamp", beacon.empty() ? "尚无 none yet" : beacon.substr(0, kHashLine), beacon.empty() ? Tone::doubtful : Tone::plain});
  return lines;
}

}  // namespace

std::vector<PageLine> environment_lines(const Json& environment) {
  const std::int64_t extensions = int_or(environment, "extensions", 0);
  const std::string size = std::to_string(int_or(environment, "width", 0)) + "×" + std::to_string(int_or(environment, "height", 0));
  return {{"浏览器 browser", string_or(environment, "browser", "?") + " " + string_or(environment, "browser_version", "") + "   " + size},
          {"系统 system", string_or(environment, "kernel", "?") + "   " + string_or(environment, "display", "")},
          {"浏览器扩展 extensions", std::to_string(extensions), extensions == 0 ? Tone::plain : Tone::bad},
          flag(environment, "proxy", "代理 proxy", false, "有 in use", "无 none"),
          flag(environment, "hosts_changed", "hosts 文件 hosts file", false, "已改动 changed", "未改动 unchanged"),
          flag(environment, "devtools", "开发者工具 DevTools", false, "已打开 open", "未打开 not open"),
          flag(environment, "webdriver", "自动化标记 webdriver", false, "有 set", "无 not set"),
          flag(environment, "profile_new", "全新浏览器配置 new profile", true, "是 yes", "否 no")};
}

std::vector<std::vector<PageLine>> preparation_sections(const Preparation& text) {
  std::vector<PageLine> environment = text.now.box.environment;
  if (environment.empty()) environment = {{"环境检查 environment", "浏览器尚未报告 the browser has not reported yet", Tone::doubtful}};
  return {clock_lines(text.now), environment, recording_lines(text)};
}

}  // namespace netsampler::capture
