// Sealed media and page archives, by range.
#include <array>

#include "ui/console/api_playlist.h"
#include "ui/console/api_range.h"
#include "ui/console/api_routes.h"

namespace netsampler {
namespace {

struct MediaType {
  const char* ending;
  const char* type;
};
// Page archives are foreign content: whatever is not a picture is handed over as bytes, never as something a browser runs.
constexpr std::array kTypes{MediaType{".mp4", "video/mp4"}, MediaType{".m4s", "video/iso.segment"}, MediaType{".png", "image/png"},
                            MediaType{".jpg", "image/jpeg"}, MediaType{".webp", "image/webp"}};

const char* type_of(const std::string& path) {
  for (const MediaType& t : kTypes)
    if (path.ends_with(t.ending)) return t.type;
  return "application/octet-stream";
}

// nginx sends the file once we allowed it; it knows ranges itself.
HttpReply by_nginx(const std::string& path) {
  HttpReply reply;
  reply.type = type_of(path);
  reply.headers.emplace_back("X-Accel-Redirect", "/sealed/" + path);
  return reply;
}

HttpReply by_range(const HttpRequest& request, const std::string& file, std::int64_t bytes) {
  const ByteRange range = byte_range(header_of(request, "range"), bytes);
  if (range.kind == ByteRange::Kind::unsatisfiable) {
    HttpReply reply = reply_error(416, "范围超出文件 / the range lies past the end of the file");
    reply.headers.emplace_back("Content-Range", "bytes */" + std::to_string(bytes));
    return reply;
  }
  HttpReply reply;
  reply.type = type_of(file);
  reply.headers.emplace_back("Accept-Ranges", "bytes");
  reply.files = {{file, 0, bytes}};
  if (range.kind == ByteRange::Kind::whole) return reply;
  reply.status = 206;
  reply.files = {{file, range.first, range.bytes}};
  reply.headers.emplace_back("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                                  std::to_string(range.first + range.bytes - 1) + "/" + std::to_string(bytes));
  return reply;
}

// The whole of a file below the data directory. `path` is made of parts that obeyed their rules; that it exists and is a plain file is
// checked here.
Result<FileSlice> whole_file(const Call& call, const std::string& path) {
  const RealFileSystem disk;
  const std::string file = call.console.paths.data + "/" + path;
  const auto info = disk.info(file);
  if (!info.ok() || info->directory) return fail(ErrorKind::not_found, "文件缺失 / no such file on the box: " + path);
  return FileSlice{file, 0, info->bytes};
}

Result<HttpReply> send(Call& call, const std::string& path) {
  const FileSlice file = TRY(whole_file(call, path));
  return call.console.setup.behind_nginx ? by_nginx(path) : by_range(call.request, file.path, file.bytes);
}

bool sealed(const std::string& file) { return !file.ends_with(".partial"); }

struct Film {
  RecordingRow recording;
  std::vector<SourceRow> sources;
};

Result<Film> find_film(const IndexReader& index, Call& call) {
  Film film;
  film.recording = TRY(index.recording(call.names["recording"]));
  const auto sources = TRY(index.sources(film.recording.id));
  film.sources = film_of(sources, call.names["source"]);
  return film;
}

PlaylistInput input_of(const RecordingRow& row) { return {row.id, {}, row.opened_at_us, row.opened_boot_us, row.state != "open"}; }

}  // namespace

Result<HttpReply> get_playlist(Call& call) {
  const IndexReader index = TRY(call.console.index());
  const Film film = TRY(find_film(index, call));
  PlaylistInput input = input_of(film.recording);
  for (const SourceRow& source : film.sources) {
    auto segments = TRY(index.segments(input.recording, source.source));
    input.segments.insert(input.segments.end(), segments.begin(), segments.end());
  }
  return reply_text(TRY(playlist(input)), "application/vnd.apple.mpegurl");
}

// The sealed files themselves, one behind the other; nothing is written and nothing kept.
Result<HttpReply> get_group(Call& call) {
  const IndexReader index = TRY(call.console.index());
  const Film film = TRY(find_film(index, call));
  PlaylistInput input = input_of(film.recording);
  input.over = input.over || film.sources.size() > 1;  // another goes on from it
  input.segments = TRY(index.segments(input.recording, call.names["source"]));
  const auto segments = group_named(input, call.names["group"]);
  if (segments.empty()) return fail(ErrorKind::not_found, "没有这一组分段 / no such group of segments");
  HttpReply reply;
  reply.type = type_of(".m4s");
  for (const SegmentRow& segment : segments) reply.files.push_back(TRY(whole_file(call, "recordings/" + input.recording + "/" + segment.path)));
  return reply;
}

Result<HttpReply> get_media(Call& call) {
  if (!sealed(call.names["file"])) return fail(ErrorKind::not_found, "尚未封存 / not sealed yet");
  return send(call, "recordings/" + call.names["recording"] + "/media/" + call.names["source"] + "/" + call.names["file"]);
}

Result<HttpReply> get_page_file(Call& call) {
  if (!sealed(call.names["file"])) return fail(ErrorKind::not_found, "尚未封存 / not sealed yet");
  return send(call, "recordings/" + call.names["recording"] + "/pages/" + call.names["page"] + "/" + call.names["file"]);
}

}  // namespace netsampler
