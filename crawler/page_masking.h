// What must not leave the browser, taken out of what is kept of a page: passwords typed, session cookies, tokens in addresses. The bodies of
// responses are masked by the WARC writer, with the page's `secrets`.
#pragma once
#include "crawler/archive.h"
#include "evidence/base/json.h"

namespace netsampler {

// Values of password fields in a DOMSnapshot → '*', and `secrets` knows them; then every string that holds a secret is masked.
void mask_snapshot(Json& snapshot, Secrets& secrets);
// Address, title, and the addresses of all exchanges; `secrets` learns the session's tokens, and the page takes them along.
void mask_page(PageArchive& page, Secrets& secrets);

}  // namespace netsampler
