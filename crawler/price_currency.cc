#include "crawler/price_currency.h"

#include <algorithm>
#include <array>
#include <span>

#include "crawler/dom_text.h"

namespace netsampler {
namespace {

struct Sign {
  std::string_view word, code;
};

// Before the number. Compared as they stand: "R" is a currency, "r" is not.
constexpr Sign kBefore[] = {
    {"\xc2\xa5", "CNY"}, {"CN\xc2\xa5", "CNY"}, {"RMB", "CNY"}, {"rmb", "CNY"}, {"Rmb", "CNY"}, {"CNY", "CNY"}, {"cny", "CNY"}, {"人民币", "CNY"}, {"RMB\xc2\xa5", "CNY"},
    {"CNY\xc2\xa5", "CNY"}, 
    {"US$", "USD"}, {"USD", "USD"}, {"usd", "USD"}, {"USD$", "USD"}, {"US $", "USD"}, {"USD $", "USD"}, {"U$S", "USD"}, {"$", "USD"}, {"美元", "USD"}, {"美金", "USD"},
    {"HK$", "HKD"}, {"HKD", "HKD"}, {"HKD$", "HKD"}, {"HK $", "HKD"}, {"港币", "HKD"}, {"港元", "HKD"},
    {"NT$", "TWD"}, {"NT $", "TWD"}, {"NTD", "TWD"}, {"NTD$", "TWD"}, {"TWD", "TWD"}, {"TWD$", "TWD"}, {"新台币", "TWD"}, {"台币", "TWD"}, {"新臺幣", "TWD"},
    {"MOP$", "MOP"}, {"MOP", "MOP"}, {"澳门币", "MOP"},
    {"JPY", "JPY"}, {"JP\xc2\xa5", "JPY"}, {"JPY\xc2\xa5", "JPY"}, {"日元", "JPY"}, {"日币", "JPY"},
    {"€", "EUR"}, {"EUR", "EUR"}, {"eur", "EUR"}, {"Eur", "EUR"}, {"EUR€", "EUR"}, {"Euro", "EUR"}, {"EURO", "EUR"}, {"euro", "EUR"}, {"欧元", "EUR"},
    {"£", "GBP"}, {"GBP", "GBP"}, {"gbp", "GBP"}, {"GBP£", "GBP"}, {"GB£", "GBP"}, {"UK£", "GBP"}, {"英镑", "GBP"}, {"₤", "ITL"}, {"IR£", "IEP"},
    {"A$", "AUD"}, {"AU$", "AUD"}, {"AUD", "AUD"}, {"AUD$", "AUD"}, {"AU $", "AUD"}, {"澳元", "AUD"}, {"aud", "AUD"},
    {"C$", "CAD"}, {"CA$", "CAD"}, {"CAD", "CAD"}, {"CAD$", "CAD"}, {"CDN$", "CAD"}, {"Can$", "CAD"}, {"加元", "CAD"}, {"cad", "CAD"},
    {"NZ$", "NZD"}, {"NZD", "NZD"}, {"NZD$", "NZD"}, {"S$", "SGD"}, {"SG$", "SGD"}, {"SGD", "SGD"}, {"SGD$", "SGD"}, {"新加坡元", "SGD"},
    {"R$", "BRL"}, {"BRL", "BRL"}, {"R $", "BRL"}, {"MX$", "MXN"}, {"Mex$", "MXN"}, {"MEX$", "MXN"}, {"MXN", "MXN"}, {"MXN$", "MXN"}, {"M.N.", "MXN"},
    {"AR$", "ARS"}, {"ARS", "ARS"}, {"ARS$", "ARS"}, {"CLP", "CLP"}, {"CLP$", "CLP"}, {"CL$", "CLP"}, {"COP", "COP"}, {"COP$", "COP"}, {"COL$", "COP"}, {"CO$", "COP"},
    {"S/", "PEN"}, {"S/.", "PEN"}, {"PEN", "PEN"}, {"$U", "UYU"}, {"UYU", "UYU"}, {"UYU$", "UYU"}, {"Bs", "BOB"}, {"Bs.", "BOB"}, {"BOB", "BOB"}, {"₲", "PYG"}, {"Gs.", "PYG"},
    {"Gs", "PYG"}, {"PYG", "PYG"}, {"VES", "VES"}, {"Bs.S", "VES"}, {"RD$", "DOP"}, {"DOP", "DOP"}, {"₡", "CRC"}, {"CRC", "CRC"}, {"J$", "JMD"}, {"JMD", "JMD"}, {"TT$", "TTD"},
    {"TTD", "TTD"}, {"BZ$", "BZD"}, {"B/.", "PAB"}, {"GTQ", "GTQ"}, {"HNL", "HNL"}, {"EC$", "XCD"}, {"Bds$", "BBD"},
    {"CHF", "CHF"}, {"chf", "CHF"}, {"Fr.", "CHF"}, {"SFr.", "CHF"}, {"SFR", "CHF"}, {"sFr.", "CHF"}, {"Sfr.", "CHF"},
    {"kr", "NOK"}, {"kr.", "DKK"}, {"Kr", "NOK"}, {"Kr.", "DKK"}, {"KR", "SEK"}, {"NOK", "NOK"}, {"nok", "NOK"}, {"DKK", "DKK"}, {"dkk", "DKK"}, {"SEK", "SEK"}, {"sek", "SEK"},
    {"ISK", "ISK"}, {"Kč", "CZK"}, {"CZK", "CZK"}, {"zł", "PLN"}, {"PLN", "PLN"}, {"Ft", "HUF"}, {"HUF", "HUF"}, {"RON", "RON"}, {"Lei", "RON"}, {"lei", "RON"},
    {"LEI", "RON"}, {"BGN", "BGN"}, {"лв", "BGN"}, {"лв.", "BGN"}, {"HRK", "HRK"}, {"RSD", "RSD"}, {"MKD", "MKD"}, {"BAM", "BAM"}, {"MDL", "MDL"},
    {"₽", "RUB"}, {"RUB", "RUB"}, {"руб.", "RUB"}, {"руб", "RUB"}, {"₴", "UAH"}, {"UAH", "UAH"}, {"грн", "UAH"}, {"грн.", "UAH"}, {"BYN", "BYN"}, {"Br", "BYN"}, {"₸", "KZT"}, {"KZT", "KZT"}, {"₾", "GEL"},
    {"֏", "AMD"}, {"AMD", "AMD"}, {"₼", "AZN"}, {"AZN", "AZN"}, {"UZS", "UZS"}, {"KGS", "KGS"}, {"₮", "MNT"}, {"MNT", "MNT"},
    {"₺", "TRY"}, {"TRY", "TRY"}, {"TL", "TRY"}, {"₪", "ILS"}, {"ILS", "ILS"}, {"NIS", "ILS"}, {"AED", "AED"}, {"Dhs", "AED"}, {"Dhs.", "AED"}, {"DHS", "AED"}, {"Dh", "AED"}, {"د.إ", "AED"},
    {"د.إ.", "AED"}, {"درهم", "AED"}, {"SAR", "SAR"}, {"SR", "SAR"}, {"ر.س", "SAR"}, {"ر.س.", "SAR"}, {"ريال", "SAR"}, {"﷼", "IRR"}, {"IRR", "IRR"}, {"QAR", "QAR"}, {"QR", "QAR"}, {"ر.ق", "QAR"}, {"ر.ق.", "QAR"},
    {"KWD", "KWD"}, {"KD", "KWD"}, {"K.D.", "KWD"}, {"د.ك", "KWD"}, {"د.ك.", "KWD"}, {"BHD", "BHD"}, {"BD", "BHD"}, {"د.ب", "BHD"}, {"د.ب.", "BHD"}, {"OMR", "OMR"}, {"RO", "OMR"}, {"ر.ع", "OMR"}, {"ر.ع.", "OMR"}, {"JOD", "JOD"}, {"JD", "JOD"},
    {"د.أ", "JOD"}, {"IQD", "IQD"}, {"د.ع", "IQD"}, {"LBP", "LBP"}, {"ل.ل", "LBP"}, {"EGP", "EGP"}, {"E£", "EGP"}, {"LE", "EGP"}, {"L.E.", "EGP"}, {"ج.م", "EGP"}, {"ج.م.", "EGP"}, {"جنيه", "EGP"}, {"TND", "TND"}, {"DT", "TND"}, {"د.ت", "TND"},
    {"MAD", "MAD"}, {"د.م.", "MAD"}, {"DZD", "DZD"}, {"د.ج", "DZD"}, {"LYD", "LYD"},
    {"₹", "INR"}, {"INR", "INR"}, {"Rs", "INR"}, {"Rs.", "INR"}, {"RS", "INR"}, {"RS.", "INR"}, {"₨", "PKR"}, {"PKR", "PKR"}, {"LKR", "LKR"}, {"රු", "LKR"}, {"රු.", "LKR"}, {"NPR", "NPR"}, {"रू", "NPR"}, {"रु", "NPR"}, {"रू.", "NPR"}, {"৳", "BDT"}, {"BDT", "BDT"}, {"Tk", "BDT"}, {"Tk.", "BDT"}, {"TK", "BDT"},
    {"Rp", "IDR"}, {"Rp.", "IDR"}, {"RP", "IDR"}, {"rp", "IDR"}, {"IDR", "IDR"}, {"RM", "MYR"}, {"rm", "MYR"}, {"MYR", "MYR"}, {"฿", "THB"}, {"THB", "THB"}, {"บาท", "THB"}, {"₱", "PHP"}, {"PHP", "PHP"}, {"Php", "PHP"},
    {"₫", "VND"}, {"VND", "VND"}, {"VNĐ", "VND"}, {"₩", "KRW"}, {"KRW", "KRW"}, {"￦", "KRW"}, {"₭", "LAK"}, {"LAK", "LAK"}, {"៛", "KHR"}, {"KHR", "KHR"}, {"MMK", "MMK"}, {"Ks", "MMK"}, {"MVR", "MVR"}, {"BND", "BND"}, {"B$", "BND"},
    {"R", "ZAR"}, {"ZAR", "ZAR"}, {"KSh", "KES"}, {"KSh.", "KES"}, {"Ksh", "KES"}, {"Ksh.", "KES"}, {"KES", "KES"}, {"KSH", "KES"}, {"₦", "NGN"}, {"NGN", "NGN"}, {"GH₵", "GHS"}, {"GHS", "GHS"}, {"₵", "GHS"}, {"GHC", "GHS"},
    {"USh", "UGX"}, {"UGX", "UGX"}, {"TSh", "TZS"}, {"TZS", "TZS"}, {"ETB", "ETB"}, {"RWF", "RWF"}, {"ZMW", "ZMW"}, {"N$", "NAD"}, {"NAD", "NAD"}, {"BWP", "BWP"}, {"MUR", "MUR"}, {"XOF", "XOF"}, {"CFA", "XOF"}, {"FCFA", "XOF"}, {"XAF", "XAF"},
    {"XPF", "XPF"}, {"FJ$", "FJD"}, {"FJD", "FJD"}, {"DEM", "DEM"}, {"DM", "DEM"}, {"PTE", "PTE"}, {"AFN", "AFN"}, {"؋", "AFN"}, {"Lek", "ALL"}, {"₿", "XBT"}};

// Behind the number, besides the codes and signs above that are also written there.
constexpr Sign kAfter[] = {
    {"元", "CNY"}, {"圆", "CNY"}, {"块", "CNY"}, {"块钱", "CNY"}, {"元人民币", "CNY"}, {"人民币", "CNY"}, {"RMB", "CNY"}, {"rmb", "CNY"}, {"Rmb", "CNY"}, {"CNY", "CNY"}, {"cny", "CNY"},
    {"塊", "CNY"}, {"圓", "CNY"}, {"yuan", "CNY"}, {"Yuan", "CNY"}, {"\xc2\xa5", "CNY"}, {"元整", "CNY"}, {"圆整", "CNY"},
    {"美元", "USD"}, {"美金", "USD"}, {"USD", "USD"}, {"usd", "USD"}, {"US$", "USD"}, {"$", "USD"}, {"$US", "USD"}, {"dollars", "USD"}, {"US dollars", "USD"}, {"US Dollars", "USD"},
    {"港元", "HKD"}, {"港币", "HKD"}, {"港幣", "HKD"}, {"HKD", "HKD"}, {"台币", "TWD"}, {"新台币", "TWD"}, {"新臺幣", "TWD"}, {"臺幣", "TWD"}, {"TWD", "TWD"}, {"NTD", "TWD"}, {"MOP", "MOP"}, {"澳门元", "MOP"}, {"澳门币", "MOP"},
    {"日元", "JPY"}, {"日圆", "JPY"}, {"日币", "JPY"}, {"円", "JPY"}, {"JPY", "JPY"}, {"yen", "JPY"}, {"韩元", "KRW"}, {"韩币", "KRW"}, {"원", "KRW"}, {"KRW", "KRW"}, {"₩", "KRW"},
    {"欧元", "EUR"}, {"€", "EUR"}, {"EUR", "EUR"}, {"eur", "EUR"}, {"Eur", "EUR"}, {"euro", "EUR"}, {"Euro", "EUR"}, {"EURO", "EUR"}, {"euros", "EUR"}, {"Euros", "EUR"}, {"EUROS", "EUR"}, {"ευρώ", "EUR"}, {"евро", "EUR"}, {"eiro", "EUR"},
    {"英镑", "GBP"}, {"£", "GBP"}, {"GBP", "GBP"}, {"gbp", "GBP"}, {"澳元", "AUD"}, {"澳币", "AUD"}, {"AUD", "AUD"}, {"加元", "CAD"}, {"加币", "CAD"}, {"CAD", "CAD"}, {"$ CA", "CAD"}, {"$CA", "CAD"}, {"$ CAD", "CAD"}, {"$C", "CAD"},
    {"NZD", "NZD"}, {"SGD", "SGD"}, {"新元", "SGD"}, {"新加坡元", "SGD"}, {"BRL", "BRL"}, {"R$", "BRL"}, {"reais", "BRL"}, {"MXN", "MXN"}, {"M.N.", "MXN"}, {"$ MXN", "MXN"}, {"pesos", "MXN"}, {"ARS", "ARS"}, {"CLP", "CLP"}, {"COP", "COP"}, {"PEN", "PEN"}, {"soles", "PEN"},
    {"UYU", "UYU"}, {"BOB", "BOB"}, {"PYG", "PYG"}, {"DOP", "DOP"}, {"CRC", "CRC"}, {"₡", "CRC"}, {"JMD", "JMD"},
    {"CHF", "CHF"}, {"chf", "CHF"}, {"Fr.", "CHF"}, {"SFr.", "CHF"}, {"瑞郎", "CHF"}, {"瑞士法郎", "CHF"},
    {"kr", "SEK"}, {"kr.", "DKK"}, {"Kr", "SEK"}, {"Kr.", "DKK"}, {"KR", "SEK"}, {"SEK", "SEK"}, {"sek", "SEK"}, {"kronor", "SEK"}, {"kroner", "NOK"}, {"NOK", "NOK"}, {"nok", "NOK"}, {"DKK", "DKK"}, {"dkk", "DKK"}, {"ISK", "ISK"}, {"krónur", "ISK"},
    {"Kč", "CZK"}, {"kč", "CZK"}, {"KČ", "CZK"}, {"Kc", "CZK"}, {"CZK", "CZK"}, {"czk", "CZK"}, {"korun", "CZK"}, {"zł", "PLN"}, {"zl", "PLN"}, {"ZŁ", "PLN"}, {"Zł", "PLN"}, {"zł.", "PLN"}, {"PLN", "PLN"}, {"pln", "PLN"}, {"złotych", "PLN"},
    {"Ft", "HUF"}, {"Ft.", "HUF"}, {"HUF", "HUF"}, {"forint", "HUF"}, {"lei", "RON"}, {"Lei", "RON"}, {"LEI", "RON"}, {"RON", "RON"}, {"ron", "RON"}, {"Ron", "RON"}, {"leu", "RON"}, {"лв", "BGN"}, {"лв.", "BGN"}, {"ЛВ", "BGN"}, {"лева", "BGN"}, {"BGN", "BGN"}, {"lv", "BGN"}, {"lv.", "BGN"},
    {"kn", "HRK"}, {"HRK", "HRK"}, {"RSD", "RSD"}, {"rsd", "RSD"}, {"din", "RSD"}, {"din.", "RSD"}, {"дин.", "RSD"}, {"дин", "RSD"}, {"РСД", "RSD"}, {"MKD", "MKD"}, {"ден", "MKD"}, {"ден.", "MKD"}, {"KM", "BAM"}, {"BAM", "BAM"}, {"MDL", "MDL"}, {"Lekë", "ALL"}, {"lekë", "ALL"}, {"Lek", "ALL"},
    {"₽", "RUB"}, {"RUB", "RUB"}, {"rub", "RUB"}, {"руб", "RUB"}, {"руб.", "RUB"}, {"Руб", "RUB"}, {"Руб.", "RUB"}, {"РУБ", "RUB"}, {"РУБ.", "RUB"}, {"рублей", "RUB"}, {"рубля", "RUB"}, {"рубль", "RUB"}, {"р", "RUB"}, {"р.", "RUB"}, {"Р", "RUB"}, {"Р.", "RUB"}, {"卢布", "RUB"},
    {"₴", "UAH"}, {"UAH", "UAH"}, {"грн", "UAH"}, {"грн.", "UAH"}, {"ГРН", "UAH"}, {"гривень", "UAH"}, {"гривен", "UAH"}, {"BYN", "BYN"}, {"бел. руб.", "BYN"}, {"₸", "KZT"}, {"KZT", "KZT"}, {"тг", "KZT"}, {"тг.", "KZT"}, {"тенге", "KZT"}, {"₾", "GEL"}, {"GEL", "GEL"}, {"ლარი", "GEL"}, {"֏", "AMD"}, {"դր.", "AMD"}, {"դրամ", "AMD"}, {"AMD", "AMD"}, {"₼", "AZN"}, {"AZN", "AZN"},
    {"сум", "UZS"}, {"сўм", "UZS"}, {"so'm", "UZS"}, {"so‘m", "UZS"}, {"UZS", "UZS"}, {"сом", "KGS"}, {"KGS", "KGS"}, {"₮", "MNT"}, {"төг", "MNT"}, {"MNT", "MNT"},
    {"₺", "TRY"}, {"TL", "TRY"}, {"tl", "TRY"}, {"Tl", "TRY"}, {"TRY", "TRY"}, {"₪", "ILS"}, {"ILS", "ILS"}, {"NIS", "ILS"}, {"ש\"ח", "ILS"}, {"ש״ח", "ILS"}, {"שח", "ILS"}, {"شيكل", "ILS"},
    {"AED", "AED"}, {"Dhs", "AED"}, {"DHS", "AED"}, {"Dh", "AED"}, {"د.إ", "AED"}, {"د.إ.", "AED"}, {"درهم", "AED"}, {"迪拉姆", "AED"}, {"SAR", "SAR"}, {"SR", "SAR"}, {"ر.س", "SAR"}, {"ر.س.", "SAR"}, {"ريال", "SAR"}, {"﷼", "IRR"}, {"تومان", "IRT"}, {"IRR", "IRR"}, {"QAR", "QAR"}, {"QR", "QAR"}, {"ر.ق", "QAR"}, {"ر.ق.", "QAR"},
    {"KWD", "KWD"}, {"KD", "KWD"}, {"د.ك", "KWD"}, {"د.ك.", "KWD"}, {"دينار", "KWD"}, {"BHD", "BHD"}, {"BD", "BHD"}, {"د.ب", "BHD"}, {"د.ب.", "BHD"}, {"OMR", "OMR"}, {"ر.ع", "OMR"}, {"ر.ع.", "OMR"}, {"JOD", "JOD"}, {"JD", "JOD"}, {"JDs", "JOD"}, {"د.أ", "JOD"}, {"IQD", "IQD"}, {"د.ع", "IQD"}, {"LBP", "LBP"}, {"EGP", "EGP"}, {"LE", "EGP"}, {"L.E.", "EGP"}, {"ج.م", "EGP"}, {"ج.م.", "EGP"}, {"جنيه", "EGP"},
    {"TND", "TND"}, {"DT", "TND"}, {"د.ت", "TND"}, {"MAD", "MAD"}, {"DH", "MAD"}, {"dh", "MAD"}, {"DHs", "MAD"}, {"د.م.", "MAD"}, {"DZD", "DZD"}, {"DA", "DZD"}, {"د.ج", "DZD"}, {"دج", "DZD"}, {"LYD", "LYD"},
    {"₹", "INR"}, {"INR", "INR"}, {"rupees", "INR"}, {"卢比", "INR"}, {"Rs", "INR"}, {"Rs.", "INR"}, {"रुपये", "INR"}, {"PKR", "PKR"}, {"LKR", "LKR"}, {"NPR", "NPR"}, {"৳", "BDT"}, {"টাকা", "BDT"}, {"BDT", "BDT"}, {"Tk", "BDT"}, {"Tk.", "BDT"}, {"TK", "BDT"},
    {"IDR", "IDR"}, {"MYR", "MYR"}, {"RM", "MYR"}, {"马币", "MYR"}, {"林吉特", "MYR"}, {"฿", "THB"}, {"บาท", "THB"}, {"THB", "THB"}, {"baht", "THB"}, {"Baht", "THB"}, {"泰铢", "THB"}, {"PHP", "PHP"}, {"₱", "PHP"}, {"₫", "VND"}, {"đ", "VND"}, {"Đ", "VND"}, {"đồng", "VND"}, {"VND", "VND"}, {"VNĐ", "VND"}, {"vnđ", "VND"}, {"vnd", "VND"}, {"越南盾", "VND"}, {"₭", "LAK"}, {"LAK", "LAK"}, {"ກີບ", "LAK"}, {"៛", "KHR"}, {"KHR", "KHR"}, {"MMK", "MMK"}, {"Ks", "MMK"}, {"ကျပ်", "MMK"},
    {"ZAR", "ZAR"}, {"KES", "KES"}, {"KSh", "KES"}, {"Ksh", "KES"}, {"₦", "NGN"}, {"NGN", "NGN"}, {"naira", "NGN"}, {"GHS", "GHS"}, {"UGX", "UGX"}, {"TZS", "TZS"}, {"Birr", "ETB"}, {"ETB", "ETB"}, {"ብር", "ETB"}, {"RWF", "RWF"}, {"FCFA", "XOF"}, {"F CFA", "XOF"}, {"CFA", "XOF"}, {"XOF", "XOF"}, {"XAF", "XAF"}, {"XPF", "XPF"}, {"MUR", "MUR"}, {"DEM", "DEM"}, {"DM", "DEM"}, {"₶", "FRF"}, {"PTE", "PTE"}, {"AFN", "AFN"}, {"؋", "AFN"}};

constexpr std::array<std::string_view, 13> kNoDecimals{"JPY", "KRW", "VND", "CLP", "PYG", "ISK", "UGX", "XAF", "XOF", "XPF", "RWF", "PTE", "ITL"};
constexpr std::array<std::string_view, 7> kThreeDecimals{"KWD", "BHD", "OMR", "JOD", "IQD", "TND", "LYD"};

template <class List>
bool lists(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

// Latin, Greek and Cyrillic letters; the script of a sign that a word could go on in.
bool letter_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  if (is_ascii_letter(text[at])) return true;
  const bool multiply_or_divide = text.substr(at, 2) == "×" || text.substr(at, 2) == "÷";
  return byte_at(text, at) >= 0xC3 && byte_at(text, at) <= 0xD4 && !multiply_or_divide;
}

bool letter_ends(std::string_view text, std::size_t end) {
  if (end == 0) return false;
  std::size_t at = end - 1;
  while (at > 0 && end - at < 4 && (byte_at(text, at) & 0xC0) == 0x80) --at;
  return letter_at(text, at);
}

// "BUS$" ends with "US$" and is not it; "лв" in "лвов" neither.
bool cut_at_end(std::string_view text, std::size_t bytes) {
  const std::size_t at = text.size() - bytes;
  return letter_at(text, at) && letter_ends(text, at);
}
bool cut_at_start(std::string_view text, std::size_t bytes) { return letter_ends(text, bytes) && letter_at(text, bytes); }

bool within(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

WordHit currency_at_end(std::string_view text) {
  WordHit best;
  for (const Sign& row : kBefore)
    if (row.word.size() > best.bytes && text.ends_with(row.word) && !cut_at_end(text, row.word.size())) best = {row.code, row.word.size()};
  return best;
}

WordHit currency_at_start(std::string_view text) {
  WordHit best;
  for (const Sign& row : kAfter)
    if (row.word.size() > best.bytes && text.starts_with(row.word) && !cut_at_start(text, row.word.size())) best = {row.code, row.word.size()};
  return best;
}

bool shared_sign(std::string_view sign) {
  constexpr std::array<std::string_view, 12> kShared{"$", "\xc2\xa5", "£", "kr", "kr.", "Kr", "Kr.", "KR", "Rs", "Rs.", "RS", "₨"};
  return lists(kShared, sign);
}

int minor_digits_of(std::string_view currency) {
  if (lists(kNoDecimals, currency)) return 0;
  return lists(kThreeDecimals, currency) ? 3 : 2;
}

bool speaks_japanese(std::string_view folded) {
  for (std::size_t i = 0; i + 2 < folded.size(); ++i)  // U+3041 … U+30FA, kana
    if (byte_at(folded, i) == 0xE3 && byte_at(folded, i + 1) >= 0x81 && byte_at(folded, i + 1) <= 0x83) return true;
  return within(folded, {"円", "税込", "税抜", "税別", "JPY"});
}

bool has_han(std::string_view folded) {
  for (std::size_t i = 0; i < folded.size(); ++i)
    if (byte_at(folded, i) >= 0xE4 && byte_at(folded, i) <= 0xE9) return true;
  return false;
}

}  // namespace netsampler
