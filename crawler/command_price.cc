// netsampler-crawl price: one price text a line in, one JSON object a line out.
#include <iostream>

#include "crawler/command.h"
#include "crawler/price.h"

namespace netsampler {
namespace {

constexpr std::size_t kMaxLineBytes = 64 * 1024;

enum class Line { read, end, too_long };

// Never holds more than the bound, however long the line.
Line next_line(std::istream& in, std::string& line) {
  line.clear();
  for (int c = in.get(); c != std::istream::traits_type::eof(); c = in.get()) {
    if (c == '\n') return Line::read;
    if (line.size() == kMaxLineBytes) return Line::too_long;
    line += static_cast<char>(c);
  }
  return line.empty() ? Line::end : Line::read;
}

Result<int> run_price(std::istream& in, std::ostream& out) {
  std::string line;
  for (std::size_t number = 1;; ++number) {
    const Line got = next_line(in, line);
    if (got == Line::too_long)
      return fail(ErrorKind::invalid, "line " + std::to_string(number) + " of the input is longer than " +
                                          std::to_string(kMaxLineBytes) + " bytes: give one price text a line");
    if (got == Line::end) break;
    if (line.ends_with('\r')) line.pop_back();
    out << print(price_json(line)) << '\n';
  }
  out.flush();
  if (!out) return fail(ErrorKind::io, "standard output cannot be written: check the disk or the reader of the pipe");
  return 0;
}

}  // namespace

CommandRun add_price(CLI::App&) {
  return [] { return run_price(std::cin, std::cout); };
}

}  // namespace netsampler
