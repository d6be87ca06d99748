"""Draws licences and photographs them: make.py OUT [--count N] [--seed S] [--long-side PIXELS]: OUT/0001.jpg … and OUT/truth.json.
Degrees: scan (flat), screen (cut out, small), photo (lies on a table), hard (weak light, blur, glare), turned (by 90, 180, 270 degrees)."""
import argparse
import json
import os
import random

from PIL import Image, ImageChops, ImageEnhance, ImageFilter

import draw
import licence_data

LAYOUTS = ["landscape"] * 5 + ["portrait"] * 2 + ["old", "old_portrait"] + ["individual"] * 3 + ["food", "production"]
DEGREES = ["scan"] * 2 + ["screen"] * 3 + ["photo"] * 5 + ["hard"] * 3 + ["turned"] * 2


def solve(rows):
    """Gauss over 8 equations."""
    n = len(rows)
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(n):
            if r != i:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i])]
    return [row[n] for row in rows]


def homography(to, source):
    rows = []
    for (x, y), (u, v) in zip(to, source):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return solve(rows)


def table(rng, size):
    tone = rng.choice(((92, 66, 48), (60, 62, 66), (150, 140, 128), (200, 196, 190), (40, 60, 84)))
    ground = Image.new("RGB", size, tone)
    noise = Image.effect_noise((size[0] // 8 + 1, size[1] // 8 + 1), 40).resize(size, Image.BICUBIC)
    return Image.blend(ground, Image.merge("RGB", (noise,) * 3), 0.12)


def lay_on_table(rng, sheet, strength):
    width, height = int(sheet.width * 1.25), int(sheet.height * 1.25)
    margin_x, margin_y = (width - sheet.width) / 2, (height - sheet.height) / 2
    shift = lambda span: rng.uniform(-strength, strength) * span
    corners = [(margin_x + shift(sheet.width), margin_y + shift(sheet.height)), (width - margin_x + shift(sheet.width), margin_y + shift(sheet.height)),
               (width - margin_x + shift(sheet.width), height - margin_y + shift(sheet.height)), (margin_x + shift(sheet.width), height - margin_y + shift(sheet.height))]
    source = [(0, 0), (sheet.width, 0), (sheet.width, sheet.height), (0, sheet.height)]
    parameters = homography(corners, source)
    warped = sheet.transform((width, height), Image.PERSPECTIVE, parameters, Image.BICUBIC)
    mask = Image.new("L", sheet.size, 255).transform((width, height), Image.PERSPECTIVE, parameters, Image.BICUBIC)
    ground = table(rng, (width, height))
    ground.paste(warped, (0, 0), mask)
    return ground.rotate(rng.uniform(-6, 6), resample=Image.BICUBIC, expand=False)


def light(rng, photo, depth):
    """A soft shadow from one side, sometimes a spot of glare."""
    gradient = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(photo.size).rotate(rng.uniform(-30, 30), fillcolor=128)
    floor = int(255 * (1 - depth))
    shade = gradient.point(lambda v: floor + (255 - floor) * v // 255)
    photo = ImageChops.multiply(photo, Image.merge("RGB", (shade,) * 3))
    if rng.random() < depth:
        side = rng.randint(200, 420)
        spot = ImageChops.invert(Image.radial_gradient("L")).resize((side * 2, side)).point(lambda v: max(0, v - 75))
        glare = Image.new("L", photo.size, 0)
        glare.paste(spot, (rng.randint(0, photo.width - side), rng.randint(0, photo.height - side)))
        photo = ImageChops.add(photo, Image.merge("RGB", (glare,) * 3))
    return photo


def photograph(rng, sheet, degree):
    if degree == "scan":
        picture, side, blur, quality = sheet.rotate(rng.uniform(-1, 1), fillcolor=(250, 250, 250), resample=Image.BICUBIC), rng.randint(1400, 2200), 0, 90
    elif degree == "screen":
        picture, side, blur, quality = sheet, rng.randint(750, 1100), 0, rng.randint(60, 85)
    elif degree == "hard":
        picture = light(rng, lay_on_table(rng, sheet, 0.06), 0.6)
        side, blur, quality = rng.randint(1000, 1700), rng.uniform(0.5, 1.2), rng.randint(45, 75)
    else:
        picture = light(rng, lay_on_table(rng, sheet, 0.04), 0.35)
        side, blur, quality = rng.randint(1300, 2600), rng.uniform(0, 0.9), rng.randint(65, 90)
    scale = side / max(picture.size)
    picture = picture.resize((int(picture.width * scale), int(picture.height * scale)), Image.LANCZOS)
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(blur))
    if degree in ("photo", "hard"):
        noise = Image.effect_noise(picture.size, rng.uniform(4, 14))
        picture = Image.blend(picture, Image.merge("RGB", (noise,) * 3), 0.08)
        picture = ImageEnhance.Color(picture).enhance(rng.uniform(0.7, 1.2))
    turn = rng.choice((90, 180, 270)) if degree == "turned" else 0
    return (picture.rotate(turn, expand=True) if turn else picture), quality


def make_one(seed, fonts, layout=None, degree=None):
    """The picture, its JPEG quality and what is on it."""
    rng = random.Random(seed)
    layout, degree = layout or rng.choice(LAYOUTS), degree or rng.choice(DEGREES)
    licence = licence_data.make_licence(rng, layout)
    text, payload = licence_data.make_payload(rng, licence) if rng.random() < 0.7 else (None, None)
    picture, quality = photograph(rng, draw.draw_sheet(rng, licence, payload, fonts), degree)
    licence["degree"] = degree
    if text:
        licence["qr"] = text
    return picture, quality, licence


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fonts = draw.FONTS + [path for path in draw.MORE_FONTS if os.path.exists(path)]
    os.makedirs(options.out, exist_ok=True)
    truth = {}
    for number in range(options.count):
        picture, quality, licence = make_one(options.seed * 100003 + number, fonts)
        name = f"{number:04d}.jpg"
        picture.save(os.path.join(options.out, name), quality=quality)
        truth[name] = licence
    with open(os.path.join(options.out, "truth.json"), "w", encoding="utf-8") as out:
        json.dump(truth, out, ensure_ascii=False, indent=1)
    print(f"{options.count} pictures, {len(fonts)} fonts")


if __name__ == "__main__":
    main()
