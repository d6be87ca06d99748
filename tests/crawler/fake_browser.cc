#include "tests/crawler/fake_browser.h"

#include <algorithm>

namespace netsampler {

std::vector<Json> FakeBrowser::waiting(const std::string& method) const {
  std::vector<Json> found;
  for (const Json& command : sent)
    if (string_or(command, "method", "") == method) found.push_back(command);
  return found;
}

std::size_t FakeBrowser::count(const std::string& method) const { return waiting(method).size(); }

std::string FakeBrowser::answer_to(const Json& command, const Json& result) {
  // Chromium writes the id first; the client relies on it being found either way.
  return "{\"id\":" + std::to_string(int_or(command, "id", -1)) + ",\"result\":" + print(result) + "}";
}

std::string FakeBrowser::event(const std::string& method, const Json& params, const std::string& session) {
  Json message = {{"method", method}, {"params", params}};
  if (!session.empty()) message["sessionId"] = session;
  return print(message);
}

Json snapshot_of(const std::string& url, const std::vector<std::string>& lines) {
  Json strings = {url, "题目"}, text = Json::array();
  for (const std::string& line : lines) {
    text.push_back(strings.size());
    strings.push_back(line);
  }
  const Json document = {{"documentURL", 0}, {"title", 1}, {"nodes", Json::object()}, {"layout", {{"text", text}}}};
  return {{"documents", Json::array({document})}, {"strings", strings}};
}

}  // namespace netsampler
