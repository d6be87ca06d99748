// Signing in and out. Passwords are checked by the ledger, which alone can read them; the console keeps a token in memory.
#include "evidence/ledger/client.h"
#include "ui/console/api_routes.h"

namespace netsampler {
namespace {

constexpr std::size_t kPasswordLimit = 256, kAccountLimit = 64;

struct Credentials {
  std::string id, password;
};

Result<Credentials> credentials_of(const HttpRequest& request) {
  if (!header_of(request, "content-type").starts_with("application/json")) return fail(ErrorKind::invalid, "请求须为 JSON / send application/json");
  const Json body = TRY(parse_profile(request.body, {4096, 2}));
  Credentials credentials{TRY(get_string(body, "id")), TRY(get_string(body, "password"))};
  if (credentials.id.size() > kAccountLimit || credentials.password.size() > kPasswordLimit)
    return fail(ErrorKind::invalid, "账号或口令过长 / account or password too long");
  return credentials;
}

std::string cookie(const Console& console, const std::string& token, std::int64_t seconds) {
  std::string text = "session=" + token + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds);
  return console.setup.behind_nginx ? text + "; Secure" : text;
}

Json session_json(const Console& console, const Account& account) {
  return {{"id", account.id}, {"name", account.name}, {"box", console.setup.box_name}};
}

Result<Account> check(const Console& console, const Credentials& credentials) {
  LedgerClient ledger = TRY(LedgerClient::connect(console.paths.ledger_socket));
  return Account{credentials.id, TRY(ledger.account_check(credentials.id, credentials.password))};
}

// An unknown account and a wrong password read the same.
HttpReply refusal(const Error& error) {
  if (error.kind == ErrorKind::unavailable) return reply_error(503, "取证服务未运行 / the ledger is not running");
  if (error.kind == ErrorKind::denied || error.kind == ErrorKind::not_found) return reply_error(401, "账号或口令不正确 / account or password is wrong");
  return reply_error(error);
}

}  // namespace

Result<HttpReply> post_login(Call& call) {
  const Credentials credentials = TRY(credentials_of(call.request));
  const std::string peer = call.request.peer, both = peer + " " + credentials.id;
  const bool allowed = call.console.by_peer.allow(peer) && call.console.by_account.allow(both);
  if (!allowed) {
    HttpReply reply = reply_error(429, "尝试次数过多，请一分钟后再试 / too many attempts, wait a minute");
    reply.headers.emplace_back("Retry-After", "60");
    return reply;
  }
  const auto account = check(call.console, credentials);
  if (!account.ok()) return refusal(account.error());
  call.console.by_peer.give_back(peer);
  call.console.by_account.give_back(both);
  HttpReply reply = reply_json(session_json(call.console, *account));
  reply.headers.emplace_back("Set-Cookie", cookie(call.console, call.console.sessions.open(*account), Sessions::kLifeUs / 1'000'000));
  return reply;
}

Result<HttpReply> post_logout(Call& call) {
  call.console.sessions.close(call.token);
  HttpReply reply = reply_json(Json::object());
  reply.headers.emplace_back("Set-Cookie", cookie(call.console, "", 0));
  return reply;
}

Result<HttpReply> get_session(Call& call) { return reply_json(session_json(call.console, call.account)); }

}  // namespace netsampler
