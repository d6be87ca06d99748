#include "crawler/warc.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "evidence/base/crypto.h"

namespace netsampler {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// Nothing from the network may end a line of ours.
std::string one_line(std::string text) {
  std::replace_if(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

std::string record_id() {
  std::array<std::uint8_t, 16> id{};
  random_fill(id);
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x40);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
  std::string hex = to_hex(id);
  for (const std::size_t at : {8u, 13u, 18u, 23u}) hex.insert(at, "-");
  return "<urn:uuid:" + hex + ">";
}

void add(Headers& headers, const std::string& name, const std::string& value) {
  if (!value.empty()) headers.emplace_back(name, value);
}

class Writer {
 public:
  void record(const Headers& fields, const std::string& content_type, ByteView block) {
    text("WARC/1.1\r\n");
    for (const auto& [name, value] : fields) line(name, value);
    line("Content-Type", content_type);
    line("WARC-Block-Digest", "sha256:" + hex_of(sha256(block)));
    line("Content-Length", std::to_string(block.size()));
    text("\r\n");
    append(bytes_, block);
    text("\r\n\r\n");
  }
  Bytes take() { return std::move(bytes_); }

 private:
  void text(std::string_view what) { append(bytes_, as_bytes(what)); }
  void line(const std::string& name, const std::string& value) { text(name + ": " + one_line(value) + "\r\n"); }
  Bytes bytes_;
};

Headers common(const char* type, const std::string& id, std::int64_t utc_us) {
  return {{"WARC-Type", type}, {"WARC-Record-ID", id}, {"WARC-Date", warc_date(utc_us)}};
}

bool is_secret(const std::string& name) {
  return name == "cookie" || name == "set-cookie" || name == "authorization" || name == "proxy-authorization";
}

// "a=1; b=2" → "a=withheld; b=withheld": which cookies, not what is in them.
std::string withheld(const std::string& name, const std::string& value) {
  if (name != "cookie" && name != "set-cookie") return "withheld";
  const auto equals = value.find('=');
  std::string text = value.substr(0, equals) + "=withheld";
  const auto next = value.find(';');
  if (next == std::string::npos) return text;
  if (name == "set-cookie") return text + value.substr(next);
  const auto rest = value.find_first_not_of(" ", next + 1);
  return rest == std::string::npos ? text : text + "; " + withheld(name, value.substr(rest));
}

void put_headers(std::string& block, const Headers& headers, bool body_changed) {
  for (const auto& [name, value] : headers) {
    const std::string key = lower(name);
    if (name.empty() || name[0] == ':') continue;  // HTTP/2's pseudo headers
    const bool coding = key == "content-encoding" || key == "transfer-encoding" || key == "content-length";
    block += (coding && body_changed ? "X-Orig-" + one_line(name) : one_line(name)) + ": ";
    block += one_line(is_secret(key) ? withheld(key, value) : value) + "\r\n";
  }
}

std::string host_and_path(const std::string& url, std::string& path) {
  const std::string origin = origin_of(url);
  const auto slashes = url.find("://");
  const auto slash = slashes == std::string::npos ? slashes : url.find_first_of("/?", slashes + 3);
  path = slash == std::string::npos ? "/" : (url[slash] == '?' ? "/" : "") + url.substr(slash);
  return origin.substr(std::min(origin.size(), origin.find("://") + 3));
}

std::string request_block(const Exchange& exchange) {
  std::string path;
  const std::string host = host_and_path(exchange.url, path);
  std::string block = one_line(exchange.method + " " + path) + " HTTP/1.1\r\n";
  const bool named = std::any_of(exchange.request_headers.begin(), exchange.request_headers.end(),
                                 [](const auto& header) { return lower(header.first) == "host"; });
  if (!named) block += "Host: " + one_line(host) + "\r\n";
  put_headers(block, exchange.request_headers, exchange.has_request_body);
  return block + "\r\n";
}

Bytes response_block(const Exchange& exchange) {
  std::string head = "HTTP/1.1 " + std::to_string(exchange.status);
  head += one_line(" " + exchange.status_text) + "\r\n";
  put_headers(head, exchange.response_headers, true);
  head += "Content-Length: " + std::to_string(exchange.body.size()) + "\r\n\r\n";
  Bytes block;
  append(block, as_bytes(head));
  append(block, exchange.body);
  return block;
}

std::string truncated(const Exchange& exchange) {
  if (exchange.body_state == BodyState::too_long) return "length";
  if (exchange.body_state != BodyState::lost) return "";
  return exchange.failure.empty() ? "unspecified" : "disconnect";
}

std::string protocol_of(const Exchange& exchange) {
  return exchange.protocol == "http/1.1" || exchange.protocol == "http/1.0" ? "" : exchange.protocol;
}

std::string ip_of(const Exchange& exchange) {  // IPv6 comes in brackets
  std::string ip = exchange.remote_ip;
  if (ip.size() > 2 && ip.front() == '[') ip = ip.substr(1, ip.size() - 2);
  return ip;
}

void put_response(Writer& writer, const Exchange& exchange, const std::string& id) {
  Headers fields = common("response", id, exchange.at_utc_us);
  add(fields, "WARC-Target-URI", exchange.url);
  add(fields, "WARC-IP-Address", ip_of(exchange));
  add(fields, "WARC-Protocol", protocol_of(exchange));
  add(fields, "WARC-Truncated", truncated(exchange));
  if (exchange.body_state == BodyState::converted)
    add(fields, "WARC-Body-Converted-From", exchange.charset.empty() ? "unknown" : exchange.charset);
  add(fields, "WARC-Payload-Digest", "sha256:" + hex_of(sha256(exchange.body)));
  writer.record(fields, "application/http;msgtype=response", response_block(exchange));
}

void put_failure(Writer& writer, const Exchange& exchange, const std::string& request_id) {
  Headers fields = common("metadata", record_id(), exchange.at_utc_us);
  add(fields, "WARC-Target-URI", exchange.url);
  add(fields, "WARC-Concurrent-To", request_id);
  const std::string why = exchange.failure.empty() ? "no answer before the page was closed" : exchange.failure;
  writer.record(fields, "application/warc-fields", as_bytes("fetchFailure: " + one_line(why) + "\r\n"));
}

void put_exchange(Writer& writer, const Exchange& exchange) {
  const std::string id = record_id(), request_id = record_id();
  if (exchange.status > 0) put_response(writer, exchange, id);
  Headers fields = common("request", request_id, exchange.at_utc_us);
  add(fields, "WARC-Target-URI", exchange.url);
  if (exchange.status > 0) add(fields, "WARC-Concurrent-To", id);
  if (exchange.has_request_body) add(fields, "WARC-Truncated", "unspecified");
  writer.record(fields, "application/http;msgtype=request", as_bytes(request_block(exchange)));
  if (exchange.status == 0 || !exchange.failure.empty()) put_failure(writer, exchange, request_id);
}

void put_information(Writer& writer, const PageArchive& page, const std::string& software) {
  Headers fields = common("warcinfo", record_id(), page.at_utc_us);
  add(fields, "WARC-Filename", "page.warc");
  const std::string text = "software: " + software +
                           "\r\nformat: WARC File Format 1.1\r\n"
                           "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
                           "description: one page as a browser received it; content and transfer coding removed, headers "
                           "that told of them kept as X-Orig-; cookie values and request bodies withheld\r\n";
  writer.record(fields, "application/warc-fields", as_bytes(text));
}

void put_certificate(Writer& writer, const Bytes& der, std::int64_t utc_us) {
  Headers fields = common("resource", record_id(), utc_us);
  add(fields, "WARC-Target-URI", "urn:sha256:" + hex_of(sha256(der)));
  writer.record(fields, "application/pkix-cert", der);
}

}  // namespace

std::string warc_date(std::int64_t utc_us) {
  const std::time_t seconds = utc_us / 1'000'000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40], whole[64];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(whole, sizeof whole, "%s.%06dZ", text, static_cast<int>(utc_us % 1'000'000));
  return whole;
}

Bytes warc_of(const PageArchive& page, const std::string& software) {
  Writer writer;
  put_information(writer, page, software);
  for (const Exchange& exchange : page.exchanges) put_exchange(writer, exchange);
  for (const Bytes& der : page.certificates) put_certificate(writer, der, page.at_utc_us);
  return writer.take();
}

}  // namespace netsampler
