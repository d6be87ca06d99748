#include "crawler/environment_look.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>

#include "evidence/base/crypto.h"

namespace netsampler {
namespace {

constexpr std::size_t kTextLimit = 1u << 20, kStoreLimit = 64u << 20, kNamesKept = 64, kProcessLimit = 65'536;
constexpr std::int64_t kLittleRoom_bytes = 5'000'000'000;  // an hour of two screens and a camera

// Behind links: /etc/resolv.conf is often one, /proc/self/exe always. The door to the disk follows none.
std::string real(const std::string& path) {
  std::error_code error;
  const auto behind = std::filesystem::canonical(path, error);
  return error ? path : behind.string();
}

class Machine {
 public:
  Machine(const FileSystem& disk, const MachinePlaces& places) : disk_(disk), places_(places) {}

  std::string text(const std::string& path) const {
    const auto bytes = disk_.read(real(places_.root + path), kTextLimit);
    return bytes.ok() ? std::string(as_text(*bytes)) : "";
  }
  std::vector<std::string> names(const std::string& path) const {
    const auto names = disk_.list(places_.root + path);
    return names.ok() ? *names : std::vector<std::string>();
  }
  std::optional<std::string> hash(const std::string& path) const {
    Hasher hasher(HashKind::sha256);
    const auto read = disk_.read_pieces(real(path), [&](ByteView piece) -> Result<void> {
      hasher.update(piece);
      return {};
    });
    if (!read.ok()) return std::nullopt;
    return hex_of(hasher.finish());
  }
  const FileSystem& disk() const { return disk_; }
  const MachinePlaces& places() const { return places_; }

 private:
  const FileSystem& disk_;
  const MachinePlaces& places_;
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.size(), text.find('\n'));
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(" \t\r\n", at)) != std::string::npos) {
    const auto end = std::min(line.size(), line.find_first_of(" \t\r\n", at));
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::int64_t number_of(const std::string& text, int base) {
  std::int64_t value = 0;
  const std::size_t from = base == 16 && text.starts_with("0x") ? 2 : 0;
  std::from_chars(text.data() + std::min(from, text.size()), text.data() + text.size(), value, base);
  return value;
}

bool ends(const std::string& text, std::string_view with) { return text.size() > with.size() && text.ends_with(with); }

Json some(const std::vector<std::string>& all) {
  Json list = Json::array();
  for (std::size_t i = 0; i < all.size() && i < kNamesKept; ++i) list.push_back(all[i].substr(0, 200));
  return list;
}

void look_at_names(const Machine& machine, const std::string& own_name, MachineLook& look) {
  const std::string hosts = machine.text("/etc/hosts");
  const auto changed = hosts_lines_changed(hosts, own_name);
  const auto servers = name_servers(machine.text("/etc/resolv.conf"));
  look.body["hosts_changed"] = !changed.empty();
  look.body["hosts_lines"] = changed.size();
  look.body["hosts_sha256"] = hex_of(sha256(as_bytes(hosts)));
  look.body["dns_servers"] = servers.size();
  if (!changed.empty()) look.opened["hosts"] = some(changed), look.odd.push_back("environment-hosts");
  if (!servers.empty()) look.opened["dns"] = some(servers);
  else look.odd.push_back("environment-no-dns");
}

// Certificates beside those that the browser brings: by the administrator, by the account, by policy.
void look_at_stores(const Machine& machine, std::int64_t by_policy, MachineLook& look) {
  std::int64_t system = 0, account = 0;
  for (const std::string& name : machine.names("/usr/local/share/ca-certificates")) system += ends(name, ".crt") ? 1 : 0;
  const MachinePlaces& places = machine.places();
  for (const std::string& path : {places.home + "/.pki/nssdb/cert9.db", places.profile + "/Default/ServerCertificate"})
    if (const auto store = machine.disk().read(path, kStoreLimit); store.ok()) account += certificates_in_store(*store);
  look.body["authorities_system"] = system;
  look.body["authorities_account"] = account;
  look.body["authorities_policy"] = by_policy;
  if (system + account + by_policy > 0) look.odd.push_back("environment-authorities");
}

// Managed and recommended policies of the browser: an own proxy, own certificates.
void look_at_policies(const Machine& machine, MachineLook& look) {
  std::int64_t policies = 0, authorities = 0;
  bool proxy = false;
  for (const char* folder : {"/etc/chromium/policies/managed", "/etc/chromium/policies/recommended"})
    for (const std::string& name : machine.names(folder)) {
      const auto policy = ends(name, ".json") ? parse_any(machine.text(folder + ("/" + name))) : Result<Json>(Json());
      if (!policy.ok() || !policy->is_object()) continue;
      for (const auto& [key, value] : policy->items()) {
        ++policies;
        proxy = proxy || key.starts_with("Proxy");
        authorities += key.starts_with("CA") && value.is_array() ? static_cast<std::int64_t>(value.size()) : 0;
      }
    }
  look.body["policies"] = policies;
  look.body["proxy_policy"] = proxy;
  look_at_stores(machine, authorities, look);
}

bool is_tunnel(const std::string& name, std::int64_t type) {
  constexpr std::int64_t kPpp = 512, kNoHeader = 65534, kTunnels = 768, kLastTunnel = 778;
  constexpr std::string_view kNames[] = {"tun", "tap", "wg", "ppp", "ipsec", "zt", "tailscale", "utun"};
  if (type == kPpp || type == kNoHeader || (type >= kTunnels && type <= kLastTunnel && type != 772)) return true;  // 772: loopback
  return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view start) { return name.starts_with(start); });
}

