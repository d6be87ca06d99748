#include "crawler/warc.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "evidence/base/crypto.h"
#include "evidence/web/gzip.h"
#include "evidence/web/warc_head.h"

namespace netsampler {
namespace {

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

// Pictures, films, fonts: packed already.
bool is_packed(const std::string& mime) {
  return mime.starts_with("video/") || mime.starts_with("audio/") || mime.starts_with("font/") || mime == "application/zip" ||
         (mime.starts_with("image/") && mime != "image/svg+xml");
}

// Records as gzip members, in files of a bounded size.
class Writer {
 public:
  explicit Writer(std::size_t part_bytes) : part_bytes_(part_bytes) {}
  void record(const Headers& fields, const std::string& content_type, ByteView block, bool packed = false) {
    Bytes whole;
    const auto text = [&whole](std::string_view what) { append(whole, as_bytes(what)); };
    const auto line = [&text](const std::string& name, const std::string& value) { text(name + ": " + one_line(value) + "\r\n"); };
    text("WARC/1.1\r\n");
    for (const auto& [name, value] : fields) line(name, value);
    line("Content-Type", content_type);
    line("WARC-Block-Digest", "sha256:" + hex_of(sha256(block)));
    line("Content-Length", std::to_string(block.size()));
    text("\r\n");
    append(whole, block);
    text("\r\n\r\n");
    if (state_.ok()) state_ = append_gzip(parts_.back(), whole, packed ? 1 : 6);
  }
  // Before a record that begins a group. True: it is the first of a new file.
  bool next_part() {
    if (parts_.back().size() < part_bytes_ || parts_.size() >= kPartLimit) return false;
    parts_.emplace_back();
    return true;
  }
  void left_out(const std::string& what, const std::string& url) {
    if (left_out_.size() < kListBytes) left_out_ += "withheld: " + one_line(what + " " + url) + "\r\n";
  }
  const std::string& list() const { return left_out_; }
  Result<std::vector<Bytes>> take() {
    TRY(std::move(state_));
    return std::move(parts_);
  }

