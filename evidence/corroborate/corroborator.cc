#include "evidence/corroborate/corroborator.h"

#include <algorithm>

#include "evidence/corroborate/compare.h"
#include "evidence/corroborate/dom_view.h"
#include "evidence/corroborate/expected.h"
#include "evidence/corroborate/forms.h"
#include "evidence/corroborate/frame_at.h"
#include "evidence/corroborate/network.h"
#include "evidence/corroborate/pixels.h"

namespace netsampler::corroborate {
namespace {

constexpr std::size_t kPagesBack = 8, kPagesKept = 9, kTextKept = 24u << 20;
constexpr std::int64_t kLaterLookUs = 400'000;  // the screenshot is taken just after the snapshot

std::string without_fragment(const std::string& url) { return url.substr(0, url.find('#')); }

bool has_document(const Bodies& bodies, const std::string& url) {
  return std::any_of(bodies.list.begin(), bodies.list.end(), [&](const Body& body) { return !url.empty() && without_fragment(body.url) == without_fragment(url); });
}

bool is_archive(const std::string& name) { return name.starts_with("page") && (name.ends_with(".warc.gz") || name.ends_with(".warc")); }

// A fact without a place on the page (structured data): anywhere in the snapshot.
Said look_anywhere(const DomView& dom, const Expected& expected) {
  if (expected.form == Form::money) {
    const Answer answer = compare_exact(expected, dom.all_text());
    return {answer == Answer::agrees ? answer : Answer::not_found, "", ""};
  }
  const bool found = dom.has_anywhere(folded(expected.text));
  return {found ? Answer::agrees : Answer::not_found, found ? "" : "not-in-dom", ""};
}

Said look_in_dom(const DomView& dom, const FactSeen& fact, const Expected& expected) {
  if (!fact.rect.has_value() || expected.form == Form::address) return look_anywhere(dom, expected);
  std::string text;
  for (const TextLine& line : dom.lines_in(*fact.rect)) text += (text.empty() ? "" : "\n") + line.text;
  const Answer answer = compare_exact(expected, text);
  return {answer, answer == Answer::agrees ? "" : text.empty() ? "no-text" : "other-text", text};
}

}  // namespace

struct Corroborator::Material {
  std::optional<DomView> dom;
  std::optional<GrayPicture> screenshot;
  std::optional<Picture> picture;
  std::optional<Place> place;
  std::string why = "no-picture";
  std::vector<std::shared_ptr<const Bodies>> held;
  std::vector<const Bodies*> bodies;  // those
};

Corroborator::Held Corroborator::bodies_of_page(const RecordingView& recording, const PageSeen& page) {
  if (const auto known = bodies_.find(page.page); known != bodies_.end()) return known->second;
  Bodies bodies;
  bool any = false;
  for (const auto& [name, file] : page.files) {
    if (!is_archive(name)) continue;
    any = true;
    const auto bytes = recording.read(file);
    if (!bytes.ok() || !add_bodies(*bytes, bodies).ok()) bodies.complete = false;
  }
  if (!any) bodies.complete = false;
  if (bodies_.size() == kPagesKept) bodies_.erase(bodies_.begin());
  return bodies_[page.page] = std::make_shared<const Bodies>(std::move(bodies));
}

// A page that changed in place has its bytes in the archives before: back to the one that has the document itself.
std::vector<Corroborator::Held> Corroborator::bodies_for(const RecordingView& recording, const PageSeen& page) {
  std::vector<Held> list;
  std::size_t text_bytes = 0;
  for (auto at = recording.pages().find(page.page);; --at) {
    if (at->second.origin == page.origin) {
      list.push_back(bodies_of_page(recording, at->second));
      text_bytes += list.back()->text_bytes;
      if (has_document(*list.back(), page.url) || list.size() == kPagesBack) break;
      if (text_bytes > kTextKept) {  // there would be more to look at
        list.push_back(std::make_shared<const Bodies>(Bodies{{}, false, 0}));
        break;
      }
    }
    if (at == recording.pages().begin()) break;
  }
  if (text_bytes > kTextKept / 2) bodies_.clear();  // large ones are not kept for the next page
  return list;
}

void Corroborator::show(const RecordingView& recording, const PageSeen& page, Material& material) {
  const auto file = page.files.find("screenshot.png");
  const auto png = file == page.files.end() ? Result<Bytes>(fail(ErrorKind::not_found, "")) : recording.read(file->second);
  auto screenshot = png.ok() ? read_png(*png) : Result<GrayPicture>(png.error());
  if (!screenshot.ok()) return void(material.why = "no-screenshot");
  auto pictures = pictures_at(recording, {page.to_us, page.to_us + kLaterLookUs});
  if (!pictures.ok() || pictures->empty()) return;
  material.screenshot = screenshot.take();
  material.why = "page-not-seen";
  for (Picture& picture : *pictures) {
    material.place = place_of(picture.gray, *material.screenshot, last_place_);
    if (!material.place.has_value()) continue;
    last_place_ = material.place;
    material.picture = std::move(picture);
    return;
  }
}

Corroborator::Material Corroborator::material_of(const RecordingView& recording, const PageSeen& page) {
  Material material;
  if (const auto file = page.files.find("dom.json"); file != page.files.end())
    if (const auto bytes = recording.read(file->second); bytes.ok())
      if (auto dom = DomView::read(*bytes); dom.ok()) material.dom = dom.take();
  if (reader_ != nullptr && material.dom.has_value()) show(recording, page, material);
  material.held = bodies_for(recording, page);
  for (const Held& each : material.held) material.bodies.push_back(each.get());
  return material;
}

Said Corroborator::pixels(const FactSeen& fact, const Material& material, Outcome& outcome) {
  const Expected expected = expected_of(fact.name, fact.value, fact.raw);
  if (reader_ == nullptr) return {Answer::not_applicable, "no-reader", ""};
  if (!fact.rect.has_value() || !material.dom.has_value()) return {Answer::not_applicable, "no-place", ""};
  if (expected.form == Form::address) return {Answer::not_applicable, "never-shown", ""};
  std::vector<TextLine> lines = material.dom->lines_in(*fact.rect);
  if (lines.empty()) lines.push_back({*fact.rect, ""});
  for (TextLine& line : lines) {
    line.rect.x -= material.dom->scroll_x();
    line.rect.y -= material.dom->scroll_y();
  }
  if (!material.screenshot.has_value()) return {Answer::not_applicable, material.why, ""};
  const Rect first = lines.front().rect;
  const bool outside = first.x < 0 || first.y < 0 || first.x + first.width > material.screenshot->width || first.y + first.height > material.screenshot->height;
  if (outside) return {Answer::not_applicable, "outside", ""};
  if (!material.place.has_value()) return {Answer::not_found, material.why, ""};
  Rect rect;
  Said said = look_in_picture(*reader_, {material.picture->gray, *material.screenshot, *material.place}, lines, expected, rect);
  if (said.answer != Answer::not_applicable) outcome.sight = Sight{material.picture->source, material.picture->segment, material.picture->pts, rect};
  return said;
}

Result<void> Corroborator::page(const RecordingView& recording, const PageSeen& page, const Each& each) {
  if (recording_ != recording.id()) bodies_.clear(), last_place_.reset();
  recording_ = recording.id();
  if (page.facts.empty()) return {};
  const Material material = material_of(recording, page);
  for (const FactSeen& fact : page.facts) {
    if (!fact.opened) continue;
    const Expected expected = expected_of(fact.name, fact.value, fact.raw);
    Outcome outcome;
    outcome.pixels = pixels(fact, material, outcome);
    outcome.dom = material.dom.has_value() ? look_in_dom(*material.dom, fact, expected) : Said{Answer::not_applicable, "no-archive", ""};
    const auto anchors = material.dom.has_value() && fact.rect.has_value() ? material.dom->anchors_of(*fact.rect) : std::vector<std::string>();
    outcome.network = look_in_network(expected, material.bodies, anchors);
    TRY(each(fact, outcome));
  }
  return {};
}

std::vector<Finding> findings_of(const std::vector<std::pair<std::string, Outcome>>& outcomes) {
  Finding unserved{"shown-not-served", "note", 0}, differs{"picture-differs", "note", 0};
  for (const auto& [name, outcome] : outcomes) {
    if (!is_grave(name)) continue;
    const bool in_vain = outcome.network.answer == Answer::differs || outcome.network.answer == Answer::not_found;
    if (outcome.dom.answer == Answer::agrees && in_vain) ++unserved.count;
    if (outcome.pixels.answer == Answer::differs) ++differs.count;
  }
  std::vector<Finding> list;
  for (const Finding& finding : {unserved, differs})
    if (finding.count > 0) list.push_back(finding);
  return list;
}

}  // namespace netsampler::corroborate
