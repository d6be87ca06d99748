#!/usr/bin/env python3
"""网络抽样证据包核验（第二核验程序） / the second verifier of netsampler evidence: python3 verify.py [--policy FILE] [--json] [PATH]
PATH: a package, one recording, one case or a box's data directory; without it, the directory this file lies in.
Verdict and exit code: INTACT 0, PARTIAL 1, BROKEN 2; no verdict: 64 usage, 65 nothing to verify, 70 internal, 74 input/output.
Written from docs/evidence-format.md alone, sharing nothing with netsampler-verify: where the two disagree, one of them is wrong. Needs Python's standard
library, and the openssl command for time stamps. The copy inside a package proves nothing about itself: take this file from the authority, or compare its
SHA-256 with the published one. Not checked here: SM3 of files, the decoded pictures, and what came after a token: whether its certificates have ended
since, were revoked, or were renewed in time (section 15)."""
import argparse, base64, bisect, collections, datetime, functools, hashlib, itertools, json, os, pathlib, re, ssl, stat, subprocess, sys, tempfile
class Malformed(Exception): """What was read is not in the form that the format asks for."""
class Stop(Exception): """No verdict: (exit code, one line)."""
def fail(error): raise error
def need(holds, what): return holds or fail(Malformed(what))
def tried(call, *arguments):  # (what it returns, "") or (None, what is malformed)
    try: return call(*arguments), ""
    except Malformed as error: return None, str(error)
def sha256(data): return hashlib.sha256(data).digest()
def hex_sha256(data): return hashlib.sha256(data).hexdigest()
def join(base, name): return base + "/" + name if base else name
def quotient(a, b): return a // b if a >= 0 else -(-a // b)  # towards zero
# --- Ed25519, RFC 8032 5.1, verification only, as strict as libsodium: S < L, canonical A, neither A nor R of small order, R compared as
# bytes (no cofactor). Points are (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, SQRT_M1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
ORDER_8_Y = int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little")
SMALL_ORDER_Y = {0, 1, P - 1, ORDER_8_Y, P - ORDER_8_Y}
def add_points(p, q):
    a, b, c, d = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P, 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P
@functools.lru_cache(maxsize=4096)
def decode_point(text):  # The point of 32 bytes; None where they are no canonical encoding of one.
    sign, y = int.from_bytes(text, "little") >> 255, int.from_bytes(text, "little") & (1 << 255) - 1
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    x = x if (v * x * x - u) % P == 0 else x * SQRT_M1 % P
    if len(text) != 32 or y >= P or (v * x * x - u) % P or (x == 0 and sign): return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P
def encode_point(point):
    inverse = pow(point[2], -1, P)
    return (point[1] * inverse % P | (point[0] * inverse % P & 1) << 255).to_bytes(32, "little")
BASE = decode_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
@functools.lru_cache(maxsize=1 << 14)
def verify_signature(key, message, signature):  # Is R = s B - h A?
    a, s, r = decode_point(key), int.from_bytes(signature[32:], "little"), int.from_bytes(signature[:32], "little") & (1 << 255) - 1
    if a is None or a[1] in SMALL_ORDER_Y or len(signature) != 64 or s >= L or r % P in SMALL_ORDER_Y: return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    minus_a = (P - a[0], a[1], 1, P - a[3])
    steps, total = (None, minus_a, BASE, add_points(minus_a, BASE)), (0, 1, 1, 0)
    for bit in range(252, -1, -1):
        total, step = add_points(total, total), steps[(h >> bit & 1) + 2 * (s >> bit & 1)]
        if step: total = add_points(total, step)
    return encode_point(total) == signature[:32]
# --- One encoding for each value (section 2)
LINE_LIMIT_BYTES, DEPTH_LIMIT, INT_LIMIT = 65536, 8, 2**53 - 1
def refuse(*_): fail(Malformed("a value outside the profile"))
def pairs_once(pairs):
    need(len({key for key, _ in pairs}) == len(pairs) and all(re.fullmatch("[a-z0-9_]+", key) for key, _ in pairs), "a key twice, or outside the profile")
    return dict(pairs)
def canonical(value): return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(errors="surrogatepass")
def check_profile(value, depth=1):
    need(value is not None and not (isinstance(value, int) and abs(value) > INT_LIMIT), "a value outside the profile")
    need(depth <= DEPTH_LIMIT or not isinstance(value, (dict, list)), "nested too deep")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else (): check_profile(item, depth + 1)
def parse_line(line):  # The object of a line without its newline; Malformed unless these are the only bytes for it.
    need(len(line) < LINE_LIMIT_BYTES, "longer than 64 KiB")
    try: value = json.loads(line.decode(), object_pairs_hook=pairs_once, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError) as error: raise Malformed("not JSON of the profile") from error
    check_profile(value)
    need(isinstance(value, dict) and canonical(value) == line, "not in canonical form")
    return value
def from_base64(text, size=None):  # The bytes; None unless this is the one text for so many.
    try: value = base64.b64decode(text, validate=True)
    except (TypeError, ValueError): return None
    return value if size in (None, len(value)) and base64.b64encode(value).decode() == text else None
def lines_of(data):  # (whole lines, is there a half one behind them, is the next one beyond the limit?)
    pieces = data.split(b"\n")
    whole = list(itertools.takewhile(lambda piece: len(piece) < LINE_LIMIT_BYTES, pieces))
    too_long = len(whole) < len(pieces)
    return whole if too_long else whole[:-1], too_long or pieces[-1] != b"", too_long
# --- Findings (section 12), and the files
CODES = {code: severity for severity, codes in {
    "broken": "line-form sequence prev signature box-signature wrong-chain open-first after-close keys epoch record-shape counts boot-changed time-backwards "
              "clock-contradiction file-changed media-shape media-mismatch source segment-order discontinuity frame-clock opening-form opening-root opening-stray "
              "include-head package-signature manifest-form bag-declaration not-a-file recorded-broken log-form log-signature log-tree log-contradicts "
              "token-invalid time-contradicts withheld-list key-change",
    "partial": "unstamped untrusted interrupted file-missing private-missing withheld unnamed-file gap frames-apart key-apart sealed-late epoch-late clock-stepped "
               "clock-limit recording-missing not-included case-missing package-unsigned not-in-manifest recorded-partial log-missing uncovered token-unbound "
               "tsa-untrusted tsa-quorum witness-quorum no-beacon not-delivered file-withheld withheld-present key-lost",
    "note": "opaque orphan case-tag"}.items() for code in codes.split()}
RANK, VERDICTS = ["note", "partial", "broken"], ["完整 INTACT", "部分可证 PARTIAL", "不符 BROKEN"]
class Report:
    def __init__(self, policy): self.policy, self.findings, self.records, self.segments, self.signers, self.keys, self.log = policy, {}, 0, 0, {}, set(), None
    def add(self, code, where, detail=""): self.findings[code, where, detail] = dict(code=code, severity=CODES[code], where=where, detail=detail)
    def rank(self): return max([0] + [RANK.index(finding["severity"]) for finding in self.findings.values()])
class Tree:  # The files below a directory; links and devices are contradictions and are not followed.
    def __init__(self, root, report):
        self.root, self.report, self.files, self.named, self.digests, self.withheld = root, report, set(), set(), {}, {}  # named: by records
        for directory, directories, names in os.walk(root, onerror=fail):
            for path in (os.path.relpath(os.path.join(directory, name), root) for name in directories + names):
                mode = os.lstat(os.path.join(root, path)).st_mode
                if stat.S_ISREG(mode): self.files.add(path)
                elif not stat.S_ISDIR(mode): report.add("not-a-file", path)
    def read(self, path, limit_bytes=None):  # The bytes; b"" where there are more than the limit.
        with open(os.path.join(self.root, path), "rb") as file: data = file.read(-1 if limit_bytes is None else limit_bytes + 1)
        return b"" if limit_bytes is not None and len(data) > limit_bytes else data
    def below(self, base): return {path[len(base) + 1:] if base else path for path in self.files if not base or path.startswith(base + "/")}
    def size_and_sha256(self, path):
        if path in self.digests: return self.digests[path]
        digest = hashlib.sha256()
        with open(os.path.join(self.root, path), "rb") as file:
            for piece in iter(lambda: file.read(1 << 20), b""): digest.update(piece)
            return self.digests.setdefault(path, (file.tell(), digest.hexdigest()))
    def check_file(self, base, file):  # Is it there, as the record names it? Or is its absence declared (section 9)?
        path = join(base, file["path"])
        self.named.add(path)
        declared, said = self.withheld.get((path, -1, -1)), (file["bytes"], file["sha256"])
        same = path in self.files and self.size_and_sha256(path) == said
        missing = "file-missing" if not declared else "file-withheld" if (declared["bytes"], declared["sha256"]) == said else "withheld-list"
        if not same: self.report.add("file-changed" if path in self.files else missing, path)
        return same
    def read_withheld(self):  # withheld.jsonl: {(path, seq, index): item}, both -1 for a file.
        lines, torn, too_long = lines_of(self.read("withheld.jsonl"))
        need(lines and not torn and not too_long and object_of(WITHHELD)(parse_line(lines[0])), "its first line, or the end")
        items = [parse_line(line) for line in lines[1:]]
        need(all(object_of(WITHHELD_ITEM)(item) and len(item) == 5 and ("bytes" in item) == ("sha256" in item) for item in items), "an item out of its form")
        places = [(item["path"], item.get("seq", -1), item.get("index", -1)) for item in items]
        need(all(one < two for one, two in zip(places, places[1:])), "out of order")
        self.withheld = dict(zip(places, items))
