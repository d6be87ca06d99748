// Files of the built web app, for --listen; behind nginx it serves them itself.
#include <array>

#include "evidence/format/names.h"
#include "ui/console/api_routes.h"

namespace netsampler {
namespace {

struct MediaType {
  const char* ending;
  const char* type;
};
constexpr std::array kTypes{MediaType{".html", "text/html; charset=utf-8"}, MediaType{".js", "text/javascript; charset=utf-8"},
                            MediaType{".css", "text/css; charset=utf-8"}, MediaType{".svg", "image/svg+xml"},
                            MediaType{".json", "application/json"}};

const char* type_of(const std::string& path) {
  for (const MediaType& t : kTypes)
    if (path.ends_with(t.ending)) return t.type;
  return nullptr;
}

}  // namespace

// Names under assets/ carry a hash of their content, so they may be kept; everything else is asked for again.
Result<HttpReply> get_web_file(Console& console, const std::string& path) {
  const std::string name = path == "/" ? "index.html" : path.substr(1);
  const char* type = type_of(name);
  if (!type || !is_record_path(name)) return fail(ErrorKind::not_found, "没有这个页面 / no such page");
  const RealFileSystem disk;
  const std::string file = console.setup.web + "/" + name;
  const auto info = disk.info(file);
  if (!info.ok() || info->directory) return fail(ErrorKind::not_found, "没有这个页面 / no such page");
  HttpReply reply;
  reply.type = type;
  reply.files = {{file, 0, info->bytes}};
  if (name.starts_with("assets/")) reply.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  return reply;
}

}  // namespace netsampler
