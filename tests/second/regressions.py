"""Cases in which the two verifiers once disagreed, found by seeded mutations. Each bends a package in place; False where it has nothing to bend."""
import hashlib

import sealing

UNBOXING = "data/recordings/bbbbbbbbbbbbbbbbbbbbbbbbbb/"
CHAIN, BOOK, OPENINGS = UNBOXING + "chain.jsonl", "data/case/book.jsonl", UNBOXING + "private.jsonl"


def strange_certificate_beside_a_token(package):
    """What lies beside a token and is no certificate proves nothing; it does not make the token invalid."""
    if "data/log/tokens/8-0.tsr" not in package:
        return False
    package["data/log/tokens/8-0-1.der"] = b"no certificate"
    sealing.bag_again(package, True)
    return True


def segment_of_a_time_beyond_all_bounds(package):
    records = sealing.records_of(package, CHAIN)
    file = next(record["file"] for record in records if record["type"] == "segment")
    data = bytearray(package[UNBOXING + file["path"]])
    data[data.index(b"tfdt") + 8] ^= 0x08
    package[UNBOXING + file["path"]] = bytes(data)
    file["sha256"] = hashlib.sha256(data).hexdigest()
    sealing.reseal(package, CHAIN, records)
    return True


def segment_with_files_of_no_form(package):
    records = sealing.records_of(package, CHAIN)
    next(record for record in records if record["type"] == "segment")["files"] = {"a": 1}
    sealing.reseal(package, CHAIN, records)
    return True


def source_of_no_name(package):
    records = sealing.records_of(package, CHAIN)
    next(record for record in records if record["type"] == "source")["source"] = "s=reen"
    sealing.reseal(package, CHAIN, records)
    return True


def book_in_the_place_of_a_chain(package):
    package[CHAIN] = package[BOOK]
    sealing.bag_again(package, True)
    return True


def line_over_64_kib_in_a_book(package):
    lines = package[BOOK].split(b"\n")
    package[BOOK] = b"\n".join([lines[0], b'{"a":"' + b"a" * 65536 + b'"}', *lines[1:]])
    sealing.bag_again(package, True)
    return True


def line_over_64_kib_in_a_manifest(package):
    package["manifest-sha256.txt"] += b"0" * 64 + b"  data/" + b"x" * 65536 + b"\n"
    return True


def openings_of_one_record_apart(package):
    """A group that stands in two places is a short one each time, though a later one is whole."""
    paths = [path for path in package if path.endswith("private.jsonl") and len(set(package[path].splitlines())) > 2]
    for path in paths:
        lines = package[path].splitlines(True)
        package[path] = b"".join([lines[-1], *lines])
    sealing.bag_again(package, True)
    return bool(paths)


def record_of_a_kind_that_is_a_name_of_the_program(package):
    """A kind is any text: it must not reach a method that it happens to name."""
    records = sealing.records_of(package, CHAIN)
    for kind in ("open", "first", "__init__", "close"):
        records.append(dict(records[-1], type=kind, seq=len(records)))
    sealing.reseal(package, CHAIN, records)
    return True


ALL = [record_of_a_kind_that_is_a_name_of_the_program, strange_certificate_beside_a_token, segment_of_a_time_beyond_all_bounds, segment_with_files_of_no_form, source_of_no_name, book_in_the_place_of_a_chain,
       line_over_64_kib_in_a_book, line_over_64_kib_in_a_manifest, openings_of_one_record_apart]
