"""The still pieces of the parcel's film, drawn with Pillow: table, parcel, label, hands, goods, bags. Seen from straight above."""
import random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

import code128

WIDTH, HEIGHT = 1280, 720
INK, KRAFT, KRAFT_DARK, TAPE = (24, 24, 28), (196, 154, 104), (164, 122, 78), (222, 200, 150)
FONT_REGULAR = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
FONT_BOLD = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
LABEL_SIZE, BARCODE_WIDTH, BARCODE_HEIGHT = (920, 400), 880, 130


def font(size, bold=False):
    return ImageFont.truetype(FONT_BOLD if bold else FONT_REGULAR, size, index=2)  # index 2: simplified Chinese


def shadowed(picture, spread=10):
    """The picture with a soft shadow below it; grows by 2 · spread on every side."""
    width, height = picture.width + 4 * spread, picture.height + 4 * spread
    alpha = Image.new("L", (width, height), 0)
    alpha.paste(picture.getchannel("A").point(lambda a: a // 2), (2 * spread + 4, 2 * spread + 6))
    whole = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    whole.putalpha(alpha.filter(ImageFilter.GaussianBlur(spread)))
    whole.alpha_composite(picture, (2 * spread, 2 * spread))
    return whole


def table():
    picture = Image.new("RGB", (WIDTH, HEIGHT), (122, 138, 148))
    draw, dice = ImageDraw.Draw(picture), random.Random(39)
    for _ in range(900):
        x, y, shade = dice.randrange(WIDTH), dice.randrange(HEIGHT), dice.randrange(-7, 8)
        draw.line((x, y, x + dice.randrange(30, 160), y), fill=(122 + shade, 138 + shade, 148 + shade), width=2)
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def barcode(text):
    widths = code128.widths_of(text)
    module = BARCODE_WIDTH // (sum(widths) + 20)
    if module < 2:
        raise ValueError(f"the number {text!r} is too long for the label")
    picture = Image.new("RGBA", ((sum(widths) + 20) * min(module, 4), BARCODE_HEIGHT), (255, 255, 255, 255))
    draw, x, module = ImageDraw.Draw(picture), 10 * min(module, 4), min(module, 4)
    for place, width in enumerate(widths):
        if place % 2 == 0:
            draw.rectangle((x, 0, x + width * module - 1, BARCODE_HEIGHT), fill=(0, 0, 0, 255))
        x += width * module
    return picture


def label(number):
    picture = Image.new("RGBA", LABEL_SIZE, (252, 252, 250, 255))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((1, 1, LABEL_SIZE[0] - 2, LABEL_SIZE[1] - 2), outline=INK, width=2)
    draw.text((24, 8), "顺丰速运", font=font(52, True), fill=INK)
    draw.text((290, 26), "SF EXPRESS  标准快递", font=font(28), fill=INK)
    draw.line((0, 84, LABEL_SIZE[0], 84), fill=INK, width=2)
    bars = barcode(number)
    picture.alpha_composite(bars, ((LABEL_SIZE[0] - bars.width) // 2, 94))
    draw.text((LABEL_SIZE[0] // 2, 248), f"运单号 {number}", font=font(32, True), fill=INK, anchor="mm")
    draw.line((0, 274, LABEL_SIZE[0], 274), fill=INK, width=2)
    draw.text((24, 280), "收", font=font(40, True), fill=INK)
    draw.text((84, 280), "李抽检  138****7241", font=font(26, True), fill=INK)
    draw.text((84, 312), "重庆市渝北区金开大道西段68号 市监检测楼 收样室", font=font(24), fill=INK)
    draw.text((24, 348), "寄", font=font(32, True), fill=INK)
    draw.text((84, 352), "山城小鹿数码旗舰店  重庆市江北区云鹿路18号3幢7-2", font=font(24), fill=INK)
    return picture


def closed_parcel(number):
    picture = Image.new("RGBA", (1040, 600), KRAFT + (255,))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 1039, 599), outline=KRAFT_DARK, width=6)
    draw.rectangle((0, 36, 1039, 84), fill=TAPE + (255,))
    draw.text((520, 60), "易碎勿压 · 封箱胶带 · 易碎勿压 · 封箱胶带", font=font(24), fill=(150, 90, 60), anchor="mm")
    picture.alpha_composite(label(number), (60, 130))
    return shadowed(picture.rotate(1.5, expand=True, resample=Image.BICUBIC))


def open_parcel():
    picture = Image.new("RGBA", (1180, 640), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.polygon([(150, 120), (1030, 120), (1090, 10), (90, 10)], fill=KRAFT + (255,), outline=KRAFT_DARK)
    draw.polygon([(150, 520), (1030, 520), (1090, 630), (90, 630)], fill=KRAFT + (255,), outline=KRAFT_DARK)
    draw.polygon([(150, 120), (150, 520), (20, 570), (20, 70)], fill=(206, 166, 116, 255), outline=KRAFT_DARK)
    draw.polygon([(1030, 120), (1030, 520), (1160, 570), (1160, 70)], fill=(206, 166, 116, 255), outline=KRAFT_DARK)
    draw.rectangle((150, 120, 1030, 520), fill=(112, 84, 56, 255))
    dice = random.Random(40)
    for _ in range(260):  # paper wool
        x, y = dice.randrange(160, 1010), dice.randrange(130, 505)
        tone = dice.randrange(180, 235)
        draw.arc((x, y, x + dice.randrange(20, 60), y + dice.randrange(14, 40)), 0, 280, fill=(tone, tone, tone - 20, 255), width=3)
    return shadowed(picture)


def product():
    """A power bank in its box, as bought in the demo shop."""
    picture = Image.new("RGBA", (300, 220), (236, 240, 246, 255))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 299, 54), fill=(36, 110, 156, 255))
    draw.text((150, 27), "小鹿 移动电源", font=font(30, True), fill=(255, 255, 255), anchor="mm")
    draw.rounded_rectangle((118, 66, 196, 206), 14, fill=(92, 148, 188, 255), outline=(52, 96, 132, 255), width=3)
    draw.rounded_rectangle((132, 82, 182, 108), 5, fill=(20, 30, 40, 255))
    draw.text((157, 95), "100%", font=font(18, True), fill=(120, 240, 160), anchor="mm")
    for x in (136, 164):
        draw.rectangle((x, 192, x + 16, 200), fill=(24, 40, 52, 255))
    draw.text((10, 66), "20000", font=font(26, True), fill=INK)
    draw.text((10, 96), "mAh", font=font(24), fill=INK)
    draw.text((10, 176), "型号 XL-P22", font=font(17), fill=INK)
    draw.text((216, 72), "CCC", font=font(34, True), fill=INK)
    draw.text((212, 180), "合格证", font=font(22), fill=INK)
    draw.rectangle((0, 0, 299, 219), outline=(90, 100, 112), width=3)
    return shadowed(picture, 7)


def number_card(number):
    picture = Image.new("RGBA", (86, 86), (255, 226, 92, 255))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 85, 85), outline=INK, width=3)
    draw.text((43, 41), str(number), font=font(60, True), fill=INK, anchor="mm")
    return shadowed(picture, 5)


def caption_card(text):
    face = font(34, True)
    width = int(face.getlength(text)) + 48
    picture = Image.new("RGBA", (width, 58), (255, 255, 255, 255))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width - 1, 57), outline=(176, 32, 32), width=4)
    draw.text((width // 2, 27), text, font=face, fill=INK, anchor="mm")
    return shadowed(picture, 4)


def hand(mirrored=False):
    """A gloved forearm that reaches in from below."""
    picture = Image.new("RGBA", (260, 700), (0, 0, 0, 0))
    draw, glove = ImageDraw.Draw(picture), (92, 160, 214, 255)
    draw.polygon([(70, 330), (190, 330), (226, 699), (34, 699)], fill=(52, 62, 84, 255))
    draw.rounded_rectangle((60, 250, 200, 350), 20, fill=glove)
    draw.rounded_rectangle((56, 150, 204, 290), 44, fill=glove)
    for x, top in ((60, 62), (98, 34), (136, 40), (172, 74)):
        draw.rounded_rectangle((x, top, x + 32, 210), 16, fill=glove, outline=(66, 128, 182, 255), width=2)
    draw.polygon([(196, 250), (236, 160), (258, 176), (214, 292)], fill=glove)
    if mirrored:
        picture = picture.transpose(Image.FLIP_LEFT_RIGHT)
    return shadowed(picture, 8)


def seal(title, number, date):
    picture = Image.new("RGBA", (400, 190), (255, 255, 255, 255))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 399, 189), outline=(190, 24, 24), width=6)
    draw.text((200, 28), f"封 条 · {title}", font=font(32, True), fill=(190, 24, 24), anchor="mm")
    draw.text((18, 52), f"编号 {number}", font=font(28, True), fill=INK)
    draw.text((18, 94), "抽样人员  张 明   李 华", font=font(26), fill=(30, 44, 130))
    draw.text((18, 136), f"日期 {date}", font=font(26), fill=INK)
    draw.ellipse((300, 88, 384, 172), outline=(190, 24, 24), width=4)
    draw.text((342, 130), "押印", font=font(24), fill=(190, 24, 24), anchor="mm")
    return picture


def bag(title, number, date):
    picture = Image.new("RGBA", (520, 470), (226, 232, 238, 235))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 519, 469), outline=(150, 160, 170), width=5)
    draw.rectangle((0, 0, 519, 40), fill=(196, 204, 214, 255))
    picture.alpha_composite(product(), (96, 40))
    picture.alpha_composite(seal(title, number, date), (60, 264))
    return shadowed(picture)
