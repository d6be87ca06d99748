#include "crawler/price_words_world.h"

#include <algorithm>
#include <iterator>

#include "crawler/dom_text.h"

namespace netsampler {
namespace {

struct Word {
  std::string_view word, meaning;
};

constexpr Word kLabels[] = {
    {"PRICE", "list"}, {"OUR PRICE", "list"}, {"REGULAR PRICE", "list"}, {"UNIT PRICE", "list"}, {"STANDARD PRICE", "list"}, {"CURRENT PRICE", "list"}, {"RETAIL PRICE", "list"}, {"SELLING PRICE", "list"}, {"BUY NOW", "list"},
    {"NOW", "final"}, {"SALE", "final"}, {"SALE PRICE", "final"}, {"SPECIAL PRICE", "final"}, {"OFFER PRICE", "final"}, {"DEAL PRICE", "final"}, {"DISCOUNTED PRICE", "final"}, {"DISCOUNT PRICE", "final"}, {"PROMO PRICE", "final"}, {"NOW ONLY", "final"},
    {"YOUR PRICE", "final"}, {"FINAL PRICE", "final"}, {"DEAL", "final"}, {"SPECIAL OFFER", "final"}, {"TODAY", "final"}, {"PRICE NOW", "final"}, {"NEW PRICE", "final"},
    {"WAS", "strikethrough"}, {"RRP", "strikethrough"}, {"MSRP", "strikethrough"}, {"SRP", "strikethrough"}, {"MRP", "strikethrough"}, {"M.R.P.", "strikethrough"}, {"LIST PRICE", "strikethrough"}, {"ORIGINAL PRICE", "strikethrough"}, {"ORIGINALLY", "strikethrough"}, {"OLD PRICE", "strikethrough"},
    {"PREVIOUS PRICE", "strikethrough"}, {"PREVIOUSLY", "strikethrough"}, {"REG", "strikethrough"}, {"REG.", "strikethrough"}, {"COMPARE AT", "strikethrough"}, {"TYPICAL PRICE", "strikethrough"}, {"RRP PRICE", "strikethrough"}, {"WAS PRICE", "strikethrough"}, {"INSTEAD OF", "strikethrough"}, {"BEFORE", "strikethrough"}, {"COMP. VALUE", "strikethrough"},
    {"MEMBER PRICE", "member"}, {"MEMBERS", "member"}, {"CLUB PRICE", "member"}, {"DEPOSIT", "deposit"}, {"BALANCE DUE", "balance"}, {"COUPON PRICE", "coupon"}, {"WITH COUPON", "coupon"}, {"AFTER COUPON", "coupon"},
    {"PREIS", "list"}, {"UNSER PREIS", "list"}, {"NEUER PREIS", "final"}, {"SONDERPREIS", "final"}, {"ANGEBOTSPREIS", "final"}, {"AKTIONSPREIS", "final"}, {"JETZT", "final"}, {"JETZT NUR", "final"}, {"NUR", "list"}, {"UVP", "strikethrough"}, {"UVP DES HERSTELLERS", "strikethrough"}, {"STATT", "strikethrough"}, {"ALTER PREIS", "strikethrough"}, {"EHEMALIGER PREIS", "strikethrough"}, {"REGULÄRER PREIS", "list"}, {"URSPRÜNGLICHER PREIS", "strikethrough"}, {"BISHER", "strikethrough"}, {"LISTENPREIS", "strikethrough"}, {"UVP:", "strikethrough"}, {"STREICHPREIS", "strikethrough"},
    {"PRIX", "list"}, {"NOTRE PRIX", "list"}, {"PRIX PROMO", "final"}, {"PRIX SOLDÉ", "final"}, {"PRIX CONSEILLÉ", "strikethrough"}, {"AU LIEU DE", "strikethrough"}, {"PRIX BARRÉ", "strikethrough"}, {"ANCIEN PRIX", "strikethrough"}, {"AVANT", "strikethrough"}, {"MAINTENANT", "final"},
    {"PRECIO", "list"}, {"PRECIO ACTUAL", "list"}, {"PRECIO OFERTA", "final"}, {"OFERTA", "final"}, {"AHORA", "final"}, {"ANTES", "strikethrough"}, {"PVP", "list"}, {"PVPR", "strikethrough"}, {"PRECIO ANTERIOR", "strikethrough"}, {"PRECIO NORMAL", "list"}, {"PRECIO HABITUAL", "list"},
    {"PREZZO", "list"}, {"ORA", "final"}, {"PRIMA", "strikethrough"}, {"INVECE DI", "strikethrough"}, {"PREZZO CONSIGLIATO", "strikethrough"}, {"PREZZO SCONTATO", "final"}, {"PREZZO DI LISTINO", "strikethrough"}, {"PREZZO SPECIALE", "final"},
    {"PREÇO", "list"}, {"POR", "final"}, {"POR APENAS", "final"}, {"AGORA", "final"}, {"DE:", "strikethrough"}, {"PREÇO NORMAL", "list"}, {"À VISTA", "final"},
    {"PRIJS", "list"}, {"NU", "final"}, {"VAN", "strikethrough"}, {"ADVIESPRIJS", "strikethrough"}, {"VOOR", "final"}, {"NU VOOR", "final"}, {"NORMALE PRIJS", "list"}, {"ACTIEPRIJS", "final"},
    {"PRIS", "list"}, {"NUVARANDE PRIS", "list"}, {"ORD. PRIS", "strikethrough"}, {"ORDINARIE PRIS", "strikethrough"}, {"TIDIGARE PRIS", "strikethrough"}, {"REA", "final"}, {"KAMPANJPRIS", "final"}, {"FØR", "strikethrough"}, {"FÖRE", "strikethrough"}, {"NORMALPRIS", "strikethrough"}, {"VEJL. PRIS", "strikethrough"}, {"TILBUD", "final"}, {"KUN", "list"}, {"HINTA", "list"}, {"NORM.", "strikethrough"}, {"OVH", "strikethrough"},
    {"CENA", "list"}, {"NAŠE CENA", "list"}, {"BĚŽNÁ CENA", "list"}, {"běžná cena", "list"}, {"BEŽNÁ CENA", "list"}, {"bežná cena", "list"}, {"PŮVODNÍ CENA", "strikethrough"}, {"původní cena", "strikethrough"}, {"STARA CENA", "strikethrough"}, {"CENA REGULARNA", "strikethrough"}, {"NOWA CENA", "final"}, {"AKČNÍ CENA", "final"}, {"CENA PROMOCYJNA", "final"}, {"CENA KATALOGOWA", "strikethrough"}, {"MOC", "strikethrough"}, {"ÁR", "list"}, {"ÁRA", "list"}, {"EREDETI ÁR", "strikethrough"}, {"AKCIÓS ÁR", "final"}, {"PRET", "list"}, {"PREȚ", "list"}, {"PRET VECHI", "strikethrough"}, {"PRP", "strikethrough"}, {"CIJENA", "list"}, {"KAINA", "list"},
    {"ЦЕНА", "list"}, {"Цена", "list"}, {"цена", "list"}, {"Старая цена", "strikethrough"}, {"старая цена", "strikethrough"}, {"Новая цена", "final"}, {"Ціна", "list"}, {"ціна", "list"}, {"Стара ціна", "strikethrough"}, {"Цена:", "list"}, {"Розничная цена", "list"}, {"ΤΙΜΗ", "list"}, {"Τιμή", "list"},
    {"FIYAT", "list"}, {"FIYATI", "list"}, {"Fiyatı", "list"}, {"İNDİRİMLİ FİYAT", "final"}, {"ESKİ FİYAT", "strikethrough"}, {"HARGA", "list"}, {"GIÁ", "list"}, {"Giá", "list"}, {"giá", "list"}, {"GIÁ BÁN", "list"}, {"Giá bán", "list"}, {"Giá gốc", "strikethrough"}, {"Giá cũ", "strikethrough"}, {"ราคา", "list"}, {"ราคาปกติ", "strikethrough"}, {"ราคาพิเศษ", "final"},
    {"価格", "list"}, {"販売価格", "list"}, {"通常価格", "strikethrough"}, {"セール価格", "final"}, {"定価", "strikethrough"}, {"税込", "list"}, {"希望小売価格", "strikethrough"}, {"特別価格", "final"}, {"가격", "list"}, {"판매가", "list"}, {"정가", "strikethrough"}, {"할인가", "final"}, {"소비자가", "strikethrough"}, {"السعر", "list"}, {"سعر", "list"}, {"מחיר", "list"}};

constexpr std::string_view kLowest[] = {"FROM", "STARTING AT", "STARTING FROM", "STARTS AT", "AS LOW AS", "LOW AS", "AB", "À PARTIR DE", "A PARTIR DE", "à partir de", "À partir de", "DÈS", "dès", "DESDE", "A PARTIRE DA", "DA", "VANAF", "FRA", "FRÅN", "Från", "från", "OD", "ALKAEN", "ОТ", "от", "От", "BAŞLAYAN", "MULAI DARI", "MULAI", "Từ", "từ", "เริ่มต้น", "ΑΠΟ", "από", "Από", "ON", "PRICES FROM", "AT LEAST", "DEPUIS"};
constexpr std::string_view kRange[] = {"TO", "BIS", "À", "à", "DO", "ДО", "до", "TOT", "TIL", "TILL", "UNTIL", "AL", "HASTA", "ATÉ", "até", "AND", "UP TO"};

constexpr std::string_view kRefused[] = {
    "SAVE", "YOU SAVE", "SAVINGS", "SAVING", "SAVE UP TO", "UP TO", "OFF", "DISCOUNT", "LESS", "SHIPPING", "DELIVERY", "POSTAGE", "P&P", "S&H", "HANDLING", "FREIGHT", "OVER", "ABOVE", "SPEND", "MINIMUM", "MIN. ORDER", "PAYMENTS OF", "INSTALLMENTS OF", "INSTALMENTS OF", "INTEREST-FREE PAYMENTS OF", "PER MONTH", "MONTHLY", "CREDIT", "CASHBACK", "CASH BACK", "REBATE", "TAX", "VAT", "FEE", "GIFT CARD", "WORTH", "EARN", "EXTRA", "ORDERS",
    "SIE SPAREN", "SPAREN", "SPARE", "ERSPARNIS", "RABATT", "VERSAND", "VERSANDKOSTEN", "VERSANDKOSTENFREI AB", "ZZGL.", "MWST", "MWST.", "GRUNDPREIS", "RATEN ZU", "PFAND", "LIVRAISON", "ÉCONOMISEZ", "économisez", "FRAIS DE PORT", "REMISE", "SOIT", "DONT", "ENVÍO", "envío", "ENVIO", "AHORRA", "AHORRAS", "AHORRO", "DESCUENTO", "CUOTAS DE", "FRETE", "DESCONTO", "ECONOMIZE", "PARCELAS DE", "X DE", "SPEDIZIONE", "RISPARMI", "RISPARMIA", "SCONTO", "RATE DA",
    "VERZENDKOSTEN", "VERZENDING", "BESPAAR", "KORTING", "FRAKT", "SPARA", "SPAR", "DU SPARAR", "DU SPARER", "DOSTAWA", "DOPRAVA", "OSZCZĘDZASZ", "Oszczędzasz", "oszczędzasz", "OSZCZĘDŹ", "RABAT", "SLEVA", "UŠETŘÍTE", "ušetříte", "Ušetříte", "ZĽAVA", "Скидка", "скидка", "Экономия", "экономия", "Доставка", "доставка", "Выгода", "выгода", "Знижка", "KARGO", "DISKON", "HEMAT", "ONGKIR", "送料", "ポイント", "割引", "배송비", "적립", "할인", "توفير", "وفر", "الشحن", "TIẾT KIỆM", "Tiết kiệm", "GIẢM", "Giảm"};

constexpr std::string_view kNotPaid[] = {"OFF", "DISCOUNT", "SHIPPING", "DELIVERY", "POSTAGE", "VERSAND", "RABATT", "CASHBACK", "CASH BACK", "COUPON", "VOUCHER", "REBATE", "MINIMUM", "SAVED", "SAVINGS", "CREDIT", "GIFT CARD", "SPAREN", "GESPART", "DE RÉDUCTION", "DE REMISE", "DE DESCUENTO", "DE DESCONTO", "DI SCONTO", "KORTING", "СКИДКИ", "скидки", "скидка", "OR MORE", "SHIP", "オフ", "引き", "割引", "ポイント", "FLAT RATE", "FLAT-RATE"};

constexpr std::string_view kFree[] = {"FREE", "FREE!", "GRATIS", "GRATIS!", "KOSTENLOS", "GRATUIT", "GRATUITO", "GRÁTIS", "GRATUITAMENTE", "無料", "무료", "БЕСПЛАТНО", "Бесплатно", "бесплатно", "ZDARMA", "ZADARMO", "DARMOWY", "ΔΩΡΕΑΝ", "Δωρεάν", "INGYENES", "Miễn phí", "ÜCRETSİZ", "Ücretsiz", "FRI", "FOC"};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (upper(text[i]) != upper(word[i])) return false;
  return true;
}

// Latin, Greek, Cyrillic; other scripts write words without gaps.
bool letter(unsigned char c) { return is_ascii_letter(static_cast<char>(c)) || (c >= 0xC3 && c <= 0xD4); }

bool word_at_end(std::string_view text, std::string_view word) {
  if (text.size() < word.size() || !same(text.substr(text.size() - word.size()), word)) return false;
  std::size_t before = text.size() - word.size();
  if (before == 0 || !letter(static_cast<unsigned char>(word.front()))) return true;
  --before;
  while (before > 0 && (static_cast<unsigned char>(text[before]) & 0xC0) == 0x80) --before;
  return !letter(static_cast<unsigned char>(text[before])) && text[before] != '-';
}

bool word_at_start(std::string_view text, std::string_view word) {
  if (text.size() < word.size() || !same(text.substr(0, word.size()), word)) return false;
  const auto last = static_cast<unsigned char>(word.back());
  const bool western = is_ascii_letter(word.back()) || (last >= 0x80 && letter(static_cast<unsigned char>(word[word.size() - 2])));
  return text.size() == word.size() || !western || !letter(static_cast<unsigned char>(text[word.size()]));
}

template <class Table, class Fits>
std::size_t longest(const Table& table, Fits fits) {
  std::size_t best = 0;
  for (std::string_view word : table)
    if (word.size() > best && fits(word)) best = word.size();
  return best;
}

}  // namespace

