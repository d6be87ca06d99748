// netsampler demo --out DIR [--shop URL] [--keep].
#include <filesystem>
#include <memory>

#include "ui/cli/command.h"
#include "ui/demo/demo.h"

namespace netsampler {

void add_demo(CommandPlace place) {
  auto options = std::make_shared<DemoOptions>();
  place.app.add_option("--out", options->out, "where everything goes: box, package, policy, logs")->required();
  place.app.add_option("--shop", options->shop, "another shop of the same manner (https://…), instead of the demo shop");
  place.app.add_flag("--keep", options->keep, "leave the console running afterwards, until Ctrl-C");
  place.app.add_option("--pace", options->pace, "of the scripted officer: 1 human, 0.2 quick")->check(CLI::Range(0.05, 5.0));
  place.app.callback([options, &slot = place.run] { slot = [options] {
      options->out = std::filesystem::absolute(options->out).lexically_normal().string();
      return run_demo(*options);
    }; });
}

}  // namespace netsampler
