#!/usr/bin/env python3
"""网络抽样证据包核验（第二核验程序） / the second verifier of netsampler evidence: python3 verify.py [--policy FILE] [--json] [PATH]
PATH: a package, one recording, one case or a box's data directory; without it, the directory this file lies in.
Verdict and exit code: INTACT 0, PARTIAL 1, BROKEN 2; no verdict: 64 usage, 65 nothing to verify, 70 internal, 74 input/output.
Written from docs/evidence-format.md alone, sharing nothing with netsampler-verify: where the two disagree, one is wrong. Needs Python 3.8's standard library, and
openssl's command for time stamps. The copy inside a package proves nothing about itself: take this file from the authority, or compare its published SHA-256.
Not judged here: SM3 of files; decoded pictures (section 16); what is kept outside (--witness); ends, revocation, renewal of certificates; longer SM2 chains."""
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
# --- Ed25519 (RFC 8032) as strict as libsodium: S < L, A canonical, A and R not of small order, R as bytes. Points (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, SQRT_M1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
def add_points(p, q):
    a, b, c, d = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0]), 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P
def decode_point(text):  # The point of 32 bytes; None where they are no canonical encoding of one.
    sign, y = divmod(int.from_bytes(text, "little"), 1 << 255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    x = root if root * root % P == square else root * SQRT_M1 % P
    if len(text) != 32 or y >= P or x * x % P != square or sign > x: return None
    return (x, y, 1, x * y % P) if x & 1 == sign else (P - x, y, 1, -x * y % P)
def has_small_order(point):  # Is 8 times the point the neutral one?
    for _ in range(3): point = add_points(point, point)
    return point[0] == 0 and point[1] == point[2]
BASE = decode_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
@functools.lru_cache(maxsize=1 << 14)
def verify_signature(key, message, signature):  # Is R = s B - h A?
    a, s = decode_point(key), int.from_bytes(signature[32:], "little")
    if a is None or has_small_order(a) or len(signature) != 64 or s >= L: return False
    h, minus_a = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L, (P - a[0], a[1], 1, P - a[3])
    steps, total = (None, minus_a, BASE, add_points(minus_a, BASE)), (0, 1, 1, 0)
    for bit in range(252, -1, -1):
        total, step = add_points(total, total), steps[(h >> bit & 1) + 2 * (s >> bit & 1)]
        if step: total = add_points(total, step)
    x, y = (coordinate * pow(total[2], -1, P) % P for coordinate in total[:2])
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32] and not has_small_order(total)
# --- One encoding for each value (section 2)
LINE_LIMIT_BYTES, DEPTH_LIMIT, INT_LIMIT = 65536, 8, 2**53 - 1
def canonical(value): return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(errors="surrogatepass")
def check_profile(value, depth=1):  # Texts, whole numbers, booleans, arrays and objects, not nested too deep.
    kind = type(value)
    need(kind in (str, bool) or kind is int and abs(value) <= INT_LIMIT or kind in (dict, list) and depth <= DEPTH_LIMIT, "a value outside the profile")
    need(kind is not dict or all(re.fullmatch("[a-z0-9_]+", key) for key in value), "a key outside the profile")
    for item in value.values() if kind is dict else value if kind is list else (): check_profile(item, depth + 1)
def parse_line(line):  # The object of a line without its newline; Malformed unless these are the only bytes for it.
    need(len(line) < LINE_LIMIT_BYTES, "longer than 64 KiB")
    try: value = json.loads(line.decode())
    except (ValueError, RecursionError) as error: raise Malformed("not JSON") from error
    check_profile(value)
    return need(isinstance(value, dict) and canonical(value) == line, "not in canonical form") and value
def from_base64(text, size=None):  # The bytes; None unless this is the one text for so many.
    try: value = base64.b64decode(text, validate=True)
    except (TypeError, ValueError): return None
    return value if size in (None, len(value)) and base64.b64encode(value).decode() == text else None
def lines_of(data):  # (whole lines, what stands behind them, is that a line beyond the limit?)
    *lines, rest = data.split(b"\n")
    whole = list(itertools.takewhile(lambda line: len(line) < LINE_LIMIT_BYTES, lines))
    return whole, (rest := b"\n".join([*lines[len(whole):], rest])), len(rest) >= LINE_LIMIT_BYTES
# --- Findings (section 12), and the files
SEVERITIES = {"opaque": "note", "orphan": "note", "case-tag": "note", **dict.fromkeys((  # of any other code: broken
    "unstamped untrusted interrupted file-missing private-missing withheld unnamed-file gap frames-apart key-apart sealed-late epoch-late clock-stepped clock-limit "
    "recording-missing not-included case-missing package-unsigned not-in-manifest recorded-partial log-missing uncovered token-unbound tsa-untrusted tsa-quorum "
    "witness-quorum no-beacon not-delivered file-withheld withheld-present key-lost resumed").split(), "partial")}
RANK, VERDICTS = ["note", "partial", "broken"], ["完整 INTACT", "部分可证 PARTIAL", "不符 BROKEN"]
class Report:  # signers: box key → where it signed; keys: of boxes, which may have signed the log
    def __init__(self, policy): self.policy, self.findings, self.records, self.segments, self.signers, self.keys = policy, {}, 0, 0, {}, set()
    def add(self, code, where, detail=""): self.findings[code, where, detail] = dict(code=code, severity=SEVERITIES.get(code, "broken"), where=where, detail=detail)
    def rank(self): return max([0] + [RANK.index(finding["severity"]) for finding in self.findings.values()])
class Tree:  # The files below a directory; links and devices are contradictions and are not followed.
    def __init__(self, root, report):
        self.root, self.report, self.files, self.odd, self.named, self.withheld, self.digests = root, report, {}, {}, set(), {}, {}  # named: by records
        for directory, directories, names in os.walk(root, onerror=fail):
            for path in (os.path.relpath(os.path.join(directory, name), root) for name in directories + names):
                info, depth = os.lstat(os.path.join(root, path)), path.count(os.sep)  # a directory at depth 16 is refused, and not looked into
                if depth == 16 or depth < 16 and not stat.S_ISDIR(info.st_mode): (self.files if stat.S_ISREG(info.st_mode) else self.odd)[path] = info.st_size
    def below(self, base): return {path[len(base) + 1:] if base else path for path in self.files if not base or path.startswith(base + "/")}
    def read(self, path, limit_bytes=1 << 62):  # The bytes; b"" where the file is absent, or larger.
        return pathlib.Path(self.root, path).read_bytes() if self.files.get(path, 1 << 63) <= limit_bytes else b""
    def size_and_sha256(self, path):
        if path in self.digests: return self.digests[path]
        digest = hashlib.sha256()
        with open(os.path.join(self.root, path), "rb") as file:
            for piece in iter(lambda: file.read(1 << 20), b""): digest.update(piece)
            return self.digests.setdefault(path, (file.tell(), digest.hexdigest()))
    def check_file(self, base, file):  # Is it there, as the record names it? Or is its absence declared (section 9)?
        path, said = join(base, file["path"]), (file["bytes"], file["sha256"])
        self.named.add(path)
        if path in self.files and self.size_and_sha256(path) == said: return True
        missing = {None: "file-missing", said: "file-withheld"}.get(self.withheld.get((path, -1, -1)), "withheld-list")
        self.report.add("file-changed" if path in self.files else missing, path)
    def read_withheld(self):  # withheld.jsonl: {(path, seq, index): (size, SHA-256) of a file}; of a file seq and index are -1.
        lines, rest, _ = lines_of(self.read("withheld.jsonl"))
        need(lines and not rest and object_of(WITHHELD)(parse_line(lines[0])), "its first line, or the end")
        items = [parse_line(line) for line in lines[1:]]
        need(all(object_of(WITHHELD_ITEM)(item) and len(item) == 5 and ("bytes" in item) == ("sha256" in item) for item in items), "an item out of its form")
        places = [(item["path"], item.get("seq", -1), item.get("index", -1)) for item in items]
        need(all(one < two for one, two in zip(places, places[1:])), "out of order")
        self.withheld = {place: (item.get("bytes"), item.get("sha256")) for place, item in zip(places, items)}
