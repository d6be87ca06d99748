// The rules of names on disk and the tag under which the box log knows a chain without naming it.
#pragma once
#include <string>
#include <string_view>

#include "evidence/base/crypto.h"

namespace netsampler {

bool is_recording_id(std::string_view id);  // [a-z2-7]{26}
bool is_case_id(std::string_view id);       // [A-Za-z0-9._-]{1,64}, neither "." nor ".."
bool is_source_name(std::string_view name);  // [a-z0-9_-]{1,32}
// Relative, parts [A-Za-z0-9._-]+ joined by single '/', no part "." or "..", at most 200 bytes.
bool is_record_path(std::string_view path);

// SHA-256(the 32 nonce bytes ‖ the id's text). `nonce` is 64 hex digits as in `open` and `case_open`.
Result<Hash> chain_tag(std::string_view nonce, std::string_view id);

// "media/<source>/000007.m4s" and "media/<source>/init.mp4": where a source's files lie, seen from the recording.
std::string segment_path(const std::string& source, std::int64_t no);
std::string init_path(const std::string& source);

}  // namespace netsampler