# --- Members of records (sections 3 and 5): "type:member,member? …", where ? may be absent
ENVELOPE = "one:v text:type,boot count:seq,at_us,err_us,boot_us hash:prev,private_root? clock:clock positive:private_count? sig:sig "
OWNERS = {"recording": ENVELOPE + "id:recording count:epoch never:case?", "case": ENVELOPE + "case:case text:actor never:epoch?"}
CHAIN_KINDS = """open hash:nonce,case_tag?,software_sha256?,beacon? text:kind,software_version,display? key:box_key file:file count:epoch_us,epochs texts:samplers?
 sig:box_sig history:key_history? ; epoch ; source text:source,medium,codec,mode count:width,height,time_base int:start_us file:file ; gap text:source,cause
 int:from_us,to_us ; segment text:source count:no,frames,dropped,heartbeats,longest_us,last_duration,sealed_late_us? file:file bool:key
 int:first_pts,last_pts,first_us,last_us ; clock text:state,leap?,phase?,agreement?,kernel_leap? count:error_us,stratum?,kernel_error_us? servers:servers?
 bool:kernel_synchronised? int:offset_us,root_delay_us?,root_dispersion_us?,kernel_offset_us?,kernel_freq_ppb?,slew_ppb?,step_us?,step_boot_us? ; environment
 text:browser?,browser_version?,kernel?,display? count:width?,height?,extensions? bool:webdriver?,proxy?,hosts_changed?,devtools?,profile_new? ; page
 count:page,status,responses,bytes text:kind,origin,ended hash:certificate_sha256? int:from_us,to_us files:files ; chapter text:item,source? count:page? int:from_us
 ; fact text:name,from,kind?,item?,source? count:page?,confidence? rect:rect? int:from_us? ; corroboration count:page text:name bool:agrees ; mark text:item?,actor?
 int:from_us ; finding text:code,source? severity:severity count:page?,count? int:from_us?,to_us? ; close text:reason
 count:records,segments,frames,dropped,pages,facts texts:samplers?"""
BOOK_KINDS = """case_open hash:nonce key:box_key history:key_history? ; key_change history:changes ; decision text:decision ; custody
 text:action,profile?,software_version? ; include text:recording,role,why hash:head count:last_seq ; corroboration text:recording,name count:page bool:agrees ;
 login text:account,outcome ; finding text:code,recording?,cause?,path?,found? severity:severity count:count?,torn_bytes?,last_seq?,last_us? hash:torn_sha256?
 files:orphans?,files? ; configuration text:action,account?,software_version? hash:config_sha256? ; check text:name,outcome,software_version?
 count:checked_files?,checked_bytes?,findings? ; token count:checkpoint_size,renew_by_us? hash:checkpoint_sha256 text:authority files:tokens"""
CHAIN_KINDS, BOOK_KINDS = ({name: " ".join(form) for name, *form in map(str.split, kinds.split(";"))} for kinds in (CHAIN_KINDS, BOOK_KINDS))
FILE, LEAF = "count:bytes path:path hash:sha256,sm3", "hash:case_tag,head,tag chain:kind count:seq"
SERVER, CHANGE = "text:server,why? bool:ok int:offset_us?,delay_us?,dispersion_us?,stratum?", "key:box_key,old_key count:changed_us why:why sig:new_sig,old_sig?"
WITHHELD, PATH_PART = "withheld:format hash:head,original? text:profile one:v", r"(?!\.\.?(?:/|\Z))[A-Za-z0-9._-]+"
WITHHELD_ITEM = "case:by count:bytes?,index?,seq? package_path:path reason:reason hash:sha256?"
def is_int(value, least=-INT_LIMIT): return isinstance(value, int) and not isinstance(value, bool) and value >= least
def text_of(form, most=LINE_LIMIT_BYTES): return lambda value: isinstance(value, str) and bool(re.fullmatch(form, value)) and len(value.encode()) <= most
def list_of(kind): return lambda value: isinstance(value, list) and all(map(TYPES[kind], value))
@functools.lru_cache(maxsize=None)
def members_of(form):  # [(name, type, may it be absent?)]
    return [(name.rstrip("?"), kind, name.endswith("?")) for kind, names in (group.split(":") for group in form.split()) for name in names.split(",")]
def object_of(form): return lambda value: isinstance(value, dict) and not shape_error(value, form) and set(value) <= {name for name, _, _ in members_of(form)}
def shape_error(value, form):  # The first member of `value` that is not as `form` says; empty where all are.
    return next(("%s is missing or no %s" % (name, kind) for name, kind, optional in members_of(form)
                 if not optional and name not in value or name in value and not TYPES[kind](value[name])), "")
TYPES = {
    "one": lambda value: is_int(value, 1) and value == 1, "int": is_int, "count": lambda value: is_int(value, 0), "positive": lambda value: is_int(value, 1),
    "bool": lambda value: isinstance(value, bool), "any": lambda value: True, "never": lambda value: False, "text": lambda value: isinstance(value, str),
    "path": text_of("%s(/%s)*" % (PATH_PART, PATH_PART), 200), "hash": text_of("[0-9a-f]{64}"), "id": text_of("[a-z2-7]{26}"), "salt": text_of("[0-9a-f]{32}"),
    "case": text_of(r"(?!\.\.?\Z)[A-Za-z0-9._-]{1,64}"), "package_path": text_of("data(/%s)+" % PATH_PART, 300), "reason": text_of(r"[^\0-\x1f\x7f]+", 300),
    "severity": text_of("note|partial|broken"), "clock": text_of("synchronised|holdover|unsynchronised|stepped"), "chain": text_of("book|recording|token"),
    "withheld": text_of("netsampler-withheld"), "key": lambda value: from_base64(value, 32) is not None, "sig": lambda value: from_base64(value, 64) is not None,
    "file": object_of(FILE), "server": object_of(SERVER), "why": text_of("rotated|lost"), "change": lambda value: object_of(CHANGE)(value) and (
        ("old_sig" in value) == (value["why"] == "rotated") and value["box_key"] != value["old_key"]),
    "rect": lambda value: list_of("int")(value) and len(value) == 4,
    "history": lambda value: list_of("change")(value) and 0 < len(value) < 101 and all(a["box_key"] == b["old_key"] for a, b in zip(value, value[1:])),
    **{kind + "s": list_of(kind) for kind in ("file", "text", "server")}}
def files_of(record, one_alone):  # What `file` and `files` name; nothing where one of them is no file.
    many = record.get("files", []) if not one_alone else []
    named = [record[name] for name in ("file",) if name in record] + (many if isinstance(many, list) else [None])
    return named if all(map(TYPES["file"], named)) else []
def keys_of(history):  # of the box, oldest first (section 4); none where one of the changes does not hold
    if not TYPES["history"](history): return []
    for change in history:
        message = b"netsampler/v1/key\n" + sha256(canonical({name: change[name] for name in ("box_key", "changed_us", "old_key", "why")}))
        for key, signature in (("box_key", "new_sig"), ("old_key", "old_sig")):
            if signature in change and not verify_signature(from_base64(change[key]), message, from_base64(change[signature])): return []
    return [from_base64(history[0]["old_key"]), *(from_base64(change["box_key"]) for change in history)]
def node(left, right): return sha256(b"\1" + left + right)
def merkle_root(leaves):  # RFC 6962 over hashes of leaves, at least one.
    split = 1 << max(0, len(leaves) - 1).bit_length() >> 1
    return leaves[0] if len(leaves) == 1 else node(merkle_root(leaves[:split]), merkle_root(leaves[split:]))
