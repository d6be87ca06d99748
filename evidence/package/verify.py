#!/usr/bin/env python3
"""网络抽样证据包核验（第二核验程序） / the second verifier of netsampler evidence.

    python3 verify.py [--policy FILE] [--json] [PATH]

PATH: a package, one recording, one case or a box's data directory; without it, the directory this file lies in.
Verdict and exit code: INTACT 0, PARTIAL 1, BROKEN 2; no verdict: 64 usage, 65 nothing to verify, 70 internal, 74 input/output.
Written from docs/evidence-format.md alone, in Python's standard library alone, sharing nothing with netsampler-verify: where the
two disagree, one of them is wrong. The copy inside a package proves nothing about itself: take this file from the authority, or
compare its SHA-256 with the published one. Not checked here: the box log and its time stamps (so the best is PARTIAL, `unstamped`), SM3, the decoded pictures.
"""
import argparse, base64, functools, hashlib, json, os, re, stat, sys

class Malformed(Exception):
    """What was read is not in the form that the format asks for."""
class Stop(Exception):
    """No verdict: (exit code, one line)."""
def need(holds, what):
    if not holds: raise Malformed(what)

# --- Ed25519, RFC 8032 5.1, verification only. As strict as libsodium: S < L, canonical A, neither A nor R of small order, and R
# compared as bytes (no cofactor).
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
ORDER_8_Y = int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little")
SMALL_ORDER_Y = {0, 1, P - 1, ORDER_8_Y, P - ORDER_8_Y}
NEUTRAL = (0, 1, 1, 0)  # points are (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z

