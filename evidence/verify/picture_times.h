// What the pictures of one source say of themselves (evidence/format/frame_time.h), held against the chain that names them.
#pragma once
#include "evidence/verify/picture_claims.h"
#include "evidence/verify/picture_line.h"

namespace netsampler::verify {

class PictureTimes {
 public:
  // `resumes`: the chain goes on from another one, so its first picture is not number 0.
  PictureTimes(const SourceClaim& source, bool resumes) : source_(source), resumes_(resumes) {}
  // A line of times. They are of the segment whose own line comes next.
  void take(const PictureLine& line);
  // What contradicts in the segment whose line has come, in words; empty: nothing. `frames`: how many pictures were decoded.
  std::string judge(std::int64_t no, std::int64_t frames, const SegmentClaim& claim);

 private:
  std::string numbers(const SegmentClaim& claim);
  std::string clocks(const SegmentClaim& claim) const;

  const SourceClaim& source_;
  bool resumes_;
  std::vector<PictureTime> held_;
  std::int64_t held_no_ = -1;
  std::optional<std::int64_t> first_number_;  // of the source's first segment here, from the chain's counts
};

}  // namespace netsampler::verify
