"""DER by hand, as much as test authorities need: writing values, and finding imprint and nonce in a query."""


def value(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts):
    return value(0x30, *parts)


def set_of(*parts):
    return value(0x31, *sorted(parts))


def octets(content):
    return value(0x04, content)


def integer(number):
    return value(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def time(text):
    return value(0x18, text.encode())


def oid(text):
    arcs = [int(part) for part in text.split(".")]
    content = b""
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2:]:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.insert(0, arc & 0x7F | 0x80)
        content += bytes(groups)
    return value(0x06, content)


def algorithm(text):
    return sequence(oid(text))


def read(data, at=0):
    """(tag, content, end) of the value that begins there."""
    size, start = data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size, start = int.from_bytes(data[start:start + count], "big"), start + count
    if start + size > len(data):
        raise ValueError("a value is cut off")
    return data[at], data[start:start + size], start + size


def children(content):
    at, found = 0, []
    while at < len(content):
        tag, inside, end = read(content, at)
        found.append((tag, inside, content[at:end]))
        at = end
    return found


class Query:
    """What a TimeStampReq asks for."""

    def __init__(self, data):
        parts = children(read(data)[1])
        imprint = children(parts[1][1])
        self.imprint_algorithm, self.imprint = imprint[0][2], imprint[1][1]
        numbers = [part for part in parts[2:] if part[0] == 0x02]
        self.nonce = numbers[0][2] if numbers else b""  # whole, as DER
