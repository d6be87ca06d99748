#include "ui/console/api_routes.h"

#include <algorithm>
#include <array>

#include "evidence/format/names.h"

namespace netsampler {
namespace {

constexpr std::array kRoutes{
    Route{"GET", "/healthz", Access::open, get_health},
    Route{"GET", "/metrics", Access::open, get_metrics},
    Route{"GET", "/api/v1/openapi.yaml", Access::session, get_openapi},
    Route{"POST", "/api/v1/login", Access::open, post_login},
    Route{"POST", "/api/v1/logout", Access::session, post_logout},
    Route{"GET", "/api/v1/session", Access::session, get_session},
    Route{"GET", "/api/v1/box", Access::session, get_box},
    Route{"GET", "/api/v1/cases", Access::session, get_cases},
    Route{"GET", "/api/v1/cases/{case}", Access::session, get_case},
    Route{"GET", "/api/v1/cases/{case}/verification", Access::session, get_verification},
    Route{"GET", "/api/v1/recordings/{recording}/{source}/playlist.m3u8", Access::session, get_playlist},
    Route{"GET", "/api/v1/recordings/{recording}/{source}/group/{group}", Access::session, get_group},
    Route{"GET", "/api/v1/recordings/{recording}/{source}/thumbnail", Access::session, get_thumbnail},
    Route{"GET", "/media/recordings/{recording}/media/{source}/{file}", Access::session, get_media},
    Route{"GET", "/media/recordings/{recording}/pages/{page}/{file}", Access::session, get_page_file},
};

bool is_page_number(const std::string& text) {
  return !text.empty() && text.size() <= 6 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "000003-000007.m4s"
bool is_group_name(const std::string& text) {
  return text.size() <= 40 && text.ends_with(".m4s") &&
         std::all_of(text.begin(), text.end() - 4, [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
}

bool obeys(const std::string& rule, const std::string& part) {
  if (rule == "case") return is_case_id(part);
  if (rule == "recording") return is_recording_id(part);
  if (rule == "source") return is_source_name(part);
  if (rule == "page") return is_page_number(part);
  if (rule == "group") return is_group_name(part);
  return rule == "file" && is_record_path(part);
}

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t from = 1; from <= path.size();) {
    const std::size_t to = std::min(path.find('/', from), path.size());
    parts.push_back(path.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

// Everything is the box's own: no other origin, no frame, nothing kept by a cache. Styles may be inline because the widgets make
// them while running; scripts may not. Media arrives through a blob that the player makes.
void add_security(HttpReply& reply) {
  const std::pair<const char*, const char*> headers[] = {
      {"Content-Security-Policy",
       "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' blob:; "
       "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Resource-Policy", "same-origin"}};
  for (const auto& [name, value] : headers) reply.headers.emplace_back(name, value);
  const bool cached = std::any_of(reply.headers.begin(), reply.headers.end(), [](const auto& h) { return h.first == "Cache-Control"; });
  if (!cached) reply.headers.emplace_back("Cache-Control", "no-store");
}

HttpReply run(const Route& route, Call& call) {
  call.token = cookie_of(call.request, "session");
  if (route.access == Access::session) {
    const auto account = call.console.sessions.find(call.token);
    if (!account) return reply_error(401, "请先登录 / sign in first");
    call.account = *account;
  }
  auto reply = route.handler(call);
  return reply.ok() ? reply.take() : reply_error(reply.error());
}

HttpReply find_and_run(Console& console, const HttpRequest& request) {
  const std::string path = path_of(request);
  if (path.empty()) return reply_error(400, "地址不合规 / the path has characters that no address here has");
  bool other_method = false;
  for (const Route& route : kRoutes) {
    auto names = match_route(route.pattern, path);
    if (!names) continue;
    other_method = other_method || request.method != route.method;
    if (request.method != route.method) continue;
    Call call{console, request, std::move(*names), {}, {}};
    return run(route, call);
  }
  if (other_method || request.method != "GET") return reply_error(405, "方法不允许 / this method is not allowed here");
  if (path.starts_with("/api/") || path.starts_with("/media/")) return reply_error(404, "没有这个地址 / no such address");
  auto file = get_web_file(console, path);
  return file.ok() ? file.take() : reply_error(file.error());
}

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

std::optional<std::map<std::string, std::string>> match_route(const char* pattern, const std::string& path) {
  const auto want = parts_of(pattern), have = parts_of(path);
  if (want.size() != have.size()) return std::nullopt;
  std::map<std::string, std::string> names;
  for (std::size_t n = 0; n < want.size(); ++n) {
    const bool named = want[n].starts_with('{');
    const std::string name = named ? want[n].substr(1, want[n].size() - 2) : "";
    if (named ? !obeys(name, have[n]) : want[n] != have[n]) return std::nullopt;
    if (named) names[name] = have[n];
  }
  return names;
}

HttpReply answer(Console& console, const HttpRequest& request) {
  ++console.counters.requests;
  HttpReply reply = find_and_run(console, request);
  if (reply.status >= 500) ++console.counters.failed;
  else if (reply.status >= 400) ++console.counters.refused;
  add_security(reply);
  return reply;
}

}  // namespace netsampler
