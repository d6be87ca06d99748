// netsampler id TYPE VALUE: is an identifier well formed?
#include <iostream>
#include <memory>

#include "evidence/identifiers/identifiers.h"
#include "ui/cli/command.h"

namespace netsampler {

void add_id(CommandPlace place) {
  struct IdOptions {
    std::string type, value;
  };
  auto options = std::make_shared<IdOptions>();
  place.app.add_option("TYPE", options->type, "uscc, registration-number, organisation-code, food-licence, gtin13, upu-s10, xk, ccc")
      ->required();
  place.app.add_option("VALUE", options->value)->required();
  place.app.callback([options, &slot = place.run] {
    slot = [options]() -> Result<int> {
      TRY(check_identifier(options->type, options->value));
      std::cout << "格式正确 / well formed\n";
      return 0;
    };
  });
}

}  // namespace netsampler
