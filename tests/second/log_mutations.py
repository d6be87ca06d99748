"""Seeded mutations of a package's box log, as in mutations.py: bytes of its files; names; and, with the box key that a test knows, another
log sealed again. The time-stamp authorities are out of reach: a checkpoint that was signed again has lost its token."""
import hashlib
import json

import sealing
from mutations import changed, pick

LOG = "data/log/"
STRANGER_SEED, WITNESS_SEED = bytes([2]) * 32, bytes([9]) * 32  # of no policy; of the `strict` one


def log_files(package, part=""):
    return sorted(path for path in package if path.startswith(LOG + part))


def sealed(package, said):
    sealing.bag_again(package, True)
    return said + ", bag signed again"


# --- files of the log, bag sealed again ------------------------------------------------------------------------------
def bytes_bent(random, package):
    path = pick(random, log_files(package))
    if not path or not package[path]:
        return None
    data, what = bytearray(package[path]), random.choice(["flip", "flip", "flip", "cut", "more", "zero", "double"])
    at = random.randrange(len(data))
    if what == "flip":
        data[at] ^= 1 << random.randrange(8)
    elif what == "cut":
        del data[at:]
    elif what == "more":
        data[at:at] = random.choice([b"\0", b"\n", b"\x30\0", b"\x05\0", bytes(32)])
    elif what == "zero":
        data[at:at + 8] = bytes(len(data[at:at + 8]))
    else:
        data = data * 2
    package[path] = bytes(data)
    return sealed(package, "%s %s at %d" % (what, path, at))


def file_away(random, package):
    path = pick(random, log_files(package))
    if not path:
        return None
    gone = [path] if random.random() < 0.7 else log_files(package, path[len(LOG):].split("/")[0])
    for one in gone:
        del package[one]
    return sealed(package, "without " + ", ".join(gone))


NAMES = ["checkpoint", "checkpoints/0", "checkpoints/1", "checkpoints/3", "checkpoints/8", "checkpoints/08", "checkpoints/x", "tile/0/000", "tile/0/000.p/4",
         "tile/0/000.p/0", "tile/0/000.p/255", "tile/0/000.p/256", "tile/0/x000/001", "tile/0/x001/000.p/1", "tile/1/000.p/1", "tile/8/000.p/1", "tile/00/000.p/1",
         "tile/entries/000.p/4", "tile/entries/000", "tile/entries/001.p/8", "tokens/1-1.tsr", "tokens/8-0.tsr", "tokens/8-7.tsr", "tokens/5-0.tsr", "tokens/x.tsr",
         "tokens/8.tsr", "tokens/8-0-0.crt", "tokens/8-0-1.der", "tokens/8-0-1.txt", "tokens/1/8-0.tsr", "notes.txt", "tile/0/000.p/8/more"]


def file_copied(random, package):
    path, name = pick(random, log_files(package)), LOG + random.choice(NAMES)
    if not path or any(other.startswith(name + "/") or name.startswith(other + "/") for other in package):
        return None
    package[name] = package.pop(path) if random.random() < 0.3 else package[path]
    return sealed(package, "%s as %s" % (path, name))


def prefix_more(random, package):
    """A narrower tile or bundle beside the widest: its beginning, or not quite."""
    path = pick(random, [path for path in log_files(package, "tile/") if ".p/" in path])
    if not path:
        return None
    name, width = path.rsplit("/", 1)
    narrow, data = random.randrange(1, int(width) + 1), package[path]
    part = data[:32 * narrow] if "entries" not in path else sealing.print_entries(sealing.parse_entries(data)[:narrow])
    if random.random() < 0.4 and part:
        at = random.randrange(len(part))
        part = part[:at] + bytes([part[at] ^ 1]) + part[at + 1:]
    package["%s/%d" % (name, narrow)] = part
    return sealed(package, "the first %d of %s" % (narrow, path))


# --- checkpoints -----------------------------------------------------------------------------------------------------
def note_bent(random, package):
    path = pick(random, log_files(package, "checkpoint"))
    if not path:
        return None
    data, what = package[path], random.choice(["strange line", "own twice", "wrong own", "cosigned", "cosigned badly", "extension", "no line", "short", "many"])
    own = data.rstrip(b"\n").rsplit(b"\n", 1)[-1] + b"\n"
    text = data.partition(b"\n\n")[0] + b"\n"
    wrong = own[:-3] + (b"A=\n" if own[-3:-2] != b"A" else b"B=\n")
    more = {"strange line": sealing.note_line("other/key", bytes(4), bytes(64)), "own twice": own, "wrong own": wrong, "no line": b"x\n", "short": b"\xe2\x80\x94 a AAAA\n",
            "cosigned": sealing.cosign(WITNESS_SEED, text), "cosigned badly": sealing.cosign(WITNESS_SEED, text + b"x"),
            "many": sealing.note_line("other/key", bytes(4), bytes(64)) * random.choice([99, 100]), "extension": b""}[what]
    package[path] = data + more if what != "extension" else sealing.signed_note(text + b"extension\n")
    return sealed(package, "%s in %s" % (what, path))


