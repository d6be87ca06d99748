"""Seeded mutations of a package (a dict: path → bytes). Each takes (random, package) and bends the package in place; it returns a
line that tells what it did, or None where it found nothing to bend."""
import copy
import hashlib
import json

import sealing

BOOK = "data/case/book.jsonl"


def pick(random, items):
    items = sorted(items)
    return random.choice(items) if items else None


def any_file(random, package):
    return pick(random, package)


def lines_file(random, package):
    return pick(random, [path for path in package if path.endswith((".jsonl", ".txt"))])


# --- bytes and files: nothing is known of the format -----------------------------------------------------------------
def flip(random, package):
    path = any_file(random, package)
    data = bytearray(package[path])
    if not data:
        return None
    at = random.randrange(len(data))
    data[at] ^= 1 << random.randrange(8)
    package[path] = bytes(data)
    return "flip %s at %d" % (path, at)


def put_bytes(random, package):
    path = any_file(random, package)
    at, more = random.randrange(len(package[path]) + 1), random.choice([b"\0", b"\n", b"{}\n", b" ", b"x" * 70000, b"[" * 5000 + b"\n", b"\xff\n"])
    package[path] = package[path][:at] + more + package[path][at:]
    return "put %d bytes into %s at %d" % (len(more), path, at)


def cut(random, package):
    path = any_file(random, package)
    at = random.randrange(len(package[path]) + 1)
    package[path] = package[path][:at]
    return "cut %s to %d" % (path, at)


def cut_lines(random, package):
    path = lines_file(random, package)
    lines = package[path].splitlines(True)
    count = random.randrange(len(lines) + 1)
    package[path] = b"".join(lines[:count])
    return "cut %s to %d lines" % (path, count)


def delete(random, package):
    path = any_file(random, package)
    del package[path]
    return "delete " + path


def delete_folder(random, package):
    folder = pick(random, {path.rsplit("/", 1)[0] for path in package if "/" in path})
    for path in [path for path in package if path.startswith(folder + "/")]:
        del package[path]
    return "delete folder " + folder


def rename(random, package):
    path = any_file(random, package)
    new = random.choice([path + ".old", path.replace("0", "9") + "x", "data/other.bin", "stray.txt", path.upper()])
    package[new] = package.pop(path)
    return "rename %s to %s" % (path, new)


def swap_files(random, package):
    one, two = any_file(random, package), any_file(random, package)
    package[one], package[two] = package[two], package[one]
    return "swap %s and %s" % (one, two)


def inject(random, package):
    folder = pick(random, {""} | {path.rsplit("/", 1)[0] + "/" for path in package if "/" in path} | {"data/more/", "data/recordings/x/"})
    name = random.choice(["new.txt", "chain.jsonl", "private.jsonl", ".hidden", "a b", "百.txt", "book.jsonl", "x%0A", "bagit.txt"])
    if folder + name in package:
        return None
    package[folder + name] = random.choice([b"", b"x", b"{}\n", package[any_file(random, package)]])
    return "inject " + folder + name


def copy_file(random, package):
    one, two = any_file(random, package), any_file(random, package)
    package[two] = package[one]
    return "copy %s over %s" % (one, two)


def bend_lines(random, package):
    path = lines_file(random, package)
    lines = package[path].splitlines(True)
    if len(lines) < 2:
        return None
    what, i, j = random.choice(["delete", "double", "swap", "move"]), random.randrange(len(lines)), random.randrange(len(lines))
    if what == "delete":
        del lines[i]
    elif what == "double":
        lines.insert(j, lines[i])
    elif what == "swap":
        lines[i], lines[j] = lines[j], lines[i]
    else:
        lines.insert(j, lines.pop(i))
    package[path] = b"".join(lines)
    return "%s lines %d %d of %s" % (what, i, j, path)


# --- JSON text -------------------------------------------------------------------------------------------------------
def escape_a_letter(line):
    at = line.index(b'":"') + 3
    return line[:at] + b"\\u%04x" % line[at] + line[at + 1:]


