#include "crawler/licence_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "crawler/dom_text.h"
#include "crawler/licence_qr.h"
#include "crawler/licence_sheet.h"
#include "evidence/vision/clean.h"

namespace netsampler {
namespace {

constexpr const char* kCodeCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr int kScatteredLines = 100;  // the number of the first line of the second reading
constexpr int kMargin = 12;  // pixels of white around a line: the engine wants some

// A treatment of one line: how the picture is cleaned and how high its characters become.
struct Treatment {
  Cleaning cleaning;
  int height;  // pixels
};
constexpr std::array<Treatment, 4> kTreatments{{{Cleaning::no_red, 36}, {Cleaning::even, 30}, {Cleaning::strict, 44}, {Cleaning::no_red, 52}}};

// Little on the left, where the caption ends; more on the right, where a last character may have been missed.
Rect with_room(const Rect& rect) {
  const int height = rect.height;
  return {rect.x - height / 4, rect.y - height / 3, rect.width + height, rect.height + 2 * (height / 3)};
}

std::string letters_and_digits(std::string_view text) {
  std::string out;
  for (const char c : fold(text))
    if (is_ascii_alnum(c)) out += c;
  return out;
}

Result<std::string> read_line(TextReader& reader, const Picture& gray, const Rect& rect, int wanted_height) {
  const double factor = std::clamp(static_cast<double>(wanted_height) / std::max(1, rect.height), 0.3, 4.0);
  const Picture line = TRY(magnified(gray.view(), with_room(rect), factor, kMargin));
  const TextFound found = TRY(reader.read(line.view(), {0, 0, line.width, line.height}, TextLayout::line));
  return found.text;
}

using Cleaned = std::map<Cleaning, Picture>;

Result<Cleaned> clean_all(const LevelSheet& sheet) {
  Cleaned all;
  for (const Cleaning each : {Cleaning::even, Cleaning::no_red, Cleaning::strict}) all[each] = TRY(cleaned(sheet.colours.view(), each));
  return all;
}

// What the payloads say; the first that is a licence's, else the first of all, is given out.
LicenceQr believe(const std::vector<std::string>& payloads, Licence& licence) {
  LicenceQr believed;
  for (const std::string& payload : payloads) {
    LicenceQr qr = read_licence_qr(payload);
    if (licence.qr.empty() || (qr.of_a_licence && !believed.of_a_licence)) licence.qr = payload.substr(0, kQrTextLimit);
    if (qr.of_a_licence && !believed.of_a_licence) believed = std::move(qr);
  }
  if (believed.hidden_characters)
    licence.warnings.push_back("二维码中的名称含有不可见字符 the name in the QR code has characters that cannot be seen");
  return believed;
}

// The code's number stands against the printed one: both are kept, neither is chosen.
void weigh(const std::string& from_code, LicenceNumber& number, Licence& licence) {
  if (from_code.empty()) return;
  const auto keep = [&number](const std::string& value) {
    if (!value.empty() && std::find(number.candidates.begin(), number.candidates.end(), value) == number.candidates.end())
      number.candidates.push_back(value);
  };
  if (number.valid && number.value != from_code) {
    keep(std::exchange(number.value, ""));
    keep(from_code);
    number.valid = false;
    number.confidence = 0;
    licence.warnings.push_back("二维码与印刷的号码不一致 the QR code and the print give different numbers: " + from_code);
    return;
  }
  if (!number.valid) keep(std::exchange(number.value, ""));
  number.value = from_code;
  number.valid = true;
  number.confidence = 99;
  std::erase(number.candidates, from_code);
}

void warn_of_numbers(Licence& licence) {
  for (const LicenceNumber* each : {&licence.uscc, &licence.registration_number, &licence.food_licence}) {
    if (!each->value.empty() && !each->valid)
      licence.warnings.push_back("号码校验位不符，按原样记录 the number fails its check digit and is kept as it was read: " + each->value);
    if (each->value.empty() && !each->candidates.empty())
      licence.warnings.push_back("号码有多种读法，均未采用 the number can be read in several ways, none was chosen: " + each->type);
  }
}

struct NameReading {
  std::string text;
  int votes = 0;
};

void vote(std::vector<NameReading>& readings, const std::string& text, int votes) {
  if (code_points(text) < 3) return;
  const auto same = std::find_if(readings.begin(), readings.end(), [&](const NameReading& each) { return each.text == text; });
  if (same == readings.end()) readings.push_back({text, votes});
  else same->votes += votes;
}

// A cell that ends as a company's name does, where the caption could not be read.
std::optional<LicenceField> name_without_caption(const std::vector<LicenceRow>& rows) {
  for (const LicenceRow& row : rows)
    for (const LicenceRow& cell : cells_of(row)) {
      const LicenceField field = field_of(cell, "name");
      const bool of_company = ends_as_a_name(field.value) && field.value.ends_with("公司") && code_points(field.value) < 30;
      if (of_company && field.value.find("责任公司（") == std::string::npos && !field.value.starts_with("有限") && !field.value.starts_with("股份")) return field;
    }
  return std::nullopt;
}

Result<void> read_name(TextReader& chinese, const Cleaned& pictures, const LicenceField& field, Licence& licence) {
  std::vector<NameReading> readings;
  vote(readings, field.value, 2);  // the whole sheet's reading knew the lines around
  const bool one_line = code_points(field.value) * static_cast<std::size_t>(field.rect.height) < 3 * static_cast<std::size_t>(field.rect.width);
  if (one_line)
    for (const Treatment& each : kTreatments) {
      const std::string read = TRY(read_line(chinese, pictures.at(each.cleaning), field.rect, each.height));
      vote(readings, licence_name(read), 1);
    }
  for (NameReading& each : readings) each.votes = each.votes * 2 + ends_as_a_name(each.text);
  const auto best = std::max_element(readings.begin(), readings.end(), [](const NameReading& a, const NameReading& b) { return a.votes < b.votes; });
  if (best == readings.end()) return {};
  int all = 0;
  for (const NameReading& each : readings) all += each.votes;
  licence.name = best->text;
  licence.name_confidence = field.confidence * best->votes / std::max(1, all);
  return {};
}

using Lines = std::vector<NumberLine>;

// Each line as the sheet's reading had it and from five treatments; appended under the line's number from `first` on.
Result<void> read_lines(TextReader& chinese, TextReader& latin, const Cleaned& pictures, const Lines& lines, int first, std::vector<NumberReading>& readings) {
  for (const NumberLine& each : lines) {
    readings.push_back({each.text, first});
    for (const Treatment& treatment : kTreatments) {
      const std::string read = TRY(read_line(latin, pictures.at(treatment.cleaning), each.rect, treatment.height));
      readings.push_back({letters_and_digits(read), first});
    }
    const std::string read = TRY(read_line(chinese, pictures.at(Cleaning::even), each.rect, 40));
    readings.push_back({letters_and_digits(read), first});
    ++first;
  }
  return {};
}

void judge_numbers(const std::vector<NumberReading>& readings, Licence& licence) {
  licence.uscc = judge_uscc(readings);
  licence.registration_number = judge_registration_number(readings);
  licence.food_licence = judge_food_licence(readings);
}

bool has_number(const Licence& licence) { return licence.uscc.valid || licence.registration_number.valid; }

struct PrintedFields {
  std::optional<LicenceField> name;
  std::vector<LicenceField> others;

