"""A strict reader of WARC 1.1 in gzip members: [(fields, block)], or ValueError."""
import hashlib
import zlib


def members(data):
    """What each gzip member holds."""
    while data:
        unpack = zlib.decompressobj(31)
        yield unpack.decompress(data)
        if not unpack.eof:
            raise ValueError("a torn gzip member")
        data = unpack.unused_data


def read_warc(data):
    records, ids = [], set()
    parts = list(members(data))
    if not all(part.startswith(b"WARC/1.1\r\n") and part.endswith(b"\r\n\r\n") for part in parts):
        raise ValueError("a record that is no member of its own")
    data = b"".join(parts)
    while data:
        head, found, rest = data.partition(b"\r\n\r\n")
        lines = head.decode("utf-8").split("\r\n")
        if not found or lines[0] != "WARC/1.1":
            raise ValueError("not a record of WARC 1.1")
        fields = dict(line.split(": ", 1) for line in lines[1:])
        if len(fields) != len(lines) - 1:
            raise ValueError("a field twice")
        size = int(fields["Content-Length"])
        block, end, data = rest[:size], rest[size:size + 4], rest[size + 4:]
        if len(block) != size or end != b"\r\n\r\n":
            raise ValueError("Content-Length is not the block's")
        if fields["WARC-Block-Digest"] != "sha256:" + hashlib.sha256(block).hexdigest():
            raise ValueError("block digest differs")
        if fields["WARC-Record-ID"] in ids:
            raise ValueError("record id twice")
        ids.add(fields["WARC-Record-ID"])
        records.append((fields, block))
    return records


def responses(data):
    """{url: [(status, headers text, body)]}"""
    found = {}
    for fields, block in read_warc(data):
        if fields["WARC-Type"] == "response":
            head, _, body = block.partition(b"\r\n\r\n")
            found.setdefault(fields["WARC-Target-URI"], []).append((int(head.split(b" ")[1]), head.decode(), body))
    return found
