#include "ui/console/api_http.h"

#include <algorithm>
#include <string_view>

#include "evidence/base/log.h"

namespace netsampler {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '.' || c == '_';
}

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
    case ErrorKind::usage: return 400;
    case ErrorKind::not_found: return 404;
    case ErrorKind::denied: return 403;
    case ErrorKind::busy: return 409;
    case ErrorKind::unavailable: return 503;
    case ErrorKind::full: return 507;
    case ErrorKind::io:
    case ErrorKind::internal: return 500;
  }
  return 500;
}

}  // namespace

std::string header_of(const HttpRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

std::string cookie_of(const HttpRequest& request, const std::string& name) {
  const std::string all = header_of(request, "cookie");
  std::string_view rest = all;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = trimmed(rest.substr(0, end));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') return std::string(pair.substr(name.size() + 1));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return "";
}

std::string path_of(const HttpRequest& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const bool good = !path.empty() && path.front() == '/' && path.size() <= 1024 && std::all_of(path.begin(), path.end(), is_plain);
  return good ? path : "";
}

HttpReply reply_json(const Json& value, int status) { return reply_text(print(value), "application/json", status); }

HttpReply reply_text(std::string text, std::string type, int status) {
  HttpReply reply;
  reply.status = status;
  reply.type = std::move(type);
  reply.body = std::move(text);
  return reply;
}

HttpReply reply_error(const Error& error) {
  const int status = status_of(error.kind);
  if (status == 500) {
    log(LogLevel::error, error.text);
    return reply_error(500, "内部错误，请联系管理员查看日志 / internal error: the administrator finds it in the log");
  }
  return reply_json({{"error", error.text}, {"kind", name_of(error.kind)}}, status);
}

HttpReply reply_error(int status, const std::string& text) { return reply_json({{"error", text}}, status); }

}  // namespace netsampler
