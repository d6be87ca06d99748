// A page archive as files and as records: what stands under pages/<n>/, and the public and private members of its `page` record.
#pragma once
#include <string>
#include <vector>

#include "crawler/archive.h"
#include "crawler/facts.h"

namespace netsampler {

struct ArchiveFile {
  // page.warc.gz (page-2.warc.gz …), page.json; dom.json, page.mhtml.gz, screenshot.png where the page could still be seen; messages.jsonl, download.bin where
  // there are any
  std::string name;
  Bytes bytes;
};
Result<std::vector<ArchiveFile>> archive_files(const PageArchive& page, const std::string& software);

// Facts of the archived page, from its snapshot alone. No snapshot, or one that no reader understands: kind "other", no facts.
Facts facts_of(const PageArchive& page);

Json page_record(const PageArchive& page, std::int64_t number, const std::string& kind);
Json page_private(const PageArchive& page);  // url, title
Json fact_record(const Fact& fact, std::int64_t page_number, const std::string& kind);
Json fact_private(const Fact& fact);  // value, raw

}  // namespace netsampler
