// netsampler up: all programs of the box under one account.
#include <cstdlib>
#include <iostream>
#include <memory>

#include "evidence/base/program.h"
#include "ui/cli/command.h"
#include "ui/supervisor/supervisor.h"

namespace netsampler {

void add_up(CommandPlace place) {
  auto options = std::make_shared<SupervisorOptions>();
  add_state_option(place.app, options->state);
  const char* display = std::getenv("DISPLAY");
  options->display = display != nullptr ? display : "";
  place.app.add_option("--display", options->display, "X display that is recorded (default: $DISPLAY)")->capture_default_str();
  place.app.add_option("--listen", options->listen, "address of the console, port 0 for a free one")->capture_default_str();
  place.app.callback([options, &slot = place.run] {
    slot = [options]() -> Result<int> {
      const Fd signals = TRY(stop_signals());
      Supervisor supervisor = TRY(Supervisor::start(*options));
      std::cout << print(Json{{"event", "ready"}, {"console", supervisor.console()}}) << std::endl;
      TRY(supervisor.run(signals));
      return 0;
    };
  });
}

}  // namespace netsampler
