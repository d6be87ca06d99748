#include <algorithm>

#include "crawler/licence_reader.h"

namespace netsampler {
namespace {

constexpr int kFieldLeast = 55;  // the engine's confidence below which a field is not certain

const LicenceNumber* main_number(const Licence& licence) {
  for (const LicenceNumber* each : {&licence.uscc, &licence.registration_number, &licence.food_licence})
    if (!each->value.empty()) return each;
  return nullptr;
}

void add_number(Json& out, const char* member, const LicenceNumber& number) {
  if (!number.value.empty()) out[member] = number.value;
  for (const std::string& each : number.candidates) out["candidates"].push_back({{"type", number.type}, {"value", each}});
}

}  // namespace

Json licence_json(const Licence& licence) {
  Json out = Json::object();
  add_number(out, "uscc", licence.uscc);
  add_number(out, "registration_number", licence.registration_number);
  add_number(out, "food_licence", licence.food_licence);
  int least = 100;
  if (!licence.name.empty()) {
    out["name"] = licence.name;
    least = std::min(least, licence.name_confidence);
  }
  for (const LicenceField& field : licence.fields)
    if (field.confidence >= kFieldLeast) out[field.name] = field.value;
  if (!licence.qr.empty()) out["qr"] = licence.qr;
  if (const LicenceNumber* number = main_number(licence)) {
    out["valid"] = number->valid;
    least = std::min(least, number->confidence);
  }
  if (!out.empty()) out["confidence"] = main_number(licence) == nullptr && licence.name.empty() ? 0 : least;
  if (!licence.warnings.empty()) out["warnings"] = licence.warnings;
  return out;
}

}  // namespace netsampler
