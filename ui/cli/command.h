// The rows of the command line: each subcommand lives in one file and adds itself to the parser through its row in main.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "evidence/base/config.h"
#include "evidence/base/json.h"
#include "evidence/base/program.h"
#include "evidence/base/result.h"

namespace netsampler {

using Runner = std::function<Result<int>()>;

// What a subcommand gets: its parser, and where to leave what it will run.
struct CommandPlace {
  CLI::App& app;
  Runner& run;
};

void add_up(CommandPlace place);
void add_demo(CommandPlace place);
void add_doctor(CommandPlace place);
void add_case(CommandPlace place);
void add_record(CommandPlace place);
void add_unbox(CommandPlace place);
void add_export(CommandPlace place);
void add_mask(CommandPlace place);
void add_fsck(CommandPlace place);
void add_renew(CommandPlace place);
void add_sampler(CommandPlace place);
void add_id(CommandPlace place);
void add_key(CommandPlace place);

// --state DIR, by default $NETSAMPLER_STATE or /var/lib/netsampler.
void add_state_option(CLI::App& app, std::string& state);

// A subcommand of `place`'s with --state and --json, which runs `run` on `options` (members `state` and `json` at least).
template <typename Options>
CLI::App* add_action(CommandPlace place, const std::shared_ptr<Options>& options, const char* name, const char* help,
                     Result<int> (*run)(const Options&)) {
  CLI::App* action = place.app.add_subcommand(name, help);
  add_state_option(*action, options->state);
  action->add_flag("--json", options->json, "one JSON object on stdout");
  action->callback([run, options, &slot = place.run] { slot = [run, options] { return run(*options); }; });
  return action;
}

// One request to the supervisor of that state directory.
Result<Json> ask_supervisor(const std::string& state, const Json& request);
// Asks until the recording is in one of `phases`; failed is an error with the session's own words.
Result<Json> wait_for_phase(const std::string& state, const std::string& recording, const std::string& phase, int limit_ms);

}  // namespace netsampler
