#include "evidence/base/clock.h"
#include "evidence/base/json.h"
#include "evidence/format/told.h"
#include "evidence/verify/words.h"

namespace netsampler::verify {
namespace {

std::string number(std::int64_t value) { return std::to_string(value); }

// Names and words from what is verified may be anybody's: they must not begin a line of their own or speak to the terminal.
std::string tame(const std::string& foreign) {
  const std::string quoted = print(Json(foreign));
  return quoted.substr(1, quoted.size() - 2);
}

std::string seconds(std::int64_t us) {
  const std::string tenths = number(us / 100'000 % 10);
  return number(us / 1'000'000) + "." + tenths + " s";
}

std::string or_unknown(std::int64_t us, bool zh) { return us > 0 ? beijing_time(us) : (zh ? "无法证明" : "not shown"); }

// Between which times, by whom, and what the completeness rests on.
std::string stamp_lines(const Report& report, const Totals& totals, bool zh) {
  if (report.log.stamps == 0) return zh ? "可信时间戳：无\n" : "Time stamps: none\n";
  std::string text = (zh ? "可信时间戳：" : "Time stamps: ") + number(report.log.stamps) + (zh ? "，其中受信任 " : ", trusted ") +
                     number(report.log.trusted) + "\n";
  text += (zh ? "时间范围（由可信时间戳证明，UTC+8）：不早于 " : "Time bracket (by time stamps, UTC+8): not before ") +
          or_unknown(totals.not_before_us, zh) + (zh ? "，不晚于 " : ", not after ") + or_unknown(totals.not_after_us, zh) + "\n";
  return text;
}

std::string log_lines(const Report& report, const Totals& totals, bool zh) {
  if (!report.log.present) return "";
  std::string text = (zh ? "设备日志：" : "Box log: ") + std::to_string(report.log.size) + (zh ? " 条" : " leaves");
  if (!report.books.empty())
    text += (zh ? "；为本案开始的录制 " : "; recordings opened for the case ") + number(totals.opened) + (zh ? "，交付 " : ", delivered ") +
            number(totals.opened_here);
  if (report.log.witnessed == 0)
    text += zh ? "；没有见证方，完整性仅以设备为准" : "; no witness: completeness rests on the box alone";
  else
    text += (zh ? "；见证方已签名至第 " : "; witnesses have cosigned up to leaf ") + std::to_string(report.log.witnessed) + (zh ? " 条" : "");
  return text + "\n";
}

std::string head_lines(const Report& report, bool zh) {
  const Totals totals = totals_of(report);
  std::string text = zh ? "网络抽样证据核验报告\n" : "Verification report\n";
  text += std::string(zh ? "结论：" : "Verdict: ") + verdict_of(report) + (zh ? " " : ": ") + std::string(verdict_words(report, zh)) + "\n";
  text += (zh ? "范围：" : "Scope: ") + std::string(scope_words(report.scope, zh)) + "\n";
  if (report.now_us > 0) text += (zh ? "核验时点（UTC+8）：" : "Judged at (UTC+8): ") + beijing_time(report.now_us) + "\n";
  const std::string nobody = report.policy_given ? (zh ? "不在信任策略中" : "not in the policy") : (zh ? "未给出信任策略" : "no policy given");
  text += (zh ? "设备：" : "Box: ") + (report.box_name.empty() ? nobody : report.box_name) + "\n";
  if (totals.first_us > 0)
    text += (zh ? "录制时间（设备时钟，UTC+8）：" : "Recorded (the box's clock, UTC+8): ") + beijing_time(totals.first_us) + " – " +
            beijing_time(totals.last_us) + (zh ? "，误差界 " : ", error bound ") + number(totals.worst_error_us / 1000) + " ms\n";
  text += stamp_lines(report, totals, zh) + log_lines(report, totals, zh);
  text += (zh ? "记录 " : "Records ") + number(totals.records) + (zh ? "，片段 " : ", segments ") + number(totals.segments) +
          (zh ? "，画面 " : ", frames ") + number(totals.frames) + (zh ? "（丢弃 " : " (dropped ") + number(totals.dropped) +
          (zh ? "）\n" : ")\n");
  if (!report.books.empty())
    text += (zh ? "案件所载录制 " : "Recordings included ") + number(totals.included) + (zh ? "，随附 " : ", delivered ") +
            number(totals.delivered) + (zh ? "，保管记录 " : ", custody records ") + number(totals.custody) + "\n";
  return text;
}

std::string picture_lines(const Report& report, bool zh) {
  if (!report.pictures.looked) return "";
  const PictureSummary& p = report.pictures;
  return (zh ? "画面核验：解码片段 " : "Pictures: decoded segments ") + number(p.segments) + (zh ? "，画面 " : ", frames ") + number(p.frames) +
         (zh ? "，自带序号和时间相符 " : ", number and times agree ") + number(p.times) +
         (zh ? "；读出时间条 " : "; strips read ") + number(p.strips) + (zh ? " 次，二维码 " : ", QR codes ") + number(p.beacons) + (zh ? " 次\n" : "\n");
}

std::string recording_lines(const Report& report, bool zh) {
  std::string text;
  for (const RecordingSummary& r : report.recordings)
    text += (zh ? "录制 " : "Recording ") + tame(r.id) + " (" + tame(r.kind) + "): " + seconds(r.picture_us) + ", " + number(r.segments) +
            (zh ? " 片段, " : " segments, ") + number(r.frames) + (zh ? " 画面, " : " frames, ") +
            (r.close_reason.empty() ? (zh ? "中断" : "interrupted") : (zh ? "结束原因 " : "closed: ") + tame(r.close_reason)) + "\n";
  for (const BookSummary& b : report.books) text += (zh ? "案件 " : "Case ") + tame(b.id) + ": " + number(b.records) + (zh ? " 条记录\n" : " records\n");
  return text;
}

std::string finding_lines(const Report& report, bool zh) {
  std::string text = (zh ? "\n发现（" : "\nFindings (") + number(static_cast<std::int64_t>(report.findings.size())) + (zh ? "）：\n" : "):\n");
  for (const Finding& finding : report.findings) {
    const ReasonRow& row = row_of(finding.reason);
    text += "- [" + std::string(name_of(row.severity)) + "] " + std::string(row.code) + " " + tame(text_of(finding, zh));
    if (!finding.where.empty()) text += "  (" + tame(finding.where) + ")";
    text += "\n";
  }
  for (const Gap& gap : report.gaps)
    text += (zh ? "中断 " : "Gap ") + tame(gap.recording + " " + gap.source + " " + told_words(Told::gap, gap.cause, zh)) + ": " + seconds(gap.to_us - gap.from_us) + "\n";
  return text;
}

void hash_lines(const Report& report, bool zh, const TextSink& sink) {
  std::string text = zh ? "\n完整性校验值清单（SHA-256，SM3" : "\nIntegrity values (SHA-256, SM3";
  text += report.deep ? (zh ? "；均已核验）：\n" : "; both checked):\n")
                      : (zh ? "；SHA-256 已核验，SM3 未核验，--deep 可核验）：\n" : "; SHA-256 checked, SM3 only with --deep):\n");
  sink(text);
  for (const HashLine& line : report.hashes)
    sink(hex_of(line.sha256) + "  " + hex_of(line.sm3) + "  " + number(line.bytes) + "  " + report.path_of(line) + "\n");
}

}  // namespace

void report_text(const Report& report, bool zh, const TextSink& sink) {
  sink(head_lines(report, zh) + picture_lines(report, zh) + recording_lines(report, zh) + finding_lines(report, zh));
  hash_lines(report, zh, sink);
  sink("\n" + std::string(does_not_prove(zh)) + "\n");
}

std::string report_text(const Report& report, bool zh) {
  std::string whole;
  report_text(report, zh, [&](std::string_view text) { whole += text; });
  return whole;
}

}  // namespace netsampler::verify