 private:
  static constexpr std::size_t kPartLimit = 64, kListBytes = 4u << 20;
  const std::size_t part_bytes_;
  Result<void> state_;
  std::vector<Bytes> parts_{1};
  std::string left_out_;
};

Headers common(const char* type, const std::string& id, std::int64_t utc_us) {
  return {{"WARC-Type", type}, {"WARC-Record-ID", id}, {"WARC-Date", warc_date(utc_us)}};
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

// What one exchange is written with: where to, and what is taken out of it.
struct Pen {
  Writer& writer;
  const Secrets& secrets;
};

std::string masked(const Pen& pen, const Exchange& exchange, const std::string& name, std::string value) {
  const std::string key = lower_case(name);
  if (names_secret(key)) {
    pen.writer.left_out("header " + key, exchange.url);
    return withheld(key, value);
  }
  const bool parameters = !mask_parameters(value).empty();
  if (pen.secrets.mask(value) > 0 || parameters) pen.writer.left_out("part of header " + key, exchange.url);
  return value;
}

void put_headers(const Pen& pen, const Exchange& exchange, std::string& block, const Headers& headers, bool body_changed) {
  for (const auto& [name, value] : headers) {
    const std::string key = lower_case(name);
    if (name.empty() || name[0] == ':') continue;  // HTTP/2's pseudo headers
    const bool coding = key == "content-encoding" || key == "transfer-encoding" || key == "content-length";
    block += (coding && body_changed ? "X-Orig-" + one_line(name) : one_line(name)) + ": ";
    block += one_line(masked(pen, exchange, name, value)) + "\r\n";
  }
}

std::string host_and_path(const std::string& url, std::string& path) {
  const std::string origin = origin_of(url);
  const auto slashes = url.find("://");
  const auto slash = slashes == std::string::npos ? slashes : url.find_first_of("/?", slashes + 3);
  path = slash == std::string::npos ? "/" : (url[slash] == '?' ? "/" : "") + url.substr(slash);
  return origin.substr(std::min(origin.size(), origin.find("://") + 3));
}

std::string request_block(const Pen& pen, const Exchange& exchange) {
  std::string path;
  const std::string host = host_and_path(exchange.url, path);
  std::string block = one_line(exchange.method + " " + path) + " HTTP/1.1\r\n";
  const bool named = std::any_of(exchange.request_headers.begin(), exchange.request_headers.end(),
                                 [](const auto& header) { return lower_case(header.first) == "host"; });
  if (!named) block += "Host: " + one_line(host) + "\r\n";
  put_headers(pen, exchange, block, exchange.request_headers, exchange.has_request_body);
  return block + "\r\n";
}

Bytes response_block(const Pen& pen, const Exchange& exchange, ByteView body) {
  std::string head = "HTTP/1.1 " + std::to_string(exchange.status);
  head += one_line(" " + exchange.status_text) + "\r\n";
  put_headers(pen, exchange, head, exchange.response_headers, true);
  head += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  Bytes block;
  append(block, as_bytes(head));
  append(block, body);
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

// The body as it goes into the archive. One that the disk does not give back is lost.
Bytes body_of(const Exchange& exchange, std::string& why_cut) {
  why_cut = truncated(exchange);
  auto bytes = exchange.body.read();
  if (!bytes.ok()) {
    why_cut = "unspecified";
    return {};
  }
  return bytes.take();
}

void put_response(const Pen& pen, const Exchange& exchange, const std::string& id) {
  std::string why_cut;
  Bytes body = body_of(exchange, why_cut);
  const std::int64_t hidden = is_packed(exchange.mime) ? 0 : pen.secrets.mask(body);
  if (hidden > 0) pen.writer.left_out("part of body", exchange.url);
  Headers fields = common("response", id, exchange.at_utc_us);
  add(fields, "WARC-Target-URI", exchange.url);
  add(fields, "WARC-IP-Address", ip_of(exchange));
  add(fields, "WARC-Protocol", protocol_of(exchange));
  add(fields, "WARC-Truncated", why_cut);
  if (exchange.body_state == BodyState::converted)
    add(fields, "WARC-Body-Converted-From", exchange.charset.empty() ? "unknown" : exchange.charset);
  if (hidden > 0) add(fields, "WARC-Body-Masked", std::to_string(hidden));
  add(fields, "WARC-Payload-Digest", "sha256:" + hex_of(sha256(body)));
  pen.writer.record(fields, "application/http;msgtype=response", response_block(pen, exchange, body), is_packed(exchange.mime));
}

void put_failure(Writer& writer, const Exchange& exchange, const std::string& request_id) {
  Headers fields = common("metadata", record_id(), exchange.at_utc_us);
  add(fields, "WARC-Target-URI", exchange.url);
  add(fields, "WARC-Concurrent-To", request_id);
  const std::string why = exchange.failure.empty() ? "no answer before the page was closed" : exchange.failure;
  writer.record(fields, "application/warc-fields", as_bytes("fetchFailure: " + one_line(why) + "\r\n"));
}

void put_exchange(const Pen& pen, const Exchange& exchange) {
  const std::string id = record_id(), request_id = record_id();
  if (exchange.status > 0) put_response(pen, exchange, id);
  Headers fields = common("request", request_id, exchange.at_utc_us);
  add(fields, "WARC-Target-URI", exchange.url);
  if (exchange.status > 0) add(fields, "WARC-Concurrent-To", id);
  if (exchange.has_request_body) add(fields, "WARC-Truncated", "unspecified"), pen.writer.left_out("request-body", exchange.url);
  if (exchange.url_masked) pen.writer.left_out("part of address", exchange.url);
  pen.writer.record(fields, "application/http;msgtype=request", as_bytes(request_block(pen, exchange)));
  if (exchange.status == 0 || !exchange.failure.empty()) put_failure(pen.writer, exchange, request_id);
}

void put_information(Writer& writer, const PageArchive& page, const std::string& software) {
  Headers fields = common("warcinfo", record_id(), page.at_utc_us);
  add(fields, "WARC-Filename", "page.warc.gz");
  const std::string text = "software: " + software +
                           "\r\nformat: WARC File Format 1.1\r\n"
                           "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
                           "description: one page as a browser received it; content and transfer coding removed, headers "
                           "that told of them kept as X-Orig-; passwords, cookies, tokens and request bodies withheld, as the last record "
                           "lists\r\n";
  writer.record(fields, "application/warc-fields", as_bytes(text));
}

void put_certificate(Writer& writer, const Bytes& der, std::int64_t utc_us) {
  Headers fields = common("resource", record_id(), utc_us);
  add(fields, "WARC-Target-URI", "urn:sha256:" + hex_of(sha256(der)));
  writer.record(fields, "application/pkix-cert", der);
}

void put_left_out(Writer& writer, const PageArchive& page) {
  if (writer.list().empty()) return;
  Headers fields = common("metadata", record_id(), page.at_utc_us);
  add(fields, "WARC-Target-URI", page.url.empty() ? "about:blank" : page.url);
  writer.record(fields, "application/warc-fields", as_bytes(writer.list()));
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

Result<std::vector<Bytes>> warc_of(const PageArchive& page, const std::string& software, std::size_t part_bytes) {
  Writer writer(part_bytes);
  const Pen pen{writer, page.secrets};
  put_information(writer, page, software);
  for (const Exchange& exchange : page.exchanges) {
    if (writer.next_part()) put_information(writer, page, software);
    put_exchange(pen, exchange);
  }
  for (const Bytes& der : page.certificates) put_certificate(writer, der, page.at_utc_us);
  if (page.mhtml_withheld) writer.left_out("page.mhtml.gz", page.url);
  put_left_out(writer, page);
  return writer.take();
}

}  // namespace netsampler
