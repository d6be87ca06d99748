#include "capture/media/target.h"

#include <unistd.h>

#include "capture/media/events.h"

namespace netsampler::capture {
namespace {

std::string words_of(const Summary& summary) {
  return std::to_string(summary.frames_encoded) + " frames in " + std::to_string(summary.segments) + " segments, " +
         std::to_string(summary.frames_dropped) + " dropped, " + std::to_string(summary.bytes) + " bytes\n";
}

}  // namespace

Result<void> check_target(const Target& target, double seconds) {
  if (target.ledger.empty() == target.out.empty())
    return fail(ErrorKind::usage, "give either --out DIR --seconds S, or --ledger SOCK --recording ID");
  if (target.ledger.empty() && seconds <= 0) return fail(ErrorKind::usage, "--out needs --seconds (more than 0)");
  if (!target.ledger.empty() && target.recording.empty()) return fail(ErrorKind::usage, "--ledger needs --recording ID");
  return {};
}

bool prints_events(const Target& target) { return target.json || target.out.empty(); }

EventPrinter printer_of(const Target& target) {
  return prints_events(target) ? EventPrinter(print_event) : EventPrinter([](const Json&) {});
}

Result<std::unique_ptr<SegmentSink>> open_sink(const Target& target, FileSystem& disk, const Clock& clock, const EventPrinter& printer,
                                               const std::shared_ptr<Backlog>& backlog) {
  if (target.ledger.empty()) return open_directory_sink(disk, target.out);
  auto delivery = TRY(open_ledger_delivery(target.ledger, target.recording, static_cast<std::int64_t>(target.patience_s * 1e6), printer));
  return make_courier_sink(std::move(delivery), clock, printer, backlog);
}

void tell_summary(const Target& target, const Summary& summary) {
  if (prints_events(target))
    print_event(json_of(summary));
  else
    static_cast<void>(write_all(STDOUT_FILENO, as_bytes(words_of(summary))));  // nobody reading us loses no recording
}

}  // namespace netsampler::capture
