// The books: one for each case, and the box's own (cases/box). Owned by the ledger's one thread; every append opens its book's file
// anew, because a box holds thousands of books and writes seldom.
#pragma once
#include <map>

#include "evidence/ledger/book_keys.h"
#include "evidence/ledger/chain_reader.h"
#include "evidence/ledger/client.h"
#include "evidence/ledger/world.h"

namespace netsampler {

inline constexpr const char* kBoxBook = "box";
inline constexpr const char* kCaseClosed = "case-closed";  // a `decision`
inline constexpr const char* kBoxActor = "box";  // the actor of what the box does by itself

class Books {
 public:
  Books(LedgerWorld& world, const BoxClock& clock, std::string cases_root, const SigningKey& box, const KeyHistory& history, SealedSink sink);
  // Reads a book from the disk and makes it fit for appending: what was cut off behind the last whole line, or never acknowledged,
  // moves under files/ and a `finding` names it. The same function at start-up and for a new case (an empty directory).
  Result<void> recover(const std::string& case_id);
  Result<std::vector<std::string>> on_disk() const;

  // It cannot be read, `why`: nothing is appended to it until the next start.
  void give_up(const std::string& case_id, const Error& why);
  std::optional<Error> broken(const std::string& case_id) const;  // why nothing more is appended; nothing where it is well, or not there
  std::map<std::string, std::string> all_broken() const;         // case → why

  bool has(const std::string& case_id) const;  // it has its case_open
  bool is_closed(const std::string& case_id) const;  // its last decision is kCaseClosed
  std::string tag_of(const std::string& case_id) const;
  // Brings a book to the box's present key, by a `key_change` record; nothing where it is that already. All that appends does it first.
  Result<void> follow_key(const std::string& case_id);
  Result<Receipt> open_case(const std::string& case_id, const std::string& actor, const Json& body, const Json& opened);
  Result<Receipt> append(const std::string& case_id, const std::string& type, const std::string& actor, const Json& body,
                         const Json& opened = Json::object(), const std::vector<LedgerFile>& files = {});

 private:
  struct State {
    ChainPosition position;
    PublicKey key{};  // that signs it; means nothing before the first record
    std::string tag;
    bool closed = false;
    std::optional<Error> broken;
  };
  std::string root_of(const std::string& case_id) const { return cases_root_ + "/" + case_id; }
  Envelope envelope(const std::string& case_id, const std::string& type, const std::string& actor, const State& state) const;
  bool is_ours(const State& state) const;
  Result<void> follow_key(const std::string& case_id, State& state);
  Result<Receipt> write(const std::string& case_id, State& state, const Envelope& head, const Json& body, const Json& opened,
                        const std::vector<LedgerFile>& files);
  Result<void> name_leftovers(const std::string& case_id, std::vector<std::string> named, std::size_t torn_bytes, const std::string& torn_sha256);

  LedgerWorld& world_;
  const BoxClock& clock_;
  std::string cases_root_;
  const SigningKey& box_;
  const KeyHistory& history_;  // of that key
  SealedSink sink_;
  std::map<std::string, State> states_;
};

}  // namespace netsampler
