// netsampler: the officers' and administrators' command line.
#include <memory>

#include "evidence/base/program.h"
#include "ui/cli/command.h"

namespace {

struct Row {
  const char* name;
  const char* help;
  void (*add)(netsampler::CommandPlace);
};

constexpr Row kRows[] = {
    {"up", "启动本机全部程序 / run all programs of this box under one account", netsampler::add_up},
    {"demo", "演示一次完整的网络抽样 / demonstrate one whole sample purchase", netsampler::add_demo},
    {"doctor", "检查本机是否就绪 / check display, clock, disk, keys, browser, fonts", netsampler::add_doctor},
    {"sampler", "抽样人员账户 / accounts of sampling officers", netsampler::add_sampler},
    {"case", "案件 / cases: new, list, show, close", netsampler::add_case},
    {"record", "屏幕录制 / record the screen: start, stop, void", netsampler::add_record},
    {"unbox", "拆封录制 / record the unboxing camera: start, stop", netsampler::add_unbox},
    {"export", "导出可验证的案件包 / export a verifiable package", netsampler::add_export},
    {"mask", "由案件包制作遮蔽版 / from a package, one in which more is withheld", netsampler::add_mask},
    {"key", "设备密钥 / the box key: show, rotate", netsampler::add_key},
    {"fsck", "检查本机全部证据文件 / check every evidence file of this box", netsampler::add_fsck},
    {"renew", "续期时间戳 / renew the time stamps: a new one that covers all earlier ones", netsampler::add_renew},
    {"id", "校验编码 / check an identifier (USCC, GTIN, …)", netsampler::add_id},
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("netsampler: 网络抽样取证一体机 / records, proves and presents online test purchases", "netsampler");
  netsampler::Runner run;
  for (const Row& row : kRows) row.add({*app.add_subcommand(row.name, row.help), run});
  return netsampler::program_main(app, argc, argv, [&]() -> netsampler::Result<int> {
    if (!run) return netsampler::fail(netsampler::ErrorKind::usage, "which command? (see netsampler --help)");
    return run();
  });
}
