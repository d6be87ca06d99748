#include <iostream>
#include <memory>

#include "capture/commands.h"
#include "capture/x11.h"
#include "evidence/base/json.h"

namespace netsampler::capture {
namespace {

Result<std::string> check_display(const std::string& name) {
  const XDisplay display = TRY(XDisplay::open(name));
  TRY(check_display_free(display));
  std::string missing;
  if (!display.has_extension(xcb_damage_id)) missing += ", no DAMAGE: every frame is compared";
  if (!display.has_extension(xcb_shm_id)) missing += ", no MIT-SHM: slower copies";
  return "display " + name + " can be recorded: " + std::to_string(display.width()) + "x" + std::to_string(display.height()) +
         missing;
}

}  // namespace

CommandRun add_check_command(CLI::App& command) {
  auto display = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  command.add_option("--display", *display, "X display, e.g. :0")->required();
  command.add_flag("--json", *json, "one JSON object");
  return [display, json]() -> Result<int> {
    const std::string text = TRY(check_display(*display));
    std::cout << (*json ? print(Json{{"ok", true}, {"text", text}}) : text) << std::endl;
    return 0;
  };
}

}  // namespace netsampler::capture
