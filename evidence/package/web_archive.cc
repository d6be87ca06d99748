#include "evidence/package/web_archive.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <map>

#include "evidence/base/json.h"
#include "evidence/package/web_index.h"
#include "evidence/package/zip_writer.h"

namespace netsampler {
namespace {

constexpr std::size_t kPageJsonBytes = 2u << 20;
constexpr std::size_t kMostIndexBytes = 256u << 20;

struct WebPage {
  std::vector<const PayloadFile*> warcs;  // page.warc.gz, page-2.warc.gz …
  const PayloadFile* text = nullptr;      // page.json
  const PayloadFile* picture = nullptr;   // screenshot.png
};
using WebPages = std::map<std::int64_t, WebPage>;  // by number

// "data/recordings/<id>/pages/7/page.warc.gz" → id, 7, page.warc.gz
struct PagePath {
  std::string recording, name;
  std::int64_t number = -1;
};

PagePath page_path(const std::string& path) {
  constexpr std::string_view base = "data/recordings/", pages = "/pages/";
  PagePath found;
  const auto id_end = path.find('/', base.size());
  if (!path.starts_with(base) || id_end == std::string::npos || path.compare(id_end, pages.size(), pages) != 0) return found;
  const char* digits = path.data() + id_end + pages.size();
  const auto parsed = std::from_chars(digits, path.data() + path.size(), found.number);
  if (parsed.ec != std::errc() || *parsed.ptr != '/') return {};
  found.recording = path.substr(base.size(), id_end - base.size());
  found.name = std::string(parsed.ptr + 1);
  return found;
}

void put(WebPage& page, const std::string& name, const PayloadFile& file) {
  if (name.starts_with("page") && name.ends_with(".warc.gz")) page.warcs.push_back(&file);
  if (name == "page.json") page.text = &file;
  if (name == "screenshot.png") page.picture = &file;
}

std::string rfc3339(std::int64_t utc_us) {
  const std::time_t seconds = utc_us / 1'000'000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

// What is copied out of the payload: where it lies, and its size.
struct Source {
  std::string path, from;
  std::int64_t bytes = 0;
};

// Writes one WACZ. Files are read as they stand; a WARC that cannot be read as one goes along without lines in the index.
class WaczWriter {
 public:
  WaczWriter(const FileSystem& disk, const PieceVisitor& out) : disk_(disk), zip_(out) {}

  Result<void> copy(const Source& source) {
    Hasher hasher(HashKind::sha256);
    TRY(zip_.entry(source.path, source.bytes));
    TRY(disk_.read_pieces(source.from, [&](ByteView piece) {
      hasher.update(piece);
      return zip_.write(piece);
    }));
    list(source.path, source.bytes, hasher.finish());
    return {};
  }

  Result<void> text(const std::string& path, const std::string& content) {
    TRY(zip_.entry(path, static_cast<std::int64_t>(content.size())));
    TRY(zip_.write(as_bytes(content)));
    list(path, static_cast<std::int64_t>(content.size()), sha256(as_bytes(content)));
    return {};
  }

  // datapackage.json and its hash, then the end of the ZIP.
  Result<void> finish(Json description) {
    description["resources"] = std::move(resources_);
    const std::string package = print(description, 2) + "\n";
    TRY(text("datapackage.json", package));
    const Json digest = {{"path", "datapackage.json"}, {"hash", "sha256:" + hex_of(sha256(as_bytes(package)))}};
    TRY(text("datapackage-digest.json", print(digest) + "\n"));
    return zip_.finish();
  }

 private:
  void list(const std::string& path, std::int64_t bytes, const Hash& hash) {
    const std::string name = path.substr(path.rfind('/') + 1);
    resources_.push_back({{"name", name}, {"path", path}, {"hash", "sha256:" + hex_of(hash)}, {"bytes", bytes}});
  }
  const FileSystem& disk_;
  ZipWriter zip_;
  Json resources_ = Json::array();
};

// "7.warc.gz", "7-2.warc.gz": as the archive's index calls it.
std::string archive_name(std::int64_t number, std::size_t part) {
  return std::to_string(number) + (part == 0 ? "" : "-" + std::to_string(part + 1)) + ".warc.gz";
}

Result<std::string> index_of(const FileSystem& disk, const WebPages& pages) {
  std::vector<std::string> lines;
  std::size_t bytes = 0;
  for (const auto& [number, page] : pages)
    for (std::size_t part = 0; part < page.warcs.size(); ++part) {
      auto found = cdxj_lines(disk, page.warcs[part]->from, archive_name(number, part));
      if (!found.ok()) continue;
      for (std::string& line : *found) {
        bytes += line.size();
        if (bytes > kMostIndexBytes) return fail(ErrorKind::full, "the index of a recording's web pages is too long");
        lines.push_back(std::move(line));
      }
    }
  std::sort(lines.begin(), lines.end());
  std::string index;
  index.reserve(bytes);
  for (const std::string& line : lines) index += line;
  return index;
}

std::string page_line(const FileSystem& disk, std::int64_t number, const WebPage& page) {
  const auto bytes = page.text == nullptr ? Result<Bytes>(fail(ErrorKind::not_found, "no page.json")) : disk.read(page.text->from, kPageJsonBytes);
  auto told = bytes.ok() ? parse_any(as_text(*bytes)) : Result<Json>(bytes.error());
  if (!told.ok() || !told->is_object()) return "";
  Json line = {{"id", std::to_string(number)}};
  for (const char* name : {"url", "title", "ts", "text"}) line[name] = string_or(*told, name, "");
  if (page.picture != nullptr) line["screenshot"] = "screenshots/" + std::to_string(number) + ".png";
  return print(line) + "\n";
}

std::string page_list(const FileSystem& disk, const WebPages& pages) {
  std::string list = print({{"format", "json-pages-1.0"}, {"id", "pages"}, {"title", "All Pages"}, {"hasText", true}}) + "\n";
  for (const auto& [number, page] : pages) list += page_line(disk, number, page);
  return list;
}

Result<void> write_wacz(const FileSystem& disk, const WebPages& pages, const Json& description, const PieceVisitor& out) {
  WaczWriter writer(disk, out);
  for (const auto& [number, page] : pages)
    for (std::size_t part = 0; part < page.warcs.size(); ++part)
      TRY(writer.copy({"archive/" + archive_name(number, part), page.warcs[part]->from, page.warcs[part]->bytes}));
  const std::string index = TRY(index_of(disk, pages));
  TRY(writer.text("indexes/index.cdx", index));
  TRY(writer.text("pages/pages.jsonl", page_list(disk, pages)));
  for (const auto& [number, page] : pages)
    if (page.picture != nullptr) TRY(writer.copy({"screenshots/" + std::to_string(number) + ".png", page.picture->from, page.picture->bytes}));
  return writer.finish(description);
}

std::int64_t guess_bytes(const WebPages& pages) {
  std::int64_t bytes = 0;
  for (const auto& [number, page] : pages) {
    for (const PayloadFile* warc : page.warcs) bytes += warc->bytes;
    for (const PayloadFile* file : {page.text, page.picture}) bytes += file == nullptr ? 0 : file->bytes;
  }
  return bytes;
}

}  // namespace

std::vector<PayloadFile> web_archives(const FileSystem& disk, const Payload& payload, std::int64_t at_us, const std::string& software) {
  // Their own copies: the payload goes on to be sorted while they wait to be made.
  auto kept = std::make_shared<std::vector<PayloadFile>>();
  for (const PayloadFile& file : payload.files)
    if (!page_path(file.path).recording.empty() && !file.from.empty()) kept->push_back(file);
  std::map<std::string, WebPages> recordings;
  for (const PayloadFile& file : *kept) {
    const PagePath path = page_path(file.path);
    put(recordings[path.recording][path.number], path.name, file);
  }
  std::vector<PayloadFile> made;
  for (const auto& [id, all] : recordings) {
    WebPages pages = all;
    std::erase_if(pages, [](const auto& page) { return page.second.warcs.empty(); });
    if (pages.empty()) continue;
    const Json description = {{"profile", "data-package"}, {"wacz_version", "1.1.1"}, {"title", id},
                              {"software", "netsampler " + software}, {"created", rfc3339(at_us)}};
    PayloadFile file{"data/web/" + id + ".wacz", "", "", guess_bytes(pages)};
    file.make = [&disk, kept, pages, description](const PieceVisitor& out) { return write_wacz(disk, pages, description, out); };
    made.push_back(std::move(file));
  }
  return made;
}

}  // namespace netsampler
