#include "evidence/stamp/stamper.h"

#include <algorithm>
#include <cstdint>

namespace netsampler::stamp {

namespace {

constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr int kClimbs = 3;

// A year on, or 90 days before a certificate of its chain ends; never less than a day on, or the log would be renewed without end.
std::int64_t renew_by_us(const timestamp::TokenCheck& check) {
  const std::int64_t made_us = check.facts.gen_time_us;
  const std::int64_t before_end_us = check.chain_ends_us > 0 ? check.chain_ends_us - 90 * kDayUs : INT64_MAX;
  return std::max(std::min(made_us + 365 * kDayUs, before_end_us), made_us + kDayUs);
}

}  // namespace

// An issuer that does not travel in the token is fetched, where the chain ends in an anchor then.
timestamp::TokenCheck Stamper::check(ByteView response, const WaitingCheckpoint& checkpoint, const std::vector<Hash>& anchors,
                                     const Bytes& nonce) const {
  const timestamp::TokenExpectation expected{nonce, settings_.policy};
  const auto now = [&] {
    const std::vector<Bytes> more = world_.companions == nullptr ? std::vector<Bytes>() : world_.companions->certificates();
    return timestamp::check_response(response, as_bytes(checkpoint.note), {anchors, more}, expected);
  };
  timestamp::TokenCheck check = now();
  const bool may_climb = world_.companions != nullptr && !anchors.empty();
  for (int i = 0; i < kClimbs && may_climb && check.fault == timestamp::TokenFault::untrusted && world_.companions->climb(check.chain); ++i) check = now();
  return check;
}

// Of an anchored chain alone. Only a signer that was revoked already costs the token its place.
Result<void> Stamper::add_companions(const timestamp::TokenCheck& check, Token& token) const {
  if (world_.companions == nullptr || !check.accepted()) return {};
  for (KeptFile& file : world_.companions->collect(check)) token.files.push_back(std::move(file));
  if (world_.companions->judge(check).kind == timestamp::RevocationVerdict::Kind::revoked)
    return fail(ErrorKind::invalid, "token-revoked: a certificate of its chain is revoked");
  return {};
}

// `untrusted` is accepted where the box has no anchors of its own: who is believed is for the verifier's policy to say.
Result<Stamper::Token> Stamper::ask(const std::string& authority, const WaitingCheckpoint& checkpoint,
                                    const std::vector<Hash>& anchors) const {
  const timestamp::TimeStampQuery query = world_.make_query(sha256(as_bytes(checkpoint.note)));
  Bytes response = TRY(world_.post(authority, query.der));
  const timestamp::TokenCheck judged = check(response, checkpoint, anchors, query.nonce);
  const bool good = judged.accepted() || (judged.fault == timestamp::TokenFault::untrusted && anchors.empty());
  if (!good) return fail(ErrorKind::invalid, std::string(code_of(judged.fault)) + ": " + judged.text);
  Token token;
  token.checkpoint_size = checkpoint.size;
  token.authority = authority;
  token.gen_time_us = judged.facts.gen_time_us;
  token.renew_by_us = renew_by_us(judged);
  token.files.push_back({"response.tsr", std::move(response)});
  TRY(add_companions(judged, token));
  return token;
}

Result<Stamper::Token> Stamper::ask_all(const WaitingCheckpoint& checkpoint) {
  const std::vector<Hash> anchors = world_.anchors();
  std::string reasons;
  for (std::size_t i = 0; i < settings_.authorities.size() && !world_.stopped(); ++i) {
    const std::size_t place = (next_authority_ + i) % settings_.authorities.size();
    auto token = ask(settings_.authorities[place], checkpoint, anchors);
    if (token.ok()) {
      next_authority_ = place + 1;
      return token;
    }
    reasons += (reasons.empty() ? "" : "; ") + settings_.authorities[place] + ": " + token.error().text;
  }
  return fail(ErrorKind::unavailable, "no time-stamp authority gave a good token (" + reasons + ")");
}

Result<StampTurn> Stamper::hand_over() {
  const auto stored = log_.store(*held_);
  if (!stored.ok()) {
    if (stored.error().kind != ErrorKind::unavailable) held_.reset();  // refused for good: the next token is a new one
    return Error(stored.error()).with("handing the token to the ledger");
  }
  StampTurn turn;
  turn.kind = StampTurn::Kind::stamped;
  turn.checkpoint_size = held_->checkpoint_size;
  turn.authority = held_->authority;
  turn.gen_time_us = held_->gen_time_us;
  held_.reset();
  return turn;
}

Result<std::optional<StampTurn>> Stamper::try_turn() {
  if (!held_.has_value()) {
    const auto waiting = TRY(log_.waiting());
    if (!waiting.has_value()) return std::optional<StampTurn>();
    held_.emplace(TRY(ask_all(*waiting)));
  }
  StampTurn turn = TRY(hand_over());
  return std::optional<StampTurn>(std::move(turn));
}

StampTurn Stamper::failed(const Error& error) {
  retry_us_ = retry_us_ == 0 ? settings_.retry_first_us : std::min(2 * retry_us_, settings_.retry_last_us);
  StampTurn turn;
  turn.kind = StampTurn::Kind::failed;
  turn.trouble = error.text;
  turn.next_us = retry_us_;
  return turn;
}

StampTurn Stamper::turn() {
  auto done = try_turn();
  if (!done.ok()) return failed(done.error());
  retry_us_ = 0;
  StampTurn turn = done->value_or(StampTurn());
  // Nothing waits: look again soon, the log's turn of a minute may be about to end.
  turn.next_us = turn.kind == StampTurn::Kind::stamped ? settings_.interval_us : std::min(settings_.retry_first_us, settings_.interval_us);
  return turn;
}

}  // namespace netsampler::stamp
