"""Product pictures, drawn as SVG: one function's worth of shapes a product, tinted by the SKU's colour."""

FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><defs>
<linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fbfbfd"/><stop offset="1" stop-color="#e6e9ef"/></linearGradient>
<linearGradient id="body" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".55"/>
<stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".28"/></linearGradient></defs>
<rect width="400" height="400" fill="url(#wall)"/><ellipse cx="200" cy="338" rx="130" ry="16" fill="#000" opacity=".1"/>%s</svg>"""


def _solid(shape, colour):
    """A shape in the colour, with light from the upper left laid over it."""
    return (f'<{shape} fill="{colour}" stroke="#00000022" stroke-width="2"/>'
            f'<{shape} fill="url(#body)"/>')


def _powerbank(c):
    cells = "".join(f'<rect x="{165 + step * 18}" y="112" width="12" height="24" rx="3" fill="#48d98a"/>' for step in range(4))
    return (_solid('rect x="130" y="70" width="140" height="262" rx="26"', c)
            + '<rect x="150" y="96" width="100" height="56" rx="10" fill="#15181d"/>' + cells
            + '<path d="M206 200l-26 44h18l-6 40 30-50h-20z" fill="#00000055"/><rect x="168" y="60" width="26" height="12" rx="3" fill="#666"/>'
            + '<path d="M232 66c0-34 66-34 66 10v150" fill="none" stroke="#555" stroke-width="9"/><rect x="286" y="222" width="24" height="34" rx="5" fill="#777"/>')


def _kettle(c):
    return ('<path d="M288 150c66-8 66 128-4 132" fill="none" stroke="#2d3036" stroke-width="22" stroke-linecap="round"/>'
            + _solid('path d="M136 116h140l24 196q0 20-20 20H126q-20 0-20-20z"', c) + _solid('path d="M138 128l-42 34 30 22z"', c)
            + '<path d="M136 116q70-42 140 0z" fill="#2d3036"/><circle cx="206" cy="88" r="10" fill="#2d3036"/>'
            '<rect x="100" y="326" width="208" height="16" rx="6" fill="#2d3036"/>')


def _helmet(c):
    return (_solid('path d="M76 250c0-230 250-230 252-10 0 20-20 26-40 26H120c-30 0-44-4-44-16z"', c)
            + '<path d="M196 176h130q14 40 2 74l-120 8q-30-40-12-82z" fill="#27303f" opacity=".82"/><path d="M214 190h90" stroke="#fff" opacity=".5" stroke-width="6"/>'
            '<path d="M130 262q20 60 70 66" fill="none" stroke="#333" stroke-width="9"/><rect x="192" y="316" width="26" height="20" rx="5" fill="#555"/>')


def _strip(c):
    sockets = "".join(f'<g transform="translate({92 + step * 40} 196)"><rect width="30" height="44" rx="6" fill="#fff"/>'
                      '<path d="M9 9v9M21 9v9M9 30l4 7M21 30l-4 7" stroke="#333" stroke-width="4"/></g>' for step in range(5))
    return ('<path d="M330 220c60 0 50 100-30 100H90" fill="none" stroke="#444" stroke-width="10"/>'
            + _solid('rect x="66" y="176" width="276" height="84" rx="18"', c) + sockets
            + '<rect x="298" y="202" width="30" height="32" rx="6" fill="#d9363e"/>')


def _shoe(c):
    return (_solid('path d="M84 270q-6-110 44-120 20 40 70 40 40 40 110 46 30 6 26 44z"', c)
            + '<path d="M78 270h258q6 34-26 34H104q-30 0-26-34z" fill="#fff" stroke="#ccc"/>'
            '<path d="M170 186l30 40M196 190l30 42" stroke="#fff" stroke-width="10" stroke-linecap="round"/>')


def _blanket(c):
    folds = "".join(f'<path d="M90 {214 + step * 26}h220" stroke="#00000018" stroke-width="4"/>' for step in range(4))
    return (_solid('path d="M80 180q120-60 240 0v130q-120 30-240 0z"', c) + folds
            + '<path d="M300 300q40 20 30-40" fill="none" stroke="#666" stroke-width="7"/>' + _solid('rect x="306" y="204" width="48" height="66" rx="10"', "#fff")
            + '<circle cx="330" cy="226" r="9" fill="#ff8a3c"/>')


def _cup(c):
    return (_solid('rect x="146" y="120" width="108" height="214" rx="20"', c) + _solid('rect x="152" y="72" width="96" height="56" rx="14"', "#3a3f48")
            + '<rect x="236" y="82" width="20" height="30" rx="5" fill="#9aa1ad"/><rect x="146" y="134" width="108" height="8" fill="#ffffff88"/>')


def _scarf(c):
    knit = "".join(f'<path d="M{128 + step * 18} 190v120" stroke="#00000020" stroke-width="5"/>' for step in range(4))
    fringe = "".join(f'<path d="M{126 + step * 14} 310v24" stroke="{c}" stroke-width="7"/>' for step in range(6))
    return (fringe + _solid('path d="M118 150h86v160h-86z"', c) + knit + _solid('path d="M98 110q102-60 204 0 20 60-102 76-122-16-102-76z"', c)
            + '<path d="M124 132q76 40 152 0" fill="none" stroke="#00000025" stroke-width="8"/>')


def _lamp(c):
    return ('<path d="M130 110l240 180H110z" fill="#ffe9a8" opacity=".35"/>' + _solid('ellipse cx="210" cy="326" rx="80" ry="16"', c)
            + f'<path d="M210 320L270 200 150 100" fill="none" stroke="{c}" stroke-width="14" stroke-linejoin="round"/>'
            '<path d="M210 320L270 200 150 100" fill="none" stroke="#00000022" stroke-width="3"/>' + _solid('path d="M90 122l52-62q60 10 60 56z"', c))


def _pods(c):
    pod = '<g transform="translate(%d %d)"><circle r="34" fill="#fff" opacity=".9"/><path d="M-30 4A30 30 0 0 1 0-30V4z" fill="#3fa7e0"/><path d="M0-30A30 30 0 0 1 30 4H0z" fill="#7ed3a8"/><path d="M-30 4h60A30 30 0 0 1-30 4z" fill="#f29fc0"/></g>'
    return (_solid('path d="M110 130h180l14 190q0 14-14 14H110q-14 0-14-14z"', "#cfe6f7") + _solid('rect x="100" y="92" width="200" height="46" rx="12"', "#2f7fc1")
            + pod % (160, 210) + pod % (236, 222) + pod % (196, 286))


def _knife(c):
    return (_solid('path d="M56 150h210v96H110q-54 0-54-96z"', "#cdd3db") + '<path d="M62 230q20 16 50 16h154" fill="none" stroke="#fff" stroke-width="4"/>'
            + _solid('rect x="262" y="150" width="100" height="42" rx="14"', "#5a3d2b")
            + "".join(f'<circle cx="{288 + step * 24}" cy="171" r="5" fill="#d9c6a5"/>' for step in range(3)))


def _basket(c):
    weave = "".join(f'<path d="M{96 + step * 4} {196 + step * 28}h{208 - step * 8}" stroke="#8a6430" stroke-width="5" stroke-dasharray="20 9"/>' for step in range(5))
    return ('<path d="M120 180q80-150 160 0" fill="none" stroke="#a67c42" stroke-width="12"/>' + _solid('path d="M86 180h228l-26 150H112z"', "#d3a86a") + weave
            + _solid('rect x="76" y="166" width="248" height="24" rx="10"', "#b98748"))


def _blocks(c):
    return (_solid('rect x="90" y="240" width="94" height="94" rx="6"', "#e0b887") + _solid('rect x="190" y="240" width="94" height="94" rx="6"', "#d98b6a")
            + _solid('path d="M140 236l52-84 52 84z"', "#8fb98a") + _solid('circle cx="314" cy="300" r="34"', "#7fa6cf") + _solid('rect x="160" y="80" width="64" height="64" rx="6"', "#e6cf6a"))


DRAWINGS = {"powerbank": _powerbank, "kettle": _kettle, "helmet": _helmet, "strip": _strip, "shoe": _shoe, "blanket": _blanket,
            "cup": _cup, "scarf": _scarf, "lamp": _lamp, "pods": _pods, "knife": _knife, "basket": _basket, "blocks": _blocks}
BANNER = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 200">%s</svg>')
ICON = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#e2402a"/>'
        '<path d="M8 11h16l-2 12H10z" fill="#fff"/><path d="M12 13v-2a4 4 0 0 1 8 0v2" fill="none" stroke="#e2402a" stroke-width="2"/></svg>')


def picture(name):
    """SVG text of "<drawing>-<rrggbb>", "hero" or "icon"; None for anything else."""
    if name == "icon":
        return ICON
    if name == "hero":
        parts = ((_powerbank, "#eceef2", 0), (_kettle, "#7cc3a4", 110), (_helmet, "#f2cb4d", 230))
        return BANNER % "".join(f'<g transform="translate({left} 6) scale(.48)">{draw(colour)}</g>' for draw, colour, left in parts)
    drawing, _, colour = name.partition("-")
    if drawing not in DRAWINGS or len(colour) != 6 or set(colour) - set("0123456789abcdef"):
        return None
    return FRAME % DRAWINGS[drawing](f"#{colour}")
