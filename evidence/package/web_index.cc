#include "evidence/package/web_index.h"

#include <algorithm>

#include "evidence/base/json.h"
#include "evidence/web/gzip.h"
#include "evidence/web/warc_head.h"

namespace netsampler {
namespace {

constexpr std::size_t kHeadBytes = 64u << 10;
constexpr std::size_t kMostLines = 200'000;

std::vector<std::string> parts_of(const std::string& text, char between) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t end; (end = text.find(between, from)) != std::string::npos; from = end + 1) parts.push_back(text.substr(from, end - from));
  parts.push_back(text.substr(from));
  return parts;
}

std::string joined(const std::vector<std::string>& parts, char between) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : std::string(1, between)) + part;
  return text;
}

// "www.shop.example:80" → "example,shop"; an IP address keeps its order.
std::string surt_host(std::string host, const std::string& scheme) {
  const auto colon = host.rfind(':');
  std::string port = colon == std::string::npos || host.back() == ']' ? "" : host.substr(colon);
  if (!port.empty()) host.resize(colon);
  if ((scheme == "http" && port == ":80") || (scheme == "https" && port == ":443")) port.clear();
  if (host.starts_with("www.")) host.erase(0, 4);
  const bool number = host.find_first_not_of("0123456789.") == std::string::npos || host.starts_with("[");
  auto labels = parts_of(host, '.');
  if (!number) std::reverse(labels.begin(), labels.end());
  return (number ? host : joined(labels, ',')) + port;
}

// "2027-01-15T08:00:00.123456Z" → "20270115080000"
std::string stamp_of(const std::string& date) {
  std::string digits;
  for (const char c : date)
    if (c >= '0' && c <= '9' && digits.size() < 14) digits.push_back(c);
  digits.resize(14, '0');
  return digits;
}

std::string line_of(const WarcHead& head, const GzipMember& member, const std::string& filename) {
  const auto field = [&](const char* name) {
    const auto found = head.fields.find(name);
    return found == head.fields.end() ? std::string() : found->second;
  };
  const std::string url = field("warc-target-uri");
  const Json values = {{"url", url},
                       {"mime", head.mime.empty() ? "unk" : head.mime},
                       {"status", std::to_string(head.status)},
                       {"digest", field("warc-payload-digest")},
                       {"length", std::to_string(member.bytes)},
                       {"offset", std::to_string(member.offset)},
                       {"filename", filename}};
  return surt_of(url) + " " + stamp_of(field("warc-date")) + " " + print(values) + "\n";
}

// A request stands behind its answer: what was not asked for by GET cannot be asked for again.
class Lines {
 public:
  Result<void> take(const GzipMember& member, const std::string& filename) {
    WarcHead head = TRY(warc_head(as_text(member.head)));
    const std::string type = head.fields["warc-type"];
    if (type == "request" && !head.method.empty() && head.method != "GET" && !id_.empty() && head.fields["warc-concurrent-to"] == id_) lines_.pop_back();
    id_.clear();
    if (type != "response" || head.status == 0) return {};
    if (lines_.size() >= kMostLines) return fail(ErrorKind::full, "more answers than an index may hold");
    id_ = head.fields["warc-record-id"];
    lines_.push_back(line_of(head, member, filename));
    return {};
  }
  std::vector<std::string> done() { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
  std::string id_;  // of the answer told last
};

}  // namespace

std::string surt_of(const std::string& url) {
  const std::string lower = lower_case(url.substr(0, url.find('#')));
  const auto slashes = lower.find("://");
  const std::string scheme = lower.substr(0, slashes);
  if (slashes == std::string::npos || (scheme != "http" && scheme != "https")) return url;
  const auto slash = std::min(lower.find_first_of("/?", slashes + 3), lower.size());
  std::string host = lower.substr(slashes + 3, slash - slashes - 3);
  if (const auto at = host.rfind('@'); at != std::string::npos) host.erase(0, at + 1);
  const auto question = std::min(lower.find('?', slash), lower.size());
  const std::string path = lower.substr(slash, question - slash);
  std::string query = question < lower.size() ? lower.substr(question + 1) : "";
  auto parameters = parts_of(query, '&');
  std::sort(parameters.begin(), parameters.end());
  if (!query.empty()) query = "?" + joined(parameters, '&');
  return surt_host(host, scheme) + ")" + (path.empty() ? "/" : path) + query;
}

Result<std::vector<std::string>> cdxj_lines(const FileSystem& disk, const std::string& path, const std::string& filename) {
  Lines lines;
  GzipMembers members(kHeadBytes, [&](const GzipMember& member) { return lines.take(member, filename); });
  TRY(disk.read_pieces(path, [&](ByteView piece) { return members.take(piece); }));
  TRY(members.finish());
  return lines.done();
}

}  // namespace netsampler
