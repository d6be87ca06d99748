// The words that records carry in one member, as an officer reads them. A record keeps the short word (it is stable, and a reader takes any);
// these tables are for reports, command line and console. What a table does not know is shown as it stands.
#pragma once
#include <string>
#include <string_view>

namespace netsampler {

enum class Told {
  gap,           // cause of a `gap`
  finding,       // code of a `finding`
  interruption,  // cause of a book's `finding` of code interrupted
};

std::string told_words(Told what, std::string_view word, bool zh);

}  // namespace netsampler
