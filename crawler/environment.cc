#include "crawler/environment.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

namespace netsampler {
namespace {

constexpr std::size_t kTextLimit = 1u << 20;

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  line = line.substr(0, line.find('#'));
  while (true) {
    const auto from = line.find_first_not_of(" \t\r");
    if (from == std::string_view::npos) return words;
    line.remove_prefix(from);
    const auto end = std::min(line.size(), line.find_first_of(" \t\r"));
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

bool starts(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

bool is_usual(const std::vector<std::string>& words, const std::string& own_name) {
  const std::string& address = words[0];
  if (starts(address, "fe00::") || starts(address, "ff00::") || starts(address, "ff02::")) return true;
  if (!starts(address, "127.") && address != "::1") return false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool own = words[i] == own_name || starts(words[i], (own_name + ".").c_str());
    if (words[i].find('.') != std::string::npos && !own && words[i] != "localhost.localdomain") return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> hosts_lines_changed(std::string_view hosts_text, const std::string& own_name) {
  std::vector<std::string> changed;
  while (!hosts_text.empty()) {
    const auto end = std::min(hosts_text.size(), hosts_text.find('\n'));
    const auto words = words_of(hosts_text.substr(0, end));
    if (!words.empty() && !is_usual(words, own_name)) changed.emplace_back(hosts_text.substr(0, end));
    hosts_text.remove_prefix(std::min(hosts_text.size(), end + 1));
  }
  return changed;
}

bool hosts_changed(std::string_view hosts_text, const std::string& own_name) { return !hosts_lines_changed(hosts_text, own_name).empty(); }

bool has_proxy(const std::vector<std::string>& flags) {
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return true;
  }
  for (const std::string& flag : flags)
    if (starts(flag, "--proxy-server") || starts(flag, "--proxy-pac-url") || starts(flag, "--host-resolver-rules")) return true;
  return false;
}

MachineLook environment_record(const FileSystem& disk, const BrowserOptions& options, const SeenBrowser& seen) {
  utsname system{};
  ::uname(&system);
  const char* home = std::getenv("HOME");
  MachineLook look = look_at_machine(disk, {"", home == nullptr ? "" : home, options.profile, seen.pid}, system.nodename);
  const bool proxy = has_proxy(options.flags) || look.body["proxy_policy"].get<bool>();
  const auto slash = seen.version.find('/');
  look.body.update({{"browser", seen.version.substr(0, slash)},
                    {"browser_version", slash == std::string::npos ? "" : seen.version.substr(slash + 1)},
                    {"kernel", std::string(system.sysname) + " " + system.release},
                    {"display", options.display},
                    {"width", options.window.width},
                    {"height", options.window.height},
                    {"extensions", seen.extensions},
                    {"webdriver", false},  // by construction: see browser_arguments
                    {"proxy", proxy},
                    {"devtools", seen.devtools},
                    {"profile_new", seen.profile_new}});
  if (proxy) look.odd.push_back("environment-proxy");
  if (!seen.profile_new) look.odd.push_back("environment-profile-used");
  return look;
}

Result<std::pair<int, int>> display_size(const std::string& display) {
  const std::string what = "display " + display + " is not there (is the X server up? is DISPLAY right?)";
  const std::string number = display.substr(std::min(display.size(), display.find(':') + 1));
  const std::string socket = "/tmp/.X11-unix/X" + number.substr(0, number.find('.'));
  if (display.rfind(':', 0) == 0 && ::access(socket.c_str(), R_OK) != 0) return fail(ErrorKind::unavailable, what);
  const auto text = run_and_read({"xdpyinfo", "-display", display}, 10'000);
  if (!text.ok()) return fail(ErrorKind::unavailable, what);
  constexpr std::string_view label = "dimensions:";
  const auto at = text->find(label);
  if (at == std::string::npos) return fail(ErrorKind::unavailable, what);
  std::string_view rest = std::string_view(*text).substr(at + label.size());
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
  std::pair<int, int> size{0, 0};
  const auto width = std::from_chars(rest.data(), rest.data() + rest.size(), size.first);
  if (width.ptr < rest.data() + rest.size()) std::from_chars(width.ptr + 1, rest.data() + rest.size(), size.second);
  if (size.first <= 0 || size.second <= 0) return fail(ErrorKind::unavailable, what);
  return size;
}

}  // namespace netsampler
