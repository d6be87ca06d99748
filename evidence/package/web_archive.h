// The page archives of one recording as one file that a replay program opens: WACZ 1.1.1 (a ZIP of WARC files, their index, a list of pages
// with text and screenshots). Derived: no record names it, the package's manifests and signature cover it, and it can be made again.
#pragma once
#include <string>
#include <vector>

#include "evidence/package/payload.h"

namespace netsampler {

// data/web/<recording>.wacz for each recording of the payload of which a page archive goes along (page*.warc.gz): what the mask leaves out is not
// in there either. `at_us` is the time that it states as its making; the same payload gives the same bytes.
std::vector<PayloadFile> web_archives(const FileSystem& disk, const Payload& payload, std::int64_t at_us, const std::string& software);

}  // namespace netsampler
