// One recording's facts, each held against pictures, DOM and network. Reads only; the same recording gives the same answers. One thread.
#pragma once
#include <functional>
#include <map>
#include <memory>

#include "evidence/corroborate/answer.h"
#include "evidence/corroborate/bodies.h"
#include "evidence/corroborate/place.h"
#include "evidence/corroborate/recording_view.h"
#include "evidence/vision/text.h"

namespace netsampler::corroborate {

struct Finding {
  std::string code, severity;  // shown-not-served, picture-differs; notes both
  std::int64_t count = 0;      // facts that it is about
};

class Corroborator {
 public:
  // `reader` none: nothing is read in pictures (not-applicable, no-reader).
  explicit Corroborator(TextReader* reader) : reader_(reader) {}
  // One outcome for each fact of the page whose value is not withheld, in order.
  using Each = std::function<Result<void>(const FactSeen& fact, const Outcome& outcome)>;
  Result<void> page(const RecordingView& recording, const PageSeen& page, const Each& each);

 private:
  struct Material;
  Material material_of(const RecordingView& recording, const PageSeen& page);
  void show(const RecordingView& recording, const PageSeen& page, Material& material);
  Said pixels(const FactSeen& fact, const Material& material, Outcome& outcome);
  using Held = std::shared_ptr<const Bodies>;
  std::vector<Held> bodies_for(const RecordingView& recording, const PageSeen& page);
  Held bodies_of_page(const RecordingView& recording, const PageSeen& page);

  TextReader* reader_;
  std::optional<Place> last_place_;
  std::map<std::int64_t, Held> bodies_;  // by page, of the recording worked on; a few
  std::string recording_;
};

// What of a page's outcomes an officer must hear of, from their facts and outcomes.
std::vector<Finding> findings_of(const std::vector<std::pair<std::string, Outcome>>& outcomes);

}  // namespace netsampler::corroborate
