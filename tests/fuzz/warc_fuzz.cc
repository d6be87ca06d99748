// The WARC writer: lines of input become an exchange's parts and a secret. Read back strictly; the body is the one put in; the secret nowhere.
#include <vector>

#include "crawler/page_masking.h"
#include "crawler/warc.h"
#include "evidence/web/gzip.h"
#include "tests/crawler/strict_warc.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

std::vector<std::string> parts_of(std::string_view text, std::size_t most) {
  std::vector<std::string> parts;
  while (parts.size() + 1 < most) {
    const auto end = std::min(text.find('\n'), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  parts.emplace_back(text);
  return parts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parts = parts_of(fuzz::text_from(data, size), 7);  // address, status text, name, value, type, failure, body
  const std::string secret = "Hunter2-swordfish", &body = parts[6];
  Exchange exchange;
  exchange.url = "https://shop.example/" + parts[0] + "?password=" + secret;
  exchange.status = 200;
  exchange.status_text = parts[1];
  exchange.mime = parts[4];
  exchange.failure = parts[5];
  exchange.request_headers = {{"Cookie", "sid=" + secret}, {parts[2], parts[3]}, {"Referer", "https://shop.example/?to=" + secret}};
  exchange.response_headers = {{parts[2], parts[3]}, {"Set-Cookie", "sid=" + secret + "; Path=/"}};
  exchange.body = Body(Bytes(body.begin(), body.end()));
  exchange.body_state = BodyState::exact;
  PageArchive page;
  page.url = exchange.url;
  page.at_utc_us = 1'800'000'000'000'000;
  page.exchanges = {exchange};
  Secrets secrets;
  mask_page(page, secrets);
  const auto files = warc_of(page, "fuzz");
  fuzz::require(files.ok() && files->size() == 1, "it is written");
  const auto text = gunzip(files->front(), std::size_t{64} << 20);
  fuzz::require(text.ok(), "it is gzip");
  fuzz::require(body.find(secret) != std::string::npos || as_text(*text).find(secret) == std::string_view::npos, "no secret is in it");
  const auto records = read_warc_strictly(as_text(*text));
  fuzz::require(records.ok(), "a strict reader takes it");
  const std::string& block = records->at(1).block;
  const bool same = block.size() >= body.size() && block.compare(block.size() - body.size(), body.size(), body) == 0;
  fuzz::require(same || records->at(1).fields.count("WARC-Body-Masked") > 0, "the body is the one put in");
  return 0;
}