# --- Members of records (sections 3 and 5): "type:member,member? …", where ? may be absent
ENVELOPE = "one:v text:type,boot count:seq,at_us,err_us,boot_us hash:prev,private_root? clock:clock positive:private_count? sig:sig "
OWNERS = {"recording": ENVELOPE + "id:recording count:epoch never:case?", "case": ENVELOPE + "case:case text:actor never:epoch?"}
KINDS = """open hash:nonce,case_tag?,software_sha256?,beacon? text:kind,software_version,display? key:box_key file:file count:epoch_us,epochs texts:samplers?
 sig:box_sig history:key_history? resumption:resumes? ; epoch ; source text:source,medium,codec,mode,follows?,why?,frame_times? rects:monitors? count:width,height
 count:time_base int:start_us file:file ; segment text:source count:no,frames,dropped,heartbeats,longest_us,last_duration count:sealed_late_us?,jitter_us?,lost?
 count:seen?,waiting? file:file bool:key int:first_pts,last_pts,first_us,last_us ; gap text:source,cause int:from_us,to_us ; clock text:state,leap?,phase?,agreement?
 text:kernel_leap? count:error_us,stratum?,kernel_error_us? servers:servers? bool:kernel_synchronised? int:offset_us,root_delay_us?,root_dispersion_us?
 int:kernel_offset_us?,kernel_freq_ppb?,slew_ppb?,step_us?,step_boot_us? ; environment text:browser?,browser_version?,kernel?,display? hash:hosts_sha256?
 hash:browser_sha256?,program_sha256? bool:webdriver?,proxy?,hosts_changed?,devtools?,profile_new?,proxy_policy? count:width?,height?,extensions?,hosts_lines?
 count:dns_servers?,authorities_system?,authorities_account?,authorities_policy?,policies?,interfaces?,tunnels?,default_routes?,free_bytes?,processes?
 count:browsers_other?,remote_control?,screen_sharing?,interception?,displays?,x_servers? ; page count:page,status,responses,bytes,tab?,opener? text:kind,origin
 text:ended hash:certificate_sha256? int:from_us,to_us files:files ; chapter text:item,source? count:page? int:from_us,to_us? ; fact text:name,from,kind?,item?
 text:source? count:page?,confidence? rect:rect? int:from_us? ; corroboration text:name,pixels?,dom?,network?,source? count:page,fact?,segment? int:pts? rect:rect?
 bool:agrees ; mark text:item?,actor? int:from_us ; finding text:code,source? severity:severity count:page?,count?,tab? int:from_us?,to_us? ; close text:reason
 count:records,segments,frames,dropped,pages,facts texts:samplers? | case_open hash:nonce key:box_key history:key_history? ; key_change history:changes ; decision
 text:decision ; custody text:action,profile?,software_version? ; include text:recording,role,why hash:head count:last_seq ; corroboration text:recording,name
 text:pixels?,dom?,network?,source? count:page,fact?,segment? int:pts? rect:rect? bool:agrees ; login text:account,outcome ; finding text:code,recording?,cause?
 text:path?,found? severity:severity count:count?,torn_bytes?,last_seq?,last_us?,unopened_seq? hash:torn_sha256?,path_sha256? files:orphans?,files? ; configuration
 text:action,account?,software_version? hash:config_sha256? ; check text:name,outcome,software_version? count:checked_files?,checked_bytes?,findings? ; token
 count:checkpoint_size,renew_by_us? hash:checkpoint_sha256 text:authority files:tokens"""
CHAIN_KINDS, BOOK_KINDS = ({name: " ".join(form) for name, *form in map(str.split, kinds.split(";"))} for kinds in KINDS.split("|"))
LEAF, OPENING, HIDDEN = "hash:case_tag,head,tag chain:kind count:seq", "text:field count:index,seq salt:salt any:value", "count:index,seq hash:leaf"
WITHHELD, WITHHELD_ITEM = "withheld:format hash:head,original? text:profile one:v", "case:by count:bytes?,index?,seq? package_path:path reason:reason hash:sha256?"
PART, CHANGE = r"(?!\.\.?(?:/|\Z))[A-Za-z0-9._-]+", "key:box_key,old_key count:changed_us why:why sig:new_sig,old_sig?"
def is_int(value, least=-INT_LIMIT): return type(value) is int and value >= least
def text_of(form, most=LINE_LIMIT_BYTES): return lambda value: isinstance(value, str) and bool(re.fullmatch(form, value)) and len(value.encode()) <= most
def list_of(kind): return lambda value: isinstance(value, list) and all(map(TYPES[kind], value))
@functools.lru_cache(maxsize=None)
def members_of(form):  # [(name, type, may it be absent?)]
    return [(name.rstrip("?"), kind, name.endswith("?")) for kind, names in (group.split(":") for group in form.split()) for name in names.split(",")]
def shape_error(value, form):  # The first member of `value` that is not as `form` says; empty where all are.
    return next((name for name, kind, optional in members_of(form) if not (TYPES[kind](value[name]) if name in value else optional)), "")
def object_of(form): return lambda value: isinstance(value, dict) and not shape_error(value, form) and set(value) <= {name for name, _, _ in members_of(form)}
TYPES = {
    **{name: text_of(form) for name, form in {
        "hash": "[0-9a-f]{64}", "id": "[a-z2-7]{26}", "salt": "[0-9a-f]{32}", "case": r"(?!\.\.?\Z)[A-Za-z0-9._-]{1,64}", "severity": "note|partial|broken",
        "clock": "synchronised|holdover|unsynchronised|stepped", "chain": "book|recording|token", "why": "rotated|lost", "withheld": "netsampler-withheld"}.items()},
    "one": lambda value: is_int(value, 1) and value < 2, "int": is_int, "count": lambda value: is_int(value, 0), "positive": lambda value: is_int(value, 1),
    "bool": lambda value: type(value) is bool, "any": lambda value: True, "never": lambda value: False, "text": lambda value: isinstance(value, str),
    "path": text_of("%s(/%s)*" % (PART, PART), 200), "package_path": text_of("data(/%s)+" % PART, 300), "reason": text_of(r"[^\0-\x1f\x7f]+", 300),
    "key": lambda value: from_base64(value, 32) is not None, "sig": lambda value: from_base64(value, 64) is not None,
    "file": object_of("count:bytes path:path hash:sha256,sm3"), "resumption": object_of("id:recording hash:head,torn_sha256 count:last_seq,torn_bytes"),
    "server": object_of("text:server,why? bool:ok int:offset_us?,delay_us?,dispersion_us?,stratum?"),
    "change": lambda value: object_of(CHANGE)(value) and ("old_sig" in value) == (value["why"] == "rotated") and value["box_key"] != value["old_key"],
    "history": lambda value: list_of("change")(value) and 0 < len(value) < 101 and all(a["box_key"] == b["old_key"] for a, b in zip(value, value[1:])),
    "rect": lambda value: list_of("int")(value) and len(value) == 4, **{kind + "s": list_of(kind) for kind in ("file", "text", "server", "rect")}}
def keys_of(history, known):  # of a box, oldest first (section 4); [] where a change does not hold. Into `known` come those of a history that it has a part in.
    signed = [(change[key], canonical({name: change[name] for name in ("box_key", "changed_us", "old_key", "why")}), change[signature]) for change in
              (history if TYPES["history"](history) else []) for key, signature in (("box_key", "new_sig"), ("old_key", "old_sig")) if signature in change]
    holds = signed and all(verify_signature(from_base64(key), b"netsampler/v1/key\n" + sha256(said), from_base64(signature)) for key, said, signature in signed)
    keys = [from_base64(key) for key in (history[0]["old_key"], *(change["box_key"] for change in history))] if holds else []
    known.update(keys if {*keys[:1], *keys[-1:]} & known else ())
    return keys
def node(left, right): return sha256(b"\1" + left + right)  # of a Merkle tree, RFC 6962
def growing(leaves):  # After each leaf: the roots of the perfect subtrees at the tree's right edge.
    edge = []
    for size, carry in enumerate(leaves):
        while size % 2: carry, size = node(edge.pop(), carry), size // 2
        yield edge.append(carry) or edge
