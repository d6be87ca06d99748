// netsampler-console: the web console over one state directory. Reads; asks the ledger who may sign in; runs the verifier.
#include <iostream>

#include "evidence/base/log.h"
#include "evidence/base/program.h"
#include "ui/console/api_routes.h"
#include "ui/console/console_server.h"

namespace netsampler {
namespace {

struct Options {
  std::string state, web = program_directory() + "/../share/console";
  ServerSetup server;
};

Result<int> run(const Options& options) {
  if (options.server.listen.empty() == options.server.socket.empty())
    return fail(ErrorKind::usage, "give either --listen HOST:PORT or --socket PATH");
  const Fd stop = TRY(stop_signals());
  const RealFileSystem disk;
  if (!exists(disk, options.state)) return fail(ErrorKind::invalid, options.state + ": no such state directory (start the ledger first)");
  const StatePaths paths(options.state);
  const Config config = TRY(load_config(disk, paths.config));
  const SystemClock clock;
  Console console({options.state, options.web, config.box_name, program_directory() + "/netsampler-verify",
                   program_directory() + "/netsampler-pictures", !options.server.socket.empty()}, clock);
  if (!exists(disk, options.web + "/index.html"))
    log(LogLevel::warning, options.web + ": the web app is not there, only the API answers (build the target `web`)");
  const auto ready = [](const std::string& address) { std::cout << Json{{"event", "ready"}, {"address", address}}.dump() << std::endl; };
  TRY(serve(options.server, stop, [&](const HttpRequest& request) { return answer(console, request); }, ready));
  return 0;
}

}  // namespace
}  // namespace netsampler

int main(int argc, char** argv) {
  CLI::App app("The web console of a sampling box: cases, recordings, facts, verification.", "netsampler-console");
  netsampler::Options options;
  app.add_option("--state", options.state, "state directory")->required();
  app.add_option("--listen", options.server.listen, "HOST:PORT; port 0 takes a free one (for trying out: without TLS)");
  app.add_option("--socket", options.server.socket, "Unix socket to serve on behind nginx");
  app.add_option("--web", options.web, "the built web app; default ../share/console beside the program");
  return netsampler::program_main(app, argc, argv, [&] { return netsampler::run(options); });
}
