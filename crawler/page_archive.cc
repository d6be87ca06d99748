#include "crawler/page_archive.h"

#include "crawler/extract.h"
#include "crawler/warc.h"
#include "evidence/base/crypto.h"
#include "evidence/format/public_text.h"

namespace netsampler {
namespace {

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// An origin that public text does not take (a host that is nothing but a long number) is left at its scheme; the address stands among the
// personal members.
std::string public_origin(const std::string& url) {
  const std::string origin = origin_of(url);
  if (is_public_text(origin, MemberType::origin)) return origin;
  const std::string scheme = origin.substr(0, origin.find(':') + 1);
  return is_public_text(scheme, MemberType::origin) ? scheme : "";
}

}  // namespace

std::vector<ArchiveFile> archive_files(const PageArchive& page, const std::string& software) {
  std::vector<ArchiveFile> files;
  files.push_back({"page.warc", warc_of(page, software)});
  if (!page.snapshot.empty()) files.push_back({"dom.json", bytes_of(page.snapshot)});
  if (!page.screenshot.empty()) files.push_back({"screenshot.png", page.screenshot});
  return files;
}

Facts facts_of(const PageArchive& page) {
  if (page.snapshot.empty() || page.status >= 400 || !page.failure.empty()) return {};
  const auto snapshot = parse_any(page.snapshot);
  auto model = snapshot.ok() ? page_from_snapshot(*snapshot) : Result<Page>(snapshot.error());
  return model.ok() ? extract(*model, page.url) : Facts();
}

Json page_record(const PageArchive& page, std::int64_t number, const std::string& kind) {
  std::int64_t bytes = 0, responses = 0;
  for (const Exchange& exchange : page.exchanges) {
    bytes += static_cast<std::int64_t>(exchange.body.size());
    responses += exchange.status > 0 ? 1 : 0;
  }
  Json body = {{"page", number},         {"kind", kind},   {"origin", public_origin(page.url)}, {"status", page.status},
               {"responses", responses}, {"bytes", bytes}, {"from_us", page.from_us},       {"to_us", page.to_us},
               {"ended", page.ended}};
  if (!page.certificates.empty()) body["certificate_sha256"] = hex_of(sha256(page.certificates.front()));
  return body;
}

Json page_private(const PageArchive& page) {
  Json opened = {{"url", page.url}};
  if (!page.title.empty()) opened["title"] = page.title;
  return opened;
}

Json fact_record(const Fact& fact, std::int64_t page_number, const std::string& kind) {
  Json body = {{"page", page_number}, {"kind", kind}, {"name", fact.name}, {"from", fact.from}, {"confidence", fact.confidence}};
  if (!fact.item.empty()) body["item"] = fact.item;
  if (fact.rect) body["rect"] = {fact.rect->x, fact.rect->y, fact.rect->w, fact.rect->h};
  return body;
}

Json fact_private(const Fact& fact) { return {{"value", fact.value}, {"raw", fact.raw}}; }

}  // namespace netsampler