void look_at_network(const Machine& machine, MachineLook& look) {
  std::vector<std::string> up, tunnels;
  for (const std::string& name : machine.names("/sys/class/net")) {
    const std::string place = "/sys/class/net/" + name;
    if (name == "lo" || (number_of(machine.text(place + "/flags"), 16) & 1) == 0) continue;
    up.push_back(name);
    if (is_tunnel(name, number_of(machine.text(place + "/type"), 10))) tunnels.push_back(name);
  }
  std::int64_t routes = 0;
  for (const std::string& line : lines_of(machine.text("/proc/net/route")))
    if (const auto words = words_of(line); words.size() > 7 && words[1] == "00000000" && words[7] == "00000000") ++routes;
  for (const std::string& line : lines_of(machine.text("/proc/net/ipv6_route")))
    if (const auto words = words_of(line); words.size() > 9 && words[0] == std::string(32, '0') && words[1] == "00" && words[9] != "lo") ++routes;
  look.body["interfaces"] = up.size();
  look.body["tunnels"] = tunnels.size();
  look.body["default_routes"] = routes;
  if (!up.empty()) look.opened["interfaces"] = some(up);
  if (!tunnels.empty()) look.odd.push_back("environment-tunnel");
  if (routes == 0) look.odd.push_back("environment-no-route");
}

void look_at_room(const Machine& machine, MachineLook& look) {
  std::error_code error;
  const auto space = std::filesystem::space(machine.places().profile, error);
  if (error) return;
  look.body["free_bytes"] = static_cast<std::int64_t>(space.available);
  if (static_cast<std::int64_t>(space.available) < kLittleRoom_bytes) look.odd.push_back("environment-little-room");
}

// Field 5 of /proc/<pid>/stat, counted behind the name, which may hold anything.
std::int64_t group_of(const std::string& stat) {
  const auto behind = stat.rfind(')');
  const auto words = words_of(behind == std::string::npos ? "" : stat.substr(behind + 1));
  return words.size() > 2 ? number_of(words[2], 10) : 0;
}

