"""A QR code of version 5, level L, byte mode, mask 0: one block, up to 106 bytes. Enough for an address."""
SIZE = 37
DATA_WORDS, CHECK_WORDS = 108, 26
FORMAT_L_MASK_0 = 0b111011111000100


def _tables():
    power, log, value = [0] * 512, [0] * 256, 1
    for exponent in range(255):
        power[exponent] = power[exponent + 255] = value
        log[value] = exponent
        value = (value << 1) ^ (0x11D if value & 0x80 else 0)
    return power, log


POWER, LOG = _tables()


def _generator():
    poly = [1]
    for exponent in range(CHECK_WORDS):
        longer = poly + [0]
        for place, coefficient in enumerate(poly):
            longer[place + 1] ^= POWER[LOG[coefficient] + exponent] if coefficient else 0
        poly = longer
    return poly


def _check_words(data):
    rest, generator = list(data) + [0] * CHECK_WORDS, _generator()
    for place in range(len(data)):
        lead = rest[place]
        if lead:
            for offset, coefficient in enumerate(generator):
                rest[place + offset] ^= POWER[LOG[lead] + LOG[coefficient]]
    return rest[len(data):]


def _data_words(text):
    payload = text.encode("utf-8")
    if len(payload) > DATA_WORDS - 2:
        raise ValueError(f"{len(payload)} bytes do not fit a QR code of version 5-L")
    bits = f"0100{len(payload):08b}" + "".join(f"{byte:08b}" for byte in payload) + "0000"
    words = [int(bits[start:start + 8], 2) for start in range(0, len(bits), 8)]
    return words + [0xEC if place % 2 == 0 else 0x11 for place in range(DATA_WORDS - len(words))]


def _square(grid, top, left, size, dark):
    for y in range(size):
        for x in range(size):
            if 0 <= top + y < SIZE and 0 <= left + x < SIZE:
                grid[top + y][left + x] = dark(y, x)


def _finder(grid, top, left):
    ring = lambda y, x: 1 <= y <= 7 and 1 <= x <= 7 and max(abs(y - 4), abs(x - 4)) != 2   # noqa: E731
    _square(grid, top - 1, left - 1, 9, ring)


def _format_cells():
    near = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    far = [(SIZE - 1 - step, 8) for step in range(7)] + [(8, SIZE - 8 + step) for step in range(8)]
    return near, far


def _function_patterns():
    grid = [[None] * SIZE for _ in range(SIZE)]
    for step in range(SIZE):
        grid[6][step] = grid[step][6] = step % 2 == 0
    for top, left in ((0, 0), (0, SIZE - 7), (SIZE - 7, 0)):
        _finder(grid, top, left)
    _square(grid, 28, 28, 5, lambda y, x: max(abs(y - 2), abs(x - 2)) != 1)
    for cells in _format_cells():
        for place, (y, x) in enumerate(cells):
            grid[y][x] = bool(FORMAT_L_MASK_0 >> (14 - place) & 1)
    grid[SIZE - 8][8] = True
    return grid


def _zigzag():
    upward = True
    for right in (*range(SIZE - 1, 6, -2), 5, 3, 1):
        for step in range(SIZE):
            y = SIZE - 1 - step if upward else step
            yield y, right
            yield y, right - 1
        upward = not upward


def qr_matrix(text):
    """Rows of booleans (True = dark), 37×37 without the quiet zone; ValueError if the text is too long."""
    grid = _function_patterns()
    data = _data_words(text)
    bits = iter("".join(f"{word:08b}" for word in data + _check_words(data)) + "0" * 7)
    for y, x in _zigzag():
        if grid[y][x] is None:
            grid[y][x] = (next(bits) == "1") ^ ((y + x) % 2 == 0)
    return grid


def qr_svg(text):
    """The code as an SVG picture with its quiet zone of 4 modules."""
    path = "".join(f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(qr_matrix(text)) for x, dark in enumerate(row) if dark)
    side = SIZE + 8
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
            f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}"/></svg>')
