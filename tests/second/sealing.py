"""The known keys of the verifier's test cases (tests/evidence/verify/case_maker.cc), and sealing a bent package with them: what an
attacker who owns the box could do. A package here is a dict: path → bytes."""
import base64
import functools
import hashlib
import importlib.util
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def load_verifier():
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location("netsampler_second", os.path.join(ROOT, "evidence", "package", "verify.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verifier = load_verifier()
BOX_SEED, NEXT_BOX_SEED, RECORDING_SEED = bytes([1]) * 32, bytes([2]) * 32, bytes([7]) * 32


@functools.lru_cache(maxsize=None)
def base_tables():
    """tables[i][d] = d * 16^i * B, so that a product with B is 64 additions."""
    point, tables = verifier.BASE, []
    for _ in range(64):
        row = [(0, 1, 1, 0)]
        for _ in range(15):
            row.append(verifier.add_points(row[-1], point))
        tables.append(row)
        point = verifier.add_points(row[-1], point)
    return tables


def encode_point(point):
    inverse = pow(point[2], -1, verifier.P)
    x, y = point[0] * inverse % verifier.P, point[1] * inverse % verifier.P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def times_base(scalar):
    total = (0, 1, 1, 0)
    for i, row in enumerate(base_tables()):
        total = verifier.add_points(total, row[scalar >> 4 * i & 15])
    return encode_point(total)


def sign(seed, message):
    digest = hashlib.sha512(seed).digest()
    a = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    r = int.from_bytes(hashlib.sha512(digest[32:] + message).digest(), "little") % verifier.L
    key, point = times_base(a), times_base(r)
    h = int.from_bytes(hashlib.sha512(point + key + message).digest(), "little") % verifier.L
    return point + ((r + h * a) % verifier.L).to_bytes(32, "little")


def derive(seed, number):
    return hashlib.blake2b(digest_size=32, key=seed, salt=number.to_bytes(16, "little"), person=b"NETSAMPL" + bytes(8)).digest()


def epoch_seed(epoch):
    seed = RECORDING_SEED
    for _ in range(epoch):
        seed = derive(seed, 2)
    return derive(seed, 1)


def public_key(seed):
    digest = hashlib.sha512(seed).digest()
    return times_base(int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254)


def seed_of(box_key, otherwise=BOX_SEED):
    """Of a box key in base64, where it is one of the tests'."""
    known = {base64.b64encode(public_key(seed)).decode(): seed for seed in (BOX_SEED, NEXT_BOX_SEED)}
    return known.get(box_key, otherwise) if isinstance(box_key, str) else otherwise


def newest_seed(records, seed=BOX_SEED):
    """The box key that a book's records end with."""
    for record in records:
        changes = record.get("changes")
        last = changes[-1] if isinstance(changes, list) and changes and isinstance(changes[-1], dict) else record
        seed = seed_of(last.get("box_key"), seed)
    return seed


def sign_change(change):
    """A change of keys, signed again by both."""
    bare = {name: value for name, value in change.items() if name not in ("old_sig", "new_sig")}
    message = b"netsampler/v1/key\n" + hashlib.sha256(canonical(bare)).digest()
    signed = dict(change, new_sig=base64.b64encode(sign(seed_of(change.get("box_key")), message)).decode())
    return dict(signed, old_sig=base64.b64encode(sign(seed_of(change.get("old_key")), message)).decode()) if "old_sig" in change else signed


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def records_of(package, path):
    return [json.loads(line) for line in package[path].split(b"\n")[:-1]]


def signature(seed, record, without=("sig",), prefix=b"netsampler/v1/record\n"):
    bare = canonical({name: value for name, value in record.items() if name not in without})
    return base64.b64encode(sign(seed, prefix + hashlib.sha256(bare).digest())).decode()


def seal_chain(records, is_book):
    """The text of these records with prev and signatures made anew."""
    prev, text, box_seed = "0" * 64, b"", BOX_SEED
    for record in records:
        record = dict(record, prev=prev)
        epoch = record.get("epoch", 0)
        box_seed = newest_seed([record], box_seed)
        seed = box_seed if is_book else epoch_seed(epoch if isinstance(epoch, int) and 0 <= epoch < 8 else 0)
        if record.get("type") == "open":
            record["box_sig"] = signature(box_seed, record, ("sig", "box_sig"), b"netsampler/v1/open\n")
        record["sig"] = signature(seed, record)
        line = canonical(record)
        prev = hashlib.sha256(line).hexdigest()
        text += line + b"\n"
    return text


def is_chain(path):
    return path.endswith(("/chain.jsonl", "/book.jsonl"))


def include_again(package, book):
    """Every include of the book with the present heads of its recordings."""
    for record in book:
        path = "data/recordings/%s/chain.jsonl" % record.get("recording")
        lines = package[path].split(b"\n")[:-1] if record.get("type") == "include" and path in package else []
        if lines:
            record["head"], record["last_seq"] = hashlib.sha256(lines[-1]).hexdigest(), json.loads(lines[-1]).get("seq", 0)


def reseal(package, path, records):
    """`records` become the chain at `path`; the book follows, the bag follows."""
    package[path] = seal_chain(records, path.endswith("book.jsonl"))
    book = "data/case/book.jsonl"
    if path != book and book in package:
        own = records_of(package, book)
        include_again(package, own)
        package[book] = seal_chain(own, True)
    bag_again(package, True)


def manifest(package, paths):
    return b"".join(b"%s  %s\n" % (hashlib.sha256(package[path]).hexdigest().encode(), path.encode()) for path in sorted(paths))


def box_seed_of(package):
    """Of the key that the case book ends with; the first one where that cannot be read."""
    try:
        return newest_seed(records_of(package, "data/case/book.jsonl"))
    except (KeyError, ValueError, AttributeError):
        return BOX_SEED


def bag_again(package, signed):
    payload = [path for path in package if path.startswith("data/")]
    package["manifest-sha256.txt"] = manifest(package, payload)
    tags = [path for path in package if not path.startswith("data/") and path not in ("tagmanifest-sha256.txt", "package.sig")]
    package["tagmanifest-sha256.txt"] = manifest(package, tags)
    if signed:
        message = b"netsampler/v1/package\n" + hashlib.sha256(package["tagmanifest-sha256.txt"]).digest()
        package["package.sig"] = base64.b64encode(sign(box_seed_of(package), message)) + b"\n"


# --- the box log: leaves → entries, tiles, checkpoint, with the box key
LOG = "data/log/"


def parse_entries(data):
    leaves = []
    while data:
        size = int.from_bytes(data[:2], "big")
        leaves.append(data[2:2 + size])
        data = data[2 + size:]
    return leaves


def print_entries(leaves):
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def leaves_of(package):
    """Of the widest bundle, where it begins with the log's first leaf."""
    bundles = [path for path in package if path.startswith(LOG + "tile/entries/000")]
    return max((parse_entries(package[path]) for path in bundles), key=len, default=[])


def note_line(name, key_id, signature):
    return b"\xe2\x80\x94 " + name.encode() + b" " + base64.b64encode(key_id + signature) + b"\n"


def line_by(seed, name, kind, message, before=b""):
    key_id = hashlib.sha256(name.encode() + b"\n" + kind + public_key(seed)).digest()[:4]
    return note_line(name, key_id, before + sign(seed, message))


def origin_of(seed):
    return "netsampler/" + hashlib.sha256(public_key(seed)).hexdigest()


def signed_note(text, seed=BOX_SEED):
    return text + b"\n" + line_by(seed, origin_of(seed), b"\1", text)


def checkpoint(size, root, seed=BOX_SEED):
    return signed_note(("%s\n%d\n%s\n" % (origin_of(seed), size, base64.b64encode(root).decode())).encode(), seed)


def cosign(seed, text, name="witness.example/w1", seconds=1_800_000_100):
    return line_by(seed, name, b"\4", b"cosignature/v1\ntime %d\n" % seconds + text, seconds.to_bytes(8, "big"))


def log_again(package, leaves, cosigner=None):
    """The whole log with these leaves, signed by the box; tokens stay as they were."""
    for path in [path for path in package if path.startswith((LOG + "tile/", LOG + "checkpoint"))]:
        del package[path]
    hashes = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    for index in range(0, len(leaves), 256):
        some = leaves[index:index + 256]
        package[LOG + verifier.tile_path(-1, index // 256, len(some))] = print_entries(some)
    for level in range(8):
        for index in range(0, len(hashes), 256):
            package[LOG + verifier.tile_path(level, index // 256, len(hashes[index:index + 256]))] = b"".join(hashes[index:index + 256])
        hashes = [verifier.merkle_root(hashes[at:at + 256]) for at in range(0, len(hashes) - 255, 256)]
    root = verifier.merkle_root([hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves])
    note = checkpoint(len(leaves), root, box_seed_of(package))
    if cosigner:
        note += cosign(cosigner, note.partition(b"\n\n")[0] + b"\n")
    package[LOG + "checkpoint"] = package[LOG + "checkpoints/%d" % len(leaves)] = note
