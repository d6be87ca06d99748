// netsampler-crawl: the browser that is watched, and the extractors that read what it archived.
#include <vector>

#include "crawler/command.h"

namespace {

struct Command {
  const char* name;
  const char* summary;
  netsampler::CommandRun (*add)(CLI::App& options);
};

// A subcommand: one line here, one file command_<name>.cc.
const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      {"session", "the officer's browser on a display, watched for one recording", netsampler::add_session},
      {"visit", "open one page, archive it, print its facts", netsampler::add_visit},
      {"extract", "facts from an archived page or an HTML file 提取页面要素", netsampler::add_extract},
      {"price", "reads price texts, one a line, from standard input 价格文本", netsampler::add_price},
      {"licence", "reads a picture of a licence 识别证照图片", netsampler::add_licence},
  };
  return table;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Watches a browser and archives what it shows 浏览器取证", "netsampler-crawl");
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, netsampler::CommandRun>> added;
  for (const Command& command : commands()) {
    CLI::App* options = app.add_subcommand(command.name, command.summary);
    added.emplace_back(options, command.add(*options));
  }
  return netsampler::program_main(app, argc, argv, [&]() -> netsampler::Result<int> {
    for (const auto& [options, run] : added)
      if (options->parsed()) return run();
    return netsampler::fail(netsampler::ErrorKind::usage, "no subcommand given (see --help)");
  });
}
