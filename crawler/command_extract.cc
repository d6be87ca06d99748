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
  for (const std::string& name : facts.missing) out << "missing 缺少 " << name << "\n";
  for (const std::string& code : facts.warnings) out << "warning 注意 " << code << "\n";
}

// The address under which an archived page was seen: links on it are read against it. Empty where the archive does not tell.
std::string address_of(const FileSystem& disk, const std::string& path) {
  const auto bytes = disk.read(path + "/page.json", 8u << 20);
  const auto told = bytes.ok() ? parse_any(as_text(*bytes)) : Result<Json>(bytes.error());
  return told.ok() && told->is_object() ? string_or(*told, "url", "") : "";
}

Result<int> run_extract(const ExtractOptions& options) {
  const RealFileSystem disk;
  const Page page = TRY(load_page(disk, options.path));
  const Facts facts = extract(page, options.url.empty() ? address_of(disk, options.path) : options.url);
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
