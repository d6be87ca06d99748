// When a page is looked at: the closing rule, pure. It is told what happens (times: BOOTTIME µs) and says when a look is due.
//
// A state opens when a document is committed or, after a look, with the first activity. It is *quiet* when the document has loaded,
// nothing is in flight and nothing has happened for 600 ms; after 8 s it is looked at in any case (*bound*). A request older than
// 8 s (long poll) no longer counts as in flight. A page where looks find nothing new is looked at every 2 s at most; one where only
// digits change (a ticker, a countdown) is recorded at once, then after 1, 2, 4 … 60 s; other news are always recorded.
#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace netsampler {

inline constexpr std::int64_t kQuiet_us = 600'000;
inline constexpr std::int64_t kQuietBound_us = 8'000'000;

enum class Due { no, quiet, bound };
enum class Seen { nothing_new, digits, news, failed };  // what a look found

class PageQuiet {
 public:
  void committed(std::int64_t now_us);
  void loaded(std::int64_t now_us);
  void changed(std::int64_t now_us);  // DOM or address
  void request_started(const std::string& id, std::int64_t now_us);
  void request_ended(const std::string& id, std::int64_t now_us);
  Due due(std::int64_t now_us) const;
  // A look begins: what happens from here on opens the next state.
  void looking();
  // It ended. Gives what the look counts for: digits that come too soon after the last ones count for nothing new.
  Seen looked(std::int64_t now_us, Seen seen);
  std::int64_t since_us() const { return since_us_; }  // 0: nothing happened since the last look

 private:
  void touch(std::int64_t now_us);
  bool in_flight(std::int64_t now_us) const;
  std::int64_t since_us_ = 0, last_us_ = 0;
  std::int64_t not_before_us_ = 0, idle_us_ = 0;             // looks that found nothing
  std::int64_t digits_not_before_us_ = 0, digits_us_ = 0;    // records of digits
  bool loaded_ = false;
  std::map<std::string, std::int64_t> requests_;  // id → start
};

}  // namespace netsampler
