"""For tests: a case as a real ledger holds it, small: a purchase with video, pages and facts, and an unboxing found by its waybill."""
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "evidence", "ledger"))
from ledger_process import ALICE, BOB, memory_file  # noqa: E402

CASE = "CQ-2026-0001"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
FONTS = (FONT, "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc")
PRICE_RECT = [620, 220, 180, 60]
SCROLLED_Y = 40
SECONDS, FRAMES_A_SECOND, SEGMENT_PTS = 12, 10, 180_000
KEY_EVERY = 3  # segments: the two between start without a key frame
PAGES = (("search", "儿童积木 - 搜索", "39-2"), ("shop", "木马玩具专营店", "39-3"), ("licence", "营业执照公示", "39-4"),
         ("product", "儿童积木 大颗粒 100 粒", "39-5"), ("order", "订单详情", "39-6"), ("logistics", "物流信息", "40-1"))
FACTS = {"search": [("search.text", "儿童积木")], "shop": [("shop.name", "木马玩具专营店")], "licence": [("licence.uscc", "91500000MA5U0000XX")],
         "product": [("product.title", "儿童积木 大颗粒 100 粒"), ("price.list", 12900), ("price.final", 9950)],
         "order": [("order.no", "2026112200001"), ("order.paid", 9950), ("consignee.name", "张三")],
         "logistics": [("parcel.waybill", "SF1234567890"), ("parcel.carrier", "顺丰速运")]}


def boot_us():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


def font(size):
    return ImageFont.truetype(next((f for f in FONTS if os.path.exists(f)), FONT), size)


def screenshot(title):
    image = Image.new("RGB", (1280, 720), "#f7f7f7")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1280, 70), fill="#c8281e")
    draw.text((40, 12), title, font=font(36), fill="white")
    draw.rectangle((80, 130, 560, 610), fill="#dfe6ee")
    x, y, width, height = PRICE_RECT
    draw.text((x, y - SCROLLED_Y), "¥99.50", font=font(48), fill="#c8281e")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def cmaf(picture, folder):
    """(init.mp4, [segment…]) of SECONDS of video, 2 s each, cut without regard to key frames as a recorder of a screen does."""
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"{picture}=size=640x360:rate={FRAMES_A_SECOND}", "-t", str(SECONDS), "-c:v", "libx264",
                    "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "0", "-g", str(2 * KEY_EVERY * FRAMES_A_SECOND), "-sc_threshold", "0",
                    "-video_track_timescale", "90000", "-f", "hls", "-hls_time", "2", "-hls_flags", "split_by_time", "-hls_segment_type", "fmp4",
                    "-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", os.path.join(folder, "%06d.m4s"),
                    "-hls_list_size", "0", os.path.join(folder, "index.m3u8")], check=True, timeout=60)
    files = {path.name: path.read_bytes() for path in sorted(pathlib.Path(folder).iterdir())}
    return files["init.mp4"], [content for name, content in files.items() if name.endswith(".m4s")]


def add_video(ledger, recording, source, medium, picture):
    """Seals the film as the recording's source; the BOOTTIME of its first frame."""
    with tempfile.TemporaryDirectory() as folder:
        init, segments = cmaf(picture, folder)
    start = boot_us()
    ledger.call("append", recording=recording, type="source", files=[(f"media/{source}/init.mp4", memory_file(init))],
                body={"source": source, "medium": medium, "width": 640, "height": 360, "codec": "h264", "time_base": 90000, "start_us": start,
                      "mode": "encoded"})
    for number, segment in enumerate(segments):
        first_us = start + number * 2_000_000
        ledger.call("append", recording=recording, type="segment", files=[(f"media/{source}/{number:06d}.m4s", memory_file(segment))],
                    body={"source": source, "no": number, "key": number % KEY_EVERY == 0, "frames": 2 * FRAMES_A_SECOND, "dropped": 0, "heartbeats": 0,
                          "longest_us": 9000, "first_pts": number * SEGMENT_PTS, "last_pts": (number + 1) * SEGMENT_PTS - 9000, "last_duration": 9000,
                          "first_us": first_us, "last_us": first_us + 1_900_000})
    return start


def add_page(ledger, recording, number, start, kind, title, item):
    from_us = start + 1_500_000 * number
    png = screenshot(title)
    snapshot = f'{{"documents":[{{"scrollOffsetX":0,"scrollOffsetY":{SCROLLED_Y}}}]}}'.encode()
    ledger.call("append", recording=recording, type="page", private={"url": f"https://mall.test/{kind}?id={number}", "title": title},
                body={"page": number, "kind": kind, "origin": "https://mall.test", "status": 200, "responses": 7, "bytes": len(png),
                      "from_us": from_us, "to_us": from_us + 900_000, "ended": "left"},
                files=[(f"pages/{number}/screenshot.png", memory_file(png)), (f"pages/{number}/dom.json", memory_file(snapshot))])
    ledger.call("append", recording=recording, type="chapter", body={"item": item, "page": number, "from_us": from_us})
    for name, value in FACTS[kind]:
        ledger.call("append", recording=recording, type="fact", private={"value": value, "raw": str(value)},
                    body={"page": number, "kind": kind, "item": item, "name": name, "rect": PRICE_RECT, "from": "text", "confidence": 95})


def fill(ledger):
    """{"case", "purchase", "unboxing"}: both recordings closed, the second included through its waybill."""
    ledger.add_samplers()
    ledger.call("case_open", case=CASE, actor="alice", body={}, private={"title": "儿童积木（网络买样）", "shop": "木马玩具专营店"})
    purchase = ledger.open_purchase(CASE)
    start = add_video(ledger, purchase, "screen", "screen", "testsrc2")
    ledger.call("append", recording=purchase, type="chapter", body={"item": "39-1", "source": "screen", "from_us": start})
    for number, (kind, title, item) in enumerate(PAGES, 1):
        add_page(ledger, purchase, number, start, kind, title, item)
    ledger.call("append", recording=purchase, type="corroboration", body={"page": 4, "name": "price.final", "agrees": True}, private={"value": "9950"})
    ledger.stop_recording(purchase)
    unboxing = ledger.call("recording_open", kind="unboxing")["recording"]
    start = add_video(ledger, unboxing, "camera", "camera", "smptebars")
    ledger.call("append", recording=unboxing, type="fact", private={"value": "SF1234567890", "raw": "SF1234567890"},
                body={"item": "40-1", "name": "parcel.waybill", "from": "barcode", "source": "camera", "from_us": start, "confidence": 100})
    ledger.call("append", recording=unboxing, type="gap", body={"source": "camera", "cause": "reconnect", "from_us": start + 12_000_000,
                                                                "to_us": start + 15_500_000})
    ledger.call("append", recording=unboxing, type="finding", body={"code": "camera-reconnected", "severity": "note", "source": "camera",
                                                                    "from_us": start + 12_000_000, "to_us": start + 15_500_000, "count": 2})
    ledger.call("append", recording=unboxing, type="chapter", body={"item": "40-2", "source": "camera", "from_us": start + 4_000_000})
    closed = ledger.call("recording_close", recording=unboxing, reason="stopped")
    assert closed["included"] == [CASE], closed
    return {"case": CASE, "purchase": purchase, "unboxing": unboxing}


__all__ = ["ALICE", "BOB", "CASE", "PRICE_RECT", "SCROLLED_Y", "add_video", "fill"]