class Chain:  # What recordings and books have in common: a directory with one chain. `name`: its id, where the directory's name says it.
    line_file, kinds, owner, closed, missing = "", {}, "", False, ""
    def __init__(self, tree, base, name, report):
        self.tree, self.base, self.id, self.report, self.path, self.first = tree, base, name, report, join(base, self.line_file), {}
        self.absent, self.lines, self.commitments, self.count, self.seq, self.last_hash = self.path not in tree.files, [], {}, 0, -1, "0" * 64
        self.key = self.tag = self.before = self.reference = None  # reference (section 8): the first record since the boot's begin or the last step
    def add(self, code, detail="", where=None): self.report.add(code, where or "%s#%d" % (self.path, self.seq), detail)
    def expect(self, holds, code, detail="", where=None): return holds or self.add(code, detail, where)
    def all_hold(self, **conditions):  # by code, _ for -
        for code, holds in conditions.items(): self.expect(holds, code.replace("_", "-"))
    def verify(self, recordings):
        self.recordings = recordings
        if self.absent: return self.report.add(self.missing, self.path)
        lines, torn, too_long = lines_of(self.tree.read(self.path))
        for line in lines: self.line(line)
        self.expect(not too_long, "line-form", "a line over 64 KiB")
        self.finish(torn, too_long)
        self.check_openings()
    def line(self, line):
        prev, self.last_hash, self.seq, self.count = self.last_hash, hex_sha256(line), self.seq + 1, self.count + 1
        self.report.records += 1
        record, fault = tried(parse_line, line)
        owner = "case" if record and "case" in record else "recording"
        fault = fault or shape_error(record, OWNERS[owner])
        if fault or ("private_root" in record) != ("private_count" in record): return self.add("line-form", fault or "private_root or private_count alone")
        self.id = self.id or record[owner]
        self.all_hold(sequence=record["seq"] == self.seq, prev=record["prev"] == prev, wrong_chain=owner == self.owner and record[owner] == self.id)
        self.seq = record["seq"]
        if self.count == 1: self.begin(record, owner)
        self.lines.append((record, self.last_hash))
        self.place(record)
        self.check_time(record)
        if "private_root" in record: self.commitments[self.seq] = record
        self.expect(record["type"] in self.kinds, "opaque", record["type"])
        fault = shape_error(record, self.kinds.get(record["type"], ""))
        self.expect(not fault, "record-shape", fault)
        whole = all([self.tree.check_file(self.base, file) for file in files_of(record, not fault and record["type"] in ("source", "segment"))])
        if not fault: getattr(self, "on_" + record["type"], lambda *_: None)(record, whole)
    def begin(self, record, owner):
        self.first, self.key = record, from_base64(record.get("box_key"), 32)
        if self.key: self.report.keys.add(self.key)
        self.expect(self.learn(record.get("key_history"))[-1:] == [self.key] or not self.key or "key_history" not in record, "key-change")
        if TYPES["hash"](record.get("nonce")): self.tag = hex_sha256(bytes.fromhex(record["nonce"]) + record[owner].encode())
    def learn(self, history):  # keys that may have signed the log: of a history in which a known one takes part
        keys = keys_of(history)
        if {*keys[:1], *keys[-1:]} & self.report.keys: self.report.keys.update(keys)
        return keys
    def signed(self, record, key, members=("sig",), prefix=b"netsampler/v1/record\n"):
        bare, signature = canonical({name: value for name, value in record.items() if name not in members}), from_base64(record.get(members[-1]), 64)
        return bool(key and signature) and verify_signature(key, prefix + sha256(bare), signature)
    def check_time(self, record):
        before, self.before, stepped = self.before, record, record["clock"] == "stepped"
        same_boot = before is not None and before["boot"] == record["boot"]
        self.all_hold(time_backwards=not same_boot or record["boot_us"] >= before["boot_us"], clock_stepped=not (same_boot and stepped))
        for other in (before, self.reference) if same_boot and not stepped else ():
            at, boot = record["at_us"] - other["at_us"], record["boot_us"] - other["boot_us"]
            self.expect(abs(at - boot) <= record["err_us"] + other["err_us"] + quotient(boot, 2000), "clock-contradiction")
        if stepped or not same_boot: self.reference = record
    def on_finding(self, record, _):
        if record["severity"] != "note": self.add("recorded-" + record["severity"], record["code"])
    def check_openings(self):  # Section 6.
        path, groups = join(self.base, "private.jsonl"), [(-1, [])]  # by record: (seq, [(field, leaf)])
        lines, torn, too_long = lines_of(self.tree.read(path) if path in self.tree.files else b"")
        for line in lines: self.read_opening(path, line, groups)
        self.expect(not too_long and not (self.closed and torn), "opening-form", "a half line", path)
        for seq, leaves in groups[1:]:
            record = self.commitments.get(seq)
            whole = record and len(leaves) >= record["private_count"]
            self.expect(record or not self.closed and seq > self.seq, "opening-stray", "seq %d" % seq, path)
            self.expect(whole or not record, "private-missing", where=path)
            fits = not whole or (len(leaves), merkle_root([leaf for _, leaf in leaves]).hex()) == (record["private_count"], record["private_root"])
            self.expect(fits, "opening-root", "seq %d" % seq, path)
        self.expect(set(self.commitments) <= {seq for seq, _ in groups}, "private-missing", where=path)
    def read_opening(self, path, line, groups):
        opening, fault = tried(parse_line, line)
        hidden = not fault and "leaf" in opening
        if fault or not object_of("count:index,seq hash:leaf" if hidden else "text:field count:index,seq salt:salt any:value")(opening):
            return self.add("opening-form", fault or "not as an opening is", path)
        seq, index, field = opening["seq"], opening["index"], opening.get("field", "")
        self.expect(seq >= groups[-1][0], "opening-form", "out of order", path)
        if seq != groups[-1][0]: groups.append((seq, []))
        self.expect(hidden or (path, seq, index) not in self.tree.withheld, "withheld-present", "seq %d" % seq, path)
        self.expect(not hidden, "withheld", where=path)
        leaves = groups[-1][1]
        if index != len(leaves) or opening.get("field", "~") <= (leaves[-1][0] if leaves else ""): return self.add("opening-form", "out of order", path)
        clear = canonical([opening.get(name) for name in ("salt", "field", "value")])
        leaves.append((field, bytes.fromhex(opening["leaf"]) if hidden else sha256(b"\0" + clear)))
# --- A recording (sections 4, 5, 7)
class Recording(Chain):
    line_file, kinds, owner, missing = "chain.jsonl", CHAIN_KINDS, "recording", "recording-missing"
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.open, self.closed, self.included, self.keys, self.sources, self.epoch, self.counts = {}, False, False, [], {}, 0, collections.Counter()
    def place(self, record):
        epoch, kind = record.get("epoch", 0), record["type"]
        if kind == "open" and self.count == 1: self.on_first(record)
        self.expect(self.keys, "keys", where=self.path)
        self.all_hold(boot_changed=record["boot"] == self.lines[0][0]["boot"], after_close=not self.closed, open_first=(kind == "open") == (self.count == 1),
                      signature=not self.keys or epoch < len(self.keys) and self.signed(record, self.keys[epoch]))
        if self.open: self.check_epoch(epoch, record)
        self.counts.update(["records", *([kind + "s"] if kind in ("segment", "page", "fact") else [])])
        if kind == "segment": self.counts.update({name: record[name] for name in ("frames", "dropped") if is_int(record.get(name))})
    def on_first(self, record):
        if self.key: self.report.signers[self.key] = self.path
        self.open, self.epoch_us = record, max(record["epoch_us"] if is_int(record.get("epoch_us")) else 60_000_000, 1)
        self.expect(self.signed(record, self.key, ("sig", "box_sig"), b"netsampler/v1/open\n"), "box-signature")
        file, path = record.get("file"), join(self.base, "keys.txt")
        if not TYPES["file"](file) or file["path"] != "keys.txt" or path not in self.tree.files: return
        data = self.tree.read(path, 8 << 20)
        keys = [from_base64(line, 32) for line in data.decode("latin-1").split("\n")[:-1]]
        if data.endswith(b"\n") and hex_sha256(data) == file["sha256"] and len(keys) == record.get("epochs") and None not in keys: self.keys = keys
    def check_epoch(self, epoch, record):
        begins, reached = record["type"] == "epoch", quotient(record["boot_us"] - self.open["boot_us"], self.epoch_us)
        fits = epoch == self.epoch + begins and (epoch <= reached if begins else epoch == reached)
        self.all_hold(epoch=fits, epoch_late=not fits or epoch == reached)
        self.epoch = epoch
    def finish(self, torn, too_long):
        self.expect(not (self.closed and torn), "after-close", "bytes behind the close")
        self.expect(self.closed or too_long, "interrupted", "torn line" if torn else "no close", self.path)
        worst = max([record["err_us"] for record, _ in self.lines], default=0)
        self.expect(worst <= self.report.policy["clock-limit-us"], "clock-limit", "%d us" % worst, self.path)
    def on_close(self, record, _):
        self.closed = True
        self.expect(all(record[name] == self.counts[name] for name in ("records", "segments", "frames", "dropped", "pages", "facts")), "counts")
    def on_gap(self, record, _):
        self.add("gap", record["cause"])
        if record["source"] in self.sources: self.sources[record["source"]].gap = True
    def on_source(self, record, whole):
        name, path = record["source"], record["file"]["path"]
        if not re.fullmatch(r"[a-z0-9_-]{1,32}", name) or name in self.sources: return self.add("source", name)
        self.sources[name] = source = Source(record)
        self.expect(record["time_base"] == 90000 and path == "media/%s/init.mp4" % name, "record-shape", "time_base or path")
        if whole: self.check_media(join(self.base, path), source.check_init, record, 1 << 20)
    def on_segment(self, record, whole):
        self.report.segments += 1
        source, path = self.sources.get(record["source"]), record["file"]["path"]
        if source is None: return self.add("source", record["source"])
        for code in source.segment(record): self.add(code)
        self.expect(path == "media/%s/%06d.m4s" % (record["source"], record["no"]), "record-shape", "path")
        if whole and source.trex is not None: self.check_media(join(self.base, path), source.check_segment, record)
    def check_media(self, path, check, record, limit_bytes=None):
        same, fault = tried(check, self.tree.read(path, limit_bytes), record)
        if not same: self.add("media-shape" if fault else "media-mismatch", fault, path)
