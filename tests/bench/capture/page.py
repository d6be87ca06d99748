"""The pages that the browser shows: a Chinese shop's, and a sheet of small print whose text is known."""
import html

GOODS = ("高山云雾绿茶 2026 新茶 明前特级 250 克罐装", "手工烘焙坚果礼盒 每日坚果 30 袋混合装", "儿童益智积木 拼装玩具 通过强制性产品认证", "不锈钢保温杯 316 内胆 大容量便携水壶",
         "有机五常大米 稻花香二号 真空包装 5 公斤", "家用电热水壶 1.7 升 防干烧 自动断电", "纯棉四件套 60 支长绒棉 床上用品", "便携式血压计 臂式全自动 大屏语音播报")
SHOPS = ("江南茶叶旗舰店", "康源食品专营店", "智趣玩具官方店", "恒达日用百货店")
NOTES = ("本品支持七天无理由退货，自签收之日起计算，商品应当完好。", "生产日期以实际收到的商品为准，保质期十八个月。", "经营者已公示营业执照，统一社会信用代码可在店铺首页查看。",
         "抽检样品由市场监督管理部门购买，付款账户及收货信息如实记录。")
PRINT = ("网络交易经营者应当在其网站首页显著位置持续公示营业执照信息。", "抽样人员购买样品时应当记录订单编号付款金额和收货地址。", "检验机构收到样品后应当核对数量和包装并拍摄开箱过程。",
         "经营者对检验结论有异议的可以在规定期限内申请复检。", "复检机构与初检机构不得为同一机构且结论为最终结论。", "不合格产品应当立即停止销售并依法召回已经售出的部分。")
STYLE = """body{margin:0;font:16px 'Noto Sans CJK SC',sans-serif;background:#f5f5f5;color:#222}
header{background:#d33;color:#fff;padding:14px 40px;display:flex;gap:24px;align-items:center;position:sticky;top:0}header input{font-size:18px;padding:8px;width:700px}
main{display:grid;grid-template-columns:repeat(4,1fr);gap:18px;padding:24px 40px}
article{background:#fff;padding:14px;border-radius:6px}article svg{width:100%;height:220px}b{color:#d33;font-size:22px}p{font-size:13px;color:#666;line-height:1.6}
.print{font-size:13px;line-height:22px;padding:20px 40px;background:#fff;color:#111}"""
CLOCK = "<script>const t=document.getElementById('t');setInterval(()=>{t.textContent=new Date().toLocaleTimeString('zh-CN')},1000)</script>"


def picture(number):
    hue = number * 47 % 360
    rings = "".join(f"<circle cx='{40 + number * 31 % 240}' cy='{30 + number * 17 % 120}' r='{r}' fill='none' stroke='hsl({hue + r * 3},70%,45%)' stroke-width='5'/>"
                    for r in range(10, 110, 9))
    return (f"<svg viewBox='0 0 320 200'><defs><linearGradient id='g{number}'><stop stop-color='hsl({hue},80%,85%)'/><stop offset='1' stop-color='hsl({hue + 90},70%,60%)'/>"
            f"</linearGradient></defs><rect width='320' height='200' fill='url(#g{number})'/>{rings}</svg>")


def card(number):
    price = f"{(number * 137 % 900) + 19}.{number * 7 % 100:02d}"
    return (f"<article>{picture(number)}<h3>{GOODS[number % len(GOODS)]}</h3><b>¥{price}</b> <span>已售 {number * 73 % 9000} 件</span>"
            f"<p>{SHOPS[number % len(SHOPS)]}　{NOTES[number % len(NOTES)]}</p></article>")


def shop():
    cards = "".join(card(number) for number in range(160))
    return (f"<!doctype html><meta charset='utf-8'><title>商城</title><style>{STYLE}</style><header><span>网上商城</span><input id='q' autofocus placeholder='搜索商品'>"
            f"<span id='t'></span></header><main>{cards}</main>{CLOCK}")


def small_print():
    lines = "".join(f"<div>{html.escape(line)}</div>" for line in PRINT)
    return f"<!doctype html><meta charset='utf-8'><title>字样</title><style>{STYLE}</style><div class='print'>{lines}</div>"
