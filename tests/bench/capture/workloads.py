"""What an officer does, as real input events (xdotool, XTEST), for a given time. Each returns when the time is over."""
import time

TEXT = "netsampler green tea 250 gram "


class Until:
    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def left(self):
        return max(0.0, self.end - time.monotonic())

    def pause(self, seconds):
        time.sleep(min(seconds, self.left()))


def idle(desk, seconds):
    desk.input("mousemove", "300", "60", "click", "1")  # the caret blinks in the search box, the page's clock runs
    Until(seconds).pause(seconds)


def typing(desk, seconds):
    until = Until(seconds)
    desk.input("mousemove", "300", "65", "click", "1")
    while until.left() > 0:
        for letter in TEXT:
            if until.left() == 0:
                return
            desk.input("key", "space" if letter == " " else letter)
            until.pause(0.18)
        desk.input("key", "ctrl+a", "key", "BackSpace")


def wheel(desk, button, clicks):
    desk.input("mousemove", "900", "600", "click", "--repeat", str(clicks), "--delay", "16", button)


def reading(desk, seconds):
    until, down, turns = Until(seconds), True, 0
    while until.left() > 0:
        wheel(desk, "5" if down else "4", 8)
        turns += 1
        down = not down if turns % 12 == 0 else down
        until.pause(3.0)


def scrolling(desk, seconds):
    until, down, turns = Until(seconds), True, 0
    while until.left() > 0:
        wheel(desk, "5" if down else "4", 10)
        turns += 1
        down = not down if turns % 10 == 0 else down


def mixed(desk, seconds):
    """A minute of a purchase, in proportion: search, read, choose, type, wait."""
    part = seconds / 6
    typing(desk, part)
    reading(desk, 2 * part)
    desk.input("mousemove", "500", "400", "mousemove", "700", "500", "mousemove", "900", "620")
    idle(desk, part)
    typing(desk, part)
    idle(desk, part)


ALL = {"idle": idle, "typing": typing, "reading": reading, "scrolling": scrolling, "mixed": mixed}
