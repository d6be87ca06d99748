// PageWatch, the procedure of one look: snapshot → is it new? → picture, certificate → bodies that are still coming → archive.
#include <algorithm>

#include "crawler/page_masking.h"
#include "crawler/page_watch.h"

namespace netsampler {
namespace {

constexpr int kFailedLooksLimit = 3;
constexpr std::int64_t kUnseenAtOnce = 32, kUnseenEvery_us = 500'000;
constexpr std::size_t kOriginLimit = 64, kChainLimit = 8;

std::vector<Bytes> certificates_in(const Json& reply) {
  std::vector<Bytes> chain;
  const auto names = reply.find("tableNames");
  if (names == reply.end() || !names->is_array()) return chain;
  for (const Json& text : *names)
    if (text.is_string() && chain.size() < kChainLimit)
      if (auto der = from_base64(text.get<std::string>()); der.ok()) chain.push_back(der.take());
  return chain;
}

// A snapshot asked for while the page was being left may be of the next one already.
bool shows(const PageSignature& signature, const std::string& url) {
  return without_fragment(signature.url) == without_fragment(url) || signature.url.rfind("chrome-error://", 0) == 0;
}

}  // namespace

void PageWatch::look(const std::string& ended) {
  auto look = std::make_shared<Look>();
  look->ended = ended;
  look->document = document_;
  if (document_.recorded && quiet_.since_us() != 0) look->document.from_us = quiet_.since_us();
  look_ = look;
  quiet_.looking();
  frames_.snapshot([self = weak_from_this(), look](Result<Json> reply) {
    if (const auto watch = self.lock()) watch->on_snapshot(look, std::move(reply));
  });
}

void PageWatch::on_snapshot(const std::shared_ptr<Look>& look, Result<Json> reply) {
  auto signature = reply.ok() ? signature_of(*reply) : Result<PageSignature>(reply.error());
  const bool same_page = document_.loader_id == look->document.loader_id;
  if (!signature.ok() || !shows(*signature, look->document.url)) return look_failed(look);
  Seen seen = look->document.recorded ? compare(look->document.last, *signature) : Seen::news;
  if (same_page) seen = quiet_.looked(clock_.boot_us(), seen);
  if (seen == Seen::nothing_new) {
    look_.reset();
    if (look->ended == "closed") record_late();
    return;
  }
  look->signature = signature.take();
  look->page.to_us = clock_.boot_us();
  look->page.at_utc_us = clock_.utc_us();
  look->page.title = look->signature.title;
  mask_snapshot(*reply, secrets_);
  look->page.snapshot = print(*reply);
  look->steps_left = 3;
  take_picture(look);
  save_page(look);
  ask_certificate(look);
}

void PageWatch::take_picture(const std::shared_ptr<Look>& look) {
  client_.call(session_, "Page.captureScreenshot", {{"format", "png"}}, [self = weak_from_this(), look](const Result<Json>& reply) {
    const auto watch = self.lock();
    if (watch == nullptr) return;
    // A picture that came after the next document was committed may show that one.
    const bool same_page = watch->document_.loader_id == look->document.loader_id && !watch->gone_;
    auto picture = reply.ok() && same_page ? from_base64(string_or(*reply, "data", "")) : Result<Bytes>(Bytes());
    if (picture.ok()) look->page.screenshot = picture.take();
    watch->step_done(look);
  });
}

// As the browser itself saves a page: no script runs, what was typed is not in it.
void PageWatch::save_page(const std::shared_ptr<Look>& look) {
  client_.call(session_, "Page.captureSnapshot", {{"format", "mhtml"}}, [self = weak_from_this(), look](const Result<Json>& reply) {
    const auto watch = self.lock();
    if (watch == nullptr) return;
    const bool same_page = watch->document_.loader_id == look->document.loader_id && !watch->gone_;
    if (reply.ok() && same_page) look->page.mhtml = string_or(*reply, "data", "");
    watch->step_done(look);
  });
}

void PageWatch::ask_certificate(const std::shared_ptr<Look>& look) {
  const std::string origin = origin_of(look->document.url);
  const auto known = certificates_.find(origin);
  if (known != certificates_.end() || origin.rfind("https://", 0) != 0) {
    if (known != certificates_.end()) look->page.certificates = known->second;
    return step_done(look);
  }
  client_.call(session_, "Network.getCertificate", {{"origin", origin}},
               [self = weak_from_this(), look, origin](const Result<Json>& reply) {
                 const auto watch = self.lock();
                 if (watch == nullptr) return;
                 if (reply.ok()) look->page.certificates = certificates_in(*reply);
                 const bool keep = !look->page.certificates.empty() && watch->certificates_.size() < kOriginLimit;
                 if (keep) watch->certificates_[origin] = look->page.certificates;
                 watch->step_done(look);
               });
}

void PageWatch::step_done(const std::shared_ptr<Look>& look) {
  --look->steps_left;
  finish_look();
}

// Bodies that are asked for come within the time of a reply, or are told as lost: this always ends.
void PageWatch::finish_look() {
  if (look_ == nullptr || look_->page.snapshot.empty() || look_->steps_left > 0 || traffic_.bodies_wait()) return;
  const auto look = std::exchange(look_, nullptr);
  look->page.ended = look->ended;
  emit(std::move(look->page), look->document);
  if (document_.loader_id != look->document.loader_id) return;
  document_.recorded = true;
  document_.last = look->signature;
  failed_looks_ = 0;
}

void PageWatch::look_failed(const std::shared_ptr<Look>& look) {
  look_.reset();
  const bool same_page = document_.loader_id == look->document.loader_id;
  if (same_page) quiet_.looked(clock_.boot_us(), Seen::failed);
  const bool last_chance = look->ended == "closed" || gone_ || !same_page || ++failed_looks_ >= kFailedLooksLimit;
  if (look->document.recorded || !last_chance) return;
  record_unseen(look->document, same_page ? look->ended : "left");
  if (same_page) document_.recorded = true;
}

void PageWatch::record_unseen(const Document& document, const std::string& ended) {
  if (!is_web_page(document.url) || !may_record_unseen()) return;
  PageArchive page;
  page.ended = ended;
  page.to_us = clock_.boot_us();
  page.at_utc_us = clock_.utc_us();
  emit(std::move(page), document);
}

// The tab ends, and what the network brought behind its last record has no next one to go into.
void PageWatch::record_late() {
  if (traffic_.has_finished() || talk_.waits()) record_unseen(document_, "closed");
}

// A page that leads to the next one every few milliseconds would fill the chain: 32 such records at once, then two a second; the rest is
// counted, and its responses go into the record that comes next.
bool PageWatch::may_record_unseen() {
  const std::int64_t now_us = clock_.boot_us(), more = (now_us - unseen_at_us_) / kUnseenEvery_us;
  if (unseen_at_us_ == 0 || more > 0) {
    unseen_left_ = unseen_at_us_ == 0 ? kUnseenAtOnce : std::min(kUnseenAtOnce, unseen_left_ + more);
    unseen_at_us_ = now_us;
  }
  if (unseen_left_ == 0) ++unseen_skipped_;
  return unseen_left_ > 0 && unseen_left_-- > 0;
}

void PageWatch::emit(PageArchive page, const Document& document) {
  page.url = document.url;
  page.from_us = document.from_us;
  page.status = traffic_.status_of(document.loader_id);
  page.failure = traffic_.failure_of(document.loader_id);
  const std::string other = document.loader_id == document_.loader_id ? next_loader_ : document_.loader_id;
  page.exchanges = traffic_.take(other, page.ended == "closed");
  mask_page(page, secrets_);
  page.messages = talk_.take();
  secrets_.mask(page.messages);
  page.tab = place_.number;
  page.opener = place_.opener;
  const std::int64_t skipped = std::exchange(unseen_skipped_, 0);
  if (skipped > 0) hooks_.finding("pages-not-seen", "note", {{"tab", place_.number}, {"count", skipped}});
  hooks_.page(std::move(page));
}

}  // namespace netsampler
