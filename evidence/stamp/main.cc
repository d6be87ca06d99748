// netsampler-stamp: fetches time stamps for the box log's checkpoints, at most one a minute. It has the network and no key.
#include <poll.h>

#include <algorithm>
#include <iostream>

#include "evidence/base/config.h"
#include "evidence/base/log.h"
#include "evidence/base/program.h"
#include "evidence/format/policy.h"
#include "evidence/stamp/http.h"
#include "evidence/stamp/stamper.h"
#include "evidence/stamp/witnesses.h"

namespace netsampler::stamp {
namespace {

constexpr std::size_t kPolicyLimitBytes = 1u << 20;
constexpr std::int64_t kBesideMs = 10'000;  // for what is fetched beside a token, and for a witness

struct Arguments {
  std::string state;
  bool once = false;
  std::int64_t interval_s = 0, timeout_s = 30;
};

void declare(CLI::App& app, Arguments& arguments) {
  app.add_option("--state", arguments.state, "state directory: netsampler.conf names the authorities, run/ledger.sock is the ledger")->required();
  app.add_flag("--once", arguments.once, "one turn, then end: 0 stamped or nothing waits, 1 no token");
  app.add_option("--interval", arguments.interval_s, "seconds between two tokens (default: netsampler.conf's time_stamp_interval_s)")->check(CLI::Range(1, 3600));
  app.add_option("--timeout", arguments.timeout_s, "seconds an authority may take")->check(CLI::Range(1, 300));
}

void say(const Json& event) { std::cout << print(event) << std::endl; }

// The anchors of STATE/policy.txt. No file, or one without tsa lines: none. A broken one is told once, and what was known before
// stays in force.
class OwnAnchors {
 public:
  OwnAnchors(const FileSystem& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
  std::vector<Hash> read() {
    if (!exists(disk_, path_)) return anchors_;
    const auto policy = parse();
    if (policy.ok() == told_) log(LogLevel::warning, policy.ok() ? path_ + " is whole again" : path_ + ": " + policy.error().text);
    told_ = !policy.ok();
    if (!policy.ok()) return anchors_;
    anchors_.clear();
    for (const auto& tsa : policy->tsas) anchors_.push_back(tsa.certificate);
    return anchors_;
  }

 private:
  Result<Policy> parse() const {
    const Bytes text = TRY(disk_.read(path_, kPolicyLimitBytes));
    return parse_policy(as_text(text));
  }
  const FileSystem& disk_;
  std::string path_;
  std::vector<Hash> anchors_;
  bool told_ = false;
};

// Trouble is told when it begins and when it is over, never in between.
class Teller {
 public:
  void tell(const StampTurn& turn) {
    if (turn.kind == StampTurn::Kind::failed && !trouble_) begin(turn);
    if (turn.kind != StampTurn::Kind::failed && trouble_) end();
    if (turn.kind == StampTurn::Kind::stamped)
      say({{"event", "stamped"}, {"checkpoint_size", turn.checkpoint_size}, {"authority", turn.authority}, {"gen_time_us", turn.gen_time_us}});
  }

