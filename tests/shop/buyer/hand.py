"""The officer's hand: mouse paths, clicks, wheel and keys as CDP input events, at a pace."""
import math
import random

from buyer.link import CallFailed

STEP_SECONDS = 0.016
SCROLL_TURNS_MAX = 40
WHEEL_PX = 120
MARGIN_PX = 70


class Hand:
    """`pace` 1.0 is a person, 0.2 is quick. The random walk is seeded: a demo looks the same twice."""

    def __init__(self, link, tabs, pace):
        self._link, self._tabs, self._pace = link, tabs, pace
        self._random = random.Random(20231)
        self._at = (640.0, 420.0)

    def rest(self, seconds):
        """A pause of about so long at pace 1."""
        self._link.pause(seconds * self._pace * self._random.uniform(0.85, 1.15))

    def _mouse(self, kind, x, y, **more):
        self._tabs.front.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def move(self, x, y):
        """Along a slightly bent path, slow at both ends."""
        from_x, from_y = self._at
        distance = math.hypot(x - from_x, y - from_y)
        steps = max(3, min(40, int((6 + distance / 28) * min(1.0, self._pace + 0.2))))
        bend = distance * self._random.uniform(-0.08, 0.08)
        for step in range(1, steps + 1):
            part = (1 - math.cos(math.pi * step / steps)) / 2
            side = bend * math.sin(math.pi * part) / (distance or 1)
            self._mouse("mouseMoved", from_x + (x - from_x) * part - (y - from_y) * side,
                        from_y + (y - from_y) * part + (x - from_x) * side)
            self._link.pause(STEP_SECONDS)
        self._at = (x, y)

    def wheel(self, notches):
        """Turns the wheel, downwards where positive."""
        for _ in range(abs(notches)):
            self._mouse("mouseWheel", *self._at, deltaX=0, deltaY=math.copysign(WHEEL_PX, notches))
            self._link.pause(0.03 + 0.05 * self._pace)

    def settle(self, element):
        """Where the element stands once it has stopped moving; None if it is not to be seen."""
        seen = None
        for _ in range(SCROLL_TURNS_MAX):
            now = self._tabs.front.box(element)
            if now is not None and now == seen:
                return now
            seen = now
            self._link.pause(0.05)
        return None

    def bring(self, element):
        """Scrolls by the wheel until the element is well inside the window; its place, or None."""
        for _ in range(SCROLL_TURNS_MAX):
            place = self.settle(element)
            if place is None:
                return None
            height = self._tabs.front.viewport()[1]
            if MARGIN_PX <= place[1] <= height - MARGIN_PX:
                return place
            away = place[1] - height / 2
            self.wheel(int(math.copysign(max(1, min(4, abs(away) // WHEEL_PX)), away)))
            moved = self.settle(element)
            if moved is not None and abs(moved[1] - place[1]) < 1:   # the end of the page
                return moved if 0 < moved[1] < height else None
        return None

    def click(self, element, presses=1):
        """Moves there and presses; False if the element cannot be reached."""
        place = self.bring(element)
        if place is None:
            return False
        self.move(*place)
        self.rest(0.15)
        for press in range(1, presses + 1):
            self._mouse("mousePressed", *place, button="left", buttons=1, clickCount=press)
            self._link.pause(0.04)
            try:
                self._mouse("mouseReleased", *place, button="left", buttons=0, clickCount=press)
            except CallFailed:
                return True   # the press has led away: the page that would answer is gone
        return True

    def type(self, text):
        """Character by character: keys for ASCII, committed text (as an input method does) for the rest."""
        for sign in text:
            tab = self._tabs.front
            if sign.isascii():
                tab.call("Input.dispatchKeyEvent", type="keyDown", text=sign, key=sign, unmodifiedText=sign)
                tab.call("Input.dispatchKeyEvent", type="keyUp", key=sign)
            else:
                tab.call("Input.insertText", text=sign)
            self.rest(self._random.uniform(0.1, 0.22))
