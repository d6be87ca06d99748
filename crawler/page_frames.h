// The frames of one tab that live in processes of their own (another site's iframes), each behind a session of its own, and one snapshot of
// them all. Single-threaded; outlived by no reply: what is asked ends by the protocol's time-outs or when the tab is gone.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crawler/cdp_client.h"
#include "crawler/frame_snapshot.h"

namespace netsampler {

inline constexpr std::size_t kFrameLimit = 64;  // further ones have their responses archived, not their DOM

class PageFrames {
 public:
  using Done = std::function<void(Result<Json>)>;
  PageFrames(CdpClient& client, std::string main_session) : client_(client), main_(std::move(main_session)) {}

  void add(const std::string& session, const std::string& parent_session, const std::string& frame_id);
  void drop(const std::string& session);
  bool has(const std::string& session) const;
  // The tab's snapshot with its frames' documents joined (frame_snapshot.h). An error where the tab's own document has none; a frame that
  // does not answer within 3 s is left out.
  void snapshot(Done done);

 private:
  struct Frame {
    std::string session, parent_session, id;
  };
  struct Round {  // one snapshot under way
    Result<Json> whole = Json();
    std::vector<FrameSnapshot> parts;
    std::size_t open = 0;
    std::string main;
    Done done;
  };
  static void answered(const std::shared_ptr<Round>& round);
  void ask_frame(const std::shared_ptr<Round>& round, std::size_t n, const Frame& frame);
  CdpClient& client_;
  const std::string main_;
  std::vector<Frame> frames_;
};

}  // namespace netsampler
