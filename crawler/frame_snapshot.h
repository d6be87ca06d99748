// One snapshot of a tab whose frames live in several processes: the browser gives one answer of DOMSnapshot.captureSnapshot a process,
// and a reader wants one (dom.json). Pure.
#pragma once
#include <string>
#include <vector>

#include "evidence/base/json.h"

namespace netsampler {

struct FrameSnapshot {
  std::string session, parent_session;  // of the frame, and of the document that holds its element
  std::int64_t owner_node = 0;          // backend id of that element in its own process; 0: not known
  Json snapshot;
};

// Appends the documents of each part (a frame before those inside it) to `whole`, whose own documents are of session `main`: their strings
// behind the others, their numbers moved accordingly, contentDocumentIndex of the element that holds them set where it is found. A part
// that is no snapshot is left out. Gives how many were joined.
int join_frames(Json& whole, const std::string& main, std::vector<FrameSnapshot> parts);

}  // namespace netsampler