WordHit world_label_at_end(std::string_view text) {
  WordHit best;
  for (const Word& row : kLabels)
    if (row.word.size() > best.bytes && word_at_end(text, row.word)) best = {row.meaning, row.word.size()};
  return best;
}

std::size_t lowest_word_at_end(std::string_view text) {
  return longest(kLowest, [&](std::string_view word) { return word_at_end(text, word); });
}
std::size_t range_word_at_start(std::string_view text) {
  return longest(kRange, [&](std::string_view word) { return word_at_start(text, word); });
}
bool refused_by_a_word_before(std::string_view text) {
  return std::any_of(std::begin(kRefused), std::end(kRefused), [&](std::string_view word) { return word_at_end(text, word); });
}
bool not_paid_by_a_word_after(std::string_view text) {
  return std::any_of(std::begin(kNotPaid), std::end(kNotPaid), [&](std::string_view word) { return word_at_start(text, word); });
}
bool per_month_at_start(std::string_view text) {
  constexpr std::string_view kMonths[] = {"/MO", "/ MO", "/MONTH", "/ MONTH", "PER MONTH", "A MONTH", "/MTH", "PM", "/MONAT", "/ MONAT", "PRO MONAT", "IM MONAT", "MONATLICH", "/MOIS", "/ MOIS", "PAR MOIS", "/MES", "AL MES", "/MESE", "AL MESE", "/MND", "PER MAAND", "/MÅN", "/mån", "/ mån",
                                          "I MÅNADEN", "/MD", "/MD.", "/MIES", "/ MIES", "MIESIĘCZNIE", "MĚSÍČNĚ", "měsíčně", "/MĚS", "/měs", "/мес", "/ мес", "в месяц", "/kk", "/ay", "/月", "每月", "/期"};
  return std::any_of(std::begin(kMonths), std::end(kMonths), [&](std::string_view word) { return word_at_start(text, word); });
}
bool says_free(std::string_view text) {
  return std::any_of(std::begin(kFree), std::end(kFree), [&](std::string_view word) { return same(text, word); });
}

}  // namespace netsampler
