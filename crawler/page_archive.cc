#include "crawler/page_archive.h"

#include <set>

#include "crawler/dom_blocks.h"
#include "crawler/extract.h"
#include "crawler/mhtml.h"
#include "crawler/warc.h"
#include "evidence/base/crypto.h"
#include "evidence/format/public_text.h"
#include "evidence/web/gzip.h"

namespace netsampler {
namespace {

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

constexpr std::size_t kTextBytes = 256u << 10;

// The visible text, a block a line.
std::string visible_text(const PageArchive& page) {
  const auto snapshot = parse_any(page.snapshot);
  const auto model = snapshot.ok() ? page_from_snapshot(*snapshot) : Result<Page>(snapshot.error());
  std::string text;
  if (!model.ok()) return text;
  for (const TextBlock& block : text_blocks(*model)) {
    if (text.size() + block.text.raw.size() > kTextBytes) break;
    text += block.text.raw + "\n";
  }
  return text;
}

// What a list of pages tells: address, title, when, what could be read. Personal, like the rest of the archive.
std::string page_text(const PageArchive& page) {
  return print({{"url", page.url}, {"title", page.title}, {"ts", warc_date(page.at_utc_us)}, {"text", visible_text(page)}}) + "\n";
}

constexpr std::size_t kSavedBytes = 32u << 20;

// Pictures that page.warc.gz holds are not kept twice.
std::string saved_page(const PageArchive& page) {
  std::set<std::string> elsewhere;
  for (const Exchange& exchange : page.exchanges)
    if (exchange.status == 200 && exchange.body_state == BodyState::exact && !exchange.body.empty()) elsewhere.insert(exchange.url);
  std::string saved = without_parts(page.mhtml, elsewhere);
  return saved.size() > kSavedBytes ? "" : saved;
}

// An origin that public text does not take (a host that is nothing but a long number) is left at its scheme; the address stands among the
// personal members.
std::string public_origin(const std::string& url) {
  const std::string origin = origin_of(url);
  if (is_public_text(origin, MemberType::origin)) return origin;
  const std::string scheme = origin.substr(0, origin.find(':') + 1);
  return is_public_text(scheme, MemberType::origin) ? scheme : "";
}

}  // namespace

Result<std::vector<ArchiveFile>> archive_files(const PageArchive& page, const std::string& software) {
  std::vector<ArchiveFile> files;
  for (Bytes& part : TRY(warc_of(page, software)))
    files.push_back({files.empty() ? "page.warc.gz" : "page-" + std::to_string(files.size() + 1) + ".warc.gz", std::move(part)});
  files.push_back({"page.json", bytes_of(page_text(page))});
  if (!page.snapshot.empty()) files.push_back({"dom.json", bytes_of(page.snapshot)});
  if (const std::string saved = saved_page(page); !saved.empty()) {
    files.push_back({"page.mhtml.gz", {}});
    TRY(append_gzip(files.back().bytes, as_bytes(saved), 6));
  }
  if (!page.screenshot.empty()) files.push_back({"screenshot.png", page.screenshot});
  if (!page.messages.empty()) files.push_back({"messages.jsonl", bytes_of(page.messages)});
  if (!page.download.empty()) files.push_back({"download.bin", page.download});
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
  if (page.tab > 0) body["tab"] = page.tab;
  if (page.opener > 0) body["opener"] = page.opener;
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
