#include "evidence/stamp/witnesses.h"

#include <algorithm>
#include <charconv>

#include "evidence/format/note.h"

namespace netsampler::stamp {
namespace {

constexpr std::int64_t kRetryFirstUs = 5'000'000, kRetryLastUs = 300'000'000;
constexpr long kOk = 200, kConflict = 409;
constexpr std::size_t kAnswerBytes = 4096;

// The size that a 409 tells; nothing where it tells none.
std::optional<std::int64_t> told_size(const Bytes& body) {
  const std::string_view text = as_text(body);
  std::int64_t size = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  const bool whole = error == std::errc() && size >= 0 && std::string_view(end, text.data() + text.size()) == "\n";
  return whole ? std::optional(size) : std::nullopt;
}

// The line of this witness in its answer, where the signature is its own and over this very checkpoint.
Result<std::string> line_of(const KnownWitness& who, const std::string& note, const Bytes& body) {
  if (body.size() > kAnswerBytes) return fail(ErrorKind::invalid, "its answer is too long");
  const SignedNote own = TRY(parse_note(note));
  const SignedNote joined = TRY_WITH(parse_note(own.text + "\n" + std::string(as_text(body))), "its answer");
  if (!note_cosigned_by(joined, who.name, who.key)) return fail(ErrorKind::invalid, "its answer is not its cosignature of this checkpoint");
  const auto mine = std::ranges::find_if(joined.signatures, [&](const NoteSignature& one) { return one.name == who.name; });
  const std::string text = print_note({"", {*mine}});  // an empty line, then the signature's
  return text.substr(1, text.size() - 2);
}

}  // namespace

Result<std::vector<KnownWitness>> known_witnesses(const std::vector<WitnessPlace>& places) {
  std::vector<KnownWitness> list;
  for (const WitnessPlace& place : places) {
    KnownWitness one{place.url, place.name, {}};
    one.key = TRY_WITH(public_key_from_base64(place.key), "witness " + place.name);
    if (!one.url.starts_with("http://") && !one.url.starts_with("https://")) return fail(ErrorKind::invalid, "witness " + place.name + ": its url is not http");
    list.push_back(std::move(one));
  }
  return list;
}

Witnesses::Witnesses(std::vector<KnownWitness> list, WitnessWorld world, WitnessDoor& log) : world_(std::move(world)), log_(log) {
  for (KnownWitness& one : list) {
    Place place;
    place.who = std::move(one);
    places_.push_back(std::move(place));
  }
}

Result<HttpAnswer> Witnesses::send(const Place& place, const WaitingCheckpoint& checkpoint) {
  std::string body = "old " + std::to_string(place.size) + "\n";
  if (place.size > 0)
    for (const std::string& line : TRY(log_.consistency(place.size, checkpoint.size))) body += line + "\n";
  body += "\n" + checkpoint.note;
  return world_.post(place.who.url + "/add-checkpoint", as_bytes(body));
}

// What it knows of us it says itself: once, then the proof begins there.
Result<void> Witnesses::ask(Place& place, const WaitingCheckpoint& checkpoint) {
  HttpAnswer answer = TRY(send(place, checkpoint));
  const auto told = answer.status == kConflict ? told_size(answer.body) : std::nullopt;
  if (told && *told > checkpoint.size)
    return fail(ErrorKind::invalid, "it knows " + std::to_string(*told) + " leaves of this log, which has " + std::to_string(checkpoint.size) +
                                        ": the log was set back, or another box has its key");
  if (told && *told != place.size) {
    place.size = *told;
    answer = TRY(send(place, checkpoint));
  }
  if (answer.status != kOk) return fail(ErrorKind::unavailable, "it answers with HTTP " + std::to_string(answer.status));
  const std::string line = TRY(line_of(place.who, checkpoint.note, answer.body));
  place.size = checkpoint.size;
  TRY(log_.cosigned(checkpoint.size, line));
  place.done = checkpoint.size;
  return {};
}

void Witnesses::tell(Place& place, const Result<void>& outcome, std::int64_t size, std::vector<WitnessEvent>& events) {
  if (outcome.ok()) {
    place.retry_us = place.not_before_us = 0;
    place.trouble = false;
    return events.push_back({place.who.name, "", size});
  }
  place.retry_us = place.retry_us == 0 ? kRetryFirstUs : std::min(2 * place.retry_us, kRetryLastUs);
  place.not_before_us = world_.clock.boot_us() + place.retry_us;
  if (!place.trouble) events.push_back({place.who.name, outcome.error().text, 0});
  place.trouble = true;
}

std::vector<WitnessEvent> Witnesses::turn() {
  std::vector<WitnessEvent> events;
  if (places_.empty()) return events;
  const auto newest = log_.newest();
  if (!newest.ok() || !*newest) return events;  // a ledger that is away is the stamper's to tell
  for (Place& place : places_)
    if (place.done != (*newest)->size && world_.clock.boot_us() >= place.not_before_us) tell(place, ask(place, **newest), (*newest)->size, events);
  return events;
}

}  // namespace netsampler::stamp
