#include "tests/evidence/verify/log_maker.h"

#include <gtest/gtest.h>

#include "evidence/format/names.h"

namespace netsampler::test {
namespace {

class LogMaker {
 public:
  explicit LogMaker(const SigningKey& box) : box_(&box) {}

  void leaf(ChainKind chain, const Hash& tag, const Hash& case_tag, const std::string& head, std::int64_t seq) {
    LogLeaf leaf{chain, tag, case_tag, hash_from_hex(head).value_or(Hash{}), seq};
    std::vector<TileText> full;
    tree_.append(text_of(leaf), full);
    write(full);
  }

  void leaf_of_token(const std::string& response) {
    std::vector<TileText> full;
    tree_.append(text_of(token_leaf(sha256(as_bytes(response)))), full);
    write(full);
  }

  // Returns the note.
  std::string checkpoint(bool witness) {
    write(tree_.edge());
    std::string note = sign_checkpoint(tree_.size(), tree_.root(), *box_);
    if (witness) note = cosigned(note);
    files["checkpoint"] = files["checkpoints/" + std::to_string(tree_.size())] = note;
    return note;
  }

  std::string cosigned(const std::string& text) const {
    auto note = parse_note(text);
    EXPECT_TRUE(note.ok());
    note->signatures.push_back(cosign_note(note->text, kWitness, witness_key(), 1'800'000'100));
    return print_note(*note);
  }

  void sign_with(const SigningKey& key) { box_ = &key; }
  std::uint64_t size() const { return tree_.size(); }
  Files files;

 private:
  void write(const std::vector<TileText>& tiles) {
    for (const TileText& tile : tiles) files[path_of(tile.name)] = std::string(as_text(tile.bytes));
  }
  const SigningKey* box_;
  LogTree tree_;
};

class LoggedCaseMaker {
 public:
  explicit LoggedCaseMaker(const LogPlan& plan) : plan_(plan), old_(box_key()), fresh_(other_key()), box_(plan.younger ? fresh_ : old_), book_(kCase, clock_, box_), log_(old_) {
    if (plan.younger) history_ = json_of(KeyHistory{rotate_key(old_, fresh_, clock_.utc_us())});
    case_tag_ = chain_tag(book_.nonce, kCase).value_or(Hash{});
  }

  LoggedCase run() {
    begin();
    const RecordingMaker purchase = recording(kPurchase, "purchase", true);
    const RecordingMaker first = recording(kUnboxing, "unboxing", plan_.log_unboxing);
    const RecordingMaker unboxing = plan_.rewrite_unboxing ? recording(kUnboxing, "unboxing", false) : first;
    book_.include(purchase);
    book_.include(unboxing);
    if (plan_.rotated) rotate();
    book_.add("custody", {{"action", "export"}, {"profile", "full"}});
    log_.leaf(ChainKind::book, case_tag_, case_tag_, head_of(book_.files["book.jsonl"]), plan_.rotated ? 4 : 3);
    stamp_end();
    return packed(purchase, unboxing);
  }

 private:
  static std::string head_of(const std::string& chain) {
    std::string text = chain.substr(0, chain.size() - 1);
    return hex_of(line_hash(std::string_view(text).substr(text.rfind('\n') + 1)));
  }

  void rotate() {
    book_.change_key({rotate_key(old_, fresh_, clock_.utc_us())}, fresh_);
    log_.sign_with(fresh_);
  }

  // The box is at work, its log is stamped: that token is the beacon of what comes.
  void begin() {
    if (plan_.younger) book_.more_open["key_history"] = history_;
    book_.open();
    log_.leaf(ChainKind::book, case_tag_, case_tag_, head_of(book_.files["book.jsonl"]), 0);
    clock_.advance(1'000'000);
    beacon_ = authority(0).stamp(log_.checkpoint(false), clock_.utc_us());
    log_.files["tokens/1-0.tsr"] = beacon_;
    log_.sign_with(box_);
    clock_.advance(5'000'000);
    clock_.utc += plan_.clock_jump_us;
  }

  RecordingMaker recording(const std::string& id, const std::string& kind, bool logged) {
    RecordingMaker made(id, kind, clock_, box_, 2);
    const Hash tag = chain_tag(std::string(64, 'a'), id).value_or(Hash{});
    const auto log_head = [&] {
      if (logged) log_.leaf(ChainKind::recording, tag, case_tag_, made.head(), made.last_seq());
    };
    made.more_open["case_tag"] = hex_of(case_tag_);
    if (plan_.beacon) made.more_open["beacon"] = hex_of(sha256(as_bytes(beacon_)));
    if (plan_.younger) made.more_open["key_history"] = history_;
    made.open();
    log_head();
    made.source();
    made.segment({.first_pts = 0, .durations = {90'000}});
    log_head();
    made.close();
    log_head();
    clock_.advance(1'000'000);
    return made;
  }

  void stamp_end() {
    const std::string note = log_.checkpoint(plan_.witness);
    const std::string name = std::to_string(log_.size()), token = "tokens/" + name;
    const std::int64_t at_us = clock_.utc_us() - plan_.clock_jump_us + plan_.token_late_us;
    log_.files[token + "-0.tsr"] = authority(0).stamp(note, at_us);
    if (plan_.second_authority) log_.files[token + "-1.tsr"] = authority(1).stamp(note, at_us + 1'000'000);
    if (plan_.renewed_us != 0) renew();
    if (plan_.late_witness) log_.files["checkpoint"] = log_.files["checkpoints/" + name] = log_.cosigned(note);
  }

  void renew() {
    const Files before = log_.files;
    for (const auto& [path, bytes] : before)
      if (path.starts_with("tokens/")) log_.leaf_of_token(plan_.renewal_covers ? bytes : path);
    const std::string note = log_.checkpoint(false);
    log_.files["tokens/" + std::to_string(log_.size()) + "-0.tsr"] = authority(2).stamp(note, plan_.renewed_us);
  }

  LoggedCase packed(const RecordingMaker& purchase, const RecordingMaker& unboxing) {
    LoggedCase made;
    put_below(made.package, "data/case", book_.files);
    put_below(made.package, std::string("data/recordings/") + kPurchase, purchase.files);
    put_below(made.package, std::string("data/recordings/") + kUnboxing, unboxing.files);
    put_below(made.package, "data/log", log_.files);
    make_bag(made.package, plan_.rotated ? fresh_ : box_);
    made.policy = test_policy();
    if (plan_.rotated || plan_.younger) made.policy.boxes.push_back({fresh_.public_key(), "测试设备"});
    made.policy.tsas.push_back({authority(0).certificate(), "authority 0"});
    return made;
  }

  const LogPlan plan_;
  ManualClock clock_;
  const SigningKey old_, fresh_;
  const SigningKey& box_;  // when the case began
  Json history_;
  BookMaker book_;
  LogMaker log_;
  Hash case_tag_{};
  std::string beacon_;
};

}  // namespace

const Authority& authority(int number) {
  static const Authority first("authority 0"), second("authority 1"), third("authority 2", 2070);
  if (number == 2) return third;
  return number == 0 ? first : second;
}

SigningKey witness_key() { return SigningKey(seed_of(9)); }

LoggedCase logged_case(const LogPlan& plan) {
  LoggedCaseMaker maker(plan);
  return maker.run();
}

}  // namespace netsampler::test
