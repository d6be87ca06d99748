// Writes small cases the way a ledger does, with known keys: recordings, a book, a package. Any step can be bent on the way,
// so that an attack is spelled where it would be made.
#pragma once
#include <functional>
#include <optional>

#include "evidence/base/clock.h"
#include "evidence/format/counts.h"
#include "evidence/format/epoch_keys.h"
#include "evidence/format/key_change.h"
#include "evidence/format/policy.h"
#include "evidence/format/private.h"
#include "tests/evidence/verify/media_maker.h"
#include "tests/evidence/verify/memory_disk.h"

namespace netsampler::test {

inline constexpr const char* kPurchase = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
inline constexpr const char* kUnboxing = "bbbbbbbbbbbbbbbbbbbbbbbbbb";
inline constexpr const char* kCase = "CQ-2026-001";
inline constexpr std::int64_t kTestEpochUs = 4'000'000;

Secret seed_of(std::uint8_t number);  // 32 equal bytes
SigningKey box_key();                 // of the box that all cases here come from
SigningKey other_key();               // of a box that the policy does not name
Policy test_policy();

// Bends a record's object just before it is signed.
using Bend = std::function<void(Json& object)>;

class RecordingMaker {
 public:
  RecordingMaker(std::string id, std::string kind, ManualClock& clock, const SigningKey& box, std::int64_t epochs = 4);
  void open();
  void add(const std::string& type, Json body, const Json& personal = Json::object(), const Bend& bend = {});
  Json file(const std::string& path, std::string bytes);         // puts the file there and names it
  void source(const InitPlan& plan = {});
  void segment(const SegmentPlan& plan, const Bend& bend = {});  // its clock time passes
  void close(const std::string& reason = "stopped");

  Files files;  // from the recording's directory
  std::string id, kind, boot_lie;
  std::string source_name = "screen", follows;  // of the next source, and its segments
  std::optional<std::int64_t> wrong_epoch_key;  // sign with this epoch's key instead
  Json more_open = Json::object();  // members of `open` besides the needed ones
  std::string err_clock = "synchronised";
  std::int64_t err_us = 2'000;
  std::string head() const { return hex_of(head_); }
  std::int64_t last_seq() const { return seq_ - 1; }
  void skip_epoch_records() { write_epochs_ = false; }

 private:
  Json envelope(const std::string& type, const Json& body, const Json& personal);
  void epochs_until_now();
  ManualClock& clock_;
  const SigningKey& box_;
  std::int64_t epochs_, open_boot_us_ = 0, seq_ = 0, no_ = 0, epoch_ = 0, start_us_ = 0;
  bool write_epochs_ = true;
  Hash head_{};
  ChainCounts counts_;
};

class BookMaker {
 public:
  BookMaker(std::string id, ManualClock& clock, const SigningKey& box);
  void add(const std::string& type, const Json& body, const Json& personal = Json::object(), const Bend& bend = {});
  void open();
  void include(const RecordingMaker& recording, const Bend& bend = {});
  void sign_with(const SigningKey& key) { box_ = &key; }  // what follows
  void change_key(const KeyHistory& changes, const SigningKey& fresh, const Bend& bend = {});
  Files files;
  Json more_open = Json::object();  // members of `case_open` besides the needed ones
  std::string nonce = std::string(64, '5');

 private:
  std::string id_;
  ManualClock& clock_;
  const SigningKey* box_;
  std::int64_t seq_ = 0;
  Hash head_{};
};

void put_below(Files& into, const std::string& base, const Files& from);
std::string line_at(const std::string& text, std::size_t no);          // without newline
std::string without_line(const std::string& text, std::size_t no);
std::string replaced(std::string text, const std::string& from, const std::string& to);  // the first; must be there

// A sound purchase (3 segments over two epochs, page, fact, finding of severity note, personal members) and an unboxing.
RecordingMaker sound_purchase(ManualClock& clock, const SigningKey& box);
RecordingMaker small_recording(const std::string& id, const std::string& kind, ManualClock& clock, const SigningKey& box);
// The bag around data/…: manifests and package.sig.
void make_bag(Files& package, const SigningKey& box);
Files sound_package();
Files small_package();  // the least that has one of everything: for attacks on every byte

}  // namespace netsampler::test
