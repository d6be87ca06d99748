// The browser's messages, a line each, to a session that watches one tab: none ends the session but one that is no JSON object; whatever comes, what
// is recorded can be written down.
#include "crawler/page_archive.h"
#include "tests/crawler/fake_browser.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

constexpr std::size_t kMessages = 200;

void check(const PageArchive& page) {
  fuzz::require(!page.ended.empty() && page.from_us <= page.to_us, "a page says when and why it was looked at");
  const auto files = archive_files(page, "fuzz");
  fuzz::require(files.ok() && !files->empty() && files->front().name == "page.warc.gz", "a page has an archive");
  const Json record = page_record(page, 1, "other");
  fuzz::require(!outside_profile(record), "a page's record is inside the profile");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ManualClock clock;
  FakeBrowser browser;
  SessionHooks hooks;
  hooks.page = [](PageArchive page) { check(page); };
  hooks.finding = [](const std::string& code, const std::string& severity, const Json&) { fuzz::require(!code.empty() && !severity.empty(), "a finding has a code"); };
  hooks.ready = [] {};
  hooks.refused = [](const std::string&) {};
  BrowserSession session(browser, clock, {}, hooks);
  session.start();
  std::string_view rest = fuzz::text_from(data, size);
  for (std::size_t n = 0; n < kMessages && !rest.empty(); ++n) {
    const std::string message(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(std::min(rest.size(), message.size() + 1));
    const auto parsed = parse_any(message);
    const auto taken = session.take(message);
    fuzz::require(taken.ok() || !parsed.ok() || !parsed->is_object() || !parsed->contains("method") || !(*parsed)["method"].is_string(),
                  "an event in good form is taken");
    clock.advance(700'000);
    session.tick();
  }
  session.close_pages();
  session.gone();
  return 0;
}
