"""What the officer sees of a page: elements by role and visible text, from the accessibility tree. Nothing runs in the page."""
from dataclasses import dataclass

from buyer.link import CallFailed

INTERACTIVE = {"link", "button", "radio", "checkbox", "menuitem", "tab", "textbox", "searchbox", "spinbutton", "combobox", "option"}
FIELDS = {"textbox", "searchbox", "spinbutton", "combobox"}
TABS_MAX = 10


@dataclass(frozen=True)
class Element:
    """One node of the accessibility tree; `node` is Chromium's backend node id."""
    role: str
    name: str
    node: int
    value: str
    chosen: bool | None

    def fits(self, label):
        """How well: 0 best … 3, None not at all."""
        if label not in self.name or self.role == "RootWebArea":
            return None
        loose = 0 if self.name.strip() == label else 1
        return loose if self.role in INTERACTIVE else loose + 2


def _chosen(node):
    for one in node.get("properties", ()):
        if one["name"] in ("checked", "pressed", "selected"):
            return one["value"].get("value") in (True, "true")
    return None


def _element(node):
    return Element(node.get("role", {}).get("value", ""), str(node.get("name", {}).get("value", "")), node.get("backendDOMNodeId", 0),
                   str(node.get("value", {}).get("value", "")), _chosen(node))


class Tab:
    """One page target, on a session of the officer's own."""

    def __init__(self, link, target):
        self._link = link
        self.target = target
        self.session = link.call("Target.attachToTarget", {"targetId": target, "flatten": True}, link.root)["sessionId"]
        for domain in ("Page", "DOM"):
            self.call(f"{domain}.enable")

    def call(self, method, **params):
        """A command to this page."""
        return self._link.call(method, params, self.session)

    def elements(self):
        """Every element with a role, in the order of the document; none while the page is changing."""
        try:
            nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        except CallFailed:
            return []
        by_id = {node["nodeId"]: node for node in nodes}
        order, stack = [], [node["nodeId"] for node in nodes if "parentId" not in node]
        while stack:
            node = by_id.get(stack.pop())
            if node:
                order.append(node)
                stack.extend(reversed(node.get("childIds", ())))
        return [_element(node) for node in order if not node.get("ignored")]

    def find(self, *labels):
        """The element that fits one of the labels best, or None. The earlier label wins, then the fit, then the order."""
        elements = self.elements()
        for label in labels:
            fitting = [(element.fits(label), element) for element in elements]
            best = min((one for one in fitting if one[0] is not None), key=lambda one: one[0], default=None)
            if best:
                return best[1]
        return None

    def field(self, *roles):
        """The first text field of one of the roles; the earlier role wins."""
        elements = self.elements()
        return next((element for role in roles for element in elements if element.role == role), None)

    def texts(self):
        """The visible texts in order."""
        return [element.name.strip() for element in self.elements() if element.role == "StaticText" and element.name.strip()]

    def value_after(self, labels, accept):
        """The text right of or after a label that `accept` takes, or None."""
        texts = self.texts()
        for place, text in enumerate(texts):
            for label in labels:
                if label in text:
                    rest = text.split(label, 1)[1].lstrip(":： \t")
                    for value in (rest, *texts[place + 1:place + 2]):
                        if accept(value):
                            return value
        return None

    def entry(self):
        """The identity of what the address bar shows: changes with every navigation. None while one page replaces another."""
        try:
            history = self.call("Page.getNavigationHistory")
        except CallFailed:
            return None
        current = history["entries"][history["currentIndex"]]
        return current["id"], current["url"].split("?")[0]

    def back(self):
        """The browser's back button; False where there is nothing to go back to."""
        history = self.call("Page.getNavigationHistory")
        if history["currentIndex"] == 0:
            return False
        self.call("Page.navigateToHistoryEntry", entryId=history["entries"][history["currentIndex"] - 1]["id"])
        return True

    def box(self, element):
        """(centre x, centre y) of the element's largest visible part in the viewport's coordinates, or None."""
        try:
            quads = self.call("DOM.getContentQuads", backendNodeId=element.node)["quads"]
        except CallFailed:
            return None
        sized = [(abs(quad[4] - quad[0]) * abs(quad[5] - quad[1]), quad) for quad in quads]
        area, quad = max(sized, default=(0, None))
        return ((quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2) if area > 1 else None

    def viewport(self):
        """(width, height) in CSS pixels."""
        view = self.call("Page.getLayoutMetrics")["cssVisualViewport"]
        return view["clientWidth"], view["clientHeight"]


class Tabs:
    """The tab in front, and those below it: a shop may open a page in a new one."""

    def __init__(self, link):
        self._link = link
        link.call("Target.setDiscoverTargets", {"discover": True}, link.root)
        self._stack = []

    @property
    def front(self):
        """The tab the officer looks at."""
        return self._stack[-1]

    def first(self, seconds):
        """Takes the first page there is; False if none came."""
        if not self._link.until(lambda: self._link.pages, seconds):
            return False
        self._stack.append(Tab(self._link, self._link.pages[0]))
        return True

    def known(self):
        """The pages there are now: what follow() compares with."""
        return set(self._link.pages)

    def follow(self, known):
        """Moves to a page that has opened since; True if there is one."""
        opened = [page for page in self._link.pages if page not in known]
        if not opened or len(self._stack) >= TABS_MAX:
            return False
        self._stack.append(Tab(self._link, opened[-1]))
        known.update(opened)
        return True

    def back(self):
        """Back in the front tab; a tab without a past is closed, and the one below it is in front again."""
        if not self.front.back() and len(self._stack) > 1:
            self._link.call("Target.closeTarget", {"targetId": self._stack.pop().target}, self._link.root)
            self._link.call("Target.activateTarget", {"targetId": self.front.target}, self._link.root)