def checkpoint_made(random, package):
    """Signed by the box, or by a stranger; of the tree, or of another."""
    leaves = sealing.leaves_of(package)
    if not leaves:
        return None
    size = random.choice([1, 2, 3, len(leaves) - 1, len(leaves), len(leaves), len(leaves) + 1, 300, 1 << 39, 1 << 41, 0])
    hashes = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    right = random.random() < 0.6 and 0 < size <= len(leaves)
    root = sealing.verifier.merkle_root(hashes[:size]) if right else bytes(32)
    seed = sealing.BOX_SEED if random.random() < 0.8 else STRANGER_SEED
    name = LOG + random.choice(["checkpoint", "checkpoints/%d" % size, "checkpoints/%d" % size])
    package[name] = sealing.checkpoint(size, root, seed)
    return sealed(package, "%s: size %d, %s root, by the %s" % (name, size, "right" if right else "wrong", "box" if seed == sealing.BOX_SEED else "stranger"))


# --- leaves: another log, all of it sealed again ---------------------------------------------------------------------
def leaves_bent(random, package):
    leaves = sealing.leaves_of(package)
    if len(leaves) < 2:
        return None
    what, at, to = random.choice(["edit", "edit", "edit", "away", "double", "move", "text", "many"]), random.randrange(len(leaves)), random.randrange(len(leaves))
    if what == "edit":
        leaf = json.loads(leaves[at])
        name = pick(random, leaf)
        leaf[name] = random.choice([changed(random, leaf[name]), json.loads(leaves[to])[name]])
        leaves[at] = sealing.canonical(leaf)
    elif what == "away":
        del leaves[at]
    elif what == "double":
        leaves.insert(to, leaves[at])
    elif what == "move":
        leaves.insert(to, leaves.pop(at))
    elif what == "text":
        leaves[at] = random.choice([b"", b"{}", b"x" * 2000, leaves[at] + b" ", b"\xff"])
    else:
        leaves = leaves * random.choice([33, 40, 66])
    sealing.log_again(package, leaves, cosigner=random.choice([None, WITNESS_SEED]))
    return sealed(package, "%s leaf %d (%d), log signed again" % (what, at, to))


def heads_again(random, package):
    """A record edited, the chain sealed again, and the log rewritten to know nothing else."""
    path = pick(random, [path for path in package if sealing.is_chain(path)])
    records, leaves = sealing.records_of(package, path) if path else [], sealing.leaves_of(package)
    if len(records) < 2 or not leaves:
        return None
    at = random.randrange(len(records))
    records[at]["at_us"] = max(0, records[at]["at_us"] + random.choice([-1000, 1, 1000]))
    sealing.reseal(package, path, records)
    for chain in [one for one in package if sealing.is_chain(one)]:
        lines = package[chain].split(b"\n")[:-1]
        first = json.loads(lines[0])
        tag = hashlib.sha256(bytes.fromhex(first["nonce"]) + first.get("case", first.get("recording")).encode()).hexdigest()
        for number, leaf in enumerate(map(json.loads, leaves)):
            if leaf["tag"] == tag and leaf["seq"] < len(lines):
                leaves[number] = sealing.canonical(dict(leaf, head=hashlib.sha256(lines[leaf["seq"]]).hexdigest()))
    sealing.log_again(package, leaves)
    return sealed(package, "%s#%d at_us edited, log rewritten to it" % (path, at))


# --- tokens ----------------------------------------------------------------------------------------------------------
def token_bent(random, package):
    path = pick(random, [path for path in log_files(package, "tokens/") if path.endswith(".tsr")])
    if not path:
        return None
    data, what = package[path], random.choice(["status", "imprint", "time", "long length", "behind", "certificate away", "unsigned attribute", "flip", "flip"])
    at = {"status": data.find(b"\x02\x01\x00") + 2, "imprint": data.find(b"\x04\x20") + 2 + random.randrange(32), "time": data.find(b"\x18\x0f") + 2 + random.randrange(15),
          "flip": random.randrange(len(data))}.get(what)
    if at is not None:
        data = data[:at] + bytes([data[at] ^ random.choice([1, 2, 3])]) + data[at + 1:]
    elif what == "long length":
        data = data[:1] + b"\x83\0" + data[2:] if data[1] == 0x82 else data
    elif what == "behind":
        data += b"\x05\0"
    elif what == "certificate away":
        data = data.replace(b"\xa0\x82", b"\xa1\x82", random.randrange(1, 4))
    else:
        data = data[:-2] + b"\xa1\0"
    package[path] = data
    return sealed(package, "%s of %s" % (what, path))


def beacon_bent(random, package):
    path = pick(random, [path for path in package if path.endswith("/chain.jsonl")])
    records = sealing.records_of(package, path) if path else []
    tokens = [package[one] for one in log_files(package, "tokens/")]
    if not records or not tokens:
        return None
    records[0]["beacon"] = hashlib.sha256(random.choice(tokens)).hexdigest() if random.random() < 0.7 else random.choice(["0" * 64, "", 7])
    sealing.reseal(package, path, records)
    leaves = sealing.leaves_of(package)
    if leaves and random.random() < 0.5:
        sealing.log_again(package, leaves)
    return sealed(package, "%s names another beacon" % path)


LOGS = [bytes_bent, bytes_bent, bytes_bent, file_away, file_copied, file_copied, prefix_more, note_bent, note_bent, checkpoint_made, checkpoint_made, leaves_bent,
        leaves_bent, heads_again, token_bent, token_bent, beacon_bent]


def mutate(random, package):
    """What was done to the log; None where this package has none."""
    for _ in range(20 if log_files(package) else 0):
        said = random.choice(LOGS)(random, package)
        if said:
            return said
    return None