  // What is not known yet.
  void add(const std::vector<LicenceRow>& rows) {
    for (LicenceField& field : licence_fields(rows)) {
      if (field.name == "number") continue;
      if (field.name == "name") {
        if (!name && code_points(field.value) >= 3) name = std::move(field);
        continue;
      }
      const bool known = std::any_of(others.begin(), others.end(), [&](const LicenceField& each) { return each.name == field.name; });
      if (!known) others.push_back(std::move(field));
    }
    if (!name) name = name_without_caption(rows);
  }
};

}  // namespace

Result<LicenceReader> LicenceReader::open() {
  TextReader chinese = TRY(TextReader::open("chi_sim"));
  TextReader latin = TRY(TextReader::open("eng"));
  latin.allow_only(kCodeCharacters);
  return LicenceReader(std::move(chinese), std::move(latin));
}

Result<Licence> LicenceReader::read(const Picture& picture) {
  Licence licence;
  const LevelSheet sheet = TRY(level_sheet(chinese_, picture));
  const auto payloads = TRY(qr_payloads(picture, sheet));
  const LicenceQr qr = believe(payloads, licence);
  const Cleaned pictures = TRY(clean_all(sheet));
  std::vector<NumberReading> readings;
  PrintedFields printed;
  TRY(read_lines(chinese_, latin_, pictures, number_lines(sheet.rows), 0, readings));
  judge_numbers(readings, licence);
  printed.add(sheet.rows);
  if (!printed.name || !has_number(licence)) {
    const auto scattered = TRY(scattered_rows(chinese_, sheet));
    if (!has_number(licence)) TRY(read_lines(chinese_, latin_, pictures, number_lines(scattered), kScatteredLines, readings));
    judge_numbers(readings, licence);
    printed.add(scattered);
  }
  weigh(qr.uscc, licence.uscc, licence);
  weigh(qr.registration_number, licence.registration_number, licence);
  if (printed.name) TRY(read_name(chinese_, pictures, *printed.name, licence));
  licence.fields = std::move(printed.others);
  if (!qr.name.empty()) {
    licence.name = qr.name;
    licence.name_confidence = 99;
  }
  warn_of_numbers(licence);
  return licence;
}

}  // namespace netsampler
