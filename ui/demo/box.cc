// The demo's box: time servers and shop on loopback, a configuration, `netsampler up`, two samplers, the policy before any recording.
#include <unistd.h>

#include <cstdlib>

#include "evidence/base/crypto.h"
#include "evidence/base/file_system.h"
#include "evidence/base/program.h"
#include "evidence/ledger/client.h"
#include "ui/demo/stage.h"

namespace netsampler {
namespace {

constexpr std::int64_t kStampEveryS = 10;  // nobody should wait a minute for the demo's own authority
constexpr const char* kSamplers[2][2] = {{"cq-0001", "张明"}, {"cq-0002", "李华"}};

std::vector<std::string> browser_flags(const Json& shop) {
  std::vector<std::string> flags = {"--disable-background-networking", "--disable-component-update", "--disable-sync",
                                    "--disable-quic", "--no-first-run", "--lang=zh-CN", "--disable-features=Translate"};
  // As root Chromium refuses its sandbox; the appliance's units run it under an account of its own, with the sandbox.
  // --test-type keeps the bar that says so from covering the shop.
  if (::geteuid() == 0) flags.insert(flags.end(), {"--no-sandbox", "--test-type"});
  const std::string spki = string_or(shop, "spki", "");
  if (!spki.empty()) flags.push_back("--ignore-certificate-errors-spki-list=" + spki);
  return flags;
}

Result<Json> raise_shop(Stage& stage) {
  if (!stage.options.shop.empty()) return Json{{"url", stage.options.shop}};
  return stage.play("shop/shop.py", {"--dir", stage.options.out + "/shop"}, 30'000);
}

Result<void> write_plan(Stage& stage, const Json& shop) {
  const std::string url = string_or(shop, "url", "");
  const Json plan = {{"shop", url},
                     {"search", "移动电源"},
                     {"product", "20000毫安时移动电源"},
                     {"specification", Json::array({"海盐蓝", "20000mAh"})},
                     {"quantity", 2},
                     {"message", "您好，请问这款有现货吗？"},
                     {"phone_pay_url", string_or(shop, "admin", url + "phone") + "/pay"},
                     {"ca", string_or(shop, "ca", "")},
                     {"pace", stage.options.pace},
                     {"browser", "/usr/bin/chromium"},
                     {"go", stage.options.out + "/officer-go"},
                     {"log", stage.options.out + "/officer.jsonl"}};
  RealFileSystem disk;
  return write_whole(disk, stage.options.out + "/officer-plan.json", as_bytes(print(plan, 2)));
}

Result<void> write_config(Stage& stage, const Json& time, const Json& shop) {
  Config config;
  config.box_name = "demo-box";
  config.time_servers.clear();
  for (const auto& server : time["servers"]) config.time_servers.push_back(server.get<std::string>());
  for (const auto& authority : stage.authorities) config.time_stamp_authorities.push_back(TRY(get_string(authority, "url")));
  config.time_stamp_interval_s = kStampEveryS;
  config.chronyd_socket = TRY(get_string(time, "socket"));
  config.browser = stage.material + "/shop/officer.py";
  config.browser_flags = browser_flags(shop);
  config.minimum_free_bytes = 512LL << 20;
  RealFileSystem disk;
  TRY(disk.make_directories(stage.paths.root));
  return write_whole(disk, stage.paths.config, as_bytes(text_of(config)));
}

Result<void> add_samplers(Stage& stage) {
  LedgerClient ledger = TRY(LedgerClient::connect(stage.paths.ledger_socket));
  for (int i = 0; i < 2; ++i) {
    stage.passwords[i] = random_id(12);
    TRY(ledger.account_add(kSamplers[i][0], kSamplers[i][1], stage.passwords[i]));
  }
  return {};
}

// What a panel trusts is fixed before anything is recorded.
Result<void> keep_policy(Stage& stage) {
  RealFileSystem disk;
  const Bytes policy = TRY(disk.read(stage.paths.policy, 1u << 20));
  return write_whole(disk, stage.options.out + "/policy.txt", policy);
}

}  // namespace

Result<void> raise_box(Stage& stage) {
  // chronyd's sockets want a short path; --out may be a long one.
  stage.time_directory = "/tmp/netsampler-time-XXXXXX";
  if (::mkdtemp(stage.time_directory.data()) == nullptr) return fail_errno("a directory for the time servers");
  const Json time = TRY(stage.play("time/time_servers.py", {stage.time_directory}, 60'000));
  stage.progress.detail("chronyd " + time["servers"][0].get<std::string>());
  const Json shop = TRY(raise_shop(stage));
  stage.progress.detail("商城 / shop " + string_or(shop, "url", ""));
  TRY(raise_authorities(stage));
  stage.progress.detail("时间戳机构 / time-stamp authorities " + string_or(stage.authorities[0], "url", "") + " …");
  TRY(write_plan(stage, shop));
  TRY(write_config(stage, time, shop));
  stage.box = TRY(stage.start({program_directory() + "/netsampler", "up", "--state", stage.paths.root, "--display", stage.display},
                                  "up", {{"NETSAMPLER_OFFICER_PLAN", stage.options.out + "/officer-plan.json"}}));
  const Json ready = TRY_WITH(stage.box->wait_event(60'000), "netsampler up (see " + stage.logs + "/up.log)");
  stage.console = string_or(ready, "console", "");
  stage.progress.detail("控制台 / console " + stage.console);
  TRY(add_samplers(stage));
  TRY(trust_authorities(stage));
  TRY(wait_first_token(stage));
  return keep_policy(stage);
}

}  // namespace netsampler
