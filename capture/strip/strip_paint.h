// What the strip and the preparation window show, painted into memory (cairo and pango stay in strip_paint.cc).
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "capture/strip/beacon_code.h"

namespace netsampler::capture {

// What the box knows of its clock and chain at a moment; from the ledger's status.
struct BoxState {
  bool answered = false;             // the ledger gave a status within its time
  int unanswered = 0;                // polls in a row without an answer
  std::string broken;                // why the ledger can seal nothing more on this chain; empty: it can
  std::string kind;                  // of this recording: "purchase", …
  std::string head;                  // of the chain, 64 hex
  std::string beacon;                // of the newest time stamp, 64 hex; empty: there is none yet
  BeaconModules beacon_modules;      // its QR code; empty: none
  std::string clock_state;           // synchronised, holdover, unsynchronised, stepped; empty: not known
  std::int64_t error_us = -1;        // -1: not known
  std::int64_t offset_us = 0;
  std::int64_t stratum = -1;
  struct Server {
    std::string name;
    bool ok = false;
    std::int64_t offset_us = 0, delay_us = 0, stratum = 0;
  };
  std::vector<Server> servers;
};

struct StripText {
  std::int64_t utc_us = 0;
  std::string case_id, samplers;
  BoxState box;
  std::string ended_by;  // why the recording ended by itself; empty: it runs
};

struct Preparation {
  StripText now;
  std::string recording, version, software_sha256;
};

// BGRX, rows of width · 4 bytes.
struct Painting {
  int width = 0, height = 0;
  Bytes pixels;
};

// What the officer must be told at once, in one line, and the strip turns red for: the recording ended by itself, the chain takes
// nothing more, or the ledger is silent (a single poll without an answer is a busy box, not trouble). Empty: none.
std::string trouble_of(const StripText& text);
// kStripHeight high; at its left end the marker of marker.h, then the cells and the QR code of strip_code.h. Dark; red where there is trouble.
Result<Painting> paint_strip(int width, const StripText& text);
Result<Painting> paint_preparation(int width, int height, const Preparation& text);

// "±12 ms", "±0.4 ms"; "误差未知" where it is not known (negative, or an hour and more).
std::string error_text(std::int64_t error_us);
// 已同步 / 保持 / 未同步 / 跳变.
std::string clock_state_text(const std::string& state);

}  // namespace netsampler::capture
