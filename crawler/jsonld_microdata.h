// Microdata (itemscope, itemprop) and Open Graph metas as schema.org objects.
#pragma once
#include <vector>

#include "crawler/jsonld.h"

namespace netsampler {

void read_microdata(const Page& page, std::vector<StructuredItem>& items);
// Of og:type product only; its title, price and currency.
void read_open_graph(const Page& page, std::vector<StructuredItem>& items);

}  // namespace netsampler
