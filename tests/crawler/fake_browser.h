// A browser that only exists as a script: keeps the commands that it was sent, answers and speaks when the test says so.
#pragma once
#include <string>
#include <vector>

#include "crawler/browser_session.h"

namespace netsampler {

class FakeBrowser final : public CdpTransport {
 public:
  Result<void> send(std::string_view message) override {
    sent.push_back(parse_any(message).value_or(Json::object()));
    return {};
  }
  // Commands of one method that have no answer yet, oldest first.
  std::vector<Json> waiting(const std::string& method) const;
  std::size_t count(const std::string& method) const;
  static std::string answer_to(const Json& command, const Json& result);
  static std::string event(const std::string& method, const Json& params, const std::string& session = "S1");

  std::vector<Json> sent;
};

// A snapshot with one line of text a layout node.
Json snapshot_of(const std::string& url, const std::vector<std::string>& lines);

}  // namespace netsampler
