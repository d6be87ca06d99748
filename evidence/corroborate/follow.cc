#include "evidence/corroborate/follow.h"

#include <algorithm>

#include "evidence/corroborate/frame_at.h"
#include "evidence/ledger/client.h"

namespace netsampler::corroborate {
namespace {

constexpr std::int64_t kSettledUs = 2'000'000, kSealedLimitUs = 60'000'000;  // behind a page: its facts are there; its pictures must be
constexpr int kWaitMs = 500, kTurnsBetweenLooks = 10;                        // at whether the ledger still has the recording open
constexpr std::size_t kBookLimit = 512u << 20;

Error unbooked(const std::string& recording) {
  return fail(ErrorKind::not_found, "recording " + recording + " is closed and no case includes it: nothing is recorded (netsampler case include)");
}

// What books say of the recording: which include it, and which facts have their answers there.
struct InBooks {
  std::vector<std::string> cases;
  std::set<std::int64_t> facts;
};

Result<InBooks> look_into_books(const FileSystem& disk, const std::string& data, const std::string& recording) {
  InBooks found;
  for (const std::string& name : TRY(disk.list(data + "/cases"))) {
    if (name == "box" || !exists(disk, data + "/cases/" + name + "/book.jsonl")) continue;
    const Bytes book = TRY(disk.read(data + "/cases/" + name + "/book.jsonl", kBookLimit));
    bool included = false;
    for (std::string_view text = as_text(book); text.find('\n') != std::string_view::npos; text.remove_prefix(text.find('\n') + 1)) {
      const std::string_view line = text.substr(0, text.find('\n'));
      if (line.find(recording) == std::string_view::npos) continue;
      const auto record = parse_record(line);
      if (!record.ok() || string_or(record->body, "recording", "") != recording) continue;
      included = included || record->head.type == "include";
      if (record->head.type == "corroboration") found.facts.insert(int_or(record->body, "fact", -1));
    }
    if (included) found.cases.push_back(name);
  }
  return found;
}

class Follower {
 public:
  Follower(const FileSystem& disk, const FollowOrder& order, LedgerClient ledger, Corroborator& corroborator)
      : disk_(disk), order_(order), ledger_(std::move(ledger)), corroborator_(corroborator), view_(disk, order.data + "/recordings/" + order.recording) {}

  Result<void> start() {
    TRY(view_.refresh());
    const InBooks books = TRY(look_into_books(disk_, order_.data, order_.recording));
    done_ = books.facts;
    return {};
  }

  // Looks at every page that is ready, or at all of them; true where the recording is over and nothing is left.
  Result<bool> turn(bool all, const std::function<bool()>& stop, const std::function<void(const Json&)>& tell) {
    TRY(view_.refresh());
    if (++turns_ % kTurnsBetweenLooks == 0 && !view_.closed()) gone_ = !TRY(is_open());
    bool left = false;
    for (const auto& [number, page] : view_.pages()) {
      const PageSeen pending = pending_of(page);
      if (pending.facts.empty()) continue;
      if (!all && !is_ready(page)) left = true;
      else TRY(look_at(pending, tell));
      if (!all && stop()) return false;
    }
    return !left && (view_.closed() || gone_);
  }
  const FollowTotals& totals() const { return totals_; }

 private:
  Result<bool> is_open() {
    const Json status = TRY(ledger_.status());
    const auto list = status.find("recordings");
    return list != status.end() && std::any_of(list->begin(), list->end(), [&](const Json& each) { return string_or(each, "id", "") == order_.recording; });
  }

  bool is_ready(const PageSeen& page) const {
    if (view_.closed() || gone_) return true;
    const std::int64_t since_us = view_.last_boot_us() - page.to_us;
    return since_us > kSealedLimitUs || (since_us > kSettledUs && is_sealed_until(view_, page.to_us + kSettledUs / 2));
  }

