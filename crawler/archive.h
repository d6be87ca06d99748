// What the browser showed and what the network brought, as one value: the input of the WARC writer, of the extractor and of the
// ledger. Made by BrowserSession when a page is quiet, left or closed; nothing in it refers to the live browser.
#pragma once
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "crawler/body.h"
#include "crawler/secrets.h"

namespace netsampler {

// The computedStyles asked of DOMSnapshot.captureSnapshot, in this order: layout.styles[i] of dom.json has one string index each.
inline constexpr std::array<const char*, 4> kSnapshotStyles = {"display", "visibility", "text-decoration-line", "font-size"};

using Headers = std::vector<std::pair<std::string, std::string>>;  // in the order given, names as given

// How much of a body is there.
enum class BodyState {
  exact,      // the bytes served, content coding removed
  converted,  // text that the browser had already turned from another charset into UTF-8 (from its own memory, or an older browser)
  none,       // a response that has no body, e.g. a redirect
  too_long,   // left out: beyond the page's bound
  lost        // the browser no longer had it, or the load was broken off
};

// One request and its answer. Personal data and secrets may be in it: it goes into the page archive, never into a record.
struct Exchange {
  std::string url, method = "GET", type;  // type as the protocol names it: Document, Image, XHR …
  Headers request_headers, response_headers;
  bool has_request_body = false;
  int status = 0;  // 0: no answer came
  std::string status_text, mime, charset, protocol, remote_ip;
  std::string failure;  // "net::ERR_…" where it failed
  std::int64_t at_utc_us = 0;  // when the request left
  BodyState body_state = BodyState::none;
  Body body;
  bool url_masked = false;  // a token stood in it
};

struct PageArchive {
  std::int64_t from_us = 0, to_us = 0;  // BOOTTIME: first sight of this state, moment of the snapshot
  std::int64_t at_utc_us = 0;           // wall clock of to_us
  std::string url, title;               // fragment included; private
  int status = 0;                       // HTTP status of the document; 0: it did not come over HTTP, or failed
  std::string failure;                  // "net::ERR_…" of the document
  std::string ended;                    // quiet, bound (not quiet in time), left, closed, crashed, download (a file, no page: title is its name)
  std::int64_t tab = 0, opener = 0;     // number of the tab in this recording, from 1, and of the one that opened it; 0: not known
  std::string snapshot;                 // dom.json: the result of DOMSnapshot.captureSnapshot; empty where the page was gone
  std::string mhtml;                    // Page.captureSnapshot: the DOM as HTML, its frames, style sheets and pictures; may be empty
  bool mhtml_withheld = false;          // a secret stood in it
  Bytes screenshot;                     // PNG of the viewport; empty where the page was gone
  std::vector<Exchange> exchanges;
  std::string messages;                 // messages.jsonl (page_talk.h)
  Bytes download;                       // of a file that was downloaded
  std::vector<Bytes> certificates;      // DER, the server's own first; empty without TLS
  Secrets secrets;                      // still to be masked in the bodies
};

// "https://shop.example:8443" of a URL; "about:" or the like where it has no host.
std::string origin_of(const std::string& url);

}  // namespace netsampler
