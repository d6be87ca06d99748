#include "evidence/verify/words.h"

#include <algorithm>

namespace netsampler::verify {

std::string_view verdict_words(const Report& report, bool zh) {
  if (report.worst() == Severity::broken) return zh ? "不符：存在矛盾，见下列各项" : "there are contradictions, named below";
  if (report.worst() == Severity::partial)
    return zh ? "部分可证：现有内容均核验通过，但有下列中断、缺失或未证明之处"
              : "all that is present verifies; what is interrupted, missing or unproven is named below";
  return zh ? "完整：内容齐全、封存连续、可信" : "complete, closed, stamped, trusted";
}

std::string_view does_not_prove(bool zh) {
  if (zh)
    return "本报告证明：所列字节以所列顺序由登记设备录制，止于何处、因何而止均有记载。"
           "本报告不证明：系统管理员账户已被他人控制的设备所显示的网页是真实的。"
           "与此相对照的是环境记录、平台证书、画面与网页结构及网络数据三者的一致，以及第三方所持的订单号、支付流水号和运单号。";
  return "This report proves: these bytes were recorded in this order by an enrolled box; where they stop, and why. "
         "It does not prove: that a box whose root account was taken over displayed a genuine page. "
         "Against that stand the environment record, the platform's certificates, the agreement of pixels, DOM and network bytes, "
         "and what third parties hold (order number, payment serial, waybill).";
}

std::string_view scope_words(const std::string& scope, bool zh) {
  if (scope == "package") return zh ? "案卷包" : "a package";
  if (scope == "recording") return zh ? "一段录制" : "one recording";
  if (scope == "case") return zh ? "一个案件" : "one case";
  return zh ? "设备全部数据" : "a box's data";
}

namespace {

// The bracket of everything: one chain without a bound leaves the whole without it.
void bracket(const Report& report, Totals& totals) {
  bool before = !report.recordings.empty(), after = !report.recordings.empty() || !report.books.empty();
  for (const auto& recording : report.recordings) {
    before = before && recording.not_before_us > 0;
    after = after && recording.not_after_us > 0;
    const bool earliest = totals.not_before_us == 0 || recording.not_before_us < totals.not_before_us;
    if (earliest) totals.not_before_us = recording.not_before_us;
    totals.not_after_us = std::max(totals.not_after_us, recording.not_after_us);
  }
  for (const auto& book : report.books) {
    after = after && book.not_after_us > 0;
    totals.not_after_us = std::max(totals.not_after_us, book.not_after_us);
  }
  if (!before) totals.not_before_us = 0;
  if (!after) totals.not_after_us = 0;
}

}  // namespace

Totals totals_of(const Report& report) {
  Totals totals;
  bracket(report, totals);
  for (const auto& recording : report.recordings) {
    totals.records += recording.records;
    totals.segments += recording.segments;
    totals.frames += recording.frames;
    totals.dropped += recording.dropped;
    if (recording.first_us > 0 && (totals.first_us == 0 || recording.first_us < totals.first_us))
      totals.first_us = recording.first_us;
    totals.last_us = std::max(totals.last_us, recording.last_us);
    totals.worst_error_us = std::max(totals.worst_error_us, recording.worst_error_us);
  }
  for (const auto& book : report.books) {
    totals.records += book.records;
    totals.included += book.included;
    totals.delivered += book.delivered;
    totals.custody += book.custody;
    totals.opened += book.opened;
    totals.opened_here += book.opened_here;
  }
  return totals;
}

}  // namespace netsampler::verify
