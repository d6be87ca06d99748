"""Random licences that are well formed: what is printed on them, never a real company's. Everything follows from the seed."""
import random

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
AREAS = ["500103", "110108", "310115", "440305", "330106", "510107", "320594", "370102", "420106", "610113", "350203", "210102"]
CITIES = ["重庆", "北京", "上海", "深圳市", "杭州", "成都", "苏州", "济南市", "武汉", "西安", "厦门", "沈阳市", "宁波", "长沙市"]
DISTRICTS = ["渝中区", "海淀区", "浦东新区", "南山区", "西湖区", "武侯区", "历下区", "洪山区", "雁塔区", "思明区", "江北区"]
ROADS = ["民生路", "中山大道", "科技园路", "解放碑步行街", "人民南路", "环城东路", "天府大道", "学府街"]
BRANDS = "云峰恒泰鑫源博雅嘉禾瑞祥宏达锦程晨曦德馨佳和盛世华美长青凯旋万里星辰启明安康福临聚贤同创卓越众合天宇海纳百川金玉满堂"
TRADES = ["商贸", "科技", "电子商务", "食品", "服饰", "网络科技", "贸易", "生物科技", "家居用品", "文化传播", "餐饮管理", "日用百货", "供应链管理"]
SHOPS = ["百货店", "食品店", "服装店", "小吃店", "日用品商行", "水果超市", "五金经营部", "网店", "便利店"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文建国华红玉萍飞鹏志海燕"
SCOPES = ["日用百货销售", "食品经营（仅销售预包装食品）", "互联网销售（除销售需要许可的商品）", "服装服饰批发", "电子产品销售", "技术开发、技术咨询、技术服务",
          "化妆品零售", "货物进出口", "家用电器销售", "针纺织品及原料销售", "玩具、文具用品销售", "餐饮服务", "农副产品销售"]


def uscc_check(head):
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(head))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check(head):
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = 11 - sum(w * (int(c) if c.isdigit() else ord(c) - 55) for w, c in zip(weights, head)) % 11
    return "X" if check == 10 else "0" if check == 11 else str(check)


def mod_11_10(digits):
    product = 10
    for c in digits:
        product = ((product + int(c)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def digits(rng, count):
    return "".join(rng.choice("0123456789") for _ in range(count))


def make_uscc(rng, individual):
    body = "MA" + "".join(rng.choice(ALPHABET) for _ in range(6)) if rng.random() < 0.6 else digits(rng, 8)
    head = "9" + ("2" if individual else "1") + rng.choice(AREAS) + body + organisation_check(body)
    return head + uscc_check(head)


def make_registration_number(rng, individual):
    head = rng.choice(AREAS) + ("6" if individual else "0") + digits(rng, 7)
    return head + mod_11_10(head)


def make_food_number(rng, kind):
    head = ("1" if kind == "JY" else "107") + rng.choice(AREAS)
    head += digits(rng, 13 - len(head))
    return kind + head + mod_11_10(head)


def person(rng):
    return rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2))))


def company(rng, individual):
    brand = "".join(rng.choice(BRANDS) for _ in range(rng.choice((2, 2, 3, 4))))
    if individual:
        return rng.choice(CITIES) + rng.choice(DISTRICTS) + brand + rng.choice(SHOPS)
    city, trade = rng.choice(CITIES), rng.choice(TRADES)
    if rng.random() < 0.25:
        return f"{brand}（{city.rstrip('市')}）{trade}有限公司"
    return city + brand + trade + rng.choice(("有限公司", "有限公司", "有限责任公司", "股份有限公司"))


def day(rng):
    return f"{rng.randint(2001, 2023)}年{rng.randint(1, 12):02d}月{rng.randint(1, 28):02d}日"


def address(rng):
    unit = f"{rng.randint(1, 30)}-{rng.randint(1, 9)}" if rng.random() < 0.5 else f"{rng.randint(2, 28)}层{rng.randint(101, 2899)}室"
    return f"{rng.choice(CITIES).rstrip('市')}市{rng.choice(DISTRICTS)}{rng.choice(ROADS)}{rng.randint(1, 899)}号{unit}"


def make_licence(rng, layout):
    """Layouts: landscape, portrait (uscc), old, old_portrait (15 digits), individual, food, production."""
    individual = layout == "individual" or (layout == "food" and rng.random() < 0.5)
    licence = {
        "layout": layout, "name": company(rng, individual), "legal_representative": person(rng), "address": address(rng),
        "type": "个体工商户" if individual else rng.choice(("有限责任公司", "有限责任公司（自然人独资）", "股份有限公司（非上市）")),
        "established": day(rng), "scope": "；".join(rng.sample(SCOPES, rng.randint(3, 7))) + "。",
        "authority": rng.choice(CITIES).rstrip("市") + "市市场监督管理局",
    }
    if layout.startswith("old"):
        licence["registration_number"] = make_registration_number(rng, individual)
        licence["authority"] = licence["authority"].replace("市场监督", "工商行政")
    else:
        licence["uscc"] = make_uscc(rng, individual)
    if layout in ("food", "production"):
        licence["food_licence"] = make_food_number(rng, "JY" if layout == "food" else "SC")
    if not individual:
        licence["registered_capital"] = rng.choice(("壹佰万元整", "伍佰万元整", "叁仟万元整", "100万元人民币", "人民币1000万元"))
        licence["term"] = licence["established"] + "至" + rng.choice(("长期", "2049年12月31日"))
    return licence


def make_payload(rng, licence):
    """What the code says, as bytes: links and texts of old and new licences, UTF-8 or GBK."""
    number = licence.get("uscc") or licence["registration_number"]
    uuid = "".join(rng.choice("0123456789ABCDEF") for _ in range(40))
    text = rng.choice((
        f"http://www.gsxt.gov.cn/index.html?uniscid={number}&sourceType=W",
        f"http://{rng.choice(('cq', 'zj', 'gd'))}.gsxt.gov.cn/%7B{uuid}%7D",
        f"统一社会信用代码/注册号:{number};\n名称:{licence['name']};\n登记机关:{licence['authority']};\n登记日期:{licence['established']};",
        f"统一社会信用代码:{number};名称:{licence['name']};网址:http://www.gsxt.gov.cn"))
    coding = "gb18030" if rng.random() < 0.4 else "utf-8"
    return text, text.encode(coding)


if __name__ == "__main__":
    print(make_licence(random.Random(1), "landscape"))
