"""A small window on the display that turns another grey at known times: how late does a recorder see it? (libX11 by ctypes.)"""
import ctypes
import random
import time

X, Y, SIDE = 1800, 200, 64
SHADES = [40, 80, 120, 160, 200]


class Flag:
    def __init__(self, display):
        self.x = ctypes.CDLL("libX11.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.x.XCreateSimpleWindow.restype = self.x.XDefaultRootWindow.restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x.XOpenDisplay(display.encode()))
        root = ctypes.c_ulong(self.x.XDefaultRootWindow(self.display))
        self.window = ctypes.c_ulong(self.x.XCreateSimpleWindow(self.display, root, X, Y, SIDE, SIDE, 0, ctypes.c_ulong(0), ctypes.c_ulong(0)))
        override = (ctypes.c_ubyte * 256)()  # XSetWindowAttributes; override_redirect lies at 88 on 64-bit machines
        override[88] = 1
        self.x.XChangeWindowAttributes(self.display, self.window, ctypes.c_ulong(1 << 9), override)
        self.x.XMapRaised(self.display, self.window)
        self.x.XSync(self.display, 0)

    def paint(self, shade):
        """BOOTTIME when the server has done it, microseconds."""
        self.x.XSetWindowBackground(self.display, self.window, ctypes.c_ulong(shade << 16 | shade << 8 | shade))
        self.x.XClearWindow(self.display, self.window)
        self.x.XRaiseWindow(self.display, self.window)
        self.x.XSync(self.display, 0)
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000

    def wave(self, seconds, seed=7):
        """[(when, shade)…], some five a second, each another shade than the one before."""
        dice, painted, end = random.Random(seed), [], time.monotonic() + seconds
        while time.monotonic() < end:
            shade = SHADES[len(painted) % len(SHADES)]
            painted.append((self.paint(shade), shade))
            time.sleep(0.15 + 0.1 * dice.random())
        return painted

    def close(self):
        self.x.XDestroyWindow(self.display, self.window)
        self.x.XCloseDisplay(self.display)
