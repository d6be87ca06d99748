#include <cstdio>

#include "capture/media/sink.h"

namespace netsampler::capture {
namespace {

std::string file_name(std::int64_t no) {
  char name[32];
  std::snprintf(name, sizeof name, "%06lld.m4s", static_cast<long long>(no));
  return name;
}

// A directory that is not there any more is a failure of the disk, not a question for something that does not exist.
Error ended_by(Error why) {
  if (why.kind != ErrorKind::full) why.kind = ErrorKind::io;
  const std::string advice = why.kind == ErrorKind::full ? "make room" : "look at the disk";
  return std::move(why).with("the recording ends here, what stands on the disk is whole (" + advice + ", then record again)");
}

class DirectorySink final : public SegmentSink {
 public:
  DirectorySink(FileSystem& disk, std::string directory) : disk_(disk), directory_(std::move(directory)) {}

  Result<void> start(const SourceInfo& source, ByteView init) override {
    source_directory_ = source_directory_.empty() ? directory_ : directory_ + "/" + source.name;
    TRY(disk_.make_directories(source_directory_));
    return write_whole(disk_, source_directory_ + "/init.mp4", init);
  }
  Result<void> segment(const Segment& segment) override {
    const std::string path = source_directory_ + "/" + file_name(segment.no);
    auto written = write_whole(disk_, path, segment.bytes);
    if (written.ok()) return {};
    static_cast<void>(disk_.remove(path + ".partial"));  // best effort: the segments before it are whole
    return ended_by(std::move(written.error()));
  }
  Result<void> note(const Note& note) override {
    if (!notes_) notes_ = TRY(disk_.open_append(directory_ + "/notes.jsonl"));
    Json line = note.body;
    line["type"] = note.type;
    TRY(notes_->write(as_bytes(print(line) + "\n")));
    return notes_->sync();
  }

 private:
  FileSystem& disk_;
  std::string directory_, source_directory_;
  std::unique_ptr<AppendFile> notes_;
};

}  // namespace

Result<std::unique_ptr<SegmentSink>> open_directory_sink(FileSystem& disk, const std::string& directory) {
  if (exists(disk, directory + "/init.mp4"))
    return fail(ErrorKind::invalid, directory + " already holds a recording (choose an empty --out directory)");
  return std::unique_ptr<SegmentSink>(std::make_unique<DirectorySink>(disk, directory));
}

std::string segment_path(const std::string& source, std::int64_t no) {
  return "media/" + source + "/" + file_name(no);
}

}  // namespace netsampler::capture
