#include "evidence/format/told.h"

#include <span>

namespace netsampler {
namespace {

struct Row {
  std::string_view word, zh, en;
};

constexpr Row kGaps[] = {
    {"suspended", "设备休眠", "the machine slept"},
    {"starved", "处理器繁忙，录制程序未得到运行", "the recorder was not given a processor"},
    {"stopped", "录制程序被暂停", "the recorder was stopped"},
    {"backlog", "编码或封存跟不上", "encoding or sealing did not keep up"},
    {"display", "显示服务无响应", "the display did not answer"},
    {"resized", "屏幕尺寸改变", "the screen changed its size"},
    {"lost", "该画面的录制程序提前结束", "its recorder ended before the recording did"},
    {"reconnect", "摄像头断开后重新连接", "the camera was lost and opened again"},
    {"stalled", "画面停滞", "no picture came"},
};

constexpr Row kFindings[] = {
    {"strip-absent", "画面上看不到时间条", "the strip was not in the picture"},
    {"source-lost", "一路画面的录制程序提前结束", "one of the recorders ended by itself"},
    {"screen-resized", "屏幕尺寸改变，以新画面继续", "the screen changed its size and goes on in another source"},
    {"several-monitors", "接有多台显示器", "more than one monitor"},
    {"monitors-changed", "显示器有变动", "the monitors changed"},
    {"camera-rate", "摄像头实际帧率与所称不符", "the camera's rate is not what it says"},
    {"camera-clock", "摄像头的时间不可信", "the camera's times are not to be believed"},
    {"camera-still", "摄像头画面长时间不变", "the camera's picture stood still"},
    {"camera-reconnected", "摄像头断开后重新连接", "the camera was lost and opened again"},
    {"pages-ended", "网页存档在账本中断时结束", "page capture ended with the ledger"},
    {"page-bodies-cut", "网页部分内容过大，未全部存档", "parts of a page were too large to be kept"},
    {"page-file-too-long", "网页存档文件过大，未保存", "a page's file was too long to be kept"},
    {"page-crashed", "网页崩溃", "a page crashed"},
    {"pages-not-seen", "网页跳转过快，未逐页存档", "pages led on too fast to be kept one by one"},
    {"too-many-tabs", "标签页过多，部分未存档", "more tabs than are watched"},
    {"too-many-workers", "网页后台程序过多，部分请求未存档", "more workers than are watched"},
    {"too-many-downloads", "同时下载过多，部分未存档", "more downloads at once than are kept"},
    {"download-too-long", "下载文件过大，未存档", "a downloaded file was too long to be kept"},
    {"download-broken-off", "下载中断", "a download broke off"},
    {"download-unread", "下载文件无法读取", "a downloaded file could not be read"},
    {"page-sources-disagree", "网页所示与网页数据不一致", "what a page shows and what its data say differ"},
    {"shown-not-served", "网页所示与网络收到的内容不一致", "what a page shows is not what the network brought"},
    {"picture-differs", "录制画面与网页记录不一致", "the recorded picture shows another value than the page's record"},
    {"look-alike-shop-name", "店铺名称含形近字，与“旗舰店”等称谓仅一字之差", "a shop's name differs from an official kind of shop by one look-alike character"},
    {"hidden-characters-in-shop-name", "店铺名称含不可见字符", "a shop's name holds characters that cannot be seen"},
    {"list-price-below-detail", "列表页价格低于商品详情页价格", "the list named a lower price than the product's own page"},
    {"order-price-above-detail", "订单单价高于商品详情页价格", "an order's line costs more than the product's own page said"},
    {"browser-gone", "浏览器意外退出", "the browser went away"},
    {"devtools-used", "浏览器开发者工具被打开", "the browser's developer tools were used"},
    {"environment-hosts", "hosts 文件有改动", "the hosts file maps other names"},
    {"environment-no-dns", "未见域名服务器设置", "no name server is configured"},
    {"environment-authorities", "本机另装有根证书", "certificates beside the browser's own are trusted here"},
    {"environment-proxy", "使用了代理", "a proxy is in use"},
    {"environment-tunnel", "存在 VPN 或隧道接口", "a VPN or tunnel is up"},
    {"environment-no-route", "没有默认路由", "there is no default route"},
    {"environment-little-room", "磁盘剩余空间不足", "little room is left on the disk"},
    {"environment-browser", "另有浏览器在运行", "another browser runs"},
    {"environment-remote-control", "有远程控制程序在运行", "a program for remote control runs"},
    {"environment-screen-sharing", "有屏幕共享或录屏程序在运行", "a program that shares or records the screen runs"},
    {"environment-interception", "有网络抓包或代理程序在运行", "a program that captures or redirects traffic runs"},
    {"environment-profile-used", "浏览器配置不是全新的", "the browser's profile was used before"},
    {"extension-seen", "浏览器扩展在运行", "a browser extension runs"},
    {"clock-beyond-limit", "时钟误差超过本机限值，仍开始录制", "opened although the clock's error was beyond the limit"},
    {"clock-sources-disagree", "对时来源互相矛盾", "the sources of time contradict each other"},
    {"clock-source-outvoted", "个别对时来源与多数不符", "one source of time was outvoted"},
    {"clock-slewed", "时钟速率异常", "the clock's rate was bent"},
    {"interrupted", "录制中断", "the recording was interrupted"},
    {"torn", "账本末行不完整，已另存", "a half line was put aside"},
    {"orphan", "有未登记的文件，已记录", "files that no record names were noted"},
    {"damaged", "证据文件损坏", "an evidence file is damaged"},
};

constexpr Row kInterruptions[] = {
    {"process-died", "账本程序中止", "the ledger died or was killed"},
    {"restarted", "设备重启或断电", "the machine restarted or lost power"},
    {"disk-failed", "磁盘故障", "the disk failed"},
    {"keys-ended", "录制密钥用尽", "its keys had run out"},
};

std::span<const Row> rows_of(Told what) {
  if (what == Told::gap) return kGaps;
  if (what == Told::finding) return kFindings;
  return kInterruptions;
}

}  // namespace

std::string told_words(Told what, std::string_view word, bool zh) {
  for (const Row& row : rows_of(what))
    if (row.word == word) return std::string(zh ? row.zh : row.en);
  return std::string(word);
}

}  // namespace netsampler
