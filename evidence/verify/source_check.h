// The picture streams of one recording: are they continuous, on time, and do the files hold what their records say?
#pragma once
#include <map>
#include <optional>

#include "evidence/verify/job.h"
#include "evidence/verify/ready_line.h"

namespace netsampler::verify {

class SourceCheck {
 public:
  SourceCheck(Job& job, std::string base) : job_(job), base_(std::move(base)) {}
  // Records of the three kinds, in the chain's order, already checked for their members' types.
  Result<void> source(const Json& body, const std::string& where);
  Result<void> segment(const Record& record, const std::optional<Result<SegmentFacts>>& facts, const std::string& where);
  void gap(const Record& record, const std::string& where);
  std::shared_ptr<const Inits> inits() const;  // of the sources so far
  std::int64_t picture_us() const;  // of the longest source
  std::map<std::string, SourceSpan> spans() const;

 private:
  struct State {
    std::int64_t start_us = 0;
    std::optional<InitFacts> init;  // absent: init.mp4 is missing or unusable, then only hashes are checked
    std::int64_t next_no = 0;
    std::optional<std::int64_t> end_pts, key_pts;
    bool gap = false;
    bool followed = false;                  // another source goes on from it
    std::optional<std::int64_t> last_us;    // BOOTTIME of its newest frame; before its first: of the source that it follows
    SourceSpan span;
    std::int64_t ticks = 0;
  };
  void follow(State& state, const Json& body, const std::string& where);
  void continuity(State& state, const Json& body, const std::string& where);
  void continuity_across(const State& state, const Json& body, const std::string& where);
  void clock(const State& state, const Record& record, const std::string& where);
  void keys(State& state, const Json& body, const std::string& where);
  Result<void> media(const State& state, const Json& body, const std::optional<Result<SegmentFacts>>& facts, const std::string& where);

  Job& job_;
  std::string base_;
  std::map<std::string, State> sources_;
};

}  // namespace netsampler::verify