# --- Pictures: one source, by its records and by its MP4 boxes (section 7)
FRAMES_APART_US = 1_100_000
class Source:
    def __init__(self, record): self.start_us, self.next_no, self.end, self.last_key, self.gap, self.trex = record["start_us"], 0, None, None, False, None
    def segment(self, record):
        first, end, age_us = record["first_pts"], record["last_pts"] + record["last_duration"], record["boot_us"] - record["last_us"]
        joined = self.end is None or first == self.end or (first > self.end and self.gap)
        key_late = not record["key"] if self.last_key is None else first - self.last_key > 10 * 90000
        off = [abs(record[us] - self.start_us - quotient(record[pts] * 100, 9)) > 100_000 for pts, us in (("first_pts", "first_us"), ("last_pts", "last_us"))]
        found = {"segment-order": record["no"] != self.next_no, "discontinuity": end <= first or not joined, "frames-apart": record["longest_us"] > FRAMES_APART_US,
                 "frame-clock": any(off) or age_us < -100_000, "sealed-late": "sealed_late_us" in record or age_us > 30_000_000, "key-apart": key_late}
        self.next_no, self.end, self.gap, self.last_key = record["no"] + 1, end, False, first if record["key"] or key_late else self.last_key
        return [code for code, is_so in found.items() if is_so]
    def check_init(self, data, record):  # Is it as the record says? Keeps the payload of trex: the defaults of the track.
        found = payloads_of(data, INIT_FORM)
        entry = boxes(found["stsd"][8:])
        codec = {"avc1": "h264", "avc3": "h264", "hvc1": "hevc"}.get(entry[0][0]) if len(entry) == 1 else None
        need(codec and found["hdlr"][8:12] == b"vide" and number(found["stsd"], 4) == 1 and len(found["trex"]) >= 24, "not one video track with one sample entry")
        need(not any(number(found[name], at) for name, at in (("stts", 4), ("stsc", 4), ("stco", 4), ("stsz", 8))), "samples")
        scale, self.trex = number(found["mdhd"], 20 if found["mdhd"][:1] == b"\1" else 12), found["trex"]
        return (scale, number(entry[0][1], 24, 2), number(entry[0][1], 26, 2), codec) == (record["time_base"], record["width"], record["height"], record["codec"])
    def check_segment(self, data, record):  # Is it as the record says?
        found = boxes(data)
        need(re.fullmatch("(?:styp|sidx|prft|moofmdat)*", "".join(name for name, _ in found)), "a box where it does not belong, or a moof without its mdat")
        runs = [run_of(moof, len(mdat), self.trex) for (name, moof), (_, mdat) in zip(found, found[1:]) if name == "moof"]
        need(runs, "no frames")
        need(all(start + sum(run) == following for (start, run, _), (following, *_) in zip(runs, runs[1:])), "runs that do not join")
        durations, end = [duration for _, run, _ in runs for duration in run], runs[-1][0] + sum(runs[-1][1])
        apart = max(durations) * 100 > FRAMES_APART_US * 9 and record["longest_us"] <= FRAMES_APART_US
        said = (record["frames"], record["first_pts"], record["last_duration"], record["last_pts"] + record["last_duration"], record["key"])
        return not apart and said == (len(durations), runs[0][0], durations[-1], end, runs[0][2])
def number(data, at, size=4): return int.from_bytes(data[at:at + size], "big") if at + size <= len(data) else fail(Malformed("a box ends too early"))
def boxes(data):  # [(type, payload)]; every box has a 32-bit size that lies inside, and nothing stands behind the last.
    found, at = [], 0
    while at < len(data):
        size = number(data, at)
        need(size >= 8 and at + size <= len(data), "a box of a size that is refused")
        found.append((data[at + 4:at + 8].decode("latin-1"), data[at + 8:at + size]))
        at += size
    return found
INIT_FORM = {"": "ftyp moov", "moov": "mvhd trak mvex udta?", "trak": "tkhd mdia", "mdia": "mdhd hdlr minf", "minf": "vmhd dinf stbl",
             "stbl": "stsd stts stsc stsz stco", "mvex": "mehd? trex"}
MOOF_FORM = {"": "mfhd traf", "traf": "tfhd tfdt trun"}
def payloads_of(data, forms):  # By type, where each box of `forms` holds exactly those that its form names, in any order; "name?" may be absent.
    payloads = {"": data}
    for inside, form in ((boxes(payloads[outer]), form) for outer, form in forms.items()):
        names, needed = [name for name, _ in inside], {name for name in form.split() if not name.endswith("?")}
        need(len(set(names)) == len(names) and needed <= set(names) <= set(form.replace("?", "").split()), "other boxes than " + form)
        payloads.update(inside)
    return payloads
def optional_fields(data, at, flags, bits):  # ({bit: 32-bit field} of those that the flags say are there, where they end)
    there = [bit for bit in bits if flags & bit]
    return {bit: number(data, at + 4 * i) for i, bit in enumerate(there)}, at + 4 * len(there)
def run_of(moof, mdat_bytes, trex):  # (first time, durations, does it begin with a sync frame) of one moof whose mdat's payload has that many bytes.
    need(len(moof) <= (2 << 20) - 8, "a moof of over 2 MiB")
    tfhd, tfdt, trun = map(payloads_of(moof, MOOF_FORM).get, ("tfhd", "tfdt", "trun"))
    flags = number(tfhd, 0)
    need(flags & 0x20000 and not flags & 0x10001 and number(tfhd, 4) == number(trex, 4), "not default-base-is-moof, or of another track")
    own, _ = optional_fields(tfhd, 8, flags, (0x2, 0x8, 0x10, 0x20))
    usual = {0x100: own.get(0x8, number(trex, 12)), 0x200: own.get(0x10, number(trex, 16)), 0x400: own.get(0x20, number(trex, 20)), 0x800: 0}
    flags, count, frames = number(trun, 0), number(trun, 4), []  # a frame's 0x100 duration, 0x200 size, 0x400 flags, 0x800 composition offset
    head, at = optional_fields(trun, 8, flags, (0x1, 0x4))
    need(head.get(0x1) == len(moof) + 16 and 0 < count <= 100_000, "no frames, or data that do not begin at the mdat's payload")
    for _ in range(count):
        own, at = optional_fields(trun, at, flags, tuple(usual))
        frames.append({**usual, **own})
    need(sum(frame[0x200] for frame in frames) == mdat_bytes and at == len(trun), "a run that does not fill its mdat")
    start = number(tfdt, 4, 8 if tfdt[:1] == b"\1" else 4)
    need(start <= 1 << 53 and not any(frame[0x800] for frame in frames), "a time beyond all bounds, or composition offsets")
    return start, [frame[0x100] for frame in frames], not head.get(0x4, frames[0][0x400]) & 0x10000
