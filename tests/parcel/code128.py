"""Code 128 (ISO/IEC 15417): a text of printable ASCII to bar widths; digit runs in set C, the rest in set B."""

# Widths of bar, space, bar, space, bar, space for the values 0…102, then start A, B, C, and stop with its last bar.
PATTERNS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 "
    "123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 "
    "131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 "
    "213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 "
    "141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 "
    "124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 "
    "411131 211412 211214 211232 2331112").split()
START_B, START_C, TO_C, TO_B, STOP = 104, 105, 99, 100, 106


def digits_at(text, at):
    end = at
    while end < len(text) and text[end].isdigit():
        end += 1
    return end - at


def worth_set_c(text, at, first):
    run = digits_at(text, at)
    return run >= (4 if first or at + run == len(text) else 6)


def values_of(text):
    """Symbol values without checksum and stop."""
    if not text or any(not 32 <= ord(char) < 127 for char in text):
        raise ValueError("Code 128 takes one or more printable ASCII characters")
    values, at, in_c = [], 0, False
    while at < len(text):
        if not in_c and worth_set_c(text, at, at == 0):
            if digits_at(text, at) % 2 and values:  # an odd run: its first digit stays in set B
                values.append(ord(text[at]) - 32)
                at += 1
            values.append(TO_C if values else START_C)
            in_c = True
        elif in_c and digits_at(text, at) < 2:
            values.append(TO_B)
            in_c = False
        if not values:
            values.append(START_B)
        if in_c:
            values.append(int(text[at:at + 2]))
            at += 2
        else:
            values.append(ord(text[at]) - 32)
            at += 1
    return values


def widths_of(text):
    """Widths in modules: bar, space, bar …; begins and ends with a bar. Ten modules of quiet belong on both sides."""
    values = values_of(text)
    checksum = (values[0] + sum(place * value for place, value in enumerate(values[1:], 1))) % 103
    symbols = values + [checksum, STOP]
    return [int(width) for symbol in symbols for width in PATTERNS[symbol]]
