#include "evidence/verify/reasons.h"

#include <algorithm>
#include <array>

namespace netsampler::verify {
namespace {

constexpr auto B = Severity::broken;
constexpr auto P = Severity::partial;
constexpr auto N = Severity::note;
using R = Reason;

constexpr std::array kContradictions{
    ReasonRow{R::line_form, "line-form", B, "记录行不符合格式", "a record line is not in the format's one form"},
    ReasonRow{R::sequence, "sequence", B, "记录序号不连续", "record numbers are not dense"},
    ReasonRow{R::prev, "prev", B, "与前一条记录的哈希不符", "the hash of the record before does not agree"},
    ReasonRow{R::signature, "signature", B, "记录签名无效", "a record's signature is not valid"},
    ReasonRow{R::box_signature, "box-signature", B, "设备对录制开头的签名无效", "the box's signature over the opening record is not valid"},
    ReasonRow{R::wrong_chain, "wrong-chain", B, "记录属于另一条链", "a record belongs to another chain"},
    ReasonRow{R::open_first, "open-first", B, "第一条记录不是开头记录", "the first record is not the opening one"},
    ReasonRow{R::after_close, "after-close", B, "结束记录之后仍有内容", "something stands behind the closing record"},
    ReasonRow{R::keys, "keys", B, "公钥清单缺失或不符，签名无法核验", "keys.txt is missing or does not fit: signatures cannot be checked"},
    ReasonRow{R::epoch, "epoch", B, "密钥时段与时间不符或缺少时段记录", "a key epoch does not fit the time, or an epoch record is absent"},
    ReasonRow{R::record_shape, "record-shape", B, "记录内容缺项或类型不符", "a record lacks a member or has one of another type"},
    ReasonRow{R::counts, "counts", B, "结束记录的计数与链不符", "the closing record's counts do not agree with the chain"},
    ReasonRow{R::boot_changed, "boot-changed", B, "同一录制中设备重新启动", "the boot changed within one recording"},
    ReasonRow{R::time_backwards, "time-backwards", B, "单调时钟倒退", "the monotonic clock went backwards"},
    ReasonRow{R::clock_contradiction, "clock-contradiction", B, "标准时间与单调时钟的差超出误差界", "UTC and the monotonic clock disagree beyond the stated error"},
    ReasonRow{R::file_changed, "file-changed", B, "文件内容与记录的完整性校验值不符", "a file's bytes do not agree with the recorded hash"},
    ReasonRow{R::sm3_changed, "sm3-changed", B, "文件的 SM3 值不符", "a file's SM3 does not agree"},
    ReasonRow{R::media_shape, "media-shape", B, "媒体文件结构异常", "a media file is not of the strict form"},
    ReasonRow{R::media_mismatch, "media-mismatch", B, "媒体内容与记录不符", "a media file does not hold what its record says"},
    ReasonRow{R::source, "source", B, "片段没有对应的画面来源记录", "a segment's source is not described, or is described twice"},
    ReasonRow{R::segment_order, "segment-order", B, "片段编号不连续", "segment numbers are not dense"},
    ReasonRow{R::discontinuity, "discontinuity", B, "画面时间不连续且没有中断记录", "frame times jump without a gap record"},
    ReasonRow{R::frame_clock, "frame-clock", B, "画面时间与时钟不符", "frame times disagree with the clock"},
    ReasonRow{R::opening_form, "opening-form", B, "个人信息开封行不符合格式", "a line of private.jsonl is not in the format's one form or order"},
    ReasonRow{R::opening_root, "opening-root", B, "个人信息与记录中的承诺值不符", "personal members do not agree with the record's private_root"},
    ReasonRow{R::opening_stray, "opening-stray", B, "个人信息开封行没有对应记录", "a line of private.jsonl belongs to no record"},
    ReasonRow{R::include_head, "include-head", B, "案件所载录制的末记录与实际不符", "an included recording does not end as the case book says"},
    ReasonRow{R::package_signature, "package-signature", B, "案卷包签名无效", "the package's signature is not valid"},
    ReasonRow{R::manifest_form, "manifest-form", B, "案卷包清单不符合格式", "a manifest of the package cannot be read"},
    ReasonRow{R::bag_declaration, "bag-declaration", B, "案卷包声明文件不符", "bagit.txt is missing or is not the declaration of a BagIt 1.0 bag"},
    ReasonRow{R::not_a_file, "not-a-file", B, "目录中有既非文件也非目录的对象", "something is neither file nor directory"},
    ReasonRow{R::recorded_broken, "recorded-broken", B, "设备当时记录的不符", "the box itself recorded a contradiction"},
    ReasonRow{R::log_form, "log-form", B, "设备日志文件不符合格式", "a file of the box log is not of its form"},
    ReasonRow{R::log_signature, "log-signature", B, "设备日志检查点不是本设备签名", "a checkpoint of the box log is not signed by this box"},
    ReasonRow{R::log_tree, "log-tree", B, "设备日志自相矛盾（被改动或分叉）", "the box log contradicts itself: changed or forked"},
    ReasonRow{R::log_contradicts, "log-contradicts", B, "设备日志登记的内容与记录链不符（被截短、改写）",
              "the box log knows another line than the chain has: cut or rewritten"},
    ReasonRow{R::token_invalid, "token-invalid", B, "时间戳无效", "a time stamp is not valid"},
    ReasonRow{R::time_contradicts, "time-contradicts", B, "设备时间与可信时间戳矛盾", "the box's time contradicts a time stamp"},
    ReasonRow{R::key_change, "key-change", B, "设备密钥的更换没有得到新旧密钥的证明", "a change of the box's key is not proven by the keys that it names"},
    ReasonRow{R::withheld_list, "withheld-list", B, "不提供清单不合格式，或与记录所载不符",
              "withheld.jsonl is not in its form, or tells a file otherwise than its record"},
    ReasonRow{R::witness_contradicts, "witness-contradicts", B, "与外部留存的设备日志检查点或证明不符（被截短、改写或分叉）",
              "contradicts what was kept of the box log outside: cut, rewritten or forked"},
    ReasonRow{R::resumed_contradicts, "resumed-contradicts", B, "续录与被续录制不符", "a recording contradicts the one that it resumes"},
    ReasonRow{R::picture_clock, "picture-clock", B, "画面时间条所示时间与记录不符", "the second shown by the strip is not the one at which the chain puts the picture"},
    ReasonRow{R::picture_head, "picture-head", B, "画面时间条所示链首不是此前的记录", "the chain's head shown by the strip is no line before the picture"},
    ReasonRow{R::picture_beacon, "picture-beacon", B, "画面二维码所示时间戳与画面时间矛盾", "the time stamp in the picture's QR code contradicts the picture's time"},
    ReasonRow{R::picture_time, "picture-time", B, "画面自带的序号或时间与记录不符", "the number or the times that a picture says of itself do not agree with the chain"}};

constexpr std::array kOthers{
    ReasonRow{R::unstamped, "unstamped", P, "没有可信时间戳：时间仅以设备时钟为准", "no time stamp: the time rests on the box's clock alone"},
    ReasonRow{R::untrusted, "untrusted", P, "未给出信任策略，或设备公钥不在信任策略中", "no policy was given, or the box's key is not in it"},
    ReasonRow{R::interrupted, "interrupted", P, "录制中断，没有结束记录", "interrupted: there is no closing record"},
    ReasonRow{R::file_missing, "file-missing", P, "记录所列文件缺失", "a named file is missing"},
    ReasonRow{R::private_missing, "private-missing", P, "个人信息开封行缺失", "personal members' openings are missing"},
    ReasonRow{R::withheld, "withheld", P, "部分个人信息未提供（承诺值仍可核验）", "personal members are withheld (their commitments verify)"},
    ReasonRow{R::unnamed_file, "unnamed-file", P, "有文件未被任何记录列出", "a file is named by no record"},
    ReasonRow{R::gap, "gap", P, "画面有中断", "the picture has a gap"},
    ReasonRow{R::frames_apart, "frames-apart", P, "相邻画面间隔超过 1.1 秒", "frames stand more than 1.1 s apart"},
    ReasonRow{R::key_apart, "key-apart", P, "关键帧间隔超过 10 秒", "key frames stand more than 10 s apart"},
    ReasonRow{R::sealed_late, "sealed-late", P, "片段封存过晚", "a segment was sealed late"},
    ReasonRow{R::epoch_late, "epoch-late", P, "密钥时段记录过晚", "an epoch record came late"},
    ReasonRow{R::clock_stepped, "clock-stepped", P, "录制期间时钟被调整", "the clock was stepped while recording"},
    ReasonRow{R::clock_limit, "clock-limit", P, "时钟误差超过策略允许值", "the clock's error is beyond the policy's limit"},
    ReasonRow{R::recording_missing, "recording-missing", P, "案件所载录制缺失", "a recording that the case includes is missing"},
    ReasonRow{R::not_included, "not-included", P, "包内录制未被案件收入", "a recording in the package is included by no case"},
    ReasonRow{R::case_missing, "case-missing", P, "包内没有案件记录", "the package has no case book"},
    ReasonRow{R::package_unsigned, "package-unsigned", P, "案卷包没有签名，包内附属文件无证明", "the package is not signed: its other files are not covered"},
    ReasonRow{R::not_in_manifest, "not-in-manifest", P, "文件不在案卷包清单中", "a file is not in the package's manifests"},
    ReasonRow{R::recorded_partial, "recorded-partial", P, "设备当时记录的问题", "the box itself recorded a shortcoming"},
    ReasonRow{R::log_missing, "log-missing", P, "设备日志文件缺失", "a file of the box log is missing"},
    ReasonRow{R::uncovered, "uncovered", P, "日志目录中有无法证明的文件", "a file beside the box log proves nothing"},
    ReasonRow{R::token_unbound, "token-unbound", P, "时间戳不对应任何检查点", "a time stamp binds to no checkpoint that is here"},
    ReasonRow{R::tsa_untrusted, "tsa-untrusted", P, "时间戳机构不在信任策略中", "a time stamp's authority is not in the policy"},
    ReasonRow{R::tsa_quorum, "tsa-quorum", P, "时间戳机构数少于策略要求", "fewer authorities have stamped than the policy asks for"},
    ReasonRow{R::witness_quorum, "witness-quorum", P, "见证方签名数少于策略要求", "fewer witnesses have cosigned than the policy asks for"},
    ReasonRow{R::no_beacon, "no-beacon", P, "录制开头没有（或缺少）此前的时间戳，最早时间无法证明",
              "the opening names no earlier time stamp, or it is not here: not before when cannot be shown"},
    ReasonRow{R::not_delivered, "not-delivered", P, "为本案开始的录制未全部交付", "not all recordings that were opened for the case are here"},
    ReasonRow{R::file_withheld, "file-withheld", P, "文件未提供（已声明，其哈希由记录载明）", "a file is withheld, as withheld.jsonl declares (its record tells its hash)"},
    ReasonRow{R::withheld_present, "withheld-present", P, "声明不提供，却仍在包内", "declared withheld, yet it is here"},
    ReasonRow{R::key_lost, "key-lost", P, "设备密钥曾遗失：此后由新密钥签名，旧密钥未予证明",
              "the box's key was lost: from there on a new key signs that the old one does not vouch for"},
    ReasonRow{R::resumed, "resumed", P, "封存程序中断后另起一链续录（画面由录制程序保留，封存较晚）",
              "goes on from a recording whose ledger died: the recorder kept the pictures, they were sealed late"},
    ReasonRow{R::picture_unread, "picture-unread", P, "部分画面的时间条或二维码未能读出", "pictures, or the strip in them, could not be read"},
    ReasonRow{R::picture_unknown, "picture-unknown", P, "画面二维码所示时间戳未随附", "the picture's QR code names a time stamp that is not here"},
    ReasonRow{R::token_expired, "token-expired", P, "时间戳证书已到期，且到期前未续期", "a time stamp's certificate has ended, and no later stamp renewed it in time"},
    ReasonRow{R::token_compromised, "token-compromised", P, "时间戳机构的密钥已失密，且失密前未续期",
              "a time-stamp authority's key was compromised, and no later stamp renewed the token before"},
    ReasonRow{R::opaque, "opaque", N, "有本版本不认识的记录种类", "records of kinds that this version does not know"},
    ReasonRow{R::orphan, "orphan", N, "断电遗留文件，已按哈希登记", "a file left by a power cut, recorded by its hash"},
    ReasonRow{R::case_tag, "case-tag", N, "录制开始时指向另一案件", "the recording was opened for another case"},
    ReasonRow{R::witness_unused, "witness-unused", N, "外部留存的检查点或证明无法与本目录比较", "a checkpoint or proof kept outside could not be compared with what is here"},
    ReasonRow{R::pictures_skipped, "pictures-skipped", N, "未核验画面：没有找到 netsampler-pictures", "pictures not looked at: netsampler-pictures is not here"},
    ReasonRow{R::revocation_unknown, "revocation-unknown", N, "没有时间戳证书当时的吊销数据", "no revocation data of that time for a time stamp's certificates"},
    ReasonRow{R::revoked_later, "revoked-later", N, "时间戳证书后来停用（此前的时间戳仍有效）", "an authority's certificate was retired afterwards: earlier stamps stand"},
    ReasonRow{R::more, "more", N, "问题过多，其余未列出", "too many findings: the rest is not listed"}};

constexpr auto joined() {
  std::array<ReasonRow, kContradictions.size() + kOthers.size()> all{};
  std::copy(kContradictions.begin(), kContradictions.end(), all.begin());
  std::copy(kOthers.begin(), kOthers.end(), all.begin() + kContradictions.size());
  return all;
}
constexpr auto kReasons = joined();

constexpr bool in_order() {
  for (std::size_t i = 0; i < kReasons.size(); ++i)
    if (kReasons[i].reason != static_cast<Reason>(i)) return false;
  return kReasons.size() == static_cast<std::size_t>(Reason::more) + 1;
}
static_assert(in_order(), "one row for each reason, in the enumeration's order");

}  // namespace

std::span<const ReasonRow> all_reasons() { return kReasons; }
const ReasonRow& row_of(Reason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

std::string_view name_of(Severity severity) {
  if (severity == Severity::broken) return "broken";
  return severity == Severity::partial ? "partial" : "note";
}

}  // namespace netsampler::verify