void look_at_processes(const Machine& machine, MachineLook& look) {
  const int browser = machine.places().browser_pid;
  const std::int64_t ours = browser == 0 ? 0 : group_of(machine.text("/proc/" + std::to_string(browser) + "/stat"));
  std::map<std::string, std::vector<std::string>> found;
  std::int64_t all = 0;
  for (const std::string& pid : machine.names("/proc")) {
    if (pid.empty() || !std::all_of(pid.begin(), pid.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
    if (++all > static_cast<std::int64_t>(kProcessLimit)) break;
    const auto words = words_of(machine.text("/proc/" + pid + "/comm"));
    const std::string kind = words.empty() ? "" : process_kind(words[0]);
    if (kind.empty() || (ours != 0 && group_of(machine.text("/proc/" + pid + "/stat")) == ours)) continue;
    found[kind].push_back(words[0]);
  }
  look.body["processes"] = all;
  Json names = Json::array();
  for (const char* kind : {"browser", "remote-control", "screen-sharing", "interception"}) {
    std::string member = kind == std::string("browser") ? "browsers_other" : kind;
    std::replace(member.begin(), member.end(), '-', '_');
    look.body[member] = found[kind].size();
    if (!found[kind].empty()) look.odd.push_back("environment-" + std::string(kind));
    for (const auto& name : found[kind])
      if (names.size() < kNamesKept) names.push_back(name);
  }
  if (!names.empty()) look.opened["processes"] = names;
}

void look_at_displays(const Machine& machine, MachineLook& look) {
  std::int64_t connected = 0;
  for (const std::string& name : machine.names("/sys/class/drm"))
    connected += machine.text("/sys/class/drm/" + name + "/status").starts_with("connected") ? 1 : 0;
  look.body["displays"] = connected;
  look.body["x_servers"] = machine.names("/tmp/.X11-unix").size();
}

void look_at_programs(const Machine& machine, MachineLook& look) {
  const int browser = machine.places().browser_pid;
  const auto put = [&](const char* member, const std::string& path) {
    if (const auto hash = machine.hash(path)) look.body[member] = *hash;
  };
  if (browser != 0) put("browser_sha256", "/proc/" + std::to_string(browser) + "/exe");
  put("program_sha256", "/proc/self/exe");
}

}  // namespace

std::vector<std::string> name_servers(std::string_view resolv_text) {
  std::vector<std::string> servers;
  for (const std::string& line : lines_of(resolv_text))
    if (const auto words = words_of(line); words.size() > 1 && words[0] == "nameserver") servers.push_back(words[1]);
  return servers;
}

std::int64_t certificates_in_store(ByteView store) {
  // SEQUENCE (two bytes of length), SEQUENCE (two bytes of length), [0] { INTEGER 2 }: how every v3 certificate of usual size begins.
  constexpr std::uint8_t kVersion3[] = {0xa0, 0x03, 0x02, 0x01, 0x02};
  constexpr std::size_t kHead = 8;
  std::int64_t count = 0;
  for (std::size_t at = 0; at + kHead + sizeof kVersion3 <= store.size(); ++at) {
    const bool begins = store[at] == 0x30 && store[at + 1] == 0x82 && store[at + 4] == 0x30 && store[at + 5] == 0x82;
    if (begins && std::equal(std::begin(kVersion3), std::end(kVersion3), store.begin() + static_cast<std::ptrdiff_t>(at + kHead))) ++count;
  }
  return count;
}

std::string process_kind(const std::string& name) {
  struct Row {
    std::string_view start, kind;  // a process whose name begins so
    bool whole = false;            // or is so
  };
  constexpr Row kRows[] = {
      {"chrome-remote-d", "remote-control"}, {"chromium", "browser"}, {"chrome", "browser"}, {"firefox", "browser"}, {"msedge", "browser"},
      {"opera", "browser"}, {"brave", "browser"}, {"vivaldi", "browser"}, {"epiphany", "browser"}, {"falkon", "browser"}, {"qaxbrowser", "browser"},
      {"uos-browser", "browser"}, {"360browser", "browser"}, {"x11vnc", "remote-control"}, {"Xvnc", "remote-control"}, {"x0vncserver", "remote-control"},
      {"wayvnc", "remote-control"}, {"vino", "remote-control"}, {"krfb", "remote-control"}, {"gnome-remote-de", "remote-control"},
      {"xrdp", "remote-control"}, {"teamviewer", "remote-control"}, {"TeamViewer", "remote-control"}, {"anydesk", "remote-control"},
      {"rustdesk", "remote-control"}, {"ToDesk", "remote-control"}, {"todesk", "remote-control"}, {"sunlogin", "remote-control"},
      {"oray", "remote-control"}, {"parsec", "remote-control"}, {"nxserver", "remote-control"}, {"nxnode", "remote-control"},
      {"obs", "screen-sharing", true}, {"simplescreenrec", "screen-sharing"}, {"kazam", "screen-sharing"}, {"vokoscreen", "screen-sharing"},
      {"zoom", "screen-sharing", true}, {"wemeetapp", "screen-sharing"}, {"DingTalk", "screen-sharing"}, {"dingtalk", "screen-sharing"},
      {"scrcpy", "screen-sharing"}, {"mitmproxy", "interception"}, {"mitmdump", "interception"}, {"mitmweb", "interception"},
      {"charles", "interception"}, {"burp", "interception"}, {"fiddler", "interception"}, {"tcpdump", "interception"}, {"wireshark", "interception"},
      {"dumpcap", "interception"}, {"v2ray", "interception"}, {"xray", "interception"}, {"clash", "interception"}, {"sing-box", "interception"},
      {"ss-local", "interception"}, {"privoxy", "interception"}, {"squid", "interception"}};
  for (const Row& row : kRows)
    if (row.whole ? name == row.start : name.starts_with(row.start)) return std::string(row.kind);
  return "";
}

MachineLook look_at_machine(const FileSystem& disk, const MachinePlaces& places, const std::string& own_name) {
  const Machine machine(disk, places);
  MachineLook look;
  look_at_names(machine, own_name, look);
  look_at_policies(machine, look);
  look_at_network(machine, look);
  look_at_room(machine, look);
  look_at_processes(machine, look);
  look_at_displays(machine, look);
  look_at_programs(machine, look);
  return look;
}

}  // namespace netsampler