  PageSeen pending_of(const PageSeen& page) const {
    PageSeen pending = page;
    std::erase_if(pending.facts, [this](const FactSeen& fact) { return !fact.opened || done_.contains(fact.seq) || view_.is_corroborated(fact.seq); });
    return pending;
  }

  Result<void> look_at(const PageSeen& page, const std::function<void(const Json&)>& tell) {
    std::vector<std::pair<std::string, Outcome>> outcomes;
    const auto looked = corroborator_.page(view_, page, [&](const FactSeen& fact, const Outcome& outcome) -> Result<void> {
      TRY(append("corroboration", body_of(fact, outcome)));
      done_.insert(fact.seq);
      outcomes.emplace_back(fact.name, outcome);
      return {};
    });
    TRY(looked);
    std::int64_t agree = 0;
    for (const auto& [name, outcome] : outcomes) agree += outcome.agrees() ? 1 : 0;
    for (const Finding& finding : findings_of(outcomes))
      TRY(append("finding", {{"code", finding.code}, {"severity", finding.severity}, {"page", page.page}, {"count", finding.count}}));
    totals_.pages += 1;
    totals_.facts += static_cast<std::int64_t>(outcomes.size());
    totals_.agree += agree;
    tell({{"event", "page"}, {"page", page.page}, {"facts", outcomes.size()}, {"agree", agree}});
    return {};
  }

  // In the chain while it is open, else in the books.
  Result<void> append(const std::string& type, const Json& body) {
    if (!view_.closed() && !gone_) {
      const auto receipt = ledger_.append(order_.recording, type, body);
      if (receipt.ok()) return {};
      if (receipt.error().kind != ErrorKind::not_found) return Error(receipt.error()).with("recording what was found");
      gone_ = true;
    }
    return append_to_books(type, body);
  }

  Result<void> append_to_books(const std::string& type, Json body) {
    const InBooks books = TRY(look_into_books(disk_, order_.data, order_.recording));
    if (books.cases.empty()) return unbooked(order_.recording);
    body["recording"] = order_.recording;
    if (type == "finding") body.erase("page");  // of a book's finding the format has none
    for (const std::string& book : books.cases) TRY(ledger_.book_append(book, type, "box", body));
    return {};
  }

  const FileSystem& disk_;
  const FollowOrder& order_;
  LedgerClient ledger_;
  Corroborator& corroborator_;
  RecordingView view_;
  std::set<std::int64_t> done_;
  FollowTotals totals_;
  bool gone_ = false;  // the ledger has it no longer open
  int turns_ = 0;
};

}  // namespace

Json body_of(const FactSeen& fact, const Outcome& outcome) {
  Json body = {{"page", fact.page}, {"name", fact.name}, {"fact", fact.seq}, {"agrees", outcome.agrees()}, {"pixels", word_of(outcome.pixels.answer)},
               {"dom", word_of(outcome.dom.answer)}, {"network", word_of(outcome.network.answer)}};
  if (!outcome.sight.has_value()) return body;
  const Sight& sight = *outcome.sight;
  body["source"] = sight.source;
  body["segment"] = sight.segment;
  body["pts"] = sight.pts;
  body["rect"] = {sight.rect.x, sight.rect.y, sight.rect.width, sight.rect.height};
  return body;
}

Result<FollowTotals> follow(const FileSystem& disk, const FollowOrder& order, Corroborator& corroborator, const std::function<bool()>& stop,
                            const std::function<void(int wait_ms)>& wait, const std::function<void(const Json&)>& tell) {
  auto ledger = TRY(LedgerClient::connect(order.ledger));
  Follower follower(disk, order, std::move(ledger), corroborator);
  TRY(follower.start());
  tell({{"event", "ready"}});
  bool over = false;
  while (!over && !stop()) {
    over = TRY(follower.turn(false, stop, tell));
    if (!over && !stop()) wait(kWaitMs);
  }
  if (!over) TRY(follower.turn(true, stop, tell));
  return follower.totals();
}

}  // namespace netsampler::corroborate
