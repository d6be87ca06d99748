// Who may open and close a recording, and log in: STATE/accounts.json, 0600, passwords as Argon2id. Owned by the ledger's thread.
// Names of persons stand here and nowhere in the evidence; records carry ids only.
#pragma once
#include <vector>

#include "evidence/base/file_system.h"

namespace netsampler {

struct Account {
  std::string id, name, hash;
};

class Accounts {
 public:
  static constexpr std::size_t kLimit = 1000;
  // Absent file: no accounts. A broken one is an error: nobody is let in by mistake.
  static Result<Accounts> load(FileSystem& disk, const std::string& path);
  // id [A-Za-z0-9._-]{1,64} and not "box" (`busy` where taken), name 1–64 bytes, password 8–128 bytes. Durable on return.
  Result<void> add(const std::string& id, const std::string& name, const std::string& password);
  // `denied` for an unknown id and for a wrong password, in the same words and about the same time.
  Result<Account> check(const std::string& id, const std::string& password) const;
  bool has(const std::string& id) const;
  std::size_t size() const { return accounts_.size(); }

 private:
  Accounts(FileSystem& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
  Result<void> save(const std::vector<Account>& accounts);
  FileSystem& disk_;
  std::string path_;
  std::vector<Account> accounts_;
};

}  // namespace netsampler