# --- A book, and what it includes
class Book(Chain):
    line_file, kinds, owner, missing = "book.jsonl", BOOK_KINDS, "case", "case-missing"
    def place(self, record):
        if record["type"] == "key_change" and TYPES["history"](record.get("changes")): self.change_key(record["changes"])
        if self.key: self.report.signers[self.key] = self.path
        self.all_hold(open_first=(record["type"] == "case_open") == (self.count == 1), signature=self.signed(record, self.key))
    def change_key(self, changes):
        keys = self.learn(changes)
        if not keys or keys[0] != self.key: return self.add("key-change")
        self.key = keys[-1]
        self.expect(all(change["why"] == "rotated" for change in changes), "key-lost")
    def finish(self, torn, too_long):
        self.expect(not torn and (self.count or too_long), "interrupted", "torn line" if torn else "no whole line", self.path)
    def on_include(self, record, _):
        recording = self.recordings.get(record["recording"])
        if recording is None or recording.absent: return self.add("recording-missing", record["recording"])
        recording.included = True
        self.expect((record["head"], record["last_seq"]) == (recording.last_hash, recording.seq), "include-head", recording.id)
        self.expect(recording.open.get("case_tag", self.tag) == self.tag, "case-tag", recording.id)
    def on_finding(self, record, whole):
        super().on_finding(record, whole)
        recording = self.recordings.get(record.get("recording"))
        for file in record.get("orphans", []) if recording and not recording.absent else ():
            if self.tree.check_file(recording.base, file): self.add("orphan", where=join(recording.base, file["path"]))
# --- A package (section 9)
def read_manifest(data):
    entries, (lines, torn, _) = {}, lines_of(data)
    need(not torn, "no newline at its end, or a line over 64 KiB")
    for match in (re.fullmatch(rb"([0-9a-f]{64})[ \t]+([^ \t].*)", line, re.DOTALL) for line in lines):
        need(match, "not hash and path")
        path = re.sub(rb"%(25|0[AaDd])", lambda escape: bytes.fromhex(escape[1].decode()), match[2]).decode("utf-8", "surrogateescape")
        need(not {"", ".", ".."} & set(path.split("/")) and path[0] != "~" and path not in entries, "a path that leaves the bag, or stands twice")
        entries[path] = match[1].decode()
    return entries
def check_manifest(tree, path, report):  # The paths that it names, each compared with the file; itself alone where it is absent.
    entries, fault = tried(read_manifest, tree.read(path)) if path in tree.files else ({path: ""}, "")
    if fault: report.add("manifest-form", path, fault)
    for name, digest in (entries or {}).items():
        if name not in tree.files: report.add("file-missing", name)
        elif tree.size_and_sha256(name)[1] != digest: report.add("file-changed", name)
    return set(entries or ())
def check_bag(tree, recordings, books, report):
    tags, signature = "tagmanifest-sha256.txt", "package.sig"
    declaration = tree.read("bagit.txt") if "bagit.txt" in tree.files else b""
    if declaration != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n": report.add("bag-declaration", "bagit.txt")
    covered = {tags, signature} | check_manifest(tree, "manifest-sha256.txt", report) | check_manifest(tree, tags, report)
    for name in sorted(tree.files - covered): report.add("not-in-manifest", name)
    for base in [recording.base for recording in recordings if not recording.included and not recording.absent]: report.add("not-included", base)
    if not any(not book.absent for book in books): report.add("case-missing", "data/case")
    for path in (path for path, seq, _ in tree.withheld if seq < 0):
        if path in tree.files: report.add("withheld-present", path)
        elif path not in tree.named: report.add("file-withheld", path, "no record names it")
    if not {tags, signature} <= tree.files: return report.add("package-unsigned", signature)
    line = tree.read(signature, 4096).decode("latin-1")
    signed, message = line[-1:] == "\n" and from_base64(line[:-1], 64) or b"", b"netsampler/v1/package\n" + sha256(tree.read(tags))
    if not any(book.key and verify_signature(book.key, message, signed) for book in books): report.add("package-signature", signature)
# --- The box log (section 14): checkpoints, and one tree under all of them
Checkpoint = collections.namedtuple("Checkpoint", "size root name note stamped key")  # stamped: the bytes that a token may be over
Stamp = collections.namedtuple("Stamp", "size gen_us slack_us anchor certificates sha256")  # anchor: "" where the policy knows none
def log_number(text): return int(text) if re.fullmatch("0|[1-9][0-9]{0,12}", text) and int(text) <= 1 << 40 else None
def tile_path(level, index, width):  # level -1: the leaves in clear
    groups = "%03d" % (index % 1000)
    while index := index // 1000: groups = "x%03d/%s" % (index % 1000, groups)
    return "tile/%s/%s%s" % (level if level >= 0 else "entries", groups, "" if width == 256 else ".p/%d" % width)
def parse_note(data):  # (text, [(line, key name, key id, signature)]) of a signed note.
    text, blank, rest = data.rpartition(b"\n\n")
    need(len(data) <= 65536 and blank and rest[-1:] == b"\n" and not re.search(rb"[\0-\t\v-\x1f]", data), "no signed note")
    lines = [re.fullmatch(rb"\xe2\x80\x94 ([^\0- +\x7f]+) ([A-Za-z0-9+/=]+)", line) for line in rest[:-1].split(b"\n")]
    blobs = [from_base64(line[2].decode()) or b"" if line else b"" for line in lines]
    need(len(lines) <= 100 and all(len(blob) > 4 for blob in blobs), "a line that is no signature")
    return text + b"\n", [(line[0], line[1], blob[:4], blob[4:]) for line, blob in zip(lines, blobs)]
def signatures_by(note, name, kind, key):  # Of a note: the signatures that claim to be by this key.
    return [signature for _, *whose, signature in note[1] if whose == [name, sha256(name + b"\n" + kind + key)[:4]]]
def is_cosigned(note, name, key):
    signature = (signatures_by(note, name, b"\4", key) or [b""])[0]
    return verify_signature(key, b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[:8], "big") + note[0], signature[8:])
