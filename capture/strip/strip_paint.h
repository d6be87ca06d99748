// What the strip and the preparation window show, painted into memory (cairo and pango stay in strip_paint.cc).
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "capture/strip/beacon_code.h"

namespace netsampler::capture {

// One line of the preparation page, and whether an officer should look twice.
enum class Tone { plain, doubtful, bad };
struct PageLine {
  std::string label, value;
  Tone tone = Tone::plain;
};

// What the box knows of its clock and chain at a moment; from the ledger's status.
struct BoxState {
  bool answered = false;             // the ledger gave a status within its time
  int unanswered = 0;                // polls in a row without an answer
  std::string broken;                // why the ledger can seal nothing more on this chain; empty: it can
  std::string kind;                  // of this recording: "purchase", …
  std::string head;                  // of the chain, 64 hex
  std::string box_id;                // SHA-256 of the box's key, hex
  std::int64_t segments = 0;         // of this recording, sealed: the first one confirms it
  std::vector<PageLine> environment;  // the browser's check of its surroundings; empty: it has not reported yet
  std::string beacon;                // of the newest time stamp, 64 hex; empty: there is none yet
  BeaconModules beacon_modules;      // its QR code; empty: none
  std::string clock_state;           // synchronised, holdover, unsynchronised, stepped; empty: not known
  std::int64_t error_us = -1;        // -1: not known
  std::int64_t limit_us = -1;        // of the error, by the box's configuration; -1: not known
  std::int64_t offset_us = 0;
  std::int64_t stratum = -1;
  struct Server {
    std::string name;
    bool ok = false;
    std::int64_t offset_us = 0, delay_us = 0, stratum = 0, dispersion_us = 0;
    std::string why;  // there is no answer
  };
  std::vector<Server> servers;
};

struct StripText {
  std::int64_t utc_us = 0;
  std::string case_id, samplers;
  BoxState box;
  std::string ended_by;  // why the recording ended by itself; empty: it runs
  std::int64_t waiting_s = 0, waiting_bytes = 0;  // what the ledger has not taken for long; zeros: nothing
};

// BGRX, rows of width · 4 bytes.
struct Painting {
  int width = 0, height = 0;
  Bytes pixels;
};

// kStripHeight high; at its left end the marker of marker.h, then the cells and the QR code of strip_code.h. Dark; red where there is trouble.
Result<Painting> paint_strip(int width, const StripText& text);
// A page of sections, and the newest time stamp's QR code (may be empty) at its lower right.
Result<Painting> paint_page(int width, int height, const std::string& title, const std::vector<std::vector<PageLine>>& sections,
                            const BeaconModules& beacon);

}  // namespace netsampler::capture
