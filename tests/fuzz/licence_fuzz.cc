// Licences: characters as an engine might place them (six bytes each: character, x, y, size, line, confidence), and the same bytes as a QR code's payload
// and as readings of a number. Values are never empty, a number said to be valid passes, nothing certain is a candidate as well.
#include <algorithm>

#include "crawler/dom_text.h"
#include "crawler/licence_number.h"
#include "crawler/licence_qr.h"
#include "crawler/licence_reader.h"
#include "evidence/identifiers/identifiers.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

constexpr const char* kCharacters[] = {"名", "称", "类", "型", "住", "所", "法", "定", "代", "表", "人", "注", "册", "号", "经", "营", "范", "围", "者", "统", "一",
                                       "社", "会", "信", "用", "码", "登", "记", "机", "关", "（", ")", ":", "。", "\xff", "\xe2\x80\xae"};

std::vector<TextSymbol> symbols_from(const std::uint8_t* data, std::size_t size) {
  std::vector<TextSymbol> symbols;
  for (; size >= 6; data += 6, size -= 6) {
    const std::string text = data[0] < 128 ? std::string(1, static_cast<char>(data[0])) : kCharacters[data[0] % std::size(kCharacters)];
    symbols.push_back({text, {data[1] * 8, data[2] * 8, data[3] % 64, data[3] / 4}, data[5] % 101, data[4]});
  }
  return symbols;
}

void check(const LicenceNumber& number) {
  fuzz::require(!number.valid || check_identifier(number.type, number.value).ok(), "a valid number passes its check digit");
  fuzz::require(number.candidates.size() <= 8, "candidates are few");
  fuzz::require(number.value.empty() || std::find(number.candidates.begin(), number.candidates.end(), number.value) == number.candidates.end(),
                "the chosen number is no candidate");
}

std::vector<NumberReading> readings_from(std::string_view text) {
  std::vector<NumberReading> readings;
  while (!text.empty() && readings.size() < 64) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    readings.push_back({std::string(text.substr(0, end)), end % 3 == 0});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return readings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto rows = licence_rows(symbols_from(data, size));
  for (const LicenceField& each : licence_fields(rows)) fuzz::require(!each.value.empty() && each.confidence <= 100, "a field has a value");
  fuzz::require(number_lines(rows).size() <= 4, "number lines are few");
  (void)caption_count(rows);
  const std::string_view text = fuzz::text_from(data, size);
  const LicenceQr qr = read_licence_qr(text);
  fuzz::require(qr.uscc.empty() || check_identifier("uscc", qr.uscc).ok(), "a code's number passes");
  fuzz::require(!has_hidden_characters(qr.name), "a name has nothing hidden");
  const auto readings = readings_from(text);
  for (const auto& number : {judge_uscc(readings), judge_registration_number(readings), judge_food_licence(readings)}) check(number);
  return 0;
}