class BoxLog:
    def __init__(self, tree, base, recordings, books, report):
        self.tree, self.base, self.report, self.recordings, self.books, self.policy = tree, base, report, recordings, books, report.policy
        self.checkpoints, self.tiles, self.tokens, self.beside, self.size, self.heads, self.opened, self.stamps = [], {}, [], [], 0, {}, {}, []
        if not any([self.sort_file(name) for name in sorted(tree.below(base))]): self.add("log-missing", "checkpoint")
        self.check_roots()
        if self.size: self.check_tiles()
        for name in self.tokens: self.check_token(name)
        self.check_beside()
        for checkpoint in self.checkpoints: self.report.signers.setdefault(checkpoint.key, join(self.base, checkpoint.name))
        witnesses = [(checkpoint.size, {key for name, key in self.policy["witnesses"] if is_cosigned(checkpoint.note, name.encode(), key)})
                     for checkpoint in self.checkpoints]
        self.witnessed = max([size for size, cosigners in witnesses if len(cosigners) >= self.policy["quorum"] > 0], default=0)
    def add(self, code, name, detail=""): self.report.add(code, join(self.base, name), detail)
    def read(self, name, limit_bytes=65536): return self.tree.read(join(self.base, name), limit_bytes)
    def widest(self, level, index): return max(self.tiles.get((level, index), [0]))
    def sort_file(self, name):  # Is it a checkpoint?
        token, tile = re.fullmatch(r"(?s)tokens/([0-9]+)-[^/]*", name), re.fullmatch(r"tile/(entries|[0-7])/([x0-9/]+)(?:\.p/([0-9]{1,3}))?", name[:65])
        level, index, width = (int(tile[1].replace("entries", "-1")), int(re.sub("[x/]", "", tile[2]) or 0), int(tile[3] or 256)) if tile else (0, 0, 0)
        is_checkpoint = name == "checkpoint" or name.startswith("checkpoints/") and log_number(name[12:]) is not None
        if is_checkpoint: self.check_checkpoint(name)
        elif token and log_number(token[1]) is not None: (self.tokens if name.endswith(".tsr") else self.beside).append(name)
        elif 1 <= width <= 256 and index < 1 << 40 and tile_path(level, index, width) == name: self.tiles.setdefault((level, index), []).append(width)
        else: self.add("uncovered", name)
        return is_checkpoint
    def check_checkpoint(self, name):
        note, fault = tried(parse_note, self.read(name))
        if fault: return self.add("log-form", name, fault)
        text = re.fullmatch(r"([^\n]+)\n(.+)\n(.+)\n", note[0].decode("latin-1"))
        size, root = (log_number(text[2]), from_base64(text[3], 32)) if text else (None, None)
        key = next((key for key in self.report.keys if text and text[1] == "netsampler/" + hex_sha256(key)), None)
        own = signatures_by(note, text[1].encode(), b"\1", key) if key else []
        if None in (size, root) or not own or not all(verify_signature(key, note[0], signature) for signature in own): return self.add("log-signature", name)
        if size == 0 or name not in ("checkpoint", "checkpoints/%d" % size): return self.add("log-form", name, "its name tells another size")
        bare = b"\n".join([note[0], *(line for line, signer, *_ in note[1] if signer == text[1].encode()), b""])
        self.checkpoints.append(Checkpoint(size, root, name, note, {self.read(name), bare}, key))
    def hashes(self, level, index, width=None):  # Of a tile; of its widest file where no width is said; [] where it is absent or not of its form.
        width = width or self.widest(level, index)
        data = self.read(tile_path(level, index, width), 8192) if width else b""
        return [data[at:at + 32] for at in range(0, len(data), 32)] if len(data) == 32 * width else []
    def check_roots(self):  # One pass over the leaf hashes: the perfect subtrees at the right edge give the root at each checkpoint's size.
        edge, size, holding, tile = [], 0, [], []
        for checkpoint in sorted(self.checkpoints, key=lambda checkpoint: checkpoint.size):
            while size < checkpoint.size:
                tile = self.hashes(0, size // 256) if size % 256 == 0 else tile
                if size % 256 >= len(tile): break
                carry, full, size = tile[size % 256], size, size + 1
                while full % 2: carry, full = node(edge.pop(), carry), full // 2
                edge.append(carry)
            if size < checkpoint.size:
                self.add("log-missing", tile_path(0, size // 256, 256))
                break
            if functools.reduce(lambda right, left: node(left, right), reversed(edge)) == checkpoint.root: holding.append(checkpoint)
            else: self.add("log-tree", checkpoint.name, "the tiles give another root")
        self.checkpoints, self.size = holding, holding[-1].size if holding else 0
    def check_tiles(self):
        for level, index, width in sorted((*where, width) for where, widths in self.tiles.items() for width in widths):
            path = tile_path(level, index, width)
            if (index * 256 + width) * 256 ** max(level, 0) > self.size: self.add("uncovered", path)
            elif level < 0: self.check_entries(index, width, path)
            else:
                below = [self.hashes(level - 1, index * 256 + i) for i in range(width if level else 0)]
                wanted = [merkle_root(tile) if len(tile) == 256 else b"" for tile in below] if level else self.hashes(0, index)[:width]
                here = self.hashes(level, index, width)
                if here != wanted: self.add("log-tree" if here else "log-form", path)
        first = min([index for level, index in self.tiles if level < 0], default=0)
        for level, count in ((level, self.size // 256 ** max(level, 0)) for level in range(-1, 8)):
            for index in range(0 if level >= 0 else first, -(-count // 256)):
                width = min(256, count - index * 256)
                if self.widest(level, index) < width: self.add("log-missing", tile_path(level, index, width))
    def check_entries(self, index, width, path):
        data, at, texts = self.read(path, 256 << 10), 0, []
        while at < len(data):
            at, start = at + 2 + int.from_bytes(data[at:at + 2], "big"), at + 2
            texts.append(data[start:at])
        if at != len(data) or len(texts) != width: return self.add("log-form", path, "not so many whole leaves")
        if [sha256(b"\0" + text) for text in texts] != self.hashes(0, index)[:width]: return self.add("log-tree", path)
        for number_of_leaf, text in enumerate(texts, index * 256) if width == self.widest(-1, index) else ():
            leaf, fault = tried(parse_line, text)
            fits = not fault and object_of(LEAF)(leaf) and (leaf["kind"] != "token" or (leaf["tag"], leaf["seq"], leaf["case_tag"]) == (leaf["head"], 0, "0" * 64))
            if not fits: self.add("log-form", path, "leaf %d %s" % (number_of_leaf, fault))
            elif leaf["kind"] != "token": self.heads.setdefault(leaf["tag"], []).append((leaf["seq"], number_of_leaf, leaf["head"]))
            if fits and leaf["kind"] == "recording": self.opened.setdefault(leaf["case_tag"], set()).add(leaf["tag"])
    # Section 15: tokens, and what they and the leaves say of each chain
    def check_token(self, name):
        size, response = int(name[7:].partition("-")[0]), self.read(name, 1 << 20)
        stamped = frozenset(next((checkpoint.stamped for checkpoint in self.checkpoints if checkpoint.size == size), ()))
        kept = dict.fromkeys(self.read(other) for other in sorted(self.beside) if is_certificate(other))  # serve all tokens, and once each
        fault, detail, *facts = judge_token(response, stamped, self.policy["tsas"], tuple(data for data in kept if data)[:32])
        if fault: self.add(fault, name, detail)
        if fault in ("", "tsa-untrusted"): self.stamps.append(Stamp(size, *facts, hex_sha256(response)))
    def check_beside(self):
        known = self.policy["tsas"].union(*[stamp.certificates for stamp in self.stamps])
        for name in self.beside:
            belongs = hex_sha256(self.read(name)) in known if is_certificate(name) else name.endswith((".crl", ".ocsp"))
            if not belongs: self.add("uncovered", name)
        self.stamps.sort(key=lambda stamp: stamp.size)
        self.sizes = [stamp.size for stamp in self.stamps]
        earlier = lambda first, stamp: stamp if stamp.anchor and (not first or stamp.gen_us <= first.gen_us) else first
        self.earliest = list(itertools.accumulate([None, *reversed(self.stamps)], earlier))[::-1]  # of each and those behind it
    def first_over(self, leaf):  # The trusted stamp of the earliest genTime among those of checkpoints that cover the leaf; None.
        return self.earliest[bisect.bisect_right(self.sizes, leaf)]
    def check_chains(self):
        for chain in [*self.recordings, *self.books]:
            if not chain.absent: self.check_end(chain, self.check_heads(chain), self.check_beacon(chain))
        here = {recording.tag for recording in self.recordings if recording.open}
        for book in self.books:
            opened = self.opened.get(book.tag, set())
            if opened - here: self.report.add("not-delivered", book.base, "opened %d, delivered %d" % (len(opened), len(opened & here)))
    def check_beacon(self, chain):
        if chain not in self.recordings or not self.stamps or "epoch" not in chain.first: return None
        where, stamp = chain.path + "#0", next((stamp for stamp in self.stamps if stamp.sha256 == chain.first.get("beacon")), None)
        late = stamp and stamp.anchor and stamp.gen_us - stamp.slack_us > chain.first["at_us"] + chain.first["err_us"]
        if not stamp or late: chain.add("time-contradicts" if stamp else "no-beacon", "the token that it names is later, or not here", where)
        return stamp if stamp and stamp.anchor else None
    def check_heads(self, chain):  # (seq, leaf) of the chain's last line that the log knows; None
        heads, last = sorted(self.heads.get(chain.tag, []) if chain.first else [], reverse=True), None
        for record, line_hash in chain.lines:
            where = "%s#%d" % (chain.path, record["seq"])
            while heads and heads[-1][0] <= record["seq"]:
                seq, leaf, head = heads.pop()
                same, stamp = (seq, head) == (record["seq"], line_hash), self.first_over(leaf)
                chain.expect(same, "log-contradicts", "leaf %d" % leaf, where)
                last = last if not same or last and last[0] == seq else (seq, leaf)
                late = same and stamp and record["at_us"] - record["err_us"] > stamp.gen_us + stamp.slack_us
                chain.expect(not late, "time-contradicts", "stamped before", where)
        chain.expect(not heads, "log-contradicts", "the log knows more records", chain.path)
        return last
    def check_end(self, chain, last, beacon):
        if not self.stamps: return
        leaf = last[1] if last and last[0] == chain.seq else self.size
        if leaf >= self.sizes[-1]: return chain.add("unstamped", "no token over its last record", chain.path)
        chain.expect(self.policy["quorum"] == 0 or self.witnessed > leaf, "witness-quorum", "", chain.path)
        if (stamp := self.first_over(leaf)) is None: return
        chain.expect(not beacon or beacon.gen_us <= stamp.gen_us + 2 * stamp.slack_us, "time-contradicts", "its end was stamped before its beacon", chain.path)
        chain.expect(len({stamp.anchor for stamp in self.stamps if stamp.anchor and stamp.size > leaf}) >= self.policy["tsa-quorum"], "tsa-quorum", "", chain.path)
# --- Time stamps (RFC 3161): what they say is read here, strictly; keys, signatures and chains by the openssl command
# Object identifiers in hex, as they stand in DER. DER forms: a tag, "=" and a name for what is in it; "?" it may be absent, "!" with its tag,
# "**" any tag, () what is inside it, ".." whatever follows
TST_INFO, SIGNED_DATA = "2a864886f70d0109100104", ("2a864886f70d010702", "2a811ccf550601040202")  # PKCS#7, GM/T 0010
DIGESTS = {"2b0e03021a": "sha1", "2a811ccf55018311": "sm3", **{"60864801650304020%d" % i: "sha" + size for i, size in enumerate(("256", "384", "512"), 1)}}
RSA, EC, SM2, SHA_2, SM2_IDENTITY = "2a864886f70d0101", "2a8648ce3d", "2a811ccf5501", ("sha256", "sha384", "sha512"), ("-sigopt", "distid:1234567812345678")
SIGNATURES = {  # the digests that fit a signature's algorithm, by the signer's kind of key
    RSA + "01": {RSA + "01": SHA_2, RSA + "0b": SHA_2[:1], RSA + "0c": SHA_2[1:2], RSA + "0d": SHA_2[2:]},
    EC + "0201": {EC + "0201": SHA_2, EC + "040302": SHA_2[:1], EC + "040303": SHA_2[1:2], EC + "040304": SHA_2[2:]},
    SM2 + "822d": dict.fromkeys((EC + "0201", SM2 + "8375", SM2 + "822d", SM2 + "822d01"), ("sm3",))}
RESPONSE_FORM, ALGORITHM_FORM = (("30", ("30", "02=status", ("30?", "0c?", ".."), ".."), "30=token?"),), (("30", "06=digest", "05?"),)
SIGNED_FORM = ("06=type", ("a0", ("30", "02", "31=digests", ("30", "06=content_type", ("a0", "04=content")), "a0=certificates?", "a1?",
               ("31", ("30", "02=signer_version", "**=signer!", *ALGORITHM_FORM, "a0=attributes!", ("30", "06=algorithm", "05?"), "04=signature", "a1?")))))
TST_FORM = (("30", "02=version", "06=policy", ("30", ("30", "06=kind", ".."), "04=imprint"), "02=serial", "18=time",
             ("30?", "02=1000000?", "80=1000?", "81=1?"), "01?", "02=nonce?", "a0?"),)
CERTIFICATE_FORM = (("30", ("30", "a0?", "02=serial", "30", "30=issuer!", "30", "30", ("30=key!", ("30", "06=key_kind", "06=curve?", ".."), "03"), ".."), ".."),)
ATTRIBUTES = {"2a864886f70d010903": ("06=signed_type",), "2a864886f70d010904": ("04=signed_digest",),  # and the signer's certificate, in two versions
              "2a864886f70d010910020c": (("30", ("30", ("30", "04=id_1", ".."), ".."), ".."),),
              "2a864886f70d010910022f": (("30", ("30", ("30", ("30?", "06=id_2_kind", ".."), "04=id_2", ".."), ".."), ".."),)}
def der_values(data):  # (tag, content, whole) of values one behind the other: tags of one byte, definite lengths in their shortest form.
    data = memoryview(data)
    while data:
        need(len(data) > 1 and data[0] & 31 != 31, "a tag of several bytes, or no length")
        more = data[1] & 127 if data[1] > 127 else 0
        size = int.from_bytes(data[2:2 + more], "big") if data[1] > 127 else data[1]
        end, shortest = 2 + more + size, data[1] < 128 or (0 < more <= 4 and size >= 128 and data[2])
        need(shortest and end <= len(data), "a length that is not in its shortest form, or a value that is cut off")
        yield data[0], data[end - size:end], data[:end]
        data = data[end:]
def apart(data, form, found):  # Puts what `form` names into `found`; Malformed where the data are not as it says.
    values, value = der_values(data), None
    for item in form:
        if item == "..": return found
        tag, _, name = (item[0] if isinstance(item, tuple) else item).partition("=")
        value = value or next(values, None)
        here = value and tag[:2] in ("**", "%02x" % value[0])
        need(here or (tag + name).endswith("?"), "a value of another type, or none")
        if not here: continue
        need(value[0] != 5 or not value[1], "a NULL that holds something")
        if name: found[name.rstrip("?!")] = bytes(value[2 if name.endswith("!") else 1])
        if isinstance(item, tuple): apart(value[1], item[1:], found)
        value = None
    need(value is None and next(values, None) is None, "bytes behind the end")
    return found
def small(content):
    value = int.from_bytes(content, "big")
    fits = value.to_bytes(value.bit_length() // 8 + 1, "big") == content and len(content) <= 8
    return value if fits else fail(Malformed("a number out of range"))
def read_token(response):  # What a response says: members by the names above, `gen_us`, `accuracy_us`, `certificates` as DER.
    token = apart(response, RESPONSE_FORM, {})
    need(small(token["status"]) <= 1 and "token" in token, "not granted")
    apart(token["token"], SIGNED_FORM, token)
    need(token["type"].hex() in SIGNED_DATA and token["content_type"].hex() == TST_INFO, "no TSTInfo in signedData")
    need(token["digest"] in [apart(whole, ALGORITHM_FORM, {})["digest"] for _, _, whole in der_values(token["digests"])], "a digest that is not in the list")
    need(small(token["signer_version"]) == (3 if token["signer"][0] == 0x80 else 1), "a signer of another version")
    apart(token["content"], TST_FORM, token)
    time = re.fullmatch(rb"(\d{14})(?:\.(\d{1,9}))?Z", token["time"])
    need(small(token["version"]) == 1 and time, "another version than 1, or no time")
    try: moment = datetime.datetime.strptime(time[1].decode() + "+0000", "%Y%m%d%H%M%S%z")
    except ValueError as error: raise Malformed("no time of the calendar") from error
    token["gen_us"] = int(moment.timestamp()) * 1_000_000 + int(((time[2] or b"") + b"000000")[:6])
    token["accuracy_us"] = sum(small(token[unit]) * int(unit) for unit in ("1000000", "1000", "1") if unit in token)
    token["certificates"] = [bytes(whole) for tag, _, whole in der_values(token.get("certificates", b"")) if tag == 0x30]
    [(_, signed, _)] = der_values(token["attributes"])
    attributes = [apart(whole, (("30", "06=kind", "31=values"),), {}) for _, _, whole in der_values(signed)]
    known = [(attribute["kind"].hex(), attribute["values"]) for attribute in attributes if attribute["kind"].hex() in ATTRIBUTES]
    need(len(dict(known)) == len(known) and len(token["certificates"]) <= 32, "a signed attribute twice, or more certificates than the bound")
    for kind, values in known: apart(values, ATTRIBUTES[kind], token)
    need(token.get("signed_type", b"").hex() == TST_INFO and "signed_digest" in token, "content type or digest is not signed")
    return token
def signer_of(token, certificates):  # its certificate, which ESSCertID and the signer's own name for it must tell alike; and the parts of that
    ids = (("sha1", token.get("id_1")), (DIGESTS.get(token["id_2_kind"].hex()) if "id_2_kind" in token else "sha256", token.get("id_2")))
    named = [[data for data in certificates if kind and hashlib.new(kind, data).digest() == digest][:1] for kind, digest in ids if digest is not None]
    need(named and all(one and one == named[0] for one in named), "ESSCertID is absent, or names another certificate than are here")
    signer, name, parts = named[0][0], token["signer"], apart(named[0][0], CERTIFICATE_FORM, {})
    if name[0] == 0x80: fits = b"\x06\x03U\x1d\x0e\x04" + bytes([len(name), 4]) + name[1:] in signer  # the extension subjectKeyIdentifier
    else: fits = apart(name, (("30", "30=issuer!", "02=serial"),), {}) == {part: parts[part] for part in ("issuer", "serial")}
    need(fits, "signer and ESSCertID are not the same certificate")
    return signer, parts
def is_certificate(name): return name.endswith((".cer", ".crt", ".der"))
def openssl(folder, files, *arguments):  # What it complains of; "" where all is well.
    for name, data in files.items(): pathlib.Path(folder, name).write_bytes(data)
    try: done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError as error: raise Stop(70, "the openssl command is not here, time stamps cannot be checked (install openssl)") from error
    return (done.stdout + done.stderr).decode("latin-1").strip() or "refused" if done.returncode else ""
def pem(certificates): return "".join(map(ssl.DER_cert_to_PEM_cert, certificates)).encode()
def check_signature(folder, token, certificates):  # Malformed where it does not hold; the signer's certificate
    signer, parts = signer_of(token, certificates)
    key, digest = parts["curve"].hex() if parts.get("curve", b"").hex() == SM2 + "822d" else parts["key_kind"].hex(), DIGESTS.get(token["digest"].hex())
    need(digest and hashlib.new(digest, token["content"]).digest() == token["signed_digest"], "the signed digest is not that of its content")
    need(digest in SIGNATURES.get(key, {}).get(token["algorithm"].hex(), ()), "algorithm, digest and key do not fit each other")
    files = {"message": b"\x31" + token["attributes"][1:], "signature": token["signature"],
             "key": b"-----BEGIN PUBLIC KEY-----\n%s-----END PUBLIC KEY-----\n" % base64.encodebytes(parts["key"])}
    fault = openssl(folder, files, "dgst", "-" + digest, *(SM2_IDENTITY if digest == "sm3" else ()), "-verify", "key", "-signature", "signature", "message")
    need(not fault, "the signature does not fit: " + fault)
    return signer
def anchor_of(response, token, more, anchors):
    """The anchor under which the token holds at its genTime; "" where it holds, but under none of them; Malformed where it does not hold."""
    def fault_under(trusted, *options):
        return openssl(folder, {"trusted": pem([trusted])}, "verify", "-partial_chain", "-purpose", "timestampsign", "-attime", str(token["gen_us"] // 1_000_000),
                       *(("-vfyopt", SM2_IDENTITY[1]) if bytes.fromhex(SM2) in signer else ()), *options, "-trusted", "trusted", "signer")
    with tempfile.TemporaryDirectory() as folder:
        beside = [data for data in more if not tried(apart, data, ("30",), {})[1] and not openssl(folder, {"one": pem([data])}, "x509", "-in", "one", "-noout")]
        certificates = token["certificates"] + beside
        signer = check_signature(folder, token, certificates)
        bundled = openssl(folder, {"all": pem(certificates), "signer": pem([signer])}, "crl2pkcs7", "-nocrl", "-certfile", "all", "-out", "bundle")
        fault = bundled or fault_under(signer)
        need(not fault, fault)
        for anchor in [certificate for certificate in certificates if hex_sha256(certificate) in anchors]:
            fault = fault_under(anchor, "-auth_level", "2", "-untrusted", "all")
            if not fault: return hex_sha256(anchor)
            need(int((re.search(r"error (\d+) at", fault) or [0, 0])[1]) in (2, 18, 19, 20, 21), fault)  # it ends at no anchor; any other: it does not hold
        return ""
@functools.lru_cache(maxsize=4096)
def judge_token(response, stamped, anchors, more):  # (fault or "", why, genTime in us, slack in us, the anchor of its chain, SHA-256 of its certificates)
    token, fault = tried(read_token, response)
    if fault: return "token-invalid", fault
    kind = DIGESTS.get(token["kind"].hex())
    if kind not in ("sha256", "sm3") or token["imprint"] not in {hashlib.new(kind, data).digest() for data in stamped}: return "token-unbound", ""
    anchor, fault = tried(anchor_of, response, token, more, anchors)
    if fault: return "token-invalid", fault
    known = tuple(map(hex_sha256, token["certificates"]))
    return "" if anchor else "tsa-untrusted", "", token["gen_us"], token["accuracy_us"] + 1_000_000, anchor, known
# --- Scope, trust, verdict
def ids_below(tree, base, form):  # {id: directory}
    return {name: join(base, name) for name in sorted({path.split("/")[0] for path in tree.below(base) if "/" in path}) if TYPES[form](name)}
def scope_of(tree):  # (is it a package, directories of recordings by name, directories of books by name, the log's directory)
    package = bool(tree.files & {"bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "package.sig"} or tree.below("data/case"))
    if not package and "chain.jsonl" in tree.files: return False, {"": ""}, {}, ""
    if not package and "book.jsonl" in tree.files: return False, {}, {"": ""}, ""
    data = "data" if package or tree.below("data") else ""
    books = ids_below(tree, join(data, "cases"), "case") if not package else {"": "data/case"} if tree.below("data/case") else {}
    return package, ids_below(tree, join(data, "recordings"), "id"), books, join(data, "log") if tree.below(join(data, "log")) else ""
def verify(path, policy):  # The report on what lies at `path`; None where that is neither chain nor book.
    report = Report(policy)
    tree = Tree(path, report)
    package, recordings, books, log = scope_of(tree)
    if not recordings and not books: return None
    fault = tried(tree.read_withheld)[1] if package and "withheld.jsonl" in tree.files else ""
    if fault: report.add("withheld-list", "withheld.jsonl", fault)
    recordings = {name: Recording(tree, base, name, report) for name, base in recordings.items()}
    books = [Book(tree, base, name, report) for name, base in books.items()]
    for chain in [*recordings.values(), *books]: chain.verify(recordings)
    if log: report.log = BoxLog(tree, log, list(recordings.values()), books, report)
    if log: report.log.check_chains()
    for chain in [*recordings.values(), *books]:
        files = {join(chain.base, name) for name in tree.below(chain.base) - {"chain.jsonl", "book.jsonl", "private.jsonl"}}
        for path in sorted(files - tree.named): report.add("unnamed-file", path)
    if package: check_bag(tree, recordings.values(), books, report)
    for key in sorted(report.signers.keys() - policy["boxes"].keys()): report.add("untrusted", report.signers[key], "box " + hex_sha256(key))
    if not report.log or not report.log.stamps: report.add("unstamped", "")
    return report
NO_POLICY = {"boxes": {}, "tsas": frozenset(), "witnesses": [], "quorum": 0, "tsa-quorum": 1, "clock-limit-us": 500_000}
POLICY_FORMS = {"box": r"([0-9a-f]{64}) (\S+) ([^ ].*)", "tsa": r"([0-9a-f]{64}) [^ ].*", "witness": r"(\S+) (\S+)",
                **dict.fromkeys(("quorum", "tsa-quorum", "clock-limit-us"), r"(\d{1,15})")}
def parse_policy(text):  # Section 10. Malformed names the line.
    policy, lines = {**NO_POLICY, "boxes": {}, "witnesses": []}, text.split("\n")
    need(lines[0] == "netsampler-policy v1", "line 1 is not “netsampler-policy v1”")
    for number_of_line, (word, _, rest) in [(i, line.partition(" ")) for i, line in enumerate(lines[1:], 2) if line and line[0] != "#"]:
        match = re.fullmatch(POLICY_FORMS.get(word, "(?!)"), rest)
        key = from_base64(match[2], 32) if match and word in ("box", "witness") else b""
        need(match and key is not None and (word != "box" or hex_sha256(key) == match[1]), "line %d is not of this format" % number_of_line)
        if word == "box": policy["boxes"][key] = match[3]
        elif word == "witness": policy["witnesses"].append((match[1], key))
        else: policy.update({"tsas": policy["tsas"] | {match[1]}} if word == "tsa" else {word: int(match[1])})
    need(policy["boxes"], "no box is named")
    return policy
def show(report, as_json):
    rank, findings = report.rank(), list(report.findings.values())
    if as_json:
        whole = {"verdict": VERDICTS[rank].split()[1], "exit_code": rank, "records": report.records, "segments": report.segments, "findings": findings,
                 "verifier": "verify.py 1", "checked": {"sha256": True, "sm3": False, "pictures": False}}
        return print(json.dumps(whole, ensure_ascii=False, sort_keys=True), flush=True)
    print("结论 / verdict: %s    记录 / records %d    片段 / segments %d" % (VERDICTS[rank], report.records, report.segments))
    for finding in sorted(findings, key=lambda finding: -RANK.index(finding["severity"])): print("  %(code)s %(where)s %(detail)s" % finding)
    if not report.policy["quorum"]: print("无见证方：是否完整仅以设备为准 / no witness: completeness rests on the box alone")
    print("未核对 / not checked: SM3, 画面内容 / decoded pictures, 时间戳证书的吊销与续期 / revocation and renewal of time stamps")
    print("原因代码见格式文档第 12 节 / reason codes: section 12 of the format", flush=True)
def run(arguments):
    parser = argparse.ArgumentParser(prog="verify.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.error = lambda message: fail(Stop(64, message + " (see --help)"))
    here = os.path.dirname(os.path.abspath(__file__))
    for name, form in (("--policy", {}), ("--json", {"action": "store_true"}), ("path", {"nargs": "?", "default": here})): parser.add_argument(name, **form)
    options, policy = parser.parse_args(arguments), NO_POLICY
    try:
        if options.policy: policy = parse_policy(open(options.policy, encoding="utf-8").read())
    except (Malformed, UnicodeDecodeError, FileNotFoundError) as error:
        raise Stop(65, "the policy cannot be used: %s (ask the authority for one)" % error) from error
    report = verify(options.path, policy) if os.path.isdir(options.path) else None
    if report is None: raise Stop(65, "neither chain nor book at %s (name a package's directory)" % options.path)
    show(report, options.json)
    return report.rank()
def main():
    try: return run(sys.argv[1:])
    except Stop as stop: code, text = stop.args
    except OSError as error: code, text = 74, "%s (is the medium readable?)" % error
    except Exception as error:  # Python's own exit code would be 1, which is a verdict
        code, text = 70, "a mistake of this program: %s: %s (please report it)" % (type(error).__name__, error)
    print("verify.py: " + text, file=sys.stderr)
    return code
if __name__ == "__main__": sys.exit(main())
