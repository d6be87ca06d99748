#include "evidence/ledger/accounts.h"

#include <algorithm>

#include "evidence/base/crypto.h"
#include "evidence/base/json.h"
#include "evidence/base/present.h"
#include "evidence/format/public_text.h"
#include "evidence/ledger/private_file.h"

namespace netsampler {
namespace {

Result<Account> account_from(const Json& row) {
  Account account;
  account.id = TRY(get_string(row, "id"));
  account.name = TRY(get_string(row, "name"));
  account.hash = TRY(get_string(row, "hash"));
  return account;
}

Error refused() { return fail(ErrorKind::denied, "account or password not accepted (an account is made with: netsampler sampler add)"); }

}  // namespace

Result<Accounts> Accounts::load(FileSystem& disk, const std::string& path) {
  Accounts loaded(disk, path);
  if (!TRY_WITH(present(disk, path), "accounts")) return loaded;
  const Bytes bytes = TRY_WITH(disk.read(path, 1u << 20), "accounts");
  const Json list = TRY_WITH(parse_any(as_text(bytes), {1u << 20, 8}), "accounts " + path);
  if (!list.is_array() || list.size() > kLimit) return fail(ErrorKind::invalid, "accounts " + path + " is no list of accounts");
  for (const Json& row : list) loaded.accounts_.push_back(TRY_WITH(account_from(row), "accounts " + path));
  return loaded;
}

Result<void> Accounts::save(const std::vector<Account>& accounts) {
  Json list = Json::array();
  for (const auto& account : accounts) list.push_back({{"id", account.id}, {"name", account.name}, {"hash", account.hash}});
  const std::string text = print(list, 1) + "\n";
  return write_private(disk_, path_, as_bytes(text));
}

Result<void> Accounts::add(const std::string& id, const std::string& name, const std::string& password) {
  if (!is_account_id(id) || id == "box")
    return fail(ErrorKind::invalid, "an account's id is 1 to 64 of A-Z a-z 0-9 . _ - with at most 10 digits (it is public: no telephone number), not \"box\"");
  if (name.empty() || name.size() > 64) return fail(ErrorKind::invalid, "an account's name has 1 to 64 bytes");
  if (password.size() < 8 || password.size() > 128) return fail(ErrorKind::invalid, "a password has 8 to 128 bytes");
  if (accounts_.size() >= kLimit) return fail(ErrorKind::full, "no more than 1000 accounts");
  if (has(id)) return fail(ErrorKind::busy, "there is an account " + id + " already (choose another id)");
  const std::string hash = TRY(password_hash(password));
  std::vector<Account> grown = accounts_;
  grown.push_back({id, name, hash});
  TRY_WITH(save(grown), "keeping the account");
  accounts_ = std::move(grown);
  return {};
}

bool Accounts::has(const std::string& id) const {
  return std::any_of(accounts_.begin(), accounts_.end(), [&](const Account& account) { return account.id == id; });
}

Result<Account> Accounts::check(const std::string& id, const std::string& password) const {
  const auto found = std::find_if(accounts_.begin(), accounts_.end(), [&](const Account& a) { return a.id == id; });
  if (found == accounts_.end()) {
    // The same work as for a wrong password, so that the time does not tell whether the account exists.
    (void)password_hash(password.substr(0, 128)).ok();
    return refused();
  }
  if (!password_matches(found->hash, password)) return refused();
  return *found;
}

}  // namespace netsampler
