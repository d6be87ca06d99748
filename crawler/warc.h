// WARC 1.1 (ISO 28500:2017) of one page: what the browser sent and received.
//
// The browser hands bodies over with content and transfer coding removed, and HTTP/2 and 3 without a header block. So each block is
// an HTTP/1.1 message made from status, headers and body: the headers that no longer fit (Content-Encoding, Transfer-Encoding,
// Content-Length) stand as X-Orig-…, Content-Length is the body's; the protocol spoken stands in WARC-Protocol. Values of
// Cookie, Set-Cookie, Authorization and of other headers and parameters that carry tokens, bodies of requests, and wherever they stand
// (addresses, headers, bodies of responses: WARC-Body-Masked says how often) the page's `secrets` are withheld before any digest is
// computed; a last metadata record lists "withheld: what address". Each record is a gzip member. A body that is not there has
// WARC-Truncated: length (beyond the page's bound), disconnect (the load broke off) or unspecified (withheld, or the browser had
// it no more). Text that the browser turned into UTF-8 from another charset has the member WARC-Body-Converted-From. A request
// without an answer is followed by a metadata record that says why. Certificates are resource records.
#pragma once
#include <string>

#include "crawler/archive.h"

namespace netsampler {

inline constexpr std::size_t kWarcPart_bytes = 30u << 20;  // with one more body of 24 MiB still a file that the ledger takes

// Records, in this order: warcinfo; for each exchange response, request, metadata; certificates; what was left out. One file, or
// several where it grows beyond `part_bytes` (compressed): each begins with a warcinfo, and no exchange is cut.
Result<std::vector<Bytes>> warc_of(const PageArchive& page, const std::string& software, std::size_t part_bytes = kWarcPart_bytes);
// "2026-11-22T13:40:00.123456Z"
std::string warc_date(std::int64_t utc_us);

}  // namespace netsampler
