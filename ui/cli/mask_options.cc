#include "ui/cli/mask_options.h"

#include <unistd.h>

#include <iostream>
#include <memory>

namespace netsampler {

void add_mask_options(CLI::App& app, MaskRules& rules) {
  app.add_option("--field", rules.fields, "withhold personal members: TYPE.FIELD or TYPE.* (page.url), or the beginning of a fact's name (consignee.)")
      ->allow_extra_args(false);  // one each time it is given: what follows may be the package
  app.add_option("--file", rules.files, "withhold files: a pattern over paths below data/ ('recordings/*/pages/3/*')")->allow_extra_args(false);
  app.add_option("--from-us", rules.from_us, "withhold pictures and page archives from this time on (UTC, microseconds since 1970)");
  app.add_option("--to-us", rules.to_us, "… up to this time");
  app.add_option("--reason", rules.reason, "why; stands in withheld.jsonl and in the verifier's report");
}

ExportProgress package_progress(bool json) {
  auto told = std::make_shared<std::int64_t>(-1);
  return [json, told](std::int64_t done_bytes, std::int64_t total_bytes) {
    const std::int64_t percent = total_bytes > 0 ? done_bytes * 100 / total_bytes : 100;
    if (percent == *told) return;
    *told = percent;
    if (json)
      std::cout << print(Json{{"event", "progress"}, {"percent", percent}}) << std::endl;
    else if (::isatty(STDERR_FILENO) == 1)
      std::cerr << "\r写入案件包 / writing the package " << percent << " %" << (percent == 100 ? "\n" : "") << std::flush;
  };
}

}  // namespace netsampler