 private:
  void begin(const StampTurn& turn) {
    trouble_ = true;
    log(LogLevel::warning, turn.trouble + "; it is tried again until it succeeds");
    say({{"event", "failed"}, {"text", turn.trouble}});
  }
  void end() {
    trouble_ = false;
    log(LogLevel::info, "time stamps work again");
    say({{"event", "recovered"}});
  }
  bool trouble_ = false;
};

// A witness's trouble when it begins, its cosignature each time.
void tell(const std::vector<WitnessEvent>& events) {
  for (const WitnessEvent& event : events) {
    if (event.trouble.empty()) {
      say({{"event", "cosigned"}, {"witness", event.witness}, {"checkpoint_size", event.cosigned}});
      continue;
    }
    log(LogLevel::warning, "witness " + event.witness + ": " + event.trouble + "; it is asked again until it answers");
    say({{"event", "witness-failed"}, {"witness", event.witness}, {"text", event.trouble}});
  }
}

void tell_companions(Companions& companions) {
  const std::string trouble = companions.take_trouble();
  if (!trouble.empty()) log(LogLevel::warning, "not fetched beside the token: " + trouble + "; it is tried again in an hour");
}

void wait_for_stop(const Fd& signals, std::int64_t wait_us) {
  pollfd wait{signals.get(), POLLIN, 0};
  ::poll(&wait, 1, static_cast<int>(wait_us / 1000));
}

Result<StampSettings> settings_of(const Arguments& arguments, const Config& config) {
  if (config.time_stamp_authorities.empty())
    return fail(ErrorKind::invalid, "no time_stamp_authorities in netsampler.conf: without them nothing is time-stamped (name at least two)");
  StampSettings settings;
  settings.authorities = config.time_stamp_authorities;
  settings.policy = config.time_stamp_policy;
  settings.interval_us = (arguments.interval_s > 0 ? arguments.interval_s : config.time_stamp_interval_s) * 1'000'000;
  settings.retry_first_us = std::min(settings.retry_first_us, settings.interval_us);
  return settings;
}

struct Workers {
  Witnesses& witnesses;
  Stamper& stamper;
  Companions& companions;
  // Cosignatures first; once more where the log grew meanwhile.
  StampTurn turn() {
    tell(witnesses.turn());
    StampTurn done = stamper.turn();
    tell(witnesses.turn());
    tell_companions(companions);
    return done;
  }
};

Result<int> work(Workers workers, const Fd& signals, bool once) {
  Teller teller;
  if (once) {
    const StampTurn turn = workers.turn();
    if (turn.kind == StampTurn::Kind::failed) return fail(ErrorKind::unavailable, turn.trouble);
    teller.tell(turn);
    return 0;
  }
  say({{"event", "ready"}});
  while (!stop_requested(signals)) {
    const StampTurn turn = workers.turn();
    if (stop_requested(signals)) break;  // what failed because we end is no trouble
    teller.tell(turn);
    wait_for_stop(signals, turn.next_us);
  }
  return 0;
}

Result<int> run(const Arguments& arguments) {
  const Fd signals = TRY(stop_signals());
  const RealFileSystem disk;
  const StatePaths paths(arguments.state);
  const Config config = TRY(load_config(disk, paths.config));
  StampSettings settings = TRY(settings_of(arguments, config));
  const auto stopped = [&signals] { return stop_requested(signals); };
  const Http http = TRY(Http::start({arguments.timeout_s * 1000, timestamp::kResponseLimitBytes}, stopped));
  const SystemClock clock;
  OwnAnchors anchors(disk, paths.policy);
  LedgerBoxLog box_log(paths.ledger_socket, clock);
  const auto ask_witness = [&http](const std::string& url, ByteView body) {
    return http.send({url, "text/plain; charset=utf-8", "text/plain", body, false, kBesideMs});
  };
  std::vector<KnownWitness> known = TRY(known_witnesses(config.witnesses));
  Witnesses witnesses(std::move(known), {ask_witness, clock}, box_log);
  const auto fetch = [&http](const std::string& url, const std::string& type, ByteView body) { return http.fetch({url, type, "", body, true, kBesideMs}); };
  Companions companions({fetch, clock});
  Stamper stamper(std::move(settings),
                  {[&http](const std::string& url, ByteView query) { return http.post_query(url, query); }, timestamp::make_query,
                   [&anchors] { return anchors.read(); }, stopped, &companions},
                  box_log);
  return work({witnesses, stamper, companions}, signals, arguments.once);
}

}  // namespace
}  // namespace netsampler::stamp

int main(int argc, char** argv) {
  CLI::App app("Time stamps for the box log / 可信时间戳", "netsampler-stamp");
  netsampler::stamp::Arguments arguments;
  netsampler::stamp::declare(app, arguments);
  return netsampler::program_main(app, argc, argv, [&arguments] { return netsampler::stamp::run(arguments); });
}
