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

using Counts = std::initializer_list<const char*>;

std::int64_t sum(const Json& from, const Counts& keys) {
  std::int64_t all = 0;
  for (const char* key : keys) all += int_or(from, key, 0);
  return all;
}

PageLine network_line(const Json& environment) {
  const std::int64_t servers = int_or(environment, "dns_servers", 0), routes = int_or(environment, "default_routes", 0);
  const std::int64_t tunnels = int_or(environment, "tunnels", 0);
  return {"网络 network", "DNS " + std::to_string(servers) + "   默认路由 routes " + std::to_string(routes) + "   隧道 tunnels " + std::to_string(tunnels),
          servers > 0 && routes > 0 && tunnels == 0 ? Tone::plain : Tone::bad};
}

PageLine programs_line(const Json& environment) {
  const auto count = [&](const char* key) { return std::to_string(int_or(environment, key, 0)); };
  const bool odd = sum(environment, {"browsers_other", "remote_control", "screen_sharing", "interception"}) > 0;
  return {"其他程序 programs", "进程 all " + count("processes") + "   浏览器 browsers " + count("browsers_other") + "   远程控制 remote " + count("remote_control") +
                                   "   屏幕共享 sharing " + count("screen_sharing") + "   抓包 capture " + count("interception"),
          odd ? Tone::bad : Tone::plain};
}

PageLine room_line(const Json& environment) {
  constexpr std::int64_t kGigabyte = 1'000'000'000, kLittle = 5 * kGigabyte;
  const std::int64_t free_bytes = int_or(environment, "free_bytes", 0);
  return {"磁盘剩余 free disk", std::to_string(free_bytes / kGigabyte) + " GB", free_bytes >= kLittle ? Tone::plain : Tone::bad};
}

// What a record has of them: those of older boxes have not.
void put_machine(std::vector<PageLine>& lines, const Json& environment) {
  const std::int64_t authorities = sum(environment, {"authorities_system", "authorities_account", "authorities_policy"});
  if (environment.contains("authorities_system"))
    lines.push_back({"另装根证书 added authorities", std::to_string(authorities), authorities == 0 ? Tone::plain : Tone::bad});
  if (environment.contains("dns_servers")) lines.push_back(network_line(environment));
  if (environment.contains("processes")) lines.push_back(programs_line(environment));
  if (environment.contains("free_bytes")) lines.push_back(room_line(environment));
  if (environment.contains("browser_sha256"))
    lines.push_back({"浏览器摘要 browser SHA-256", string_or(environment, "browser_sha256", "").substr(0, kHashLine)});
}

}  // namespace

std::vector<PageLine> environment_lines(const Json& environment) {
  const std::int64_t extensions = int_or(environment, "extensions", 0);
  const std::string size = std::to_string(int_or(environment, "width", 0)) + "×" + std::to_string(int_or(environment, "height", 0));
  std::vector<PageLine> lines = {
          {"浏览器 browser", string_or(environment, "browser", "?") + " " + string_or(environment, "browser_version", "") + "   " + size},
          {"系统 system", string_or(environment, "kernel", "?") + "   " + string_or(environment, "display", "")},
          {"浏览器扩展 extensions", std::to_string(extensions), extensions == 0 ? Tone::plain : Tone::bad},
          flag(environment, "proxy", "代理 proxy", false, "有 in use", "无 none"),
          flag(environment, "hosts_changed", "hosts 文件 hosts file", false, "已改动 changed", "未改动 unchanged"),
          flag(environment, "devtools", "开发者工具 DevTools", false, "已打开 open", "未打开 not open"),
          flag(environment, "webdriver", "自动化标记 webdriver", false, "有 set", "无 not set"),
          flag(environment, "profile_new", "全新浏览器配置 new profile", true, "是 yes", "否 no")};
  put_machine(lines, environment);
  return lines;
}

std::vector<std::vector<PageLine>> preparation_sections(const Preparation& text) {
  std::vector<PageLine> environment = text.now.box.environment;
  if (environment.empty()) environment = {{"环境检查 environment", "浏览器尚未报告 the browser has not reported yet", Tone::doubtful}};
  return {clock_lines(text.now), environment, recording_lines(text)};
}

}  // namespace netsampler::capture