OTHER_FORMS = {
    "blank": lambda line: line.replace(b":", b": ", 1),
    "order": lambda line: json.dumps(dict(reversed(list(json.loads(line).items()))), ensure_ascii=False, separators=(",", ":")).encode(),
    "escape": escape_a_letter,
    "twice": lambda line: b'{"a":1,"a":1,' + line[1:],
    "null": lambda line: b'{"a":null,' + line[1:],
    "fraction": lambda line: b'{"a":1.5,' + line[1:],
    "zero": lambda line: b'{"a":-0,' + line[1:],
    "exponent": lambda line: b'{"a":1e3,' + line[1:],
    "huge": lambda line: b'{"a":9007199254740992,' + line[1:],
    "long": lambda line: b'{"a":"' + b"a" * 65536 + b'",' + line[1:],
    "deep": lambda line: b'{"a":' + b"[" * 8 + b"]" * 8 + b"," + line[1:],
    "key": lambda line: b'{"A":1,' + line[1:],
    "surrogate": lambda line: b'{"a":"\\ud800",' + line[1:],
    "bytes": lambda line: b'{"a":"\xc0\xaf",' + line[1:],
    "nan": lambda line: b'{"a":NaN,' + line[1:],
    "array": lambda line: b"[" + line + b"]",
    "mark": lambda line: b"\xef\xbb\xbf" + line,
    "return": lambda line: line + b"\r",
}


def other_form(random, package):
    path = pick(random, [path for path in package if path.endswith(".jsonl")])
    lines = package[path].split(b"\n")
    if len(lines) < 2:
        return None
    at, form = random.randrange(len(lines) - 1), pick(random, OTHER_FORMS)
    lines[at] = OTHER_FORMS[form](lines[at])
    package[path] = b"\n".join(lines)
    return "%s in line %d of %s" % (form, at, path)


# --- records: what they say is changed, and everything is sealed again ------------------------------------------------
VALUES = [0, 1, -1, 2, 7, 2**53 - 1, -(2**53 - 1), 100_000, 4_000_000, True, False, "", "x", "0" * 64, "stepped", "partial", "broken", "note", "screen",
          "A" * 43 + "=", [], {}, ["a"], [1, 2, 3, 4], {"a": 1}, "..", "media/screen/init.mp4", "a" * 26]


def changed(random, value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int) and random.random() < 0.7:
        return value + random.choice([-1, 1, 1000, -1000, 100_000, -100_000, 1_000_000, -1_000_000, 60_000_000])
    if isinstance(value, str) and value and random.random() < 0.5:
        at = random.randrange(len(value))
        return value[:at] + random.choice("0af9Z=") + value[at + 1:]
    if isinstance(value, dict) and value and random.random() < 0.8:
        name = pick(random, value)
        return dict(value, **{name: changed(random, value[name])})
    if isinstance(value, list) and value and random.random() < 0.6:
        return random.choice([value + value[:1], value[1:], [changed(random, value[0])] + value[1:]])
    return random.choice(VALUES)


def chain(random, package):
    path = pick(random, [path for path in package if sealing.is_chain(path)])
    return path, sealing.records_of(package, path) if path else []


def edit_member(random, package):
    path, records = chain(random, package)
    if not records:
        return None
    at = random.randrange(len(records))
    name = pick(random, records[at])
    before = records[at][name]
    records[at][name] = changed(random, copy.deepcopy(before))
    after = records[at][name]
    sealing.reseal(package, path, records)
    return "%s#%d %s: %s from %r to %r, sealed again" % (path, at, records[at].get("type"), name, before, after)


def member_away(random, package):
    path, records = chain(random, package)
    if not records:
        return None
    at = random.randrange(len(records))
    name = pick(random, records[at])
    del records[at][name]
    sealing.reseal(package, path, records)
    return "%s#%d without %s, sealed again" % (path, at, name)


MORE = ["private_root", "private_count", "case", "actor", "recording", "epoch", "file", "files", "stray", "box_sig", "sealed_late_us", "case_tag",
        "rect", "samplers", "follows", "monitors", "resumes", "severity", "confidence", "servers", "torn_bytes", "page", "item", "software_sha256"]


def more_member(random, package):
    path, records = chain(random, package)
    if not records:
        return None
    at, name, value = random.randrange(len(records)), random.choice(MORE), random.choice(VALUES)
    if name in ("file", "files") and random.random() < 0.7:
        named = random.choice([record["file"] for record in records if "file" in record] or [{}])
        value = named if name == "file" else [named]
    if name in records[at]:
        return None
    records[at][name] = value
    sealing.reseal(package, path, records)
    return "%s#%d %s with %s %r, sealed again" % (path, at, records[at].get("type"), name, value)


