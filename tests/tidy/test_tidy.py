"""The tidy test's own test: each rule accepts a sound file and refuses its twin."""
import unittest

import tidy


def found(path, text):
    return list(tidy.breaches([(path, text)]))


class Tidy(unittest.TestCase):
    def test_layers(self):
        self.assertEqual(found("evidence/format/a.cc", '#include "evidence/base/json.h"\n'), [])
        self.assertTrue(found("evidence/base/a.cc", '#include "evidence/format/record.h"\n'))
        self.assertTrue(found("capture/a.cc", '#include "crawler/archive.h"\n'))
        self.assertEqual(found("capture/camera/a.cc", '#include "capture/media/sink.h"\n'), [])
        self.assertTrue(found("capture/camera/a.cc", '#include "capture/screen/screen_recorder.h"\n'))

    def test_ledger_doors(self):
        self.assertEqual(found("capture/a.cc", '#include "evidence/ledger/client.h"\n'), [])
        self.assertTrue(found("capture/a.cc", '#include "evidence/ledger/store.h"\n'))
        self.assertTrue(found("capture/media/a.cc", '#include "evidence/ledger/store.h"\n'))

    def test_includes_from_the_root(self):
        self.assertTrue(found("capture/a.cc", '#include "strip.h"\n'))

    def test_quarantine(self):
        self.assertEqual(found("evidence/base/crypto.cc", "#include <openssl/evp.h>\n"), [])
        self.assertTrue(found("capture/a.cc", "#include <openssl/evp.h>\n"))
        self.assertTrue(list(tidy.breaches([("capture/a.cc", "#include <x264.h>\n"), ("capture/b.cc", "#include <x264.h>\n")])))

    def test_banned(self):
        self.assertEqual(found("ui/a.cc", '// catch (...) in words\nconst char* s = "system(1)";\n'), [])
        for text in ("try { f(); } catch (...) {}", "std::system(x);", "usleep(3);", "// TODO later", "std::stoi(x);"):
            self.assertTrue(found("ui/a.cc", text + "\n"), text)

    def test_lengths(self):
        body = "int f() {\n" + "  g();\n" * 60 + "}\n"
        self.assertEqual(found("ui/a.cc", "namespace n {\n" + body + body + "}\n"), [])
        self.assertTrue(found("ui/a.cc", "namespace n {\nint f() {\n" + "  g();\n" * 80 + "}\n}\n"))
        self.assertTrue(found("ui/a.cc", "int x;\n" * 601))


if __name__ == "__main__":
    unittest.main()
