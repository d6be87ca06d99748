// What a package shows under a profile: tables in plain sight. `full` shows all. Otherwise what no row shows is withheld from sellers and
// from the public; a panel is shown the openings that no row withholds, but of page archives and pictures only what a row shows.
// Withheld lines keep their leaf, so that every root still computes; withheld files are declared (evidence/format/withheld.h).
#pragma once
#include <string>

namespace netsampler {

// full, panel, seller, public.
bool is_profile(const std::string& profile);

// What the tables ask of a record with personal members: its kind, and of a fact its name, of a page its kind.
struct RecordFacts {
  std::string type, name, kind;
};
// May this member of the record be shown?
bool shows(const std::string& profile, const RecordFacts& record, const std::string& field);
// May the archive of a page of this kind go along, and the pictures that were taken while it was on the screen?
bool shows_page(const std::string& profile, const std::string& page_kind);
// May this file of a book go along (path relative to the case)? Torn openings are personal.
bool shows_book_file(const std::string& profile, const std::string& path);
// May pictures go along at all? Those of a camera show what is written on the parcel: an officer's own rules say what else is withheld.
bool shows_media(const std::string& profile);

// The reasons that stand in withheld.jsonl.
inline constexpr const char* kReasonMember = "个人信息，本版本不提供 / personal member, not shown under this profile";
inline constexpr const char* kReasonPage = "网页存档含个人信息，本版本不提供 / page archive with personal data, not shown under this profile";
inline constexpr const char* kReasonPicture = "画面显示含个人信息的网页，本版本不提供 / pictures of a page with personal data, not shown under this profile";
inline constexpr const char* kReasonFile = "本版本不提供 / not shown under this profile";

}  // namespace netsampler
