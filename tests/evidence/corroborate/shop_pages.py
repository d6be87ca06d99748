"""A product page of a shop, in the variants that corroboration must tell apart."""

PRICE, EDITED = "617.50", "98.60"
TITLE = "儿童积木大颗粒拼装玩具一百粒"


def product(before=0, scroll=0, edited=False):
    """`before`: pixels of room above · `scroll`: to there when loaded · `edited`: the shown price is written by arithmetic that no byte from the
    network spells out, as when it is changed by hand in the developer tools."""
    change = "document.getElementById('p').textContent = (4930 * 2 / 100).toFixed(2);" if edited else ""
    return f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{TITLE}-木马玩具专营店</title>
<style>body {{ margin: 0; font-family: "Noto Sans CJK SC"; background: #fff; color: #222 }} .room {{ height: {before}px }}
.box {{ margin: 24px 40px; width: 560px }} h1 {{ font-size: 22px }} .price {{ color: #e4393c; font-size: 28px }} s {{ color: #999 }}
.buy {{ background: #e4393c; color: #fff; width: 160px; padding: 12px; text-align: center }} .far {{ margin-top: 2400px }}</style></head><body>
<div class="room"></div><div class="box"><h1>{TITLE}</h1><div>店铺名称：<a href="/shop">木马玩具专营店</a></div>
<div>价格：<span class="price">￥<b id="p">{PRICE}</b></span></div><div>商品编号：<span>100012043978</span></div>
<div class="buy">立即购买</div><div class="buy">加入购物车</div></div>
<div class="box far">划线价：<s>￥899.00</s></div>
<script>addEventListener('load', () => {{ {change} scrollTo(0, {scroll}); }})</script></body></html>"""
