// What becomes of a camera's coded pictures. H.264 that cuts into segments within the format's bounds is kept as it came; all else is
// decoded here, to be encoded anew. Which of the two is decided within the first half second, and said with its reason in the record of the source:
//   codec        it is not H.264                       reordered   B pictures: not shown in the order of decoding
//   pixels       not 4:2:0 of 8 bits                    interlaced  fields instead of pictures
//   key-apart    no key picture for 9 s                 no-key      none at the start for 3 s
//   packet-loss  the network lost a part of a picture   size        more than 32 MiB from key picture to key picture, or sides no screen has
//   format       other parameter sets                   damaged     a kept key picture could not be decoded
// A camera that stops keeping the bounds goes over to being encoded within the recording: the decoder is first given what was kept since the
// last key picture, so that no picture is missing. It never goes back. Pictures of another size, or kept ones of other parameter sets, are
// another source. One thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "capture/camera/camera_decoder.h"
#include "capture/camera/camera_rate.h"
#include "capture/camera/camera_time.h"
#include "capture/camera/camera_watch.h"
#include "capture/camera/read_stage.h"
#include "capture/media/write_stage.h"

namespace netsampler::capture {

// A decoded picture on its way to the encoder.
struct TimedPicture {
  CameraPicture picture;
  std::int64_t at_us = 0;  // BOOTTIME
  std::int64_t late_us = 0, dropped = 0, lost = 0;
  const char* gap_cause = kNoCause.data();  // why it comes late, where it does
  std::string source, why;   // the source that it belongs to, and why there is such a one
};
using PictureQueue = BoundedQueue<TimedPicture>;

inline constexpr std::size_t kPictureQueue = 24;              // a second or so of a starved processor; 1.4 MB each at 1280×720
inline constexpr std::int64_t kKeptKey_us = 9'000'000;        // key pictures further apart are not kept: 10 s is the format's bound
inline constexpr std::int64_t kKeptSegment_us = 900'000;      // key pictures closer than this to the last that began a segment begin none
inline constexpr std::int64_t kKeptBytes = 32 << 20;          // from key picture to key picture
inline constexpr std::size_t kTrialUnits = 8;                 // looked at before it is decided
inline constexpr std::int64_t kTrial_us = 500'000;
inline constexpr std::int64_t kNoKey_us = 3'000'000;          // at the start
inline constexpr std::int64_t kUseless_us = 10'000'000;       // nothing to be shown for so long: connect again
inline constexpr int kSourcesLimit = 64;                      // of one recording
inline constexpr int kTellingsLimit = 20;                     // of each kind of finding

class KeepStage {
 public:
  KeepStage(UnitQueue& in, WriteQueue& out, PictureQueue& pictures, WatchQueue& watch, ReadTalk& talk, WatchTalk& watch_talk, const Clock& clock,
            std::string name = "camera")
      : in_(in), out_(out), pictures_(pictures), watch_(watch), talk_(talk), watch_talk_(watch_talk), clock_(clock), name_(std::move(name)), source_(name_) {}
  // One unit, or a turn of waiting; false once the queue is closed and empty and all is handed on. `unavailable`: the camera changes
  // its picture more often than kSourcesLimit allows.
  Result<bool> step();
  std::int64_t frames() const { return frames_; }    // kept
  std::int64_t dropped() const { return dropped_; }  // here: no encoder took them, or nobody could decode them

 private:
  enum class Mode { undecided, kept, decoded };
  Result<bool> take(CameraUnit unit);
  Result<bool> consider(CameraUnit unit);
  Result<bool> keep(CameraUnit unit);
  Result<bool> decode(const CameraUnit& unit);
  Result<bool> decode_held();
  Result<bool> begin_keeping();
  Result<bool> finish();
  Result<bool> emit(const CameraUnit& unit);
  Result<bool> take_pictures();
  Result<bool> hand_over(CameraPicture picture);
  std::string unfit(const CameraUnit& unit) const;
  void go_over(const std::string& why);
  Result<void> begin_source(const std::string& why);
  bool wait_for_key(const CameraUnit& unit);
  void come_back(const Away& away);
  void look_at_rate(const CameraUnit& unit);
  void look_at_times(std::int64_t at_us);
  void tell(const char* code, int& told, Json more);
  void watch_unit(const CameraUnit& unit, std::int64_t at_us);
  const char* gap_cause() const { return late_ != kNoCause ? late_ : reconnected_ ? "reconnect" : dropped_since_ > 0 ? "backlog" : kNoCause.data(); }

  UnitQueue& in_;
  WriteQueue& out_;
  PictureQueue& pictures_;
  WatchQueue& watch_;
  ReadTalk& talk_;
  WatchTalk& watch_talk_;
  const Clock& clock_;
  const std::string name_;  // of its first source; those that follow are ‹name›-2, ‹name›-3 …
  std::string source_;

  Mode mode_ = Mode::undecided;
  std::string why_;
  int sources_ = 0;
  CameraTime time_;
  CameraRate rate_;
  std::int64_t dropped_since_ = 0, lost_since_ = 0;
  bool reconnected_ = false;             // the camera had to be opened again since the picture before
  const char* late_ = kNoCause.data();   // this program was kept from reading since then

  // Undecided: all since the first key picture. Kept: the same since the newest.
  std::vector<CameraUnit> held_;
  std::int64_t held_bytes_ = 0;
  bool need_key_ = true;
  std::optional<std::int64_t> waiting_us_;  // arrival since when a key picture is waited for

  // Kept
  Bytes sets_;
  std::optional<std::int64_t> start_us_;
  std::optional<std::int64_t> begun_us_;  // BOOTTIME of the newest key picture with which a segment began
  std::int64_t last_us_ = 0;      // BOOTTIME of the last picture
  std::int64_t key_arrived_us_ = 0;

  // Decoded
  std::unique_ptr<CameraDecoder> decoder_ = CameraDecoder::make();
  std::int64_t number_ = 0, first_number_ = 0;  // of the next unit; of the first whose picture was not kept already
  std::int64_t shown_us_ = 0;                   // arrival of the unit that gave a picture last
  int width_ = 0, height_ = 0;

  std::optional<std::int64_t> watched_us_;  // when the watch last took a picture
  std::int64_t frames_ = 0, dropped_ = 0;
  int told_away_ = 0, told_rate_ = 0, told_times_ = 0;
};

}  // namespace netsampler::capture
