// netsampler-corroborate: are the facts of a recording's pages in its pictures, in the page's DOM and in the bytes from the network?
#include <poll.h>

#include <iostream>

#include "evidence/base/process.h"
#include "evidence/base/program.h"
#include "evidence/corroborate/follow.h"

namespace netsampler::corroborate {
namespace {

struct Options {
  std::string path, recording, ledger;
  bool json = false;
};

struct Totals {
  std::int64_t facts = 0, agree = 0, withheld = 0;
};

Json json_of(const Said& said) {
  Json json = {{"answer", word_of(said.answer)}};
  if (!said.why.empty()) json["why"] = said.why;
  if (!said.text.empty()) json["read"] = said.text;
  return json;
}

Json json_of(const std::string& recording, const FactSeen& fact, const Outcome& outcome) {
  Json json = {{"recording", recording}, {"page", fact.page}, {"fact", fact.seq}, {"name", fact.name}, {"value", fact.value}, {"agrees", outcome.agrees()},
               {"pixels", json_of(outcome.pixels)}, {"dom", json_of(outcome.dom)}, {"network", json_of(outcome.network)}};
  if (outcome.sight.has_value()) {
    const Sight& sight = *outcome.sight;
    json["sight"] = {{"source", sight.source}, {"segment", sight.segment}, {"pts", sight.pts}, {"rect", {sight.rect.x, sight.rect.y, sight.rect.width, sight.rect.height}}};
  }
  return json;
}

const char* zh(Answer answer) {
  switch (answer) {
    case Answer::agrees: return "一致";
    case Answer::differs: return "不一致";
    case Answer::not_found: return "未找到";
    case Answer::not_applicable: return "不适用";
  }
  return "";
}

void tell(const FactSeen& fact, const Outcome& outcome) {
  std::cout << (outcome.agrees() ? "✓" : "✗") << " 页 page " << fact.page << " · " << fact.name << " = " << print(fact.value) << " · 画面 pixels "
            << zh(outcome.pixels.answer) << " " << word_of(outcome.pixels.answer) << " · 页面 dom " << zh(outcome.dom.answer) << " " << word_of(outcome.dom.answer)
            << " · 网络 network " << zh(outcome.network.answer) << " " << word_of(outcome.network.answer) << "\n";
}

Result<void> look_at(const FileSystem& disk, const std::string& directory, const Options& options, Corroborator& corroborator, Totals& totals) {
  RecordingView recording(disk, directory);
  TRY(recording.refresh());
  if (!options.recording.empty() && recording.id() != options.recording) return {};
  for (const auto& [number, page] : recording.pages()) {
    for (const FactSeen& fact : page.facts) totals.withheld += fact.opened ? 0 : 1;
    TRY(corroborator.page(recording, page, [&](const FactSeen& fact, const Outcome& outcome) -> Result<void> {
      ++totals.facts;
      totals.agree += outcome.agrees() ? 1 : 0;
      if (options.json) std::cout << print(json_of(recording.id(), fact, outcome)) << "\n";
      else tell(fact, outcome);
      return {};
    }));
  }
  return {};
}

// SOCK is STATE/run/ledger.sock: the data lie beside it.
std::string data_beside(const std::string& socket) { return parent_of(parent_of(socket)) + "/data"; }

Result<int> follow_one(const Options& options) {
  if (options.recording.empty()) return fail(ErrorKind::usage, "--ledger without --recording: say which recording");
  const Fd signals = TRY(stop_signals());
  become_idle();
  const RealFileSystem disk;
  TextReader reader = TRY(TextReader::open());
  Corroborator corroborator(&reader);
  bool stopped = false;
  const auto stop = [&] { return stopped = stopped || stop_requested(signals); };
  const auto wait = [&](int wait_ms) {
    pollfd signal{signals.get(), POLLIN, 0};
    ::poll(&signal, 1, wait_ms);
  };
  const auto tell_event = [](const Json& event) { std::cout << print(event) << std::endl; };
  const FollowOrder order{options.ledger, options.path.empty() ? data_beside(options.ledger) : options.path, options.recording};
  const FollowTotals totals = TRY(follow(disk, order, corroborator, stop, wait, tell_event));
  tell_event({{"event", "end"}, {"pages", totals.pages}, {"facts", totals.facts}, {"agree", totals.agree}});
  return 0;
}

Result<int> run(const Options& options) {
  if (!options.ledger.empty()) return follow_one(options);
  if (options.path.empty()) return fail(ErrorKind::usage, "no PATH: say which recording, box or package");
  const RealFileSystem disk;
  TextReader reader = TRY(TextReader::open());
  Corroborator corroborator(&reader);
  Totals totals;
  for (const std::string& directory : TRY(recordings_at(disk, options.path))) TRY(look_at(disk, directory, options, corroborator, totals));
  if (options.json)
    std::cout << print(Json{{"facts", totals.facts}, {"agree", totals.agree}, {"withheld", totals.withheld}}) << "\n";
  else
    std::cout << "事实 facts " << totals.facts << " · 一致 agree " << totals.agree << " · 未提供 withheld " << totals.withheld << "\n";
  std::cout.flush();
  return totals.agree == totals.facts ? 0 : 1;
}

}  // namespace
}  // namespace netsampler::corroborate

int main(int argc, char** argv) {
  CLI::App app("逐项比对网页事实：录制画面、页面、网络数据 / facts of pages held against pictures, DOM and network bytes", "netsampler-corroborate");
  netsampler::corroborate::Options options;
  app.add_option("PATH", options.path, "录制、设备数据或导出包 / a recording, a box's data or a package (with --ledger: the box's data)");
  app.add_option("--recording", options.recording, "只看这段录制 / only this recording");
  app.add_option("--ledger", options.ledger, "账本套接字：随录制写入比对记录 / the ledger's socket: follow the recording and record the answers");
  app.add_flag("--json", options.json, "每项一行 JSON / a JSON object a line");
  return netsampler::program_main(app, argc, argv, [&options] { return netsampler::corroborate::run(options); });
}
