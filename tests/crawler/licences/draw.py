"""Draws a licence as printed: layouts of several years, patterned border, light ground pattern, QR code, red seal, watermark."""
import ctypes
import math
import random

from PIL import Image, ImageDraw, ImageFont

FONTS = ["/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
         "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"]
# Used where they are installed: shapes that the fonts above do not have (the benchmark says how many it found).
MORE_FONTS = ["/usr/share/fonts/truetype/arphic/uming.ttc", "/usr/share/fonts/truetype/arphic-gbsn00lp/gbsn00lp.ttf",
              "/usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf", "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"]


def font(path, size):
    return ImageFont.truetype(path, size, index=2 if "noto" in path else 0)


class QrCode(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("width", ctypes.c_int), ("data", ctypes.POINTER(ctypes.c_ubyte))]


def qr_picture(payload, side):
    library = ctypes.CDLL("libqrencode.so.4")
    library.QRcode_encodeData.restype = ctypes.POINTER(QrCode)
    code = library.QRcode_encodeData(len(payload), payload, 0, 1).contents
    picture = Image.new("L", (code.width + 4, code.width + 4), 255)
    for i in range(code.width * code.width):
        if code.data[i] & 1:
            picture.putpixel((2 + i % code.width, 2 + i // code.width), 0)
    return picture.resize((side, side), Image.NEAREST).convert("RGB")


def guilloche(draw, rng, width, height, tint):
    for line in range(rng.randint(25, 50)):
        phase, swing, step = rng.random() * 6, rng.randint(8, 40), rng.uniform(0.01, 0.04)
        y = height * line / 45
        draw.line([(x, y + swing * math.sin(phase + x * step)) for x in range(0, width, 6)], fill=tint, width=1)


def border(draw, width, height, colour):
    for inset, thick in ((18, 10), (36, 2), (58, 4)):
        draw.rectangle((inset, inset, width - inset, height - inset), outline=colour, width=thick)
    for x in range(40, width - 40, 22):
        for y in (48, height - 48):
            draw.ellipse((x - 7, y - 7, x + 7, y + 7), outline=colour)
    for y in range(60, height - 60, 22):
        for x in (48, width - 48):
            draw.ellipse((x - 7, y - 7, x + 7, y + 7), outline=colour)


def seal(sheet, rng, centre, text, path):
    side = 240
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    red = (rng.randint(195, 230), rng.randint(20, 50), rng.randint(30, 60), rng.randint(150, 215))
    draw.ellipse((6, 6, side - 6, side - 6), outline=red, width=7)
    points = [(side / 2 + r * math.sin(k * math.pi / 5), side / 2 - r * math.cos(k * math.pi / 5)) for k, r in zip(range(10), (36, 15) * 5)]
    draw.polygon(points, fill=red)
    for k, c in enumerate(text):
        angle = -130 + 260 * k / max(1, len(text) - 1)
        glyph = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
        ImageDraw.Draw(glyph).text((5, 0), c, font=font(path, 28), fill=red)
        glyph = glyph.rotate(-angle, resample=Image.BICUBIC)
        at = (int(side / 2 + 88 * math.sin(math.radians(angle)) - 20), int(side / 2 - 88 * math.cos(math.radians(angle)) - 20))
        layer.paste(glyph, at, glyph)
    layer = layer.rotate(rng.uniform(-25, 25), resample=Image.BICUBIC)
    sheet.paste(layer, (int(centre[0] - side / 2), int(centre[1] - side / 2)), layer)


def watermark(sheet, rng, path):
    layer = Image.new("RGBA", (sheet.width, sheet.height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    text = rng.choice(("仅供网店展示使用", "仅供平台入驻审核使用", "复印无效 仅供核验", "淘宝网经营者资质"))
    grey = rng.randint(90, 150)
    colour = rng.choice(((grey, grey, grey), (60, 90, 190), (190, 70, 60))) + (rng.randint(45, 90),)
    for y in range(100, sheet.height, rng.randint(260, 420)):
        for x in range(60, sheet.width, 520):
            draw.text((x, y), text, font=font(path, rng.randint(34, 46)), fill=colour)
    layer = layer.rotate(rng.uniform(10, 35), resample=Image.BICUBIC)
    sheet.paste(layer, (0, 0), layer)


def wrap(text, face, width):
    lines, line = [], ""
    for c in text:
        if face.getlength(line + c) > width:
            lines.append(line)
            line = ""
        line += c
    return lines + [line]


class Sheet:
    def __init__(self, rng, size, fonts):
        self.rng, self.size = rng, size
        paper = tuple(rng.randint(*span) for span in ((244, 254), (240, 252), (226, 248)))
        self.image = Image.new("RGB", size, paper)
        self.draw = ImageDraw.Draw(self.image)
        self.path = rng.choice(fonts)
        self.caption_path = rng.choice(fonts)
        self.caption_ink = rng.choice(((30, 30, 30), (120, 80, 40), (60, 50, 40), (150, 100, 50)))
        self.ink = tuple([rng.randint(10, 50)] * 3)
        guilloche(self.draw, rng, *size, rng.choice(((232, 226, 200), (222, 234, 222), (238, 226, 214))))
        border(self.draw, *size, rng.choice(((190, 150, 90), (170, 120, 60), (120, 150, 110))))

    def centred(self, y, text, size, ink=None):
        face = font(self.caption_path, size)
        self.draw.text(((self.size[0] - face.getlength(text)) / 2, y), text, font=face, fill=ink or self.ink)

    def text(self, x, y, text, size, ink=None, path=None):
        self.draw.text((x, y), text, font=font(path or self.path, size), fill=ink or self.ink)

    def field(self, x, y, caption, value, size, caption_width, width):
        """A caption spread over its column (名    称) and its value in lines; the y below it."""
        face = font(self.caption_path, size)
        spread = (caption_width - face.getlength(caption)) / max(1, len(caption) - 1) if len(caption) < 5 else 0
        at = x
        for c in caption:
            self.draw.text((at, y), c, font=face, fill=self.caption_ink)
            at += face.getlength(c) + spread
        for line in wrap(value, font(self.path, size), width - caption_width - size):
            self.text(x + caption_width + size, y, line, size)
            y += int(size * 1.45)
        return y + int(size * self.rng.uniform(0.35, 0.8))


def fields_of(licence):
    layout, individual = licence["layout"], licence["type"] == "个体工商户"
    if layout == "food" or layout == "production":
        maker = "生产者名称" if layout == "production" else "经营者名称"
        return [(maker, licence["name"]), ("社会信用代码", licence["uscc"]), ("法定代表人", licence["legal_representative"]),
                ("住所", licence["address"]), ("生产地址" if layout == "production" else "经营场所", licence["address"]),
                ("许可证编号", licence["food_licence"]), ("有效期至", "2028年05月20日")]
    if individual:
        return [("名称", licence["name"]), ("类型", licence["type"]), ("经营场所", licence["address"]), ("经营者", licence["legal_representative"]),
                ("组成形式", "个人经营"), ("注册日期", licence["established"]), ("经营范围", licence["scope"])]
    if layout.startswith("old"):
        return [("名称", licence["name"]), ("住所", licence["address"]), ("法定代表人姓名", licence["legal_representative"]),
                ("注册资本", licence["registered_capital"]), ("公司类型", licence["type"]), ("经营范围", licence["scope"]),
                ("成立日期", licence["established"]), ("营业期限", licence["term"])]
    return [("名称", licence["name"]), ("类型", licence["type"]), ("住所", licence["address"]), ("法定代表人", licence["legal_representative"]),
            ("注册资本", licence["registered_capital"]), ("成立日期", licence["established"]), ("营业期限", licence["term"]),
            ("经营范围", licence["scope"])]


def draw_number(sheet, licence, rng):
    width = sheet.size[0]
    if licence["layout"].startswith("old"):
        sheet.text(width // 2 - 10 if rng.random() < 0.5 else 110, 290, "注册号 " + licence["registration_number"], rng.randint(26, 32))
    elif licence["layout"] in ("landscape", "individual"):
        size = rng.randint(24, 30)
        spread = " " if rng.random() < 0.15 else ""
        sheet.text(110, 150, "统一社会信用代码", size, sheet.caption_ink)
        sheet.text(110, 150 + int(size * 1.5), spread.join(licence["uscc"]), size)
        if rng.random() < 0.5:
            sheet.text(110, 150 + size * 3, "证照编号：" + "".join(rng.choice("0123456789") for _ in range(20)), size - 8)
    elif licence["layout"] == "portrait":
        sheet.text(110 if rng.random() < 0.5 else 330, 300, "统一社会信用代码 " + licence["uscc"], rng.randint(26, 30))


def draw_sheet(rng, licence, payload, fonts):
    portrait = licence["layout"] in ("portrait", "old_portrait")
    width, height = (1060, 1500) if portrait else (1500, 1060)
    sheet = Sheet(rng, (width, height), fonts)
    title = {"food": "食品经营许可证", "production": "食品生产许可证"}.get(licence["layout"], rng.choice(("营 业 执 照", "营业执照")))
    sheet.centred(150, title, 84)
    if rng.random() < 0.6:
        sheet.centred(258, rng.choice(("（副 本）", "(副本) 1-1", "（副本）")), 28)
    draw_number(sheet, licence, rng)
    fields, y, size = fields_of(licence), 370, rng.randint(25, 30)
    two_columns = not portrait and licence["layout"] in ("landscape", "individual") and rng.random() < 0.8
    if two_columns:
        half = (len(fields) + 1) // 2
        columns = [(110, fields[:half - 1] + fields[-1:], 660), (820, fields[half - 1:-1], 590)]
    else:
        columns = [(110, fields, width - 240)]
    for x, column, column_width in columns:
        below = y
        for caption, value in column:
            below = sheet.field(x, below, caption, value, size, size * 5 + 10, column_width)
    if payload is not None:
        side = rng.randint(120, 170)
        corner = (width - 110 - side, 110) if rng.random() < 0.6 else (120, height - 110 - side)
        sheet.image.paste(qr_picture(payload, side), corner)
    sheet.text(width - 560, height - 230, ("发证机关 " if "许可证" in title else "登记机关 ") + licence["authority"], 26)
    sheet.text(width - 430, height - 170, "2021 年 03 月 18 日", 26)
    sheet.text(110, height - 100, "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn", 18, sheet.caption_ink)
    sheet.text(width - 430, height - 100, "国家市场监督管理总局监制", 18, sheet.caption_ink)
    if rng.random() < 0.9:
        seal(sheet.image, rng, (width - 300 + rng.randint(-50, 50), height - 200), licence["authority"], fonts[0])
    if rng.random() < 0.4:
        watermark(sheet.image, rng, fonts[rng.randrange(2)])
    return sheet.image