def root_of(edge): return functools.reduce(lambda right, left: node(left, right), reversed(edge))
def merkle_root(leaves): return root_of(*collections.deque(growing(leaves), maxlen=1))
class Chain:  # What recordings and books have in common: a directory with one chain. `name`: its id, where the directory's name says it.
    count, seq, last_hash, epoch, rest, closed, included, key, tag = 0, -1, "0" * 64, 0, b"", False, False, None, None
    def __init__(self, tree, base, name, report):
        self.tree, self.base, self.id, self.report, self.path = tree, base, name, report, join(base, self.line_file)
        self.absent, self.first, self.open, self.lines, self.sources, self.keys, self.counts = self.path not in tree.files, {}, {}, [], {}, [], collections.Counter()
    def add(self, code, detail="", where=None): self.report.add(code, where or "%s#%d" % (self.path, self.seq), detail)
    def expect(self, holds, code, detail="", where=None): return holds or self.add(code, detail, where)
    def all_hold(self, where=None, **conditions):  # by code, _ for -
        for code, holds in conditions.items(): self.expect(holds, code.replace("_", "-"), "", where)
    def recording(self, name): return next((one for one in self.report.recordings if one.id == name and not one.absent), None)
    def verify(self):
        if self.absent: return self.report.add(self.missing, self.path)
        lines, self.rest, too_long = lines_of(self.tree.read(self.path))
        for line in lines: self.line(line)
        self.finish(too_long)
        self.check_openings()
    def line(self, line):
        prev, self.last_hash, self.seq, self.count, self.report.records = self.last_hash, hex_sha256(line), self.seq + 1, self.count + 1, self.report.records + 1
        record, fault = tried(parse_line, line)
        owner = "case" if record and "case" in record else "recording"
        fault = fault or shape_error(record, OWNERS[owner])
        if fault or ("private_root" in record) != ("private_count" in record): return self.add("line-form", fault or "private_root or private_count alone")
        self.id, before, kind = self.id or record[owner], self.lines[-1][0] if self.lines else {}, record["type"]
        self.all_hold(sequence=record["seq"] == self.seq, prev=record["prev"] == prev, wrong_chain=owner == self.owner and record[owner] == self.id)
        self.seq, fault = record["seq"], shape_error(record, self.kinds.get(kind, ""))
        self.lines.append((record, self.last_hash))
        if self.count == 1:
            self.first, self.key = record, from_base64(record.get("box_key"), 32)
            self.report.keys.update([self.key] if self.key else [])
            self.expect(keys_of(record.get("key_history"), self.report.keys)[-1:] == [self.key] or not self.key or "key_history" not in record, "key-change")
            if TYPES["hash"](record.get("nonce")): self.tag = hex_sha256(bytes.fromhex(record["nonce"]) + record[owner].encode())
        self.place(record, kind)
        same_boot, stepped = before.get("boot") == record["boot"], record["clock"] == "stepped"  # section 8
        others = [(other, record["boot_us"] - other["boot_us"]) for other in ((before, self.reference) if same_boot and not stepped else ())]
        agree = all(abs(record["at_us"] - other["at_us"] - boot) <= record["err_us"] + other["err_us"] + quotient(boot, 2000) for other, boot in others)
        self.all_hold(time_backwards=not same_boot or record["boot_us"] >= before["boot_us"], clock_stepped=not (same_boot and stepped), clock_contradiction=agree)
        if stepped or not same_boot: self.reference = record  # the first since the boot's begin or the last step
        self.all_hold(opaque=kind in self.kinds, record_shape=not fault)
        file, files = [record["file"]] if "file" in record else [], record.get("files", []) if fault or kind not in ("source", "segment") else []
        whole = all([self.tree.check_file(self.base, one) for one in (file + files if TYPES["files"](file) and TYPES["files"](files) else [])])
        if not fault: getattr(self, "on_" + kind, lambda *_: None)(record, whole)
    def signed(self, record, key, members=("sig",), prefix=b"netsampler/v1/record\n"):
        bare, signature = canonical({name: value for name, value in record.items() if name not in members}), from_base64(record.get(members[-1]), 64)
        return bool(key and signature) and verify_signature(key, prefix + sha256(bare), signature)
    def on_finding(self, record, _): self.expect(record["severity"] == "note", "recorded-" + record["severity"], record["code"])
    def check_openings(self):  # Section 6.
        path, openings, before = join(self.base, "private.jsonl"), [], -1
        commitments, (lines, rest, too_long) = {record["seq"]: record for record, _ in self.lines if "private_root" in record}, lines_of(self.tree.read(path))
        for opening, fault in (tried(parse_line, line) for line in lines):
            fits = not fault and object_of(HIDDEN if "leaf" in opening else OPENING)(opening)
            if self.expect(fits, "opening-form", fault or "not as an opening is", path): openings.append(opening)
        missing = set(commitments) - {opening["seq"] for opening in openings}
        self.all_hold(path, opening_form=not too_long and not (self.closed and rest), private_missing=not missing)
        for seq, group in itertools.groupby(openings, lambda opening: opening["seq"]):
            leaves, record, in_order, before = [], commitments.get(seq), seq > before, seq
            for opening in group:
                hidden, field, clear = "leaf" in opening, opening.get("field", ""), canonical([opening.get(name) for name in ("salt", "field", "value")])
                if not self.expect(opening["index"] == len(leaves) and (hidden or field > (leaves[-1][0] if leaves else "")), "opening-form", "", path): continue
                self.all_hold(path, withheld=not hidden, withheld_present=hidden or (path, seq, opening["index"]) not in self.tree.withheld)
                leaves.append((field, bytes.fromhex(opening["leaf"]) if hidden else sha256(b"\0" + clear)))
            stray, short = not record and (self.closed or seq <= self.seq), record and len(leaves) < record["private_count"]
            same = not record or short or (len(leaves), merkle_root(leaf for _, leaf in leaves).hex()) == (record["private_count"], record["private_root"])
            self.all_hold(path, opening_form=in_order, opening_stray=not stray, private_missing=not short, opening_root=same)
