#include "evidence/stamp/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace netsampler::stamp {
namespace {

struct EasyFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyFree>;
struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListFree>;

struct Answer {
  Bytes body;
  std::size_t limit = 0;
  bool too_large = false;
};

std::size_t take(const char* data, std::size_t size, std::size_t count, void* target) {
  auto* answer = static_cast<Answer*>(target);
  const std::size_t more = size * count;
  answer->too_large = more > answer->limit - answer->body.size();
  if (answer->too_large) return 0;
  append(answer->body, as_bytes({data, more}));
  return more;
}

int ask_stopped(void* target, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()>*>(target))() ? 1 : 0;
}

List headers(const HttpCall& call) {
  List list(curl_slist_append(nullptr, "Expect:"));
  for (const std::string& line : {"Content-Type: " + call.type, "Accept: " + call.accept}) {
    if (line.ends_with(": ")) continue;
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) return nullptr;
    if (list == nullptr) list.reset(longer);
  }
  return list;
}

void set_bounds(CURL* handle, const HttpBounds& bounds, const HttpCall& call) {
  const long timeout_ms = static_cast<long>(call.timeout_ms > 0 ? std::min(call.timeout_ms, bounds.timeout_ms) : bounds.timeout_ms);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
  curl_easy_setopt(handle, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(bounds.answer_bytes));
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, call.plain ? "http" : "http,https");
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, call.plain ? "http" : "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle, CURLOPT_MAXREDIRS, 3L);
  curl_easy_setopt(handle, CURLOPT_POSTREDIR, static_cast<long>(CURL_REDIR_POST_ALL));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "netsampler");
}

void set_request(CURL* handle, const HttpCall& call, curl_slist* lines) {
  curl_easy_setopt(handle, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines);
  if (call.type.empty()) return;
  curl_easy_setopt(handle, CURLOPT_POST, 1L);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(call.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, call.body.data());
}

void set_callbacks(CURL* handle, Answer& answer, const std::function<bool()>& stopped) {
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, ask_stopped);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, const_cast<std::function<bool()>*>(&stopped));
}

}  // namespace

Result<Http> Http::start(HttpBounds bounds, std::function<bool()> stopped) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return fail(ErrorKind::internal, "libcurl does not start");
  return Http(bounds, std::move(stopped));
}

Http::Http(Http&& other) noexcept
    : bounds_(other.bounds_), stopped_(std::move(other.stopped_)), started_(std::exchange(other.started_, false)) {}

Http::~Http() {
  if (started_) curl_global_cleanup();
}

Result<HttpAnswer> Http::send(const HttpCall& call) const {
  const Easy handle(curl_easy_init());
  const List lines = headers(call);
  if (handle == nullptr || lines == nullptr) return fail(ErrorKind::full, "no memory for a request");
  Answer answer;
  answer.limit = bounds_.answer_bytes;
  set_bounds(handle.get(), bounds_, call);
  set_request(handle.get(), call, lines.get());
  set_callbacks(handle.get(), answer, stopped_);
  const CURLcode code = curl_easy_perform(handle.get());
  if (answer.too_large || code == CURLE_FILESIZE_EXCEEDED) return fail(ErrorKind::unavailable, "its answer is larger than 1 MiB");
  if (code != CURLE_OK) return fail(ErrorKind::unavailable, curl_easy_strerror(code));
  HttpAnswer answered;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answered.status);
  answered.body = std::move(answer.body);
  return answered;
}

Result<Bytes> Http::fetch(const HttpCall& call) const {
  HttpAnswer answer = TRY(send(call));
  if (answer.status != 200) return fail(ErrorKind::unavailable, "it answers with HTTP " + std::to_string(answer.status));
  return std::move(answer.body);
}

Result<Bytes> Http::post_query(const std::string& url, ByteView query) const {
  return fetch({url, "application/timestamp-query", "application/timestamp-reply", query});
}

}  // namespace netsampler::stamp
