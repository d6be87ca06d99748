// One HTTP request and its reply as plain values, so that everything but the sockets (console_server.cc) is tested without them.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evidence/base/json.h"

namespace netsampler {

struct HttpRequest {
  std::string method;  // "GET", "POST"; HEAD arrives as GET
  std::string target;  // as sent: path and query
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;    // at most kBodyLimit bytes
  std::string peer;    // the client's address, for rate limits only
};
inline constexpr std::size_t kBodyLimit = 64 * 1024;

// A part of a file on disk, sent after the headers.
struct FileSlice {
  std::string path;
  std::int64_t first = 0, bytes = 0;
};

struct HttpReply {
  int status = 200;
  std::string type = "application/json";
  std::string body;                // unless there are files
  std::vector<FileSlice> files;    // sent one behind the other
  std::vector<std::pair<std::string, std::string>> headers;
};

// A header's value, empty where it was not sent. `name` in lower case.
std::string header_of(const HttpRequest& request, const std::string& name);
// The value of a cookie of that name, empty where there is none.
std::string cookie_of(const HttpRequest& request, const std::string& name);
// The path of the target, without the query; empty where it is not an absolute path of plain characters
// (letters, digits, "/", "-", ".", "_"): nothing the console serves needs escapes, so escapes are refused.
std::string path_of(const HttpRequest& request);

HttpReply reply_json(const Json& value, int status = 200);
HttpReply reply_text(std::string text, std::string type, int status = 200);
// {"error","kind"} and the status that fits the kind; an internal error's text goes to the log, not to the browser.
HttpReply reply_error(const Error& error);
HttpReply reply_error(int status, const std::string& text);

}  // namespace netsampler