# --- A recording (sections 4, 5, 7)
class Recording(Chain):
    line_file, kinds, owner, missing = "chain.jsonl", CHAIN_KINDS, "recording", "recording-missing"
    def place(self, record, kind):
        if kind == "open" and self.count == 1:
            if self.key: self.report.signers[self.key] = self.path
            self.open, self.epoch_us = record, max(record["epoch_us"] if is_int(record.get("epoch_us")) else 60_000_000, 1)
            self.expect(self.signed(record, self.key, ("sig", "box_sig"), b"netsampler/v1/open\n"), "box-signature")
            file, data = record.get("file"), self.tree.read(join(self.base, "keys.txt"), 8 << 20)
            keys = [from_base64(line, 32) for line in data[:-1].decode("latin-1").split("\n")] if data[-1:] == b"\n" else [None]
            fits = TYPES["file"](file) and (file["path"], file["sha256"]) == ("keys.txt", hex_sha256(data)) and len(keys) == record.get("epochs")
            self.keys = keys if fits and None not in keys else []
        epoch = record.get("epoch", 0)
        self.expect(self.keys, "keys", where=self.path)
        self.all_hold(boot_changed=record["boot"] == self.lines[0][0]["boot"], after_close=not self.closed, open_first=(kind == "open") == (self.count == 1),
                      signature=not self.keys or epoch < len(self.keys) and self.signed(record, self.keys[epoch]))
        if self.open:  # epochs: one after the other, each begun by its own record, all others exactly in their time
            begins, reached = kind == "epoch", quotient(record["boot_us"] - self.open["boot_us"], self.epoch_us)
            fits, self.epoch = epoch == self.epoch + begins and (epoch <= reached if begins else epoch == reached), epoch
            self.all_hold(epoch=fits, epoch_late=not fits or epoch == reached)
        self.counts.update(["records", *([kind + "s"] if kind in ("segment", "page", "fact") else [])])
        if kind == "segment": self.counts.update({name: record[name] for name in ("frames", "dropped") if is_int(record.get(name))})
    def finish(self, too_long):
        self.all_hold(self.path, line_form=not too_long, after_close=not (self.closed and self.rest), interrupted=self.closed or too_long,
                      clock_limit=all(record["err_us"] <= self.report.policy["clock-limit-us"] for record, _ in self.lines))
    def on_close(self, record, _):
        self.closed = True
        self.expect(all(record[name] == self.counts[name] for name in ("records", "segments", "frames", "dropped", "pages", "facts")), "counts")
    def on_gap(self, record, _):
        self.add("gap", record["cause"])
        if record["source"] in self.sources: self.sources[record["source"]].gap = True
    def on_source(self, record, whole):
        name, path, before = record["source"], record["file"]["path"], self.sources.get(record.get("follows"))
        if not re.fullmatch(r"[a-z0-9_-]{1,32}", name) or name in self.sources: return self.add("source", name)
        self.sources[name] = source = Source(record)
        follows = before is not None and not before.followed
        if follows: before.followed, source.last_us = True, before.last_us
        self.all_hold(source=follows or "follows" not in record, record_shape=record["time_base"] == 90000 and path == "media/%(source)s/init.mp4" % record)
        if whole: self.check_media(join(self.base, path), source.read_init, record, 1 << 20)
    def on_segment(self, record, whole):
        self.report.segments += 1
        source, path = self.sources.get(record["source"]), record["file"]["path"]
        if source is None: return self.add("source", record["source"])
        first, end, age_us = record["first_pts"], record["last_pts"] + record["last_duration"], record["boot_us"] - record["last_us"]
        key_late = not record["key"] if source.last_key is None else first - source.last_key > 10 * 90000
        off_us = max(abs(record[us] - source.start_us - quotient(record[pts] * 100, 9)) for pts, us in (("first_pts", "first_us"), ("last_pts", "last_us")))
        apart_us = record["first_us"] - source.last_us if source.end is None and source.last_us is not None else 0  # from the source that it follows
        joined = end > first and source.goes_on(first, source.gap) and 0 <= apart_us and (apart_us <= FRAMES_APART_US or source.gap)
        self.all_hold(segment_order=record["no"] == source.next_no and not source.followed, discontinuity=joined, key_apart=not key_late,
                      frames_apart=record["longest_us"] <= FRAMES_APART_US, frame_clock=off_us <= 100_000 and age_us >= -100_000,
                      sealed_late="sealed_late_us" not in record and age_us <= 30_000_000, record_shape=path == "media/%(source)s/%(no)06d.m4s" % record)
        if source.end is None: source.first, source.gap_first = first, source.gap
        if record["key"] or key_late: source.last_key = first
        source.next_no, source.end, source.gap, source.last_us = record["no"] + 1, end, False, record["last_us"]
        if whole and source.trex: self.check_media(join(self.base, path), source.read_segment, record)
    def check_media(self, path, read, record, limit_bytes=1 << 62):
        facts, fault = tried(read, self.tree.read(path, limit_bytes), record)
        self.all_hold(path, media_shape=not fault, media_mismatch=fault or all(record[name] == value for name, value in facts.items()))
    def check_resumed(self, resumed):  # Does it go on where another's ledger died (section 7)? `resumed`: the ids of those that others go on from.
        if not TYPES["resumption"](said := self.open.get("resumes")): return
        self.all_hold(self.path, resumed=False, resumed_contradicts=said["recording"] not in resumed)
        resumed.add(said["recording"])
        if (old := self.recording(said["recording"])) is None: return
        end = {"recording": old.id, "head": old.last_hash, "last_seq": old.seq, "torn_bytes": len(old.rest), "torn_sha256": hex_sha256(old.rest)}
        alike = all(old.open.get(name) == self.open.get(name) for name in ("boot", "kind", "case_tag"))
        self.expect(alike and said == end and not old.closed, "resumed-contradicts", "not the end of what it names", self.path)
        for now, then in ((source, old.sources[name]) for name, source in self.sources.items() if name in old.sources):
            self.all_hold(self.path, resumed_contradicts=(now.start_us, now.init) == (then.start_us, then.init),
                          discontinuity=now.first is None or then.goes_on(now.first, now.gap_first))
# --- Pictures: one source, by its records and by its MP4 boxes (section 7)
class Source:
    next_no, gap, gap_first, followed, first, end, last_key, last_us, trex = 0, False, False, False, None, None, None, None, None  # first, end, last_key: pts
    def __init__(self, record): self.start_us, self.init = record["start_us"], record["file"]["sha256"]
    def goes_on(self, first, gap): return self.end is None or first == self.end or first > self.end and gap
    def read_init(self, data, _):  # What it should say in its record. Keeps the payload of trex: the defaults of the track.
        [(codec, entry), *more] = list(boxes((found := payloads_of(data, INIT_FORM))["stsd"][8:])) or [("", b"")]
        need(not more and codec in CODECS and number(found["stsd"], 4) == 1 and found["hdlr"][8:12] == b"vide", "not one video track with one sample entry")
        need(not any(number(found[name], at) for name, at in (("stts", 4), ("stsc", 4), ("stco", 4), ("stsz", 8))) and number(found["trex"], 20) >= 0, "samples")
        scale = number(found["mdhd"], 20 if found["mdhd"][:1] == b"\1" else 12)
        facts, self.trex = dict(time_base=scale, width=number(entry, 24, 2), height=number(entry, 26, 2), codec=CODECS[codec]), found["trex"]
        return facts
    def read_segment(self, data, record):  # What it should say in its record.
        found = list(boxes(data))
        need(re.fullmatch("(?:styp|sidx|prft|moofmdat)*", "".join(name for name, _ in found)), "a box where it does not belong, or a moof without its mdat")
        runs = [run_of(moof, len(mdat), self.trex) for (name, moof), (_, mdat) in zip(found, found[1:]) if name == "moof"]
        need(runs and all(start + sum(run) == following for (start, run, _), (following, *_) in zip(runs, runs[1:])), "no frames, or runs that do not join")
        durations, last_pts = [duration for _, run, _ in runs for duration in run], runs[-1][0] + sum(runs[-1][1][:-1])
        longest_us = max(record["longest_us"], FRAMES_APART_US + 1) if max(durations) * 100 > FRAMES_APART_US * 9 else record["longest_us"]
        return dict(frames=len(durations), first_pts=runs[0][0], last_duration=durations[-1], last_pts=last_pts, key=runs[0][2], longest_us=longest_us)
FRAMES_APART_US, CODECS = 1_100_000, {"avc1": "h264", "avc3": "h264", "hvc1": "hevc"}
INIT_FORM = {"": "ftyp moov", "moov": "mvhd trak mvex udta?", "trak": "tkhd mdia", "mdia": "mdhd hdlr minf", "minf": "vmhd dinf stbl",
             "stbl": "stsd stts stsc stsz stco", "mvex": "mehd? trex"}
def number(data, at, size=4): return int.from_bytes(data[at:at + size], "big") if at + size <= len(data) else fail(Malformed("a box ends too early"))
def boxes(data, at=0):  # (type, payload) of each: every one has a 32-bit size that lies inside, and nothing stands behind the last.
    while at < len(data):
        size = number(data, at)
        need(8 <= size <= len(data) - at, "a box of a size that is refused")
        yield data[at + 4:at + 8].decode("latin-1"), data[at + 8:at + size]
        at += size
def payloads_of(data, forms):  # By type, where each box of `forms` holds exactly those that its form names, in any order; "name?" may be absent.
    payloads = {"": data}
    for outer, form in forms.items():
        inside, needed = list(boxes(payloads[outer])), {name for name in form.split() if not name.endswith("?")}
        need(needed <= set(dict(inside)) <= set(form.replace("?", "").split()) and len(dict(inside)) == len(inside), "other boxes than " + form)
        payloads.update(inside)
    return payloads
def fields_at(data, at, flags, bits): return {bit: number(data, at + 4 * i) for i, bit in enumerate(bit for bit in bits if flags & bit)}  # those that are there
def run_of(moof, mdat_bytes, trex):  # (first time, durations, does it begin with a sync frame) of one moof whose mdat's payload has that many bytes.
    tfhd, tfdt, trun = map(payloads_of(moof, {"": "mfhd traf", "traf": "tfhd tfdt trun"}).get, ("tfhd", "tfdt", "trun"))
    need(number(tfhd, 0) & 0x30001 == 0x20000 and number(tfhd, 4) == number(trex, 4), "not default-base-is-moof, or of another track")
    own, head = fields_at(tfhd, 8, number(tfhd, 0), (0x2, 0x8, 0x10, 0x20)), fields_at(trun, 8, number(trun, 0), (0x1, 0x4))
    usual = {0x100: own.get(0x8, number(trex, 12)), 0x200: own.get(0x10, number(trex, 16)), 0x400: own.get(0x20, number(trex, 20)), 0x800: 0}
    count, there = number(trun, 4), [bit for bit in usual if number(trun, 0) & bit]  # 0x100 duration, 0x200 size, 0x400 flags, 0x800 composition offset
    words = [number(trun, place) for place in range(8 + 4 * len(head), len(trun), 4)]
    need(len(moof) <= (2 << 20) - 8 and head.get(0x1) == len(moof) + 16 and 0 < count <= 100_000 and len(words) == len(there) * count, "not so many frames there")
    durations, sizes, flags, offsets = (words[there.index(bit)::len(there)] if bit in there else [usual[bit]] * count for bit in usual)
    start = number(tfdt, 4, 8 if tfdt[:1] == b"\1" else 4)
    need(sum(sizes) == mdat_bytes and start <= 1 << 53 and not any(offsets), "a run that does not fill its mdat, a time beyond all bounds, or composition offsets")
    return start, durations, not head.get(0x4, flags[0]) & 0x10000
