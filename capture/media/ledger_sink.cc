#include <vector>

#include "capture/media/encoder.h"
#include "capture/media/sink.h"
#include "evidence/ledger/client.h"

namespace netsampler::capture {
namespace {

Json body_of(const SourceInfo& source) {
  return {{"source", source.name},    {"medium", source.medium},          {"width", source.width},
          {"height", source.height},  {"codec", source.codec},            {"mode", source.mode},
          {"time_base", kTicksPerSecond}, {"start_us", source.start_us}};
}

Json body_of(const std::string& source, const Segment& segment) {
  return {{"source", source},
          {"no", segment.no},
          {"key", segment.key},
          {"frames", segment.frames},
          {"dropped", segment.dropped},
          {"heartbeats", segment.heartbeats},
          {"longest_us", segment.longest_us},
          {"first_pts", segment.first_pts},
          {"last_pts", segment.last_pts},
          {"last_duration", segment.last_duration},
          {"first_us", segment.first_us},
          {"last_us", segment.last_us}};
}

class LedgerSink final : public SegmentSink {
 public:
  LedgerSink(LedgerClient client, std::string recording, EventPrinter print_event)
      : client_(std::move(client)), recording_(std::move(recording)), print_(std::move(print_event)) {}

  Result<void> start(const SourceInfo& source, ByteView init) override {
    source_ = source.name;
    return hand_over("source", body_of(source), "media/" + source_ + "/init.mp4", init);
  }
  Result<void> segment(const Segment& segment) override {
    TRY(hand_over("segment", body_of(source_, segment), segment_path(source_, segment.no), segment.bytes));
    print_({{"event", "sealed"}, {"source", source_}, {"no", segment.no}});
    return {};
  }
  Result<void> note(const Note& note) override {
    TRY_WITH(client_.append(recording_, note.type, note.body, note.personal), "handing a " + note.type + " to the ledger");
    return {};
  }

 private:
  Result<void> hand_over(const std::string& type, const Json& body, const std::string& path, ByteView bytes) {
    std::vector<LedgerFile> files(1);
    files[0].path = path;
    files[0].fd = TRY(sealed_memory_file(path, bytes));
    TRY_WITH(client_.append(recording_, type, body, Json::object(), files), "handing " + path + " to the ledger");
    return {};
  }

  LedgerClient client_;
  std::string recording_;
  std::string source_;
  EventPrinter print_;
};

}  // namespace

Result<std::unique_ptr<SegmentSink>> open_ledger_sink(const std::string& socket, const std::string& recording,
                                                      EventPrinter print_event) {
  auto client = TRY(LedgerClient::connect(socket));
  return std::unique_ptr<SegmentSink>(std::make_unique<LedgerSink>(std::move(client), recording, std::move(print_event)));
}

}  // namespace netsampler::capture
