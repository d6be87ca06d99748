"""What belongs to a page beside its own document: frames, workers, windows, messages, downloads, crashes. Against a real Chromium.
targets_test.py PROGRAM [names…]"""
import json
import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import session_case  # noqa: E402
import site_server  # noqa: E402
import warc_reader  # noqa: E402


class Targets(session_case.SessionCase):
    def stop(self, crawl):
        crawl.send_signal(signal.SIGTERM)
        return self.end(crawl)[0]

    def archived(self):
        """address → bodies, of all page archives."""
        found = {}
        for name, data in self.ledger.files.items():
            if name.endswith(".warc.gz"):
                for url, answers in warc_reader.responses(data).items():
                    found.setdefault(url, []).extend(body for _, _, body in answers)
        return found

    def archived_after(self, path, *ask, flags=()):
        """Opens the page and waits until the site was asked for all of `ask`, then ends the session."""
        crawl = self.start(path, *flags)
        self.wait_pages(1)
        deadline = 600
        while not set(ask) <= set(self.site.paths) and deadline:
            deadline -= 1
            self.ledger.wait_for(lambda: False, 0.05)
        self.assertLessEqual(set(ask), set(self.site.paths))
        self.ledger.wait_for(lambda: False, 0.5)  # the answer's way through the browser
        self.stop(crawl)
        return self.archived()

    def test_the_dom_of_a_frame_of_another_site_is_in_the_snapshot(self):
        crawl = self.start("/frame.html", "--browser-flag=--site-per-process")
        self.wait_record(lambda r: "框内价格" in self.archive_text(r.get("body", {}).get("page", 0), "dom.json"))
        self.stop(crawl)
        snapshot = json.loads(self.archive_text(1, "dom.json"))
        self.assertEqual(len(snapshot["documents"]), 2)
        outer, inner = snapshot["documents"]
        strings = snapshot["strings"]
        self.assertTrue(strings[inner["documentURL"]].endswith("/inner.html"))
        self.assertIn("框内价格 ¥88.00", [strings[i] for i in inner["layout"]["text"] if i >= 0])
        table = outer["nodes"]["contentDocumentIndex"]
        self.assertEqual(table["value"], [1])
        self.assertEqual(strings[outer["nodes"]["nodeName"][table["index"][0]]], "IFRAME")
        self.assertNotIn("框内价格", [strings[i] for i in outer["layout"]["text"] if i >= 0])

    def test_requests_of_workers_are_archived(self):
        got = self.archived_after("/workers.html", "/from-worker.txt", "/from-shared.txt", "/from-service.txt")
        for kind in ("worker", "shared", "service"):
            self.assertEqual(got.get(self.site.url(f"/from-{kind}.txt")), [f"answer to /from-{kind}.txt".encode()], sorted(got))
        self.assertNotIn(self.site.url("/from-nobody.txt"), got)

    def test_a_window_that_a_page_opens_is_a_tab_of_its_own(self):
        crawl = self.start("/popup.html", "--browser-flag=--disable-popup-blocking")
        other = self.wait_record(lambda r: r.get("private", {}).get("url") == self.site.url("/plain.html"))
        first = self.wait_record(lambda r: r.get("private", {}).get("url") == self.site.url("/popup.html"))
        self.stop(crawl)
        self.assertEqual((first["body"]["tab"], first["body"].get("opener")), (1, None))
        self.assertEqual((other["body"]["tab"], other["body"]["opener"]), (2, 1))

    def test_messages_are_kept_and_secrets_are_not(self):
        crawl = self.start("/chat.html")
        self.wait_record(lambda r: "剩余 2 件" in self.archive_text(r.get("body", {}).get("page", 0), "messages.jsonl"))
        self.stop(crawl)
        lines = [json.loads(line) for name, data in self.ledger.files.items() if name.endswith("messages.jsonl")
                 for line in data.decode().splitlines()]
        kinds = {line["channel"]: line["kind"] for line in lines if line["event"] == "open"}
        self.assertEqual(sorted(kinds.values()), ["eventsource", "websocket"])
        said = [(kinds[line["channel"]], line["direction"], line.get("text", line.get("base64", line.get("withheld_bytes"))))
                for line in lines if line["event"] == "message"]
        self.assertIn(("websocket", "sent", '{"token":"withheld","text":"在吗"}'), said)
        self.assertIn(("websocket", "received", "亲，在的，发票请下载"), said)
        self.assertIn(("websocket", "received", "AAEC"), said)
        self.assertIn(("websocket", "sent", 3), said)
        self.assertEqual([text for kind, _, text in said if kind == "eventsource"], [f"剩余 {n} 件" for n in range(3)])
        self.assertTrue(all(0 < line["at_us"] < line["at_utc_us"] for line in lines))
        messages = b"".join(data for name, data in self.ledger.files.items() if name.endswith("messages.jsonl"))
        self.assertNotIn(b"topsecret", messages)
        self.assertIn(b"access_token=withheld", messages)

    def test_a_page_without_messages_has_no_file_of_them(self):
        crawl = self.start("/plain.html")
        page = self.wait_pages(1)[0]
        self.stop(crawl)
        self.assertNotIn("pages/1/messages.jsonl", page["files"])

    def test_navigation_within_a_document_is_followed(self):
        crawl = self.start("/spa.html")
        last = self.wait_record(lambda r: r.get("private", {}).get("url", "").endswith("#reviews"))
        self.stop(crawl)
        urls = [page["private"]["url"].split("/", 3)[3] for page in self.ledger.of("page")]
        self.assertEqual(list(dict.fromkeys(urls)), ["spa.html", "spa/detail?id=9", "spa/detail?id=9#reviews"])
        self.assertIn("评价", self.archive_text(last["body"]["page"], "dom.json"))
        self.assertEqual({page["body"]["status"] for page in self.ledger.of("page")}, {200})

    def test_what_endless_scrolling_brings_is_seen(self):
        crawl = self.start("/scroll.html")
        self.wait_record(lambda r: "商品 100\"" in self.archive_text(r.get("body", {}).get("page", 0), "dom.json"))
        self.stop(crawl)
        self.assertGreater(len(self.ledger.of("page")), 1)

    def test_a_chain_of_redirects_is_whole_and_an_endless_one_ends(self):
        got = self.archived_after("/hops?4", "/plain.html")
        self.assertEqual([url for url in got if "/hops" in url], [self.site.url(f"/hops?{n}") for n in (4, 3, 2, 1, 0)])
        self.assertEqual(self.ledger.of("page")[0]["private"]["url"], self.site.url("/plain.html"))

    def test_an_endless_redirect_is_a_page_that_failed(self):
        crawl = self.start("/round")
        page = self.wait_pages(1)[0]
        self.stop(crawl)
        self.assertEqual(page["body"]["status"], 0)
        hops = warc_reader.responses(self.ledger.files["pages/1/page.warc.gz"])
        self.assertTrue(10 <= len(hops) < 200, len(hops))

    def test_a_download_is_kept_with_its_address_and_name(self):
        crawl = self.start("/download.html")
        record = self.wait_record(lambda r: r.get("body", {}).get("ended") == "download")
        self.stop(crawl)
        self.assertEqual(record["private"], {"url": self.site.url("/invoice"), "title": "发票.pdf"})
        number = record["body"]["page"]
        self.assertEqual(self.ledger.files[f"pages/{number}/download.bin"], site_server.INVOICE)
        self.assertEqual((record["body"]["tab"], record["body"]["kind"]), (1, "other"))
        self.assertEqual(self.findings(), [])
        self.assertEqual(os.listdir(os.path.join(self.folder, "profile", "downloads")), [])
        page = next(r for r in self.ledger.of("page") if r["private"]["url"].endswith("/download.html"))
        self.assertEqual(page["body"]["ended"], "quiet")

    def renderers(self, crawl):
        browser, found = self.browser_of(crawl), []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline") as line:
                    renders = "--type=renderer" in line.read()  # its words may be joined by spaces
                if renders and os.getpgid(int(pid)) == os.getpgid(browser):
                    found.append(int(pid))
            except OSError:
                continue
        return found

    def test_a_crashed_tab_is_a_finding_and_can_be_loaded_again(self):
        crawl = self.start("/plain.html")
        self.wait_pages(1)
        for pid in self.renderers(crawl):
            os.kill(pid, signal.SIGSEGV)
        finding = self.wait_record(lambda r: r.get("body", {}).get("code") == "page-crashed")
        self.assertEqual((finding["body"]["severity"], finding["body"]["tab"]), ("note", 1))
        self.assertEqual(len(self.ledger.of("page")), 1)
        subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "chromium", "windowfocus", "--sync", "key", "F5"],
                       env={**os.environ, "DISPLAY": self.display}, check=True, timeout=20)
        self.wait_pages(2)
        events = self.stop(crawl)
        self.assertEqual(events[-1]["reason"], "stopped")
        self.assertEqual({page["private"]["url"] for page in self.ledger.of("page")}, {self.site.url("/plain.html")})


if __name__ == "__main__":
    unittest.main(verbosity=2)
