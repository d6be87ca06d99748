#include "crawler/page_frames.h"

#include <algorithm>

#include "crawler/archive.h"

namespace netsampler {
namespace {

constexpr std::int64_t kFrameAnswer_us = 3'000'000;
constexpr const char* kSnapshot = "DOMSnapshot.captureSnapshot";

Json snapshot_request() {
  Json styles = Json::array();
  for (const char* style : kSnapshotStyles) styles.push_back(style);
  return {{"computedStyles", styles}, {"includePaintOrder", false}};
}

}  // namespace

void PageFrames::add(const std::string& session, const std::string& parent_session, const std::string& frame_id) {
  if (frames_.size() < kFrameLimit) frames_.push_back({session, parent_session, frame_id});
}

void PageFrames::drop(const std::string& session) {
  std::erase_if(frames_, [&](const Frame& frame) { return frame.session == session; });
}

bool PageFrames::has(const std::string& session) const {
  return std::any_of(frames_.begin(), frames_.end(), [&](const Frame& frame) { return frame.session == session; });
}

void PageFrames::answered(const std::shared_ptr<Round>& round) {
  if (--round->open > 0) return;
  if (round->whole.ok()) join_frames(*round->whole, round->main, std::move(round->parts));
  const Done done = std::exchange(round->done, nullptr);
  done(std::move(round->whole));
}

void PageFrames::ask_frame(const std::shared_ptr<Round>& round, std::size_t n, const Frame& frame) {
  client_.call(frame.parent_session, "DOM.getFrameOwner", {{"frameId", frame.id}}, [round, n](const Result<Json>& reply) {
    if (reply.ok()) round->parts[n].owner_node = int_or(*reply, "backendNodeId", 0);
    answered(round);
  }, kFrameAnswer_us);
  client_.call(frame.session, kSnapshot, snapshot_request(), [round, n](Result<Json> reply) {
    if (reply.ok()) round->parts[n].snapshot = reply.take();
    answered(round);
  }, kFrameAnswer_us);
}

void PageFrames::snapshot(Done done) {
  const auto round = std::make_shared<Round>();
  round->done = std::move(done);
  round->main = main_;
  round->open = 1 + 2 * frames_.size();
  for (const Frame& frame : frames_) round->parts.push_back({frame.session, frame.parent_session, 0, Json()});
  client_.call(main_, kSnapshot, snapshot_request(), [round](Result<Json> reply) {
    round->whole = std::move(reply);
    answered(round);
  });
  for (std::size_t n = 0; n < frames_.size(); ++n) ask_frame(round, n, Frame(frames_[n]));
}

}  // namespace netsampler
