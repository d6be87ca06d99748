"""Business licences of the demo's invented companies: check characters, fields, and one drawn as a picture."""
import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from mall.qr import qr_matrix

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"   # GB 32100-2015: no I, O, S, V, Z
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
FONT_BOLD = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
SIMPLIFIED = 2   # the face of simplified Chinese inside Noto's collections


def uscc(body):
    """The 18-character code of a 17-character body: GB 32100-2015, modulus 31."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]


@dataclass(frozen=True)
class Licence:
    """Fields as printed on a 营业执照."""
    uscc: str
    name: str
    type: str
    legal_representative: str
    registered_capital: str
    established: str
    term: str
    address: str
    scope: str
    authority: str

    def fields(self):
        """(label, value) pairs in the order of the printed form."""
        return (("统一社会信用代码", self.uscc), ("名称", self.name), ("类型", self.type),
                ("法定代表人", self.legal_representative), ("注册资本", self.registered_capital),
                ("成立日期", self.established), ("营业期限", self.term), ("住所", self.address),
                ("经营范围", self.scope), ("登记机关", self.authority))


def _wrap(text, width):
    return [text[start:start + width] for start in range(0, len(text), width)]


def _draw_frame(draw, size):
    width, height = size
    draw.rectangle((14, 14, width - 15, height - 15), outline="#b9924a", width=6)
    draw.rectangle((28, 28, width - 29, height - 29), outline="#d8b878", width=2)


def _draw_fields(draw, licence):
    label_font = ImageFont.truetype(FONT_BOLD, 22, index=SIMPLIFIED)
    value_font = ImageFont.truetype(FONT, 22, index=SIMPLIFIED)
    top = 250
    for label, value in licence.fields()[1:]:
        draw.text((90, top), label, font=label_font, fill="#5c4420")
        for line in _wrap(value, 32):
            draw.text((250, top), line, font=value_font, fill="#1d1d1f")
            top += 36
        top += 14


def _draw_qr(draw, text, left, top, module_px):
    for y, row in enumerate(qr_matrix(text)):
        for x, dark in enumerate(row):
            if dark:
                corner = (left + x * module_px, top + y * module_px)
                draw.rectangle((*corner, corner[0] + module_px - 1, corner[1] + module_px - 1), fill="#000000")


def licence_png(licence):
    """The licence as a PNG picture of 1100×860 pixels; the QR code holds the registry's address and the code."""
    picture = Image.new("RGB", (1100, 860), "#fffdf6")
    draw = ImageDraw.Draw(picture)
    _draw_frame(draw, picture.size)
    draw.text((550, 110), "营 业 执 照", font=ImageFont.truetype(FONT_BOLD, 60, index=SIMPLIFIED), fill="#1d1d1f",
              anchor="mm")
    draw.text((90, 186), f"统一社会信用代码  {licence.uscc}", font=ImageFont.truetype(FONT, 24, index=SIMPLIFIED),
              fill="#1d1d1f")
    _draw_qr(draw, f"https://registry.mall.example/licence?uscc={licence.uscc}", 880, 70, 4)
    _draw_fields(draw, licence)
    draw.text((90, 800), "演示用虚构主体，不代表任何真实企业", font=ImageFont.truetype(FONT, 18, index=SIMPLIFIED),
              fill="#a08a5c")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
