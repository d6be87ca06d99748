#include "evidence/format/kinds.h"

#include <algorithm>
#include <array>

#include "evidence/format/member_type.h"
#include "evidence/format/public_text.h"

namespace netsampler {
namespace {

using T = MemberType;
constexpr bool kOptional = false;

constexpr Member kOpen[] = {{"nonce", T::hash},
                            {"kind", T::word},
                            {"case_tag", T::hash, kOptional},
                            {"software_version", T::phrase},
                            {"software_sha256", T::hash, kOptional},
                            {"box_key", T::key},
                            {"file", T::file},
                            {"epoch_us", T::count},
                            {"epochs", T::count},
                            {"samplers", T::accounts, kOptional},
                            {"display", T::display, kOptional},
                            {"beacon", T::hash, kOptional},
                            {"resumes", T::resumption, kOptional},
                            {"key_history", T::key_changes, kOptional},
                            {"box_sig", T::signature}};
constexpr Member kSource[] = {{"source", T::word},     {"medium", T::word},   {"width", T::count},
                              {"height", T::count},    {"codec", T::word},    {"time_base", T::count},
                              {"start_us", T::integer}, {"mode", T::word},    {"file", T::file},
                              {"frame_times", T::word, kOptional}, {"follows", T::word, kOptional}, {"monitors", T::rects, kOptional},
                              {"why", T::word, kOptional}};
constexpr Member kSegment[] = {{"source", T::word},       {"no", T::count},          {"file", T::file},
                               {"key", T::boolean},       {"frames", T::count},      {"dropped", T::count},
                               {"heartbeats", T::count},  {"longest_us", T::count},  {"first_pts", T::integer},
                               {"last_pts", T::integer},  {"last_duration", T::count}, {"first_us", T::integer},
                               {"last_us", T::integer},   {"sealed_late_us", T::count, kOptional},
                               {"jitter_us", T::count, kOptional}, {"lost", T::count, kOptional},
                               {"seen", T::count, kOptional},   {"waiting", T::count, kOptional}};
constexpr Member kGap[] = {{"source", T::word}, {"cause", T::word}, {"from_us", T::integer}, {"to_us", T::integer}};
constexpr Member kClock[] = {{"state", T::word},
                             {"offset_us", T::integer},
                             {"error_us", T::count},
                             {"stratum", T::count, kOptional},
                             {"leap", T::word, kOptional},
                             {"root_delay_us", T::integer, kOptional},
                             {"root_dispersion_us", T::integer, kOptional},
                             {"phase", T::word, kOptional},
                             {"servers", T::servers, kOptional},
                             {"agreement", T::word, kOptional},
                             {"kernel_synchronised", T::boolean, kOptional},
                             {"kernel_error_us", T::count, kOptional},
                             {"kernel_offset_us", T::integer, kOptional},
                             {"kernel_freq_ppb", T::integer, kOptional},
                             {"kernel_leap", T::word, kOptional},
                             {"slew_ppb", T::integer, kOptional},
                             {"step_us", T::integer, kOptional},
                             {"step_boot_us", T::integer, kOptional}};
constexpr Member kEnvironment[] = {{"browser", T::phrase, kOptional},
                                   {"browser_version", T::phrase, kOptional},
                                   {"kernel", T::phrase, kOptional},
                                   {"display", T::display, kOptional},
                                   {"width", T::count, kOptional},
                                   {"height", T::count, kOptional},
                                   {"extensions", T::count, kOptional},
                                   {"webdriver", T::boolean, kOptional},
                                   {"proxy", T::boolean, kOptional},
                                   {"hosts_changed", T::boolean, kOptional},
                                   {"devtools", T::boolean, kOptional},
                                   {"profile_new", T::boolean, kOptional},
                                   {"proxy_policy", T::boolean, kOptional},
                                   {"hosts_sha256", T::hash, kOptional},
                                   {"browser_sha256", T::hash, kOptional},
                                   {"program_sha256", T::hash, kOptional},
                                   {"hosts_lines", T::count, kOptional},
                                   {"dns_servers", T::count, kOptional},
                                   {"authorities_system", T::count, kOptional},
                                   {"authorities_account", T::count, kOptional},
                                   {"authorities_policy", T::count, kOptional},
                                   {"policies", T::count, kOptional},
                                   {"interfaces", T::count, kOptional},
                                   {"tunnels", T::count, kOptional},
                                   {"default_routes", T::count, kOptional},
                                   {"free_bytes", T::count, kOptional},
                                   {"processes", T::count, kOptional},
                                   {"browsers_other", T::count, kOptional},
                                   {"remote_control", T::count, kOptional},
                                   {"screen_sharing", T::count, kOptional},
                                   {"interception", T::count, kOptional},
                                   {"displays", T::count, kOptional},
                                   {"x_servers", T::count, kOptional}};
constexpr Member kPage[] = {{"page", T::count},
                            {"kind", T::word},
                            {"origin", T::origin},
                            {"status", T::count},
                            {"responses", T::count},
                            {"bytes", T::count},
                            {"certificate_sha256", T::hash, kOptional},
                            {"from_us", T::integer},
                            {"to_us", T::integer},
                            {"ended", T::word},
                            {"tab", T::count, kOptional},
                            {"opener", T::count, kOptional},
                            {"files", T::files}};
constexpr Member kFact[] = {{"page", T::count, kOptional}, {"kind", T::word, kOptional}, {"item", T::item, kOptional},
                            {"name", T::word},             {"rect", T::rect, kOptional}, {"from", T::word},
                            {"source", T::word, kOptional}, {"from_us", T::integer, kOptional},
                            {"confidence", T::count, kOptional}};
constexpr Member kCorroboration[] = {{"page", T::count}, {"name", T::word}, {"agrees", T::boolean}, {"fact", T::count, kOptional},
                                     {"pixels", T::word, kOptional}, {"dom", T::word, kOptional}, {"network", T::word, kOptional},
                                     {"source", T::word, kOptional}, {"segment", T::count, kOptional}, {"pts", T::integer, kOptional}, {"rect", T::rect, kOptional}};
constexpr Member kChapter[] = {{"item", T::item},
                               {"page", T::count, kOptional},
                               {"source", T::word, kOptional},
                               {"from_us", T::integer},
                               {"to_us", T::integer, kOptional}};
constexpr Member kMark[] = {{"item", T::item, kOptional}, {"actor", T::account, kOptional}, {"from_us", T::integer}};
constexpr Member kFinding[] = {{"code", T::word},
                               {"severity", T::severity},
                               {"source", T::word, kOptional},
                               {"page", T::count, kOptional},
                               {"tab", T::count, kOptional},
                               {"from_us", T::integer, kOptional},
                               {"to_us", T::integer, kOptional},
                               {"count", T::count, kOptional}};
constexpr Member kClose[] = {{"reason", T::word},   {"records", T::count}, {"segments", T::count}, {"frames", T::count},
                             {"dropped", T::count}, {"pages", T::count},   {"facts", T::count},
                            {"samplers", T::accounts, kOptional}};

constexpr Member kCaseOpen[] = {{"nonce", T::hash}, {"box_key", T::key}, {"key_history", T::key_changes, kOptional}};
// The book's key was another until here; this record is signed by the newest.
constexpr Member kKeyChange[] = {{"changes", T::key_changes}};
constexpr Member kInclude[] = {{"recording", T::recording}, {"head", T::hash}, {"last_seq", T::count},
                               {"role", T::word},      {"why", T::word}};
constexpr Member kCustody[] = {{"action", T::word}, {"profile", T::word, kOptional}, {"software_version", T::phrase, kOptional}};
// In a book: what recovery or a check of the box's files found (`path` of that file, `found` the verifier's code). `files`: torn bytes kept under files/; `orphans`: files of `recording` that no record names.
constexpr Member kBookFinding[] = {{"code", T::word},
                                   {"severity", T::severity},
                                   {"recording", T::recording, kOptional},
                                   {"count", T::count, kOptional},
                                   {"path", T::phrase, kOptional},
                                   {"path_sha256", T::hash, kOptional},
                                   {"found", T::word, kOptional},
                                   {"torn_bytes", T::count, kOptional},
                                   {"torn_sha256", T::hash, kOptional},
                                   {"cause", T::word, kOptional},
                                   {"last_seq", T::count, kOptional},
                                   {"last_us", T::count, kOptional},
                                   {"unopened_seq", T::count, kOptional},
                                   {"orphans", T::files, kOptional},
                                   {"files", T::files, kOptional}};
constexpr Member kBookCorroboration[] = {
    {"recording", T::recording},     {"page", T::count},             {"name", T::word},                 {"agrees", T::boolean},
    {"fact", T::count, kOptional},   {"pixels", T::word, kOptional}, {"dom", T::word, kOptional},       {"network", T::word, kOptional},
    {"source", T::word, kOptional},  {"segment", T::count, kOptional}, {"pts", T::integer, kOptional},  {"rect", T::rect, kOptional}};
// What was decided on the case (private: note): the machine never decides, it keeps who did.
constexpr Member kDecision[] = {{"decision", T::word}};
// The box's own book (cases/box).
constexpr Member kLogin[] = {{"account", T::account}, {"outcome", T::word}};
constexpr Member kConfiguration[] = {{"action", T::word},
                                     {"account", T::account, kOptional},
                                     {"software_version", T::phrase, kOptional},
                                     {"config_sha256", T::hash, kOptional}};
// A time stamp on a checkpoint of the box log. `tokens`: the response first, then what it needs; paths from log/, hence not `files`.
// `renew_by_us`: UTC by which a later token should cover this one, as the stamping program reckons.
constexpr Member kToken[] = {{"checkpoint_size", T::count}, {"checkpoint_sha256", T::hash}, {"authority", T::phrase}, {"tokens", T::files},
                             {"renew_by_us", T::count, kOptional}};
constexpr Member kCheck[] = {{"name", T::word},
                             {"outcome", T::word},
                             {"software_version", T::phrase, kOptional},
                             {"checked_files", T::count, kOptional},
                             {"checked_bytes", T::count, kOptional},
                             {"findings", T::count, kOptional}};

constexpr auto R = ChainKind::recording;
constexpr auto B = ChainKind::book;
constexpr std::array kKinds{
    Kind{R, "open", kOpen},       Kind{R, "epoch", {}},
    Kind{R, "source", kSource},   Kind{R, "segment", kSegment},
    Kind{R, "gap", kGap},         Kind{R, "clock", kClock},
    Kind{R, "environment", kEnvironment}, Kind{R, "page", kPage},
    Kind{R, "fact", kFact},       Kind{R, "corroboration", kCorroboration},
    Kind{R, "chapter", kChapter}, Kind{R, "mark", kMark},
    Kind{R, "finding", kFinding}, Kind{R, "close", kClose},
    Kind{B, "case_open", kCaseOpen}, Kind{B, "include", kInclude},
    Kind{B, "custody", kCustody}, Kind{B, "corroboration", kBookCorroboration},
    Kind{B, "finding", kBookFinding}, Kind{B, "decision", kDecision}, Kind{B, "login", kLogin},
    Kind{B, "configuration", kConfiguration}, Kind{B, "check", kCheck},     Kind{B, "token", kToken},
    Kind{B, "key_change", kKeyChange}};

const Member* find_member(const Kind& kind, std::string_view name) {
  const auto found = std::find_if(kind.members.begin(), kind.members.end(), [&](const Member& m) { return m.name == name; });
  return found == kind.members.end() ? nullptr : &*found;
}

Result<void> check_members(const Kind& kind, const Json& body, bool writing) {
  for (const Member& member : kind.members) {
    const auto found = body.find(member.name);
    if (found == body.end() && member.type == T::signature && writing) continue;
    if (found == body.end() && !member.required) continue;
    const std::string name = std::string(kind.type) + "." + std::string(member.name);
    if (found == body.end()) return fail(ErrorKind::invalid, "member missing: " + name);
    if (!has_type(*found, member.type)) return fail(ErrorKind::invalid, "member of another type than the format's: " + name);
    if (writing && !is_public(*found, member.type))
      return fail(ErrorKind::invalid, "member outside the form of public text: " + name + " (what is personal is handed over as private)");
  }
  return {};
}

}  // namespace

std::span<const Kind> all_kinds() { return kKinds; }

const Kind* find_kind(ChainKind chain, std::string_view type) {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.chain == chain && k.type == type; });
  return found == kKinds.end() ? nullptr : &*found;
}

Result<void> check_public(ChainKind chain, const std::string& type, const Json& body) {
  const Kind* kind = find_kind(chain, type);
  if (kind == nullptr) return fail(ErrorKind::invalid, "no such kind of record: " + type);
  if (!body.is_object()) return fail(ErrorKind::invalid, "a record's body is an object");
  for (const auto& item : body.items())
    if (find_member(*kind, item.key()) == nullptr)
      return fail(ErrorKind::invalid, "member is not public: " + type + "." + item.key() + " (hand it over as private)");
  return check_members(*kind, body, true);
}

Result<void> check_read(ChainKind chain, const std::string& type, const Json& body) {
  const Kind* kind = find_kind(chain, type);
  if (kind == nullptr) return {};
  return check_members(*kind, body, false);
}

}  // namespace netsampler
