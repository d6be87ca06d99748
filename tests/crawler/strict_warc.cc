#include "tests/crawler/strict_warc.h"

#include <charconv>
#include <set>

#include "evidence/base/crypto.h"

namespace netsampler {
namespace {

Error broken(const std::string& what) { return fail(ErrorKind::invalid, what); }

Result<std::string> line_of(std::string_view& text) {
  const auto end = text.find("\r\n");
  if (end == std::string_view::npos) return broken("a line without CRLF");
  std::string line(text.substr(0, end));
  if (line.find_first_of("\r\n") != std::string::npos) return broken("a stray line end");
  text.remove_prefix(end + 2);
  return line;
}

Result<std::map<std::string, std::string>> fields_of(std::string_view& text) {
  std::map<std::string, std::string> fields;
  for (;;) {
    const std::string line = TRY(line_of(text));
    if (line.empty()) return fields;
    const auto colon = line.find(": ");
    if (colon == std::string::npos || colon == 0) return broken("not a field: " + line);
    if (!fields.emplace(line.substr(0, colon), line.substr(colon + 2)).second) return broken("a field twice: " + line);
  }
}

Result<WarcRecord> record_of(std::string_view& text) {
  WarcRecord record;
  if (TRY(line_of(text)) != "WARC/1.1") return broken("not WARC/1.1");
  record.fields = TRY(fields_of(text));
  for (const char* name : {"WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length", "WARC-Block-Digest", "Content-Type"})
    if (record.fields.count(name) == 0) return broken(std::string("field missing: ") + name);
  const std::string& size = record.fields["Content-Length"];
  std::size_t bytes = 0;
  const auto parsed = std::from_chars(size.data(), size.data() + size.size(), bytes);
  if (parsed.ec != std::errc() || parsed.ptr != size.data() + size.size() || bytes + 4 > text.size()) return broken("bad Content-Length");
  record.block = text.substr(0, bytes);
  text.remove_prefix(bytes);
  if (text.substr(0, 4) != "\r\n\r\n") return broken("a record does not end with two CRLF");
  text.remove_prefix(4);
  if (record.fields["WARC-Block-Digest"] != "sha256:" + hex_of(sha256(as_bytes(record.block)))) return broken("block digest differs");
  return record;
}

Result<void> check_type(const WarcRecord& record) {
  const std::string type = record.fields.at("WARC-Type");
  const bool has_target = record.fields.count("WARC-Target-URI") > 0;
  if ((type == "warcinfo") == has_target) return broken("WARC-Target-URI: wrong for " + type);
  if (type != "response" || record.fields.count("WARC-Truncated") > 0) return {};
  const auto end = record.block.find("\r\n\r\n");
  if (end == std::string::npos || record.block.rfind("HTTP/1.1 ", 0) != 0) return broken("no HTTP message");
  const std::string payload = record.block.substr(end + 4);
  if (record.fields.at("WARC-Payload-Digest") != "sha256:" + hex_of(sha256(as_bytes(payload)))) return broken("payload digest differs");
  if (record.block.find("\r\nContent-Length: " + std::to_string(payload.size()) + "\r\n") == std::string::npos)
    return broken("the message's Content-Length is not its body's");
  return {};
}

}  // namespace

Result<std::vector<WarcRecord>> read_warc_strictly(std::string_view text) {
  std::vector<WarcRecord> records;
  std::set<std::string> ids;
  while (!text.empty()) {
    records.push_back(TRY(record_of(text)));
    const auto& fields = records.back().fields;
    const std::string id = fields.at("WARC-Record-ID");
    if (id.size() != 47 || id.rfind("<urn:uuid:", 0) != 0 || id.back() != '>') return broken("bad record id " + id);
    if (!ids.insert(id).second) return broken("record id twice");
    const auto other = fields.find("WARC-Concurrent-To");
    if (other != fields.end() && ids.count(other->second) == 0) return broken("concurrent to a record that is not there");
    TRY(check_type(records.back()));
  }
  if (records.empty() || records[0].fields.at("WARC-Type") != "warcinfo") return broken("no warcinfo at the start");
  return records;
}

}  // namespace netsampler