# --- A book, and what it includes
class Book(Chain):
    line_file, kinds, owner, missing = "book.jsonl", BOOK_KINDS, "case", "case-missing"
    def place(self, record, kind):
        if kind == "key_change" and TYPES["history"](changes := record.get("changes")):
            keys = keys_of(changes, self.report.keys)
            connects, self.key = keys[:1] == [self.key], keys[-1] if keys[:1] == [self.key] else self.key
            self.all_hold(key_change=connects, key_lost=not connects or all(change["why"] == "rotated" for change in changes))
        if self.key: self.report.signers[self.key] = self.path
        self.all_hold(open_first=(kind == "case_open") == (self.count == 1), signature=self.signed(record, self.key))
    def finish(self, too_long):
        self.all_hold(self.path, line_form=not too_long, interrupted=not self.rest and self.count)
    def on_include(self, record, _):
        if (recording := self.recording(record["recording"])) is None: return self.add("recording-missing", record["recording"])
        recording.included = True
        self.all_hold(include_head=(record["head"], record["last_seq"]) == (recording.last_hash, recording.seq),
                      case_tag=recording.open.get("case_tag", self.tag) == self.tag)
    def on_finding(self, record, whole):
        super().on_finding(record, whole)
        for file in record.get("orphans", []) if (recording := self.recording(record.get("recording"))) else ():
            if self.tree.check_file(recording.base, file): self.add("orphan", where=join(recording.base, file["path"]))
# --- A package (section 9)
def read_manifest(data):  # {path: SHA-256}
    lines, rest, _ = lines_of(data)
    entries = [re.fullmatch(rb"([0-9a-f]{64})[ \t]+([^ \t].*)", line, re.DOTALL) for line in lines]
    need(not rest and all(entries), "not hash and path, no newline at its end, or a line over 64 KiB")
    paths = [re.sub(rb"%(25|0[AaDd])", lambda escape: bytes.fromhex(escape[1].decode()), entry[2]).decode("utf-8", "surrogateescape") for entry in entries]
    outside = any({"", ".", ".."} & set(path.split("/")) or path[0] == "~" for path in paths)
    need(not outside and len(set(paths)) == len(paths), "a path that leaves the bag, or stands twice")
    return {path: entry[1].decode() for path, entry in zip(paths, entries)}
def check_manifest(tree, path, report):  # The paths that it names, each compared with the file; itself alone where it is absent.
    entries, fault = tried(read_manifest, tree.read(path)) if path in tree.files else ({path: ""}, "")
    if fault: report.add("manifest-form", path, fault)
    for name, digest in (entries or {}).items():
        if name not in tree.files or tree.size_and_sha256(name)[1] != digest: report.add("file-changed" if name in tree.files else "file-missing", name)
    return set(entries or ())
