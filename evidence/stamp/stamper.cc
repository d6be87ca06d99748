#include "evidence/stamp/stamper.h"

#include <algorithm>

namespace netsampler::stamp {

// `untrusted` is accepted where the box has no anchors of its own: who is believed is for the verifier's policy to say.
Result<Stamper::Token> Stamper::ask(const std::string& authority, const WaitingCheckpoint& checkpoint,
                                    const std::vector<Hash>& anchors) const {
  const timestamp::TimeStampQuery query = world_.make_query(sha256(as_bytes(checkpoint.note)));
  Token token;
  token.response = TRY(world_.post(authority, query.der));
  const timestamp::TokenCheck check =
      timestamp::check_response(token.response, as_bytes(checkpoint.note), {anchors, {}}, {query.nonce, settings_.policy});
  const bool good = check.accepted() || (check.fault == timestamp::TokenFault::untrusted && anchors.empty());
  if (!good) return fail(ErrorKind::invalid, std::string(code_of(check.fault)) + ": " + check.text);
  token.checkpoint_size = checkpoint.size;
  token.authority = authority;
  token.gen_time_us = check.facts.gen_time_us;
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
  const auto stored = log_.store(held_->checkpoint_size, held_->authority, held_->response);
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
