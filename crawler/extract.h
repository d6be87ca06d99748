// From an archived page to facts: pure, repeatable from the archive alone; the same page and code give the same facts.
#pragma once
#include <string>

#include "crawler/dom.h"
#include "crawler/facts.h"
#include "evidence/base/file_system.h"

namespace netsampler {

// Chooses the platform by the URL's host and lets it read the page. `url` wins over page.url; either may be empty: relative
// addresses then stay absent.
Facts extract(const Page& page, const std::string& url);

// A page archive (a directory that holds dom.json), a dom.json or an HTML file. not_found where nothing is there, `invalid`
// where it is neither.
Result<Page> load_page(const FileSystem& disk, const std::string& path);

}  // namespace netsampler