def check_bag(tree, chains, report):
    tags, signature, books = "tagmanifest-sha256.txt", "package.sig", [chain for chain in chains if chain.owner == "case" and not chain.absent]
    if tree.read("bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n": report.add("bag-declaration", "bagit.txt")
    covered = {tags, signature} | check_manifest(tree, "manifest-sha256.txt", report) | check_manifest(tree, tags, report)
    for name in sorted(tree.files.keys() - covered): report.add("not-in-manifest", name)
    for base in [chain.base for chain in chains if chain.owner == "recording" and not chain.included and not chain.absent]: report.add("not-included", base)
    if not books: report.add("case-missing", "data/case")
    for path in {path for path, seq, _ in tree.withheld if seq < 0} - (tree.named - tree.files.keys()):
        report.add("withheld-present" if path in tree.files else "file-withheld", path)
    if not {tags, signature} <= tree.files.keys(): return report.add("package-unsigned", signature)
    line, message = tree.read(signature, 4096).decode("latin-1"), b"netsampler/v1/package\n" + sha256(tree.read(tags))
    signed = line[-1:] == "\n" and from_base64(line[:-1], 64) or b""
    if not any(book.key and verify_signature(book.key, message, signed) for book in books): report.add("package-signature", signature)
# --- The box log (section 14): checkpoints, and one tree under all of them
Checkpoint = collections.namedtuple("Checkpoint", "size root name note stamped key")  # stamped: the bytes that a token may be over
Stamp = collections.namedtuple("Stamp", "size gen_us slack_us anchor certificates sha256")  # anchor: "" where the policy knows none
def log_number(text): return int(text) if re.fullmatch("0|[1-9][0-9]{0,12}", text) and int(text) <= 1 << 40 else None
def tile_path(level, index, width):  # level -1: the leaves in clear; 1234067 is x001/x234/067
    groups = re.sub("([0-9]{3})(?=[0-9])", r"x\1/", str(index).zfill(-(-len(str(index)) // 3) * 3))
    return "tile/%s/%s%s" % (level if level >= 0 else "entries", groups, "" if width == 256 else ".p/%d" % width)
def parse_note(data):  # (text, [(line, key name, key id, signature)]) of a signed note.
    match = re.fullmatch(rb"([^\0-\t\v-\x1f]*\n)\n((?:\xe2\x80\x94 [^\0- +\x7f]+ [A-Za-z0-9+/=]+\n){1,100})", data) if len(data) <= 65536 else None
    lines = [(line, *line.split(b" ")[1:]) for line in need(match, "no signed note")[2].split(b"\n")[:-1]]
    found = [(line, name, from_base64(blob.decode()) or b"") for line, name, blob in lines]
    need(all(len(blob) > 4 for _, _, blob in found), "a line that is no signature")
    return match[1], [(line, name, blob[:4], blob[4:]) for line, name, blob in found]
def signatures_by(note, name, kind, key): return [signature for _, *whose, signature in note[1] if whose == [name, sha256(name + b"\n" + kind + key)[:4]]]
def is_cosigned(note, name, key):
    signature = (signatures_by(note, name, b"\4", key) or [b""])[0]
    return verify_signature(key, b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[:8], "big") + note[0], signature[8:])
class BoxLog:
    def __init__(self, tree, base, chains, report):
        self.tree, self.base, self.report, self.policy, names = tree, base, report, report.policy, tree.below(base)
        self.checkpoints, self.tiles, self.tokens, self.beside, self.leaves, self.heads, self.opened, self.stamps = [], set(), [], [], [], {}, {}, []
        notes = {name for name in names if name == "checkpoint" or name.startswith("checkpoints/") and log_number(name[12:]) is not None}
        for name in sorted(notes): self.check_checkpoint(name)
        for name in sorted(names - notes):
            token, tile = re.fullmatch(r"(?s)tokens/([0-9]+)-[^/]*", name), re.fullmatch(r"tile/(entries|[0-7])/([x0-9/]+)(?:\.p/([0-9]{1,3}))?", name[:65])
            level, index, width = (int(tile[1].replace("entries", "-1")), int(re.sub("[x/]", "", tile[2]) or 0), int(tile[3] or 256)) if tile else (0, 0, 0)
            if token and log_number(token[1]) is not None: (self.tokens if name.endswith(".tsr") else self.beside).append(name)
            elif 1 <= width <= 256 and index < 1 << 40 and tile_path(level, index, width) == name: self.tiles.add((level, index, width))
            else: self.add("uncovered", name)
        if not notes: self.add("log-missing", "checkpoint")
        self.widest = {(level, index): width for level, index, width in sorted(self.tiles)}
        self.check_tree()
        self.check_tokens()
        for checkpoint in self.checkpoints: report.signers.setdefault(checkpoint.key, join(base, checkpoint.name))
        cosigners = [(one.size, {key for name, key in self.policy["witnesses"] if is_cosigned(one.note, name.encode(), key)}) for one in self.checkpoints]
        self.witnessed = max([size for size, keys in cosigners if len(keys) >= self.policy["quorum"] > 0], default=0)
        for chain in [chain for chain in chains if not chain.absent]: self.check_chain(chain)
        here = {chain.tag for chain in chains if chain.open}
        for book, opened in ((chain, self.opened.get(chain.tag, set())) for chain in chains if chain.owner == "case"):
            if opened - here: report.add("not-delivered", book.base, "opened %d, delivered %d" % (len(opened), len(opened & here)))
    def add(self, code, name, detail=""): self.report.add(code, join(self.base, name), detail)
    def read(self, name, limit_bytes=65536): return self.tree.read(join(self.base, name), limit_bytes)
    def check_checkpoint(self, name):
        note, fault = tried(parse_note, self.read(name))
        if fault: return self.add("log-form", name, fault)
        text = re.fullmatch(r"([^\n]+)\n(.+)\n(.+)\n", note[0].decode("latin-1"))
        origin, size, root = (text[1].encode(), log_number(text[2]), from_base64(text[3], 32)) if text else (b"", None, None)
        key = next((key for key in self.report.keys if origin == b"netsampler/" + hex_sha256(key).encode()), b"")
        own = [verify_signature(key, note[0], signature) for signature in signatures_by(note, origin, b"\1", key)]
        if None in (size, root) or not own or not all(own): return self.add("log-signature", name)
        if size == 0 or name not in ("checkpoint", "checkpoints/%d" % size): return self.add("log-form", name, "its name tells another size")
        bare = b"\n".join([note[0], *(line for line, signer, *_ in note[1] if signer == origin), b""])
        self.checkpoints.append(Checkpoint(size, root, name, note, {self.read(name), bare}, key))
    def tile(self, level, index, width):  # Its hashes; [] where it is absent or not of its form.
        data = self.read(tile_path(level, index, width), 8192)
        return [data[at:at + 32] for at in range(0, len(data), 32)] if len(data) == 32 * width else []
    def check_tree(self):  # The leaf hashes, as far as they are here, give the root at each checkpoint's size, and each tile.
        for index in itertools.count():
            self.leaves += (tile := self.tile(0, index, self.widest.get((0, index), 0)))
            if len(tile) < 256: break
        sizes = {checkpoint.size for checkpoint in self.checkpoints}
        roots = {size: root_of(edge) for size, edge in enumerate(growing(self.leaves), 1) if size in sizes}
        for one in [one for one in self.checkpoints if roots.get(one.size) != one.root]: self.add("log-tree" if one.size in roots else "log-missing", one.name)
        self.checkpoints = sorted((one for one in self.checkpoints if roots.get(one.size) == one.root), key=lambda one: one.size)
        self.size = max([checkpoint.size for checkpoint in self.checkpoints], default=0)
        levels = [self.leaves[:self.size]]
        while len(levels[-1]) > 255: levels.append([merkle_root(levels[-1][at:at + 256]) for at in range(0, len(levels[-1]) - 255, 256)])
        for level, index, width in sorted(self.tiles) if self.size else ():
            path, wanted = tile_path(level, index, width), (levels[max(level, 0)] if level < len(levels) else [])[index * 256:index * 256 + width]
            if len(wanted) < width: self.add("uncovered", path)
            elif level < 0: self.check_entries(index, path, wanted)
            elif (here := self.tile(level, index, width)) != wanted: self.add("log-tree" if here else "log-form", path)
        first = min([index for level, index, _ in self.tiles if level < 0], default=0)  # leaves in clear may begin later
        for level, count in [(-1, self.size), *enumerate(map(len, levels))]:
            for index, width in ((index, min(256, count - index * 256)) for index in range(first if level < 0 else 0, -(-count // 256))):
                if self.widest.get((level, index), 0) < width: self.add("log-missing", tile_path(level, index, width))
    def check_entries(self, index, path, wanted):
        data, at, texts = self.read(path, 256 << 10), 0, []
        while at < len(data):
            at, start = at + 2 + int.from_bytes(data[at:at + 2], "big"), at + 2
            texts.append(data[start:at])
        whole = at == len(data) and len(texts) == len(wanted)
        if not whole or [sha256(b"\0" + text) for text in texts] != wanted: return self.add("log-tree" if whole else "log-form", path)
        for place, text in enumerate(texts, index * 256) if len(wanted) == self.widest[-1, index] else ():
            leaf, fault = tried(parse_line, text)
            fits = not fault and object_of(LEAF)(leaf) and (leaf["kind"] != "token" or (leaf["tag"], leaf["seq"], leaf["case_tag"]) == (leaf["head"], 0, "0" * 64))
            if not fits: self.add("log-form", path, "leaf %d %s" % (place, fault))
            elif leaf["kind"] != "token": self.heads.setdefault(leaf["tag"], []).append((leaf["seq"], place, leaf["head"]))
            if fits and leaf["kind"] == "recording": self.opened.setdefault(leaf["case_tag"], set()).add(leaf["tag"])
    def check_tokens(self):  # Section 15.
        certificates = {name: self.read(name) for name in sorted(self.beside) if name.endswith((".cer", ".crt", ".der"))}
        more = tuple(data for data in dict.fromkeys(certificates.values()) if data)[:32]  # they serve all tokens, once each
        for name in self.tokens:
            size, response = int(name[7:].partition("-")[0]), self.read(name, 1 << 20)
            stamped = frozenset(next((checkpoint.stamped for checkpoint in self.checkpoints if checkpoint.size == size), ()))
            fault, detail, *facts = judge_token(response, stamped, self.policy["tsas"], more)
            if fault: self.add(fault, name, detail)
            if facts: self.stamps.append(Stamp(size, *facts, hex_sha256(response)))
        known = self.policy["tsas"].union(*[stamp.certificates for stamp in self.stamps])
        for name in self.beside:
            if not (hex_sha256(certificates[name]) in known if name in certificates else name.endswith((".crl", ".ocsp"))): self.add("uncovered", name)
        self.stamps, self.sizes = sorted(self.stamps, key=lambda stamp: stamp.size), sorted(stamp.size for stamp in self.stamps)
        earlier = lambda first, stamp: stamp if stamp.anchor and (not first or stamp.gen_us <= first.gen_us) else first
        self.earliest = list(itertools.accumulate([None, *reversed(self.stamps)], earlier))[::-1]  # of each and those behind it
    def first_over(self, leaf): return self.earliest[bisect.bisect_right(self.sizes, leaf)]  # the trusted stamp of the earliest genTime over it; None
    def check_chain(self, chain):  # against the heads that the log has of it, and what is stamped of these
        heads, last, first = sorted(self.heads.get(chain.tag, []), reverse=True), (None, 0), chain.first
        for record, line_hash in chain.lines:
            while heads and heads[-1][0] <= record["seq"]:
                seq, leaf, head = heads.pop()
                same, stamp = (seq, head) == (record["seq"], line_hash), self.first_over(leaf)
                late = same and stamp and record["at_us"] - record["err_us"] > stamp.gen_us + stamp.slack_us
                chain.all_hold(chain.path, log_contradicts=same, time_contradicts=not late)
                last = (seq, leaf) if same and last[0] != seq else last
        chain.expect(not heads, "log-contradicts", "the log knows more records", chain.path)
        if not self.stamps: return
        named = next((stamp for stamp in self.stamps if stamp.sha256 == first.get("beacon")), None)
        beacon, leaf = named if named and named.anchor and "epoch" in first else None, last[1] if last[0] == chain.seq else self.size
        late, stamp = beacon and beacon.gen_us - beacon.slack_us > first["at_us"] + first["err_us"], self.first_over(leaf)
        before = beacon and stamp and beacon.gen_us > stamp.gen_us + 2 * stamp.slack_us  # its end was stamped before the token that it names
        authorities, stamped = {one.anchor for one in self.stamps if one.anchor and one.size > leaf}, leaf < self.sizes[-1]
        chain.all_hold(chain.path, no_beacon=named or "epoch" not in first, time_contradicts=not late and not before, unstamped=stamped,
                       witness_quorum=not stamped or self.policy["quorum"] == 0 or self.witnessed > leaf,
                       tsa_quorum=not stamped or not stamp or len(authorities) >= self.policy["tsa-quorum"])
# --- Time stamps (RFC 3161): what they say is read here, strictly; keys, signatures and chains by the openssl command. Object identifiers in hex, as in DER.
# DER forms: a tag, "=" and a name for what is in it; "?" it may be absent, "!" with its tag, "**" any tag, () what is inside it, ".." whatever follows
TST_INFO, ALGORITHM = "2a864886f70d0109100104", ("30", "06=digest", "05?")
EXPECTED = {"status": ("00", "01"), "type": ("2a864886f70d010702", "2a811ccf550601040202"), "content_type": (TST_INFO,), "version": ("01",)}  # PKCS#7, GM/T 0010
DIGESTS = {"2b0e03021a": "sha1", "2a811ccf55018311": "sm3", **{"60864801650304020%d" % i: "sha" + size for i, size in enumerate(("256", "384", "512"), 1)}}
RSA, EC, SM2, SHA_2, SM2_IDENTITY = "2a864886f70d0101", "2a8648ce3d", "2a811ccf5501", ("sha256", "sha384", "sha512"), ("-sigopt", "distid:1234567812345678")
SIGNATURES = {RSA + "01": {RSA + "01": SHA_2, RSA + "0b": SHA_2[:1], RSA + "0c": SHA_2[1:2], RSA + "0d": SHA_2[2:]},  # by key, algorithm: its digests
    EC + "0201": {EC + "0201": SHA_2, EC + "040302": SHA_2[:1], EC + "040303": SHA_2[1:2], EC + "040304": SHA_2[2:]},
    SM2 + "822d": dict.fromkeys((EC + "0201", SM2 + "8375", SM2 + "822d", SM2 + "822d01"), ("sm3",))}
TST_INFO_FORM = ("30", "02=version", "06=policy", ("30", ("30", "06=kind", ".."), "04=imprint"), "02=serial", "18=time",
                 ("30?", "02=1000000?", "80=1000?", "81=1?"), "01?", "02=nonce?", "a0?")
SIGNER_FORM = ("30", "02=signer_version", "**=signer!", ALGORITHM, "a0=attributes!", ("30", "06=algorithm", "05?"), "04=signature", "a1?")
RESPONSE_FORM = (("30", ("30", "02=status", ("30?", "0c?", ".."), ".."), ("30?", "06=type", ("a0", ("30", "02", "31=digests",
                  ("30", "06=content_type", ("a0", ("04=content", TST_INFO_FORM))), "a0=certificates?", "a1?", ("31", SIGNER_FORM))))),)
CERTIFICATE_FORM = (("30", ("30", "a0?", "02=serial", "30", "30=issuer!", "30", "30", ("30=key!", ("30", "06=key_kind", "06=curve?", ".."), "03"), ".."), ".."),)
ATTRIBUTES = {"2a864886f70d010903": ("06=signed_type",), "2a864886f70d010904": ("04=signed_digest",),  # and the signer's certificate, in two versions
              "2a864886f70d010910020c": (("30", ("30", ("30", "04=id_1", ".."), ".."), ".."),),
              "2a864886f70d010910022f": (("30", ("30", ("30", ("30?", "06=id_2_kind", ".."), "04=id_2", ".."), ".."), ".."),)}
def der_values(data):  # (tag, content, whole) of values one behind the other: tags of one byte, definite lengths in their shortest form.
    data = memoryview(data)
    while data:
        need(len(data) > 1 and data[0] & 31 != 31 and data[1] != 128, "a tag of several bytes, or no length")
        size = int.from_bytes(data[2:2 + more], "big") if (more := max(data[1] - 128, 0)) else data[1]
        end, shortest = 2 + more + size, more == 0 or more <= 4 and size >= 128 and data[2]
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
    return need(value is None and next(values, None) is None, "bytes behind the end") and found
def small(content):  # a whole number from 0, in its shortest form
    value = int.from_bytes(content, "big")
    return value if len(content) <= 8 and value.to_bytes(value.bit_length() // 8 + 1, "big") == content else fail(Malformed("a number out of range"))
def read_token(response):  # What a response says: members by the names above, `gen_us`, `accuracy_us`, `certificates` as DER.
    token = apart(response, RESPONSE_FORM, {})
    need(all(token.get(name, b"").hex() in values for name, values in EXPECTED.items()), "not granted, or no TSTInfo of version 1 in signedData")
    need(token["digest"] in [apart(whole, (ALGORITHM,), {})["digest"] for _, _, whole in der_values(token["digests"])], "a digest that is not in the list")
    need(small(token["signer_version"]) == (3 if token["signer"][0] == 0x80 else 1), "a signer of another version")
    time = re.fullmatch(rb"(\d{14})(?:\.(\d{1,9}))?Z", token["time"])
    try: seconds = datetime.datetime.strptime(need(time, "no time")[1].decode() + "+0000", "%Y%m%d%H%M%S%z").timestamp()
    except ValueError as error: raise Malformed("no time of the calendar") from error
    token["gen_us"] = int(seconds) * 1_000_000 + int(((time[2] or b"") + b"000000")[:6])
    token["accuracy_us"] = sum(small(token[unit]) * int(unit) for unit in ("1000000", "1000", "1") if unit in token)
    token["certificates"] = [bytes(whole) for tag, _, whole in der_values(token.get("certificates", b"")) if tag == 0x30]
    attributes = [apart(whole, (("30", "06=kind", "31=values"),), {}) for _, _, whole in der_values(next(der_values(token["attributes"]))[1])]
    known = [(attribute["kind"].hex(), attribute["values"]) for attribute in attributes if attribute["kind"].hex() in ATTRIBUTES]
    for kind, values in known: apart(values, ATTRIBUTES[kind], token)
    need(len(dict(known)) == len(known) and len(token["certificates"]) <= 32, "a signed attribute twice, or more certificates than the bound")
    return need(token.get("signed_type", b"").hex() == TST_INFO and "signed_digest" in token, "content type or digest is not signed") and token
def signer_of(token, certificates):  # its certificate, which ESSCertID and the signer's own name for it must tell alike; and the parts of that
    ids = (("sha1", token.get("id_1")), (DIGESTS.get(token["id_2_kind"].hex()) if "id_2_kind" in token else "sha256", token.get("id_2")))
    named = [next((data for data in certificates if kind and hashlib.new(kind, data).digest() == digest), None) for kind, digest in ids if digest is not None]
    need(named and named[0] and named.count(named[0]) == len(named), "ESSCertID is absent, or names another certificate than are here")
    signer, name, parts = named[0], token["signer"], apart(named[0], CERTIFICATE_FORM, {})
    if name[0] == 0x80: fits = b"\x06\x03U\x1d\x0e\x04" + bytes([len(name) & 255, 4]) + name[1:] in signer  # the extension subjectKeyIdentifier
    else: fits = apart(name, (("30", "30=issuer!", "02=serial"),), {}) == {part: parts[part] for part in ("issuer", "serial")}
    return need(fits, "signer and ESSCertID are not the same certificate") and (signer, parts)
def pem(*certificates): return "".join(map(ssl.DER_cert_to_PEM_cert, certificates)).encode()
def openssl(folder, files, *arguments):  # What it complains of; "" where all is well.
    for name, data in files.items(): pathlib.Path(folder, name).write_bytes(data)
    try: done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError as error: raise Stop(70, "the openssl command is not here, time stamps cannot be checked (install openssl)") from error
    return (done.stdout + done.stderr).decode("latin-1").strip() or "refused" if done.returncode else ""
def anchor_of(token, more, anchors):
    """The anchor under which the token holds at its genTime ("": none), its certificates and what its chain needs of `more`; Malformed where it does not hold."""
    with tempfile.TemporaryDirectory() as folder:
        beside = [data for data in more if not tried(apart, data, ("30",), {})[1] and not openssl(folder, {"one": pem(data)}, "x509", "-in", "one", "-noout")]
        signer, parts = signer_of(token, certificates := token["certificates"] + beside)
        key, digest = parts["curve"].hex() if parts.get("curve", b"").hex() == SM2 + "822d" else parts["key_kind"].hex(), DIGESTS.get(token["digest"].hex())
        need(digest and hashlib.new(digest, token["content"]).digest() == token["signed_digest"], "the signed digest is not that of its content")
        need(digest in SIGNATURES.get(key, {}).get(token["algorithm"].hex(), ()), "algorithm, digest and key do not fit each other")
        files = {"message": b"\x31" + token["attributes"][1:], "signature": token["signature"],
                 "key": b"-----BEGIN PUBLIC KEY-----\n%s-----END PUBLIC KEY-----\n" % base64.encodebytes(parts["key"])}
        fault = openssl(folder, files, "dgst", "-" + digest, *(SM2_IDENTITY if digest == "sm3" else ()), "-verify", "key", "-signature", "signature", "message")
        need(not fault, "the signature does not fit: " + fault)
        options = ("-partial_chain", "-purpose", "timestampsign", "-attime", str(token["gen_us"] // 1_000_000), "-trusted", "trusted",
                   *(("-vfyopt", SM2_IDENTITY[1]) if bytes.fromhex(SM2) in signer else ()))
        need(not (fault := openssl(folder, {"all": pem(*certificates), "signer": pem(signer), "trusted": pem(signer)}, "verify", *options, "signer")), fault)
        need(not (fault := openssl(folder, {}, "crl2pkcs7", "-nocrl", "-certfile", "all", "-out", "bundle")), fault)  # are all of them certificates?
        command = ("verify", *options, "-auth_level", "2", "-untrusted", "all", "signer")
        for anchor in [certificate for certificate in certificates if hex_sha256(certificate) in anchors]:
            fault = openssl(folder, {"trusted": pem(anchor)}, *command)
            needed = lambda one: one == signer or openssl(folder, {"all": pem(*{*certificates} - {one})}, *command)
            if not fault: return hex_sha256(anchor), tuple(map(hex_sha256, [*token["certificates"], *filter(needed, beside)]))
            need(int((re.search(r"error (\d+) at", fault) or [0, 0])[1]) in (2, 18, 19, 20, 21), fault)  # it ends at no anchor; any other: it does not hold
        return "", tuple(map(hex_sha256, token["certificates"]))
@functools.lru_cache(maxsize=4096)
def judge_token(response, stamped, anchors, more):  # (fault or "", why), and of a sound one: genTime, slack in us, its chain's anchor, SHA-256 of its certificates
    token, fault = tried(read_token, response)
    if fault: return "token-invalid", fault
    kind = DIGESTS.get(token["kind"].hex())
    if kind not in ("sha256", "sm3") or token["imprint"] not in {hashlib.new(kind, data).digest() for data in stamped}: return "token-unbound", ""
    found, fault = tried(anchor_of, token, more, anchors)
    if fault: return "token-invalid", fault
    return "" if found[0] else "tsa-untrusted", "", token["gen_us"], token["accuracy_us"] + 1_000_000, *found
# --- Scope, trust, verdict
def scope_of(tree):  # (is it a package, directories of recordings by id, of books by id, the log's directory, what it all lies below)
    def ids(base, form): return {name: join(base, name) for name in sorted({path.split("/")[0] for path in tree.below(base) if "/" in path}) if TYPES[form](name)}
    package = bool(tree.files.keys() & {"bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "package.sig"} or tree.below("data/case")
                   or tree.below("data/recordings") and not tree.below("data/cases"))
    if not package and (c := "chain.jsonl" in tree.files) | ("book.jsonl" in tree.files): return False, {"": ""} if c else {}, {} if c else {"": ""}, "", ""
    data = "data" if package or tree.below("data") else ""
    books = ids(join(data, "cases"), "case") if not package else {"": "data/case"} if tree.below("data/case") else {}
    return package, ids(join(data, "recordings"), "id"), books, join(data, "log") if tree.below(join(data, "log")) else "", "" if package else data
def verify(path, policy):  # The report on what lies at `path`; None where that is neither chain nor book.
    tree = Tree(path, report := Report(policy))
    package, recordings, books, log, base = scope_of(tree)
    if not recordings and not books: return None
    for path in sorted(path for path in tree.odd if path.startswith(join(base, ""))): report.add("not-a-file", path)
    if package and "withheld.jsonl" in tree.files and (fault := tried(tree.read_withheld)[1]): report.add("withheld-list", "withheld.jsonl", fault)
    report.recordings, resumed = [Recording(tree, base, name, report) for name, base in recordings.items()], set()
    chains = report.recordings + [Book(tree, base, name, report) for name, base in books.items()]
    for chain in chains: chain.verify()
    for recording in report.recordings: recording.check_resumed(resumed)
    if not log or not BoxLog(tree, log, chains, report).stamps: report.add("unstamped", "")
    named = tree.named.union(*({join(chain.base, name) for name in ("chain.jsonl", "book.jsonl", "private.jsonl")} for chain in chains))
    for path in sorted({join(chain.base, name) for chain in chains for name in tree.below(chain.base)} - named): report.add("unnamed-file", path)
    if package: check_bag(tree, chains, report)
    for key in sorted(report.signers.keys() - policy["boxes"].keys()): report.add("untrusted", report.signers[key], "box " + hex_sha256(key))
    return report
NO_POLICY = {"boxes": {}, "tsas": frozenset(), "witnesses": [], "quorum": 0, "tsa-quorum": 1, "clock-limit-us": 500_000}
POLICY_LINE = (r"box (?P<hash>[0-9a-f]{64}) (?P<box>\S+) (?P<name>[^ ].*)|tsa (?P<tsa>[0-9a-f]{64}) [^ ].*|witness (?P<witness>\S+) (?P<key>\S+)"
               r"|(?P<number>quorum|tsa-quorum|clock-limit-us) (?P<value>[0-9]{1,15})|#.*|")
def parse_policy(text):  # Section 10. Malformed names the line.
    policy, (first, *lines) = {**NO_POLICY, "boxes": {}, "witnesses": []}, text.split("\n")
    need(first == "netsampler-policy v1", "line 1 is not “netsampler-policy v1”")
    for at, line in enumerate(lines, 2):
        match = need(re.fullmatch(POLICY_LINE, line), "line %d is not of this format" % at)
        need(not (key := match["box"] or match["key"]) or (key := from_base64(key, 32)) and match["hash"] in (None, hex_sha256(key)), "line %d names no key" % at)
        if match["box"]: policy["boxes"][key] = match["name"]
        if match["tsa"]: policy["tsas"] |= {match["tsa"]}
        if match["witness"]: policy["witnesses"].append((match["witness"], key))
        if match["number"]: policy[match["number"]] = int(match["value"])
    return need(policy["boxes"], "no box is named") and policy
def show(report, as_json):  # The exit code.
    rank, findings = report.rank(), sorted(report.findings.values(), key=lambda finding: -RANK.index(finding["severity"]))
    whole = {"verdict": VERDICTS[rank].split()[1], "exit_code": rank, "records": report.records, "segments": report.segments, "findings": findings,
             "verifier": "verify.py 1", "checked": {"sha256": True, "sm3": False, "pictures": False}}
    lines = ["结论 / verdict: %s    记录 / records %d    片段 / segments %d" % (VERDICTS[rank], report.records, report.segments),
             *("  %(code)s %(where)s %(detail)s" % finding for finding in findings),
             *([] if report.policy["quorum"] else ["无见证方：是否完整仅以设备为准 / no witness: completeness rests on the box alone"]),
             "未核对 / not checked: SM3, 画面内容 / decoded pictures, 时间戳证书的吊销与续期 / revocation and renewal of time stamps",
             "原因代码见格式文档第 12 节 / reason codes: section 12 of the format"]
    print(json.dumps(whole, ensure_ascii=False, sort_keys=True) if as_json else "\n".join(lines), flush=True)
    return rank
def main():
    parser = argparse.ArgumentParser(prog="verify.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.error = lambda message: fail(Stop(64, message + " (see --help)"))
    parser.add_argument("path", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    for name, form in (("--policy", {}), ("--json", {"action": "store_true"})): parser.add_argument(name, **form)
    try:
        options = parser.parse_args()
        try: policy = parse_policy(pathlib.Path(options.policy).read_text("utf-8")) if options.policy else NO_POLICY
        except (Malformed, UnicodeDecodeError, FileNotFoundError) as error: raise Stop(65, "no usable policy: %s (ask the authority for one)" % error) from error
        report = os.path.isdir(options.path) and verify(options.path, policy)
        return show(report, options.json) if report else fail(Stop(65, "neither chain nor book at %s (name a package's directory)" % options.path))
    except Stop as stop: code, text = stop.args
    except OSError as error: code, text = 74, "%s (is the medium readable?)" % error
    except Exception as error: code, text = 70, "a mistake of this program: %r (please report it)" % error  # Python's own exit code would be 1, a verdict
    print("verify.py: " + text, file=sys.stderr)
    return code
if __name__ == "__main__": sys.exit(main())
