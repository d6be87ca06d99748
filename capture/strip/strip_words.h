// The strip's and the preparation page's words: pure functions of what is known.
#pragma once
#include "capture/strip/strip_paint.h"

namespace netsampler::capture {

// What the officer must be told at once, in one line, and the strip turns red for: the recording ended by itself, the chain takes
// nothing more or takes it late, or the ledger is silent (a single poll without an answer is a busy box, not trouble). Empty: none.
std::string trouble_of(const StripText& text);

// "12 ms", "0.4 ms", "20 s".
std::string milliseconds(std::int64_t us);
// "±12 ms"; "误差未知" where it is not known (negative, or an hour and more).
std::string error_text(std::int64_t error_us);
// 已同步 / 保持 / 未同步 / 跳变.
std::string clock_state_text(const std::string& state);

// Bad where the clock's error is not known or beyond the box's limit, however synchronised it calls itself; doubtful where it follows nobody.
Tone clock_tone(const BoxState& box);
std::string clock_text(const BoxState& box);  // error and state, and 超限 where it is beyond the limit

}  // namespace netsampler::capture