def record_away(random, package):
    path, records = chain(random, package)
    if len(records) < 2:
        return None
    at = random.randrange(len(records))
    gone = records.pop(at)
    for seq, record in enumerate(records):
        record["seq"] = seq
    sealing.reseal(package, path, records)
    return "%s#%d %s away, renumbered, sealed again" % (path, at, gone["type"])


NEW_RECORDS = [
    ("gap", {"source": "screen", "cause": "stalled", "from_us": 1, "to_us": 2}), ("gap", {"source": "other", "cause": "x", "from_us": 1, "to_us": 2}),
    ("strange", {"anything": [1]}), ("first", {}), ("__init__", {}), ("finding", {"code": "strip-absent", "severity": "partial"}), ("finding", {"code": "x", "severity": "broken"}),
    ("finding", {"code": "x", "severity": "grave"}), ("epoch", {}), ("mark", {"from_us": 0}), ("chapter", {"item": "40-2", "from_us": 3}),
    ("environment", {"webdriver": False}), ("environment", {"width": -1}), ("check", {"name": "disk", "outcome": "fine"}), ("open", {}), ("case_open", {}),
    ("include", {"recording": "c" * 26, "head": "1" * 64, "last_seq": 0, "role": "unboxing", "why": "officer"}),
    ("corroboration", {"page": 0, "name": "price.list", "agrees": False}), ("close", {"reason": "stopped"}), ("decision", {"decision": "case-closed"}),
    ("clock", {"state": "synchronised", "offset_us": 0, "error_us": 1, "servers": [{"server": "a", "ok": False, "why": "silent"}]}),
    ("clock", {"state": "synchronised", "offset_us": 0, "error_us": 1, "servers": [{"server": "a"}]}), ("custody", {"action": "view"}),
]


def record_more(random, package):
    path, records = chain(random, package)
    if len(records) < 2:
        return None
    at, (kind, body) = random.randrange(1, len(records) + 1), random.choice(NEW_RECORDS)
    like = {name: value for name, value in records[at - 1].items()
            if name in ("v", "at_us", "err_us", "clock", "boot", "boot_us", "recording", "epoch", "case", "actor")}
    if "epoch" not in like:
        like.pop("recording", None)
    records.insert(at, dict(like, type=kind, **body))
    for seq, record in enumerate(records):
        record["seq"] = seq
        if "records" in record and random.random() < 0.8:
            record["records"] = len(records)
    sealing.reseal(package, path, records)
    return "%s#%d: new %s %r, sealed again" % (path, at, kind, body)


def time_bent(random, package):
    path, records = chain(random, package)
    if len(records) < 2:
        return None
    at, by = random.randrange(len(records)), random.choice([-2_592_000_000_000, -5_000_000, -1000, 1000, 5000, 10_000_000, 2_592_000_000_000])
    name, step = random.choice(["at_us", "at_us", "boot_us"]), random.random() < 0.3
    for record in records[at:]:
        record[name] = max(0, record[name] + by)
    if step:
        records[at]["clock"] = "stepped"
    boot = random.random() < 0.2
    if boot:
        for record in records[at:]:
            record["boot"] = "another-boot"
    sealing.reseal(package, path, records)
    return "%s from #%d on: %s by %d%s%s, sealed again" % (path, at, name, by, ", stepped" if step else "", ", another boot" if boot else "")


def not_sealed(random, package):
    """A record edited and chained again, but with the old signatures."""
    path, records = chain(random, package)
    if not records:
        return None
    at = random.randrange(len(records))
    name = pick(random, records[at])
    records[at][name] = changed(random, records[at][name])
    prev, lines = "0" * 64, []
    for record in records:
        lines.append(sealing.canonical(dict(record, prev=prev)))
        prev = hashlib.sha256(lines[-1]).hexdigest()
    package[path] = b"\n".join(lines) + b"\n"
    sealing.bag_again(package, random.random() < 0.5)
    return "%s#%d %s edited, chained again, not signed" % (path, at, name)