def add_points(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P
def double_point(p):
    a, b, c = p[0] * p[0] % P, p[1] * p[1] % P, 2 * p[2] * p[2] % P
    h, g = a + b, a - b
    e, f = h - (p[0] + p[1]) ** 2 % P, c + g
    return e * f % P, g * h % P, f * g % P, e * h % P
def decode_point(text):
    """The point of 32 bytes; None where they are no canonical encoding of one."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P: x = x * SQRT_M1 % P
    if y >= P or (v * x * x - u) % P or (x == 0 and sign): return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P
def multiples(point, count):
    table = [NEUTRAL]
    for _ in range(count - 1): table.append(add_points(table[-1], point))
    return table

@functools.lru_cache(maxsize=1)
def base_tables():
    """tables[i][d] = d * 16^i * B, so that a product with B is 64 additions."""
    point, tables = decode_point((4 * pow(5, -1, P) % P).to_bytes(32, "little")), []
    for _ in range(64):
        tables.append(multiples(point, 16))
        point = add_points(tables[-1][15], point)
    return tables

@functools.lru_cache(maxsize=4096)
def negated_key(key):
    """Multiples 0..15 of -A; None for a key that may not be used."""
    point = decode_point(key) if len(key) == 32 else None
    if point is None or point[1] in SMALL_ORDER_Y: return None
    return multiples((P - point[0], point[1], 1, P - point[3]), 16)

@functools.lru_cache(maxsize=1 << 14)
def verify_signature(key, message, signature):
    s = int.from_bytes(signature[32:], "little")
    r_y = int.from_bytes(signature[:32], "little") & (1 << 255) - 1
    table = negated_key(key)
    if table is None or len(signature) != 64 or s >= L or r_y % P in SMALL_ORDER_Y: return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    total = NEUTRAL
    for shift in range(252, -1, -4):
        for _ in range(4): total = double_point(total)
        total = add_points(total, table[h >> shift & 15])
    for i, row in enumerate(base_tables()): total = add_points(total, row[s >> 4 * i & 15])
    inverse = pow(total[2], -1, P)
    x, y = total[0] * inverse % P, total[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]

# --- One encoding for each value (section 2)
LINE_LIMIT_BYTES, DEPTH_LIMIT, INT_LIMIT = 65536, 8, 2**53 - 1
KEY_FORM = re.compile(r"[a-z0-9_]+")

def refuse(*_):
    raise Malformed("a value outside the profile")
def pairs_once(pairs):
    need(len({key for key, _ in pairs}) == len(pairs), "a key twice")
    return dict(pairs)
def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
def check_profile(value, depth=1):
    need(not isinstance(value, (dict, list)) or depth <= DEPTH_LIMIT, "nested too deep")
    if isinstance(value, dict):
        need(all(KEY_FORM.fullmatch(key) for key in value), "a key outside the profile")
        value = list(value.values())
    if isinstance(value, list):
        for item in value: check_profile(item, depth + 1)
    elif value is None or (isinstance(value, int) and abs(value) > INT_LIMIT):
        refuse()
def parse_line(line):
    """The object of a line without its newline; Malformed unless these are the only bytes for it."""
    need(len(line) < LINE_LIMIT_BYTES, "longer than 64 KiB")
    try:
        value = json.loads(line.decode(), object_pairs_hook=pairs_once, parse_float=refuse, parse_constant=refuse)
        check_profile(value)
        again = canonical(value)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON of the profile") from error
    need(isinstance(value, dict) and again == line, "not in canonical form")
    return value
def from_base64(text, size):
    """The bytes; None unless this is the one text for so many."""
    try:
        value = base64.b64decode(text, validate=True)
    except (TypeError, ValueError):
        return None
    return value if len(value) == size and base64.b64encode(value).decode() == text else None
def is_path(text):
    parts = text.split("/")
    return len(text) <= 200 and all(re.fullmatch(r"[A-Za-z0-9._-]+", part) and part not in (".", "..") for part in parts)

# --- Findings (section 12)
CODES = {code: (severity, zh) for severity, rows in (
    ("broken", "line-form:行格式不符 sequence:序号不连 prev:前后行不衔接 signature:签名不符 box-signature:设备签名不符 wrong-chain:记录不属于此链 "
     "open-first:首行不符 after-close:关闭之后还有记录 keys:密钥表不符 epoch:时段不符 record-shape:记录成员不符 counts:计数不符 boot-changed:启动号改变 "
     "time-backwards:时间倒退 clock-contradiction:时钟矛盾 file-changed:文件被改动 media-shape:录像结构不符 media-mismatch:录像与记录不符 "
     "source:画面来源不符 segment-order:片段次序不符 discontinuity:画面不连续而无间断记录 frame-clock:画面时刻不符 opening-form:开封行格式不符 "
     "opening-root:开封行与承诺值不符 opening-stray:多余的开封行 include-head:案卷所载末行不符 package-signature:证据包签名不符 "
     "manifest-form:清单格式不符 bag-declaration:包声明不符 not-a-file:不是普通文件 recorded-broken:录制时已记为不符"),
    ("partial", "unstamped:没有可信时间戳或未核对 untrusted:设备不在信任策略内 interrupted:中断 file-missing:缺少文件 private-missing:缺少开封行 withheld:部分内容不提供 "
     "unnamed-file:无记录载明的文件 gap:画面间断 frames-apart:画面间隔过长 key-apart:关键帧间隔过长 sealed-late:封存迟延 epoch-late:时段记录迟延 "
     "clock-stepped:时钟跳变 clock-limit:时钟误差超限 recording-missing:缺少录制 not-included:案卷未载的录制 case-missing:缺少案卷 "
     "package-unsigned:证据包未签名 not-in-manifest:清单未列的文件 recorded-partial:录制时已记为部分可证"),
    ("note", "opaque:本程序不识的记录种类 orphan:未被确认的开封行 case-tag:案件标记不同"),
) for code, zh in (row.split(":") for row in rows.split())}
RANK = ["note", "partial", "broken"]
VERDICTS, VERDICTS_ZH = ["INTACT", "PARTIAL", "BROKEN"], ["完整", "部分可证", "不符"]

class Report:
    def __init__(self, policy):
        self.policy, self.findings, self.records, self.segments, self.signers = policy, [], 0, 0, {}
    def add(self, code, where, detail=""):
        finding = {"code": code, "severity": CODES[code][0], "where": where, "text": CODES[code][1], "detail": detail}
        if finding not in self.findings: self.findings.append(finding)
    def rank(self):
        return max([0] + [RANK.index(finding["severity"]) for finding in self.findings])
def join(base, name):
    return base + "/" + name if base else name
def fail(error):
    raise error
class Tree:
    """The files below a directory; links and devices are contradictions and are not followed."""
    def __init__(self, root, report):
        self.root, self.files = root, set()
        for directory, directories, names in os.walk(root, onerror=fail):
            for name in directories + names:
                path = os.path.normpath(os.path.join(os.path.relpath(directory, root), name))
                mode = os.lstat(os.path.join(root, path)).st_mode
                if stat.S_ISREG(mode): self.files.add(path)
                elif not stat.S_ISDIR(mode): report.add("not-a-file", path)
    def read(self, path):
        with open(os.path.join(self.root, path), "rb") as file:
            return file.read()
    def below(self, base):
        return {path[len(base) + 1:] if base else path for path in self.files if not base or path.startswith(base + "/")}
    def size_and_sha256(self, path):
        digest, size = hashlib.sha256(), 0
        with open(os.path.join(self.root, path), "rb") as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                digest.update(piece)
                size += len(piece)
        return size, digest.hexdigest()

# --- Members of records (sections 3 and 5)
ENVELOPE = ("v:one type:text seq:count prev:hash at_us:count err_us:count clock:clock boot:text boot_us:count private_root?:hash "
            "private_count?:positive sig:sig ")
CHAIN_KINDS = """
open nonce:hash kind:text case_tag?:hash software_version:text software_sha256?:hash box_key:key file:file epoch_us:count epochs:count samplers?:texts \
 display?:text box_sig:sig
epoch
source source:text medium:text width:count height:count codec:text time_base:count start_us:int mode:text file:file
segment source:text no:count file:file key:bool frames:count dropped:count heartbeats:count longest_us:count first_pts:int last_pts:int last_duration:count \
 first_us:int last_us:int sealed_late_us?:count
gap source:text cause:text from_us:int to_us:int
clock state:text offset_us:int error_us:count stratum?:count leap?:text root_delay_us?:int root_dispersion_us?:int phase?:text servers?:servers
environment browser?:text browser_version?:text kernel?:text display?:text width?:count height?:count extensions?:count webdriver?:bool proxy?:bool \
 hosts_changed?:bool devtools?:bool profile_new?:bool
page page:count kind:text origin:text status:count responses:count bytes:count certificate_sha256?:hash from_us:int to_us:int ended:text files:files
fact name:text from:text page?:count kind?:text item?:text rect?:rect source?:text from_us?:int confidence?:count
corroboration page:count name:text agrees:bool
chapter item:text page?:count source?:text from_us:int
mark item?:text actor?:text from_us:int
finding code:text severity:severity source?:text page?:count from_us?:int to_us?:int count?:count
close reason:text records:count segments:count frames:count dropped:count pages:count facts:count samplers?:texts"""
BOOK_KINDS = """
case_open nonce:hash box_key:key
include recording:text head:hash last_seq:count role:text why:text
custody action:text profile?:text software_version?:text
finding code:text severity:severity recording?:text count?:count torn_bytes?:count torn_sha256?:hash orphans?:files files?:files
corroboration recording:text page:count name:text agrees:bool
decision decision:text
login account:text outcome:text
configuration action:text account?:text software_version?:text config_sha256?:hash
check name:text outcome:text software_version?:text"""
CHAIN_KINDS, BOOK_KINDS = ({line.split()[0]: line.partition(" ")[2] for line in kinds.split("\n")[1:]} for kinds in (CHAIN_KINDS, BOOK_KINDS))
SERVER = "server:text ok:bool offset_us?:int delay_us?:int dispersion_us?:int stratum?:int"

def is_int(value, least=-INT_LIMIT):
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
def text_of(form):
    return lambda value: isinstance(value, str) and bool(re.fullmatch(form, value))
def list_of(kind):
    return lambda value: isinstance(value, list) and all(TYPES[kind](item) for item in value)

TYPES = {
    "one": lambda value: is_int(value) and value == 1, "int": is_int, "count": lambda value: is_int(value, 0),
    "positive": lambda value: is_int(value, 1), "bool": lambda value: isinstance(value, bool), "any": lambda value: True, "never": lambda value: False,
    "text": lambda value: isinstance(value, str), "path": lambda value: isinstance(value, str) and is_path(value),
    "hash": text_of("[0-9a-f]{64}"), "id": text_of("[a-z2-7]{26}"), "salt": text_of("[0-9a-f]{32}"), "name": text_of("[a-z0-9_]+"),
    "severity": text_of("note|partial|broken"), "clock": text_of("synchronised|holdover|unsynchronised|stepped"),
    "key": lambda value: from_base64(value, 32) is not None, "sig": lambda value: from_base64(value, 64) is not None,
    "file": lambda value: isinstance(value, dict) and len(value) == 4 and not shape_error(value, "bytes:count path:path sha256:hash sm3:hash"),
    "server": lambda value: isinstance(value, dict) and not shape_error(value, SERVER),
    "files": list_of("file"), "texts": list_of("text"), "servers": list_of("server"), "rect": lambda value: list_of("int")(value) and len(value) == 4,
}
def shape_error(value, members):
    """The first member of `value` that is not as "name:type name?:type …" says; empty where all are."""
    for name, kind in (member.split(":") for member in members.split()):
        if name.rstrip("?") not in value:
            if not name.endswith("?"): return name + " is missing"
        elif not TYPES[kind](value[name.rstrip("?")]):
            return name.rstrip("?") + " is no " + kind
    return ""
def files_of(record):
    named = [record["file"]] if TYPES["file"](record.get("file")) else []
    return named + (record["files"] if TYPES["files"](record.get("files")) else [])
def merkle_root(leaves):
    """RFC 6962 over hashes of leaves, at least one."""
    if len(leaves) == 1: return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()
def opening_leaf(opening):
    if set(opening) == {"index", "leaf", "seq"}:
        error = shape_error(opening, "index:count leaf:hash seq:count")
        need(not error, error)
        return bytes.fromhex(opening["leaf"])
    error = shape_error(opening, "field:name index:count salt:salt seq:count value:any")
    need(not error and len(opening) == 5, error or "more than an opening")
    return hashlib.sha256(b"\0" + canonical([opening["salt"], opening["field"], opening["value"]])).digest()

class Chain:
    """What recordings and books have in common: a directory with one chain. `records` are those in form."""
    line_file, kinds, owner, more, closed = "", {}, "", "", True
    def __init__(self, tree, base, report):
        self.tree, self.base, self.report = tree, base, report
        self.records, self.last_hash, self.torn, self.named = [], "0" * 64, False, {}
        self.absent = False
        self.reference = None  # section 8: the first record since the boot's begin or the last step
    def where(self, record):
        return "%s#%s" % (join(self.base, self.line_file), record["seq"]) if isinstance(record, dict) else join(self.base, record)
    def add(self, code, record, detail=""):
        self.report.add(code, self.where(record), detail)
    def expect(self, holds, code, record, detail=""):
        if not holds: self.add(code, record, detail)
    def verify(self):
        if join(self.base, self.line_file) not in self.tree.files:
            self.absent = True
        else:
            pieces = self.tree.read(join(self.base, self.line_file)).split(b"\n")
            self.torn = pieces.pop() != b""
            for number_of_line, line in enumerate(pieces): self.line(number_of_line, line)
            self.expect(pieces, "interrupted", self.line_file, "no whole line")
            interrupted = self.closed is None or (self.closed is True and self.torn)  # a book is never closed
            self.expect(not interrupted, "interrupted", self.line_file, "torn line" if self.torn else "no close")
            self.expect(interrupted or not self.torn, "after-close", self.line_file, "bytes behind the close")
            self.check_openings()
        self.check_files()
    def line(self, number_of_line, line):
        self.report.records += 1
        try:
            record = parse_line(line)
            error = shape_error(record, ENVELOPE + self.more)
            if error or ("private_root" in record) != ("private_count" in record):
                self.add("record-shape", self.line_file, "line %d: %s" % (number_of_line, error or "private_root or private_count alone"))
            else:
                self.record(record)
        except Malformed as error:
            self.add("line-form", self.line_file, "line %d: %s" % (number_of_line, error))
        self.last_hash = hashlib.sha256(line).hexdigest()
    def record(self, record):
        before = self.records[-1] if self.records else None
        self.expect(record["seq"] == (before["seq"] + 1 if before else 0), "sequence", record)
        self.expect(record["prev"] == self.last_hash, "prev", record)
        self.expect(not before or record[self.owner] == before[self.owner], "wrong-chain", record)
        self.expect(record["type"] in self.kinds, "opaque", record, record["type"])
        self.check_time(before, record)
        error = shape_error(record, self.kinds.get(record["type"], ""))
        self.named.update((file["path"], (file, None if error else record)) for file in files_of(record))
        if error:
            self.add("record-shape", record, error)
        else:
            self.body(record)
            if record["type"] == "finding" and record["severity"] != "note":
                self.add("recorded-" + record["severity"], record, record["code"])
        self.check_signature(record)
        self.records.append(record)
    def signed(self, record, key, members=("sig",), prefix=b"netsampler/v1/record\n"):
        bare = canonical({name: value for name, value in record.items() if name not in members})
        return verify_signature(key, prefix + hashlib.sha256(bare).digest(), from_base64(record[members[-1]], 64))
    def check_time(self, before, record):
        self.expect(record["err_us"] <= self.report.policy["clock-limit-us"], "clock-limit", record)
        same_boot = before is not None and before["boot"] == record["boot"]
        stepped = same_boot and record["clock"] == "stepped"
        self.expect(not stepped, "clock-stepped", record)
        self.expect(not same_boot or record["boot_us"] >= before["boot_us"], "time-backwards", record)
        if stepped or not same_boot:
            self.reference = record
            return
        for other in (before, self.reference):
            at, boot = record["at_us"] - other["at_us"], record["boot_us"] - other["boot_us"]
            bound = record["err_us"] + other["err_us"] + max(boot, 0) // 2000
            self.expect(abs(at - boot) <= bound, "clock-contradiction", record)
    def check_files(self):
        present = self.tree.below(self.base)
        for path, (file, record) in self.named.items():
            if path not in present: self.add("file-missing", path)
            elif self.tree.size_and_sha256(join(self.base, path)) != (file["bytes"], file["sha256"]): self.add("file-changed", path)
            elif record is not None: self.whole_file(path, record)
        for path in sorted(present - set(self.named) - {self.line_file, "private.jsonl"}): self.add("unnamed-file", path)
    def whole_file(self, path, record):
        """A file is as its record names it: is what is in it, too?"""
    def check_openings(self):
        """Section 6."""
        groups, last, path = {}, (-1, -1), join(self.base, "private.jsonl")
        pieces = self.tree.read(path).split(b"\n") if path in self.tree.files else [b""]
        self.expect(not pieces.pop(), "orphan" if self.closed in (None, True) else "opening-form", "private.jsonl", "a half line")
        for number_of_line, line in enumerate(pieces):
            try:
                opening = parse_line(line)
                leaf = opening_leaf(opening)
                need((opening["seq"], opening["index"]) > last, "out of order")
                last = (opening["seq"], opening["index"])
                groups.setdefault(opening["seq"], []).append((opening, leaf))
            except Malformed as error:
                self.add("opening-form", "private.jsonl", "line %d: %s" % (number_of_line, error))
        for record in self.records:
            if "private_root" in record: self.check_group(record, groups.pop(record["seq"], []))
        for seq in groups:
            orphan = not self.closed and (not self.records or seq > self.records[-1]["seq"])
            self.add("orphan" if orphan else "opening-stray", "private.jsonl", "seq %d" % seq)
    def check_group(self, record, group):
        if not group:
            self.add("private-missing", record)
            return
        fields = [opening["field"] for opening, _ in group if "field" in opening]
        dense = [opening["index"] for opening, _ in group] == list(range(len(group))) and fields == sorted(set(fields))
        self.expect(dense, "opening-form", record)
        if len(group) < record["private_count"]: self.add("private-missing", record)
        else: self.expect(merkle_root([leaf for _, leaf in group]).hex() == record["private_root"], "opening-root", record)
        self.expect(len(fields) == len(group), "withheld", record)
# --- A recording (sections 4, 5, 7)
class Recording(Chain):
    line_file, kinds, owner, more = "chain.jsonl", CHAIN_KINDS, "recording", "recording:id epoch:count case?:never"
    def __init__(self, tree, base, report):
        super().__init__(tree, base, report)
        self.open, self.closed, self.keys, self.sources, self.tracks, self.epoch = None, None, [], {}, {}, 0
        self.counts = dict.fromkeys(("records", "segments", "frames", "dropped", "pages", "facts"), 0)
    def body(self, record):
        self.expect(not self.closed, "after-close", record)
        first = not self.records
        self.expect((record["type"] == "open") == first, "open-first", record)
        if record["type"] == "open" and first: self.begin(record)
        if self.open:
            self.expect(record["boot"] == self.open["boot"], "boot-changed", record)
            self.check_epoch(record)
        self.count(record)
        getattr(self, "on_" + record["type"], lambda _: None)(record)
    def begin(self, record):
        self.open = record
        self.expect(os.path.basename(self.base) in ("", record["recording"]), "wrong-chain", record, "in the directory of another")
        key = from_base64(record["box_key"], 32)
        self.report.signers[key] = self.where(record)
        self.expect(self.signed(record, key, ("sig", "box_sig"), b"netsampler/v1/open\n"), "box-signature", record)
        self.expect(record["epoch_us"] and record["epochs"], "record-shape", record, "no epochs")
        self.expect(record["file"]["path"] == "keys.txt", "keys", record)
        if join(self.base, "keys.txt") not in self.tree.files: return
        lines = self.tree.read(join(self.base, "keys.txt")).decode("latin-1").split("\n")
        keys = [from_base64(line, 32) for line in lines[:-1]]
        fine = len(keys) == record["epochs"] and lines[-1] == "" and None not in keys
        self.expect(fine, "keys", "keys.txt", "not one key a line for each epoch")
        self.keys = keys if fine else []
    def check_epoch(self, record):
        epoch, length, is_epoch = record["epoch"], self.open["epoch_us"], record["type"] == "epoch"
        reached = (record["boot_us"] - self.open["boot_us"]) // length if length else epoch
        self.expect(epoch == self.epoch + is_epoch and epoch < self.open["epochs"] and reached >= epoch and (is_epoch or reached == epoch), "epoch", record)
        self.expect(not is_epoch or reached <= epoch, "epoch-late", record)
        self.epoch = epoch if is_epoch else self.epoch
    def check_signature(self, record):
        self.expect(record["epoch"] < len(self.keys) and self.signed(record, self.keys[record["epoch"]]), "signature", record)
    def count(self, record):
        self.counts["records"] += 1
        if record["type"] + "s" in self.counts: self.counts[record["type"] + "s"] += 1
        if record["type"] == "segment":
            self.counts["frames"] += record["frames"]
            self.counts["dropped"] += record["dropped"]
    def on_close(self, record):
        self.closed = record
        self.expect(all(record[name] == count for name, count in self.counts.items()), "counts", record)
    def on_page(self, record):
        prefix = "pages/%d/" % record["page"]
        self.expect(all(file["path"].startswith(prefix) for file in record["files"]), "record-shape", record, "a file outside " + prefix)
    def on_gap(self, record):
        self.add("gap", record, record["cause"])
        if record["source"] in self.sources: self.sources[record["source"]].gap = True
    def on_source(self, record):
        name, path = record["source"], record["file"]["path"]
        fine = re.fullmatch(r"[a-z0-9_-]{1,32}", name) and record["time_base"] == 90000 and path == "media/%s/init.mp4" % name
        if not fine or name in self.sources: self.add("source", record)
        else: self.sources[name] = Source(record)
    def on_segment(self, record):
        self.report.segments += 1
        source = self.sources.get(record["source"])
        for code in source.segment(record) if source else ["source"]: self.add(code, record)
    def whole_file(self, path, record):
        name = record.get("source")
        if record["type"] not in ("source", "segment") or not path.startswith("media/") or (record["type"] == "segment" and name not in self.tracks):
            return
        try:
            data = self.tree.read(join(self.base, path))
            if record["type"] == "source":
                same, self.tracks[name] = check_init(data, record)
            else:
                same, calm = check_segment(data, record, self.tracks[name])
                self.expect(calm, "frames-apart", path)
            self.expect(same, "media-mismatch", path)
        except Malformed as error:
            self.add("media-shape", path, str(error))

class Source:
    """Section 7: one source's pictures so far, by the records."""
    def __init__(self, record):
        self.start_us, self.next_no, self.end, self.last_key, self.gap = record["start_us"], 0, None, None, False
    def segment(self, record):
        if record["no"] != self.next_no or record["file"]["path"] != "media/%s/%06d.m4s" % (record["source"], record["no"]):
            yield "segment-order"
        yield from self.continuity(record)
        for pts, us in ((record["first_pts"], record["first_us"]), (record["last_pts"], record["last_us"])):
            if abs(us - self.start_us - pts * 100 // 9) > 100_000: yield "frame-clock"
        if record["last_us"] > record["boot_us"] + 100_000: yield "frame-clock"
        if "sealed_late_us" in record or record["boot_us"] - record["last_us"] > 30_000_000: yield "sealed-late"
        self.next_no, self.end, self.gap = record["no"] + 1, record["last_pts"] + record["last_duration"], False
    def continuity(self, record):
        first = record["first_pts"]
        joined = self.end is None or first == self.end or (first > self.end and self.gap)
        if not joined or first > record["last_pts"] or record["frames"] == 0: yield "discontinuity"
        if record["longest_us"] > 1_100_000: yield "frames-apart"
        if self.last_key is None and not record["key"] or record["key"] and first - (self.last_key or first) > 10 * 90000:
            yield "key-apart"
        self.last_key = first if record["key"] else self.last_key

# --- MP4 boxes (section 7)
def number(data, at, size):
    need(at + size <= len(data), "a box ends too early")
    return int.from_bytes(data[at:at + size], "big")
def boxes(data):
    """[(type, payload)]; every box has a 32-bit size that lies inside, and nothing stands behind the last."""
    found, at = [], 0
    while at < len(data):
        size = number(data, at, 4)
        need(size >= 8 and at + size <= len(data), "a box of a size that is refused")
        found.append((data[at + 4:at + 8].decode("latin-1"), data[at + 8:at + size]))
        at += size
    return found
def children(data, form):
    """Payloads by type, where the boxes are exactly those of `form`, in any order; "name?" may be absent."""
    found = boxes(data)
    names, allowed = [name for name, _ in found], {name.rstrip("?") for name in form.split()}
    fine = len(set(names)) == len(names) and set(names) <= allowed and all(name in names for name in form.split() if not name.endswith("?"))
    need(fine, "boxes %s where %s belong" % (" ".join(names), form))
    return dict(found)

def check_init(data, record):
    """Is it as the record says? and the payload of trex: the defaults of the track."""
    moov = children(children(data, "ftyp moov")["moov"], "mvhd trak mvex udta?")
    mdia = children(children(moov["trak"], "tkhd mdia")["mdia"], "mdhd hdlr minf")
    stbl = children(children(mdia["minf"], "vmhd dinf stbl")["stbl"], "stsd stts stsc stsz stco")
    trex = children(moov["mvex"], "mehd? trex")["trex"]
    entry = boxes(stbl["stsd"][8:])
    codec = {"avc1": "h264", "avc3": "h264", "hvc1": "hevc"}.get(entry[0][0]) if len(entry) == 1 else None
    need(codec and mdia["hdlr"][8:12] == b"vide" and number(stbl["stsd"], 4, 4) == 1 and len(trex) >= 24, "not one video track with one sample entry")
    need(not any(number(stbl[name], 4, 4) for name in ("stts", "stsc", "stco")) and number(stbl["stsz"], 8, 4) == 0, "samples")
    scale = number(mdia["mdhd"], 20 if mdia["mdhd"][:1] == b"\1" else 12, 4)
    said = (record["time_base"], record["width"], record["height"], record["codec"])
    return (scale, number(entry[0][1], 24, 2), number(entry[0][1], 26, 2), codec) == said, trex
def check_segment(data, record, trex):
    """(are its pictures as the record says? are they at most 1.1 s apart?)"""
    found, pairs = boxes(data), []
    while found:
        name, payload = found.pop(0)
        if name == "moof" and found and found[0][0] == "mdat": pairs.append((payload, found.pop(0)[1]))
        else: need(name in ("styp", "sidx", "prft"), "a box %s where it does not belong" % name)
    need(pairs, "no frames")
    frames, end, first, key, durations, longest = 0, None, None, None, [], 0
    for moof, mdat in pairs:
        start, durations, sync = run_of(moof, len(mdat), trex)
        need(end is None or start == end, "runs that do not join")
        first, key = (start, sync) if first is None else (first, key)
        frames, end, longest = frames + len(durations), start + sum(durations), max([longest] + durations)
    said = (record["frames"], record["first_pts"], record["last_duration"], record["last_pts"] + record["last_duration"], record["key"])
    return (frames, first, durations[-1], end, key) == said, longest * 100 <= 1_100_000 * 9
def run_of(moof, mdat_bytes, trex):
    """(first time, durations, does it begin with a sync frame) of one moof whose mdat's payload has that many bytes."""
    traf = children(children(moof, "mfhd traf")["traf"], "tfhd tfdt trun")
    tfhd, tfdt, trun = traf["tfhd"], traf["tfdt"], traf["trun"]
    flags, at, defaults = number(tfhd, 0, 4), 8, [number(trex, at, 4) for at in (12, 16, 20)]  # duration, size, flags
    need(flags & 0x20000 and not flags & 0x10001 and number(tfhd, 4, 4) == number(trex, 4, 4), "not default-base-is-moof, or of another track")
    at += 4 if flags & 0x2 else 0
    for i, flag in enumerate((0x8, 0x10, 0x20)):
        if flags & flag: defaults[i], at = number(tfhd, at, 4), at + 4
    flags, count, at, first_flags = number(trun, 0, 4), number(trun, 4, 4), 12, None
    need(flags & 0x1 and 0 < count <= 100_000 and number(trun, 8, 4) == len(moof) + 16, "no frames, or data that do not begin at the mdat's payload")
    if flags & 0x4: first_flags, at = number(trun, at, 4), at + 4
    durations, size = [], 0
    for _ in range(count):
        frame = [*defaults, 0]
        for i, flag in enumerate((0x100, 0x200, 0x400, 0x800)):
            if flags & flag: frame[i], at = number(trun, at, 4), at + 4
        need(frame[3] == 0, "composition offsets")
        first_flags = frame[2] if first_flags is None else first_flags
        durations.append(frame[0])
        size += frame[1]
    need(size == mdat_bytes and at == len(trun), "a run that does not fill its mdat")
    return number(tfdt, 4, 8 if tfdt[:1] == b"\1" else 4), durations, not first_flags & 0x10000

# --- A book, and what it includes
class Book(Chain):
    line_file, kinds, owner, more = "book.jsonl", BOOK_KINDS, "case", "case:text actor:text epoch?:never"
    def __init__(self, tree, base, report):
        super().__init__(tree, base, report)
        self.key, self.tag, self.includes = b"", None, []
    def body(self, record):
        first = not self.records
        self.expect((record["type"] == "case_open") == first, "open-first", record)
        if record["type"] == "case_open" and first:
            self.key = from_base64(record["box_key"], 32)
            self.report.signers[self.key] = self.where(record)
            self.tag = hashlib.sha256(bytes.fromhex(record["nonce"]) + record["case"].encode()).hexdigest()
        if record["type"] == "include": self.includes.append(record)
    def check_signature(self, record):
        self.expect(self.signed(record, self.key), "signature", record)

def check_includes(books, recordings, report, package):
    included = set()
    for book, record in ((book, record) for book in books for record in book.includes):
        name = record["recording"]
        included.add(name)
        recording = recordings.get(name)
        if recording is None or recording.absent:
            book.add("recording-missing", record, name)
            continue
        head = (recording.last_hash, recording.records[-1]["seq"] if recording.records else -1)
        book.expect((record["head"], record["last_seq"]) == head, "include-head", record, name)
        book.expect(not recording.open or recording.open.get("case_tag", book.tag) == book.tag, "case-tag", record, name)
    for name in sorted(set(recordings) - included) if package else (): report.add("not-included", recordings[name].base)

# --- A package (section 9)
def read_manifest(tree, path, report):
    entries, lines = {}, tree.read(path).split(b"\n")
    last = lines.pop()
    for line in lines:
        match = re.fullmatch(rb"([0-9a-f]{64})  ([^\r]+)", line)
        text = match[2].decode("utf-8", "surrogateescape") if match else "%"
        name = re.sub("%(25|0D|0A)", lambda escape: chr(int(escape[1], 16)), text)
        if re.search("%(?!25|0D|0A)", text) or name in entries: report.add("manifest-form", path)
        else: entries[name] = match[1].decode()
    if last or [line[66:] for line in lines] != sorted(line[66:] for line in lines): report.add("manifest-form", path)
    return entries
def check_manifest(tree, path, covered, report):
    if path not in tree.files:
        report.add("file-missing", path)
        return
    entries = read_manifest(tree, path, report)
    for name, sha256 in entries.items():
        if name not in covered: report.add("file-missing" if name not in tree.files else "manifest-form", name)
        elif tree.size_and_sha256(name)[1] != sha256: report.add("file-changed", name)
    for name in sorted(covered - set(entries)): report.add("not-in-manifest", name)
def check_bag(tree, books, report):
    if not books: report.add("case-missing", "data/case")
    if "bagit.txt" not in tree.files or tree.read("bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
        report.add("bag-declaration", "bagit.txt")
    payload = {path for path in tree.files if path.startswith("data/")}
    check_manifest(tree, "manifest-sha256.txt", payload, report)
    check_manifest(tree, "tagmanifest-sha256.txt", tree.files - payload - {"tagmanifest-sha256.txt", "package.sig"}, report)
    if "package.sig" not in tree.files or "tagmanifest-sha256.txt" not in tree.files:
        report.add("package-unsigned", "package.sig")
        return
    text = tree.read("package.sig").decode("latin-1").removesuffix("\n")
    signature = from_base64(text, 64) or b""
    message = b"netsampler/v1/package\n" + hashlib.sha256(tree.read("tagmanifest-sha256.txt")).digest()
    if not any(verify_signature(book.key, message, signature) for book in books): report.add("package-signature", "package.sig")

# --- Scope, trust, verdict
def ids_below(tree, base, form):
    names = {path.split("/")[0] for path in tree.below(base) if "/" in path}
    return sorted(name for name in names if re.fullmatch(form, name) and name not in (".", ".."))
def scope_of(tree):
    """(is it a package, directories of recordings by name, directories of books)"""
    top = {path.split("/")[0] for path in tree.files}
    package = bool(tree.files & {"bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "package.sig"} or tree.below("data/case"))
    if not package and Recording.line_file in top: return False, {"": ""}, []
    if not package and Book.line_file in top: return False, {}, [""]
    data = "data" if "data" in top else ""
    recordings = {name: join(data, "recordings/" + name) for name in ids_below(tree, join(data, "recordings"), "[a-z2-7]{26}")}
    if package: return True, recordings, ["data/case"] if tree.below("data/case") else []
    return False, recordings, [join(data, "cases/" + name) for name in ids_below(tree, join(data, "cases"), "[A-Za-z0-9._-]{1,64}")]
def verify(path, policy):
    """The report on what lies at `path`; None where that is neither chain nor book."""
    report = Report(policy)
    tree = Tree(path, report)
    package, recordings, books = scope_of(tree)
    if not recordings and not books: return None
    recordings = {name: Recording(tree, base, report) for name, base in recordings.items()}
    books = [Book(tree, base, report) for base in books]
    for chain in [*recordings.values(), *books]: chain.verify()
    check_includes(books, recordings, report, package)
    if package: check_bag(tree, books, report)
    for key, where in report.signers.items():
        if key not in policy["boxes"]: report.add("untrusted", where, "box %s" % hashlib.sha256(key).hexdigest())
    report.add("unstamped", "", "box log and time stamps are not checked by this program")
    return report
def parse_policy(text):
    """Section 10. Malformed names the line."""
    policy = {"boxes": {}, "clock-limit-us": 500_000}
    forms = {"box": r"([0-9a-f]{64}) (\S+) (.+)", "tsa": r"[0-9a-f]{64} .+", "witness": r"\S+ \S+", "quorum": r"\d{1,15}", "tsa-quorum": r"\d{1,15}",
             "clock-limit-us": r"\d{1,15}"}
    lines = text.split("\n")
    need(lines[0] == "netsampler-policy v1", "line 1 is not “netsampler-policy v1”")
    for number_of_line, line in enumerate(lines[1:], 2):
        word, _, rest = line.partition(" ")
        if not line or line.startswith("#"): continue
        match = re.fullmatch(forms.get(word, "(?!)"), rest)
        key = from_base64(match[2], 32) if match and word == "box" else b""
        need(match and (not key or hashlib.sha256(key).hexdigest() == match[1]) and key is not None, "line %d is not of this format" % number_of_line)
        if key: policy["boxes"][key] = match[3]
        if word == "clock-limit-us": policy[word] = int(rest)
    need(policy["boxes"], "no box is named")
    return policy
def show(report, as_json):
    rank = report.rank()
    if as_json:
        whole = {"verdict": VERDICTS[rank], "exit_code": rank, "records": report.records, "segments": report.segments, "findings": report.findings,
                 "verifier": "verify.py 1", "checked": {"sha256": True, "sm3": False, "pictures": False}}
        print(json.dumps(whole, ensure_ascii=False, sort_keys=True))
        return
    print("结论 / verdict: %s %s    记录 / records %d    片段 / segments %d" % (VERDICTS_ZH[rank], VERDICTS[rank], report.records, report.segments))
    for finding in sorted(report.findings, key=lambda finding: -RANK.index(finding["severity"])):
        print("  %s %s %s %s" % (finding["code"], finding["text"], finding["where"], finding["detail"]))
    print("未核对 / not checked: 设备日志与时间戳 / box log and time stamps, SM3, 画面内容 / decoded pictures")
class Options(argparse.ArgumentParser):
    def error(self, message):
        raise Stop(64, message + " (see --help)")

def run(arguments):
    parser = Options(prog="verify.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--policy")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("path", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    options, policy = parser.parse_args(arguments), {"boxes": {}, "clock-limit-us": 500_000}
    if options.policy:
        try:
            with open(options.policy, encoding="utf-8") as file:
                policy = parse_policy(file.read())
        except (Malformed, UnicodeDecodeError, FileNotFoundError) as error:
            raise Stop(65, "the policy cannot be used: %s (ask the authority for one)" % error) from error
    report = verify(options.path, policy) if os.path.isdir(options.path) else None
    if report is None: raise Stop(65, "neither chain nor book at %s (name a package's directory)" % options.path)
    show(report, options.json)
    sys.stdout.flush()
    return report.rank()
def main():
    try:
        return run(sys.argv[1:])
    except Stop as stop:
        code, text = stop.args
    except OSError as error:
        code, text = 74, "%s (is the medium readable?)" % error
    except Exception as error:  # Python's own exit code would be 1, which is a verdict
        code, text = 70, "a mistake of this program: %s: %s (please report it)" % (type(error).__name__, error)
    print("verify.py: " + text, file=sys.stderr)
    return code

if __name__ == "__main__": sys.exit(main())
