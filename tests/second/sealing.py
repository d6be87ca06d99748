"""The known keys of the verifier's test cases (tests/evidence/verify/case_maker.cc), and sealing a bent package with them: what an
attacker who owns the box could do. A package here is a dict: path → bytes."""
import base64
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
BOX_SEED, RECORDING_SEED = bytes([1]) * 32, bytes([7]) * 32


def times_base(scalar):
    total = verifier.NEUTRAL
    for i, row in enumerate(verifier.base_tables()):
        total = verifier.add_points(total, row[scalar >> 4 * i & 15])
    inverse = pow(total[2], -1, verifier.P)
    x, y = total[0] * inverse % verifier.P, total[1] * inverse % verifier.P
    return (y | (x & 1) << 255).to_bytes(32, "little")


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


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def records_of(package, path):
    return [json.loads(line) for line in package[path].split(b"\n")[:-1]]


def signature(seed, record, without=("sig",), prefix=b"netsampler/v1/record\n"):
    bare = canonical({name: value for name, value in record.items() if name not in without})
    return base64.b64encode(sign(seed, prefix + hashlib.sha256(bare).digest())).decode()


def seal_chain(records, is_book):
    """The text of these records with prev and signatures made anew."""
    prev, text = "0" * 64, b""
    for record in records:
        record = dict(record, prev=prev)
        epoch = record.get("epoch", 0)
        seed = BOX_SEED if is_book else epoch_seed(epoch if isinstance(epoch, int) and 0 <= epoch < 8 else 0)
        if record.get("type") == "open":
            record["box_sig"] = signature(BOX_SEED, record, ("sig", "box_sig"), b"netsampler/v1/open\n")
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


def bag_again(package, signed):
    payload = [path for path in package if path.startswith("data/")]
    package["manifest-sha256.txt"] = manifest(package, payload)
    tags = [path for path in package if not path.startswith("data/") and path not in ("tagmanifest-sha256.txt", "package.sig")]
    package["tagmanifest-sha256.txt"] = manifest(package, tags)
    if signed:
        message = b"netsampler/v1/package\n" + hashlib.sha256(package["tagmanifest-sha256.txt"]).digest()
        package["package.sig"] = base64.b64encode(sign(BOX_SEED, message)) + b"\n"