def media_bent(random, package):
    """Bytes of a picture file changed, named with their new hash, everything sealed again."""
    path, records = chain(random, package)
    named = [record for record in records if "file" in record]
    if not named or path == BOOK:
        return None
    record = random.choice(named)
    base = path.rsplit("/", 1)[0] + "/"
    file = record["file"]
    data = bytearray(package[base + file["path"]])
    at = random.randrange(len(data))
    what = random.choice(["flip", "flip", "flip", "cut", "more", "zero"])
    if what == "flip":
        data[at] ^= 1 << random.randrange(8)
    elif what == "cut":
        del data[at:]
    elif what == "more":
        data += random.choice([b"\0", b"\0\0\0\x08free", bytes(data)])
    else:
        data[at:at + 4] = bytes(len(data[at:at + 4]))
    package[base + file["path"]] = bytes(data)
    record["file"] = dict(file, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    sealing.reseal(package, path, records)
    return "%s %s at %d, named anew, sealed again" % (what, base + file["path"], at)


# --- openings --------------------------------------------------------------------------------------------------------
def leaf_of(opening):
    return hashlib.sha256(b"\0" + sealing.canonical([opening["salt"], opening["field"], opening["value"]])).hexdigest()


def opening_bent(random, package):
    path = pick(random, [path for path in package if path.endswith("private.jsonl")])
    openings = [json.loads(line) for line in package[path].split(b"\n")[:-1]] if path else []
    if not openings:
        return None
    at, what = random.randrange(len(openings)), random.choice(["withhold", "withhold all", "guess", "away", "edit", "seq", "shape"])
    if what.startswith("withhold"):
        for i in range(len(openings)) if what == "withhold all" else [at]:
            openings[i] = {"index": openings[i]["index"], "leaf": leaf_of(openings[i]), "seq": openings[i]["seq"]}
    elif what == "guess":
        openings[at]["value"] = "13800001234"
    elif what == "away":
        openings = [opening for opening in openings if opening["seq"] != openings[at]["seq"]]
    elif what == "edit":
        name = pick(random, openings[at])
        openings[at][name] = changed(random, openings[at][name])
    elif what == "seq":
        openings[at]["seq"] += 1
    else:
        openings[at] = random.choice([{}, {"a": 1}, dict(openings[at], leaf="0" * 64), dict(openings[at], more=1), {"seq": 0, "index": 0}])
    package[path] = b"".join(sealing.canonical(opening) + b"\n" for opening in openings)
    sealing.bag_again(package, True)
    return "openings %s, line %d of %s, bag signed again" % (what, at, path)


# --- changes of the box's key ------------------------------------------------------------------------------------------
def history_bent(random, package):
    path, records = chain(random, package)
    found = [(record, name) for record in records for name in ("changes", "key_history") if name in record]
    if not found:
        return None
    record, name = random.choice(found)
    changes, what = copy.deepcopy(record[name]), random.choice(["edit", "edit", "lost", "double", "none", "back", "other key", "replay"])
    if what == "edit":
        member = pick(random, changes[0])
        changes[0][member] = changed(random, changes[0][member])
    elif what == "lost":
        changes[0]["why"] = "lost"
        changes[0].pop("old_sig", None)
    elif what == "double":
        changes += changes
    elif what == "none":
        changes = []
    elif what == "back":
        changes.append(dict(changes[0], old_key=changes[0].get("box_key"), box_key=changes[0].get("old_key")))
    elif what == "other key":
        changes[0]["old_key"] = sealing.base64.b64encode(sealing.public_key(bytes([3]) * 32)).decode()
    else:
        records.insert(len(records) - 1, dict(record))
        for seq, one in enumerate(records):
            one["seq"] = seq
    if random.random() < 0.6:
        changes = [sealing.sign_change(change) for change in changes]
    record[name] = changes
    sealing.reseal(package, path, records)
    return "%s of %s in %s, sealed again" % (what, name, path)


BYTES = [flip, flip, flip, put_bytes, cut, cut_lines, delete, delete_folder, rename, swap_files, inject, copy_file, bend_lines, bend_lines, other_form]
MEANING = [edit_member, edit_member, edit_member, member_away, more_member, record_away, record_more, record_more, time_bent, not_sealed, media_bent,
           media_bent, opening_bent, history_bent, history_bent]


def mutate(random, package):
    """(what was done, does it need the box's or recording's key?)"""
    for _ in range(20):
        if random.random() < 0.5:
            said = random.choice(MEANING)(random, package)
            if said:
                return said, True
            continue
        said = random.choice(BYTES)(random, package)
        if not said:
            continue
        again = random.choice(["", "", "bag redone", "bag redone and signed"])
        if again:
            sealing.bag_again(package, again.endswith("signed"))
        return said + ("; " + again if again else ""), again.endswith("signed")
    return "nothing", True
