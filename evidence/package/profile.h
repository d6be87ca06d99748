// What a package shows of the personal members. A table in plain sight: what no row shows is withheld from sellers and shown to panels
// unless a row withholds it; `full` shows all. Withheld lines keep their leaf, so that every root still computes.
#pragma once
#include <string>

#include "evidence/format/record.h"

namespace netsampler {

bool is_profile(const std::string& profile);
// May this record's openings be shown under this profile?
bool shows(const std::string& profile, const Record& record);
// May this file of a book (path relative to the case) go along? Torn openings are personal and stay at home.
bool shows_file(const std::string& profile, const std::string& path);

}  // namespace netsampler
