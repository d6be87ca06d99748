// THE table of what the console answers, and the way from a request to its handler: path, session, handler, security headers.
// A new route is one row here and one entry in openapi.yaml; a test holds the two together.
#pragma once
#include <span>

#include "ui/console/api_console.h"
#include "ui/console/api_http.h"

namespace netsampler {

struct Call {
  Console& console;
  const HttpRequest& request;
  std::map<std::string, std::string> names;  // what the pattern's {…} matched, each by its own rule
  Account account;                           // who asks; empty on open routes
  std::string token;
};

enum class Access { open, session };

struct Route {
  const char* method;
  const char* pattern;  // "/api/v1/cases/{case}"; a name in braces is one path part that obeys the rule of that name
  Access access;
  Result<HttpReply> (*handler)(Call&);
};

std::span<const Route> all_routes();

// What the pattern's names matched, or nothing. Names: case, recording, source, page, file; a part that breaks its rule does not match.
std::optional<std::map<std::string, std::string>> match_route(const char* pattern, const std::string& path);

// Never fails: every error is a reply. Paths that no route matches are files of the web app.
HttpReply answer(Console& console, const HttpRequest& request);

// The handlers, by file.
Result<HttpReply> get_health(Call& call);  // api_box.cc
Result<HttpReply> get_metrics(Call& call);
Result<HttpReply> get_openapi(Call& call);
Result<HttpReply> get_box(Call& call);
Result<HttpReply> post_login(Call& call);  // api_account.cc
Result<HttpReply> post_logout(Call& call);
Result<HttpReply> get_session(Call& call);
Result<HttpReply> get_cases(Call& call);  // api_cases.cc
Result<HttpReply> get_case(Call& call);
Result<HttpReply> get_verification(Call& call);  // api_verify.cc
Result<HttpReply> get_playlist(Call& call);  // api_media.cc
Result<HttpReply> get_group(Call& call);
Result<HttpReply> get_media(Call& call);
Result<HttpReply> get_page_file(Call& call);
Result<HttpReply> get_thumbnail(Call& call);  // api_thumbnail.cc
Result<HttpReply> get_web_file(Console& console, const std::string& path);  // api_static.cc

}  // namespace netsampler
