#include "crawler/extract.h"

#include "crawler/platform.h"
#include "crawler/shop_name.h"

namespace netsampler {
namespace {

constexpr std::size_t kMaxSnapshotBytes = 256u << 20;

bool looks_like_html(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  return first != std::string_view::npos && text[first] == '<' && text.find('\0') == std::string_view::npos;
}

Result<Page> page_from_bytes(std::string_view text, const std::string& path) {
  if (looks_like_html(text)) return page_from_html(text);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '{')
    return fail(ErrorKind::invalid, path + ": neither HTML nor a DOM snapshot: give an archived page's directory, its dom.json or an HTML file");
  const Json snapshot = TRY_WITH(parse_any(text, {kMaxSnapshotBytes, 64}), path);
  return TRY_WITH(page_from_snapshot(snapshot), path);
}

}  // namespace

Facts extract(const Page& page, const std::string& url) {
  const Platform& platform = platform_of(url.empty() ? page.url : url);
  Facts facts = platform.read(page, url);
  facts.platform = platform.name;
  if (const Fact* name = find_fact(facts, "shop.name"))
    if (std::string odd = odd_shop_name(name->raw); !odd.empty()) facts.warnings.push_back(std::move(odd));
  return facts;
}

Result<Page> load_page(const FileSystem& disk, const std::string& path) {
  const FileInfo info = TRY(disk.info(path));
  const std::string file = info.directory ? path + "/dom.json" : path;
  if (info.directory && !exists(disk, file))
    return fail(ErrorKind::invalid, path + ": no dom.json in this directory: it is no archived page");
  const Bytes bytes = TRY(disk.read(file, kMaxSnapshotBytes));
  return page_from_bytes(as_text(bytes), file);
}

}  // namespace netsampler
