// netsampler-crawl extract: facts from an archived page or an HTML file.
#include <iostream>

#include "crawler/command.h"
#include "crawler/extract.h"

namespace netsampler {
namespace {

struct ExtractOptions {
  std::string path, url;
  bool json = false;
};

// One line a fact, for people.
void print_facts(const Facts& facts, std::ostream& out) {
  out << "kind 页面类型: " << facts.kind << "\n";
  for (const Fact& fact : facts.facts)
    out << fact.name << (fact.item.empty() ? "" : " [" + fact.item + "]") << ": "
        << (fact.value.is_string() ? fact.value.get<std::string>() : print(fact.value)) << " (" << fact.from << ", " << fact.confidence << ")\n";
  for (const Conflict& each : facts.conflicts)
    out << "conflict 不一致 " << each.name << ": " << each.visible << " / " << each.structured << " (" << each.from << ")\n";
}

Result<int> run_extract(const ExtractOptions& options) {
  const Page page = TRY(load_page(RealFileSystem(), options.path));
  const Facts facts = extract(page, options.url);
  if (options.json) std::cout << print(facts_json(facts)) << '\n';
  else print_facts(facts, std::cout);
  std::cout.flush();
  if (!std::cout) return fail(ErrorKind::io, "standard output cannot be written: check the disk or the reader of the pipe");
  return 0;
}

}  // namespace

CommandRun add_extract(CLI::App& app) {
  auto options = std::make_shared<ExtractOptions>();
  app.add_option("path", options->path, "an archived page (directory with dom.json) or an HTML file")->required();
  app.add_option("--url", options->url, "the page's address, where the file does not tell");
  app.add_flag("--json", options->json, "one JSON object instead of lines");
  return [options] { return run_extract(*options); };
}

}  // namespace netsampler
