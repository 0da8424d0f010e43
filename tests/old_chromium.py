"""Chromium 78, driven through its pipe: Playwright needs a newer one.

`.ci/chromium78` provides the program; the protocol is that of the Chrome DevTools.
"""

import base64
import contextlib
import fcntl
import itertools
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.folders import ROOT

TIMEOUT = 20
"""Seconds for a command or a condition."""
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
    "--lang=zh-CN",
)
_EXEC = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); "
    "os.execv(sys.argv[3], sys.argv[3:])"
)
"""Chromium reads commands from descriptor 3 and writes answers to 4."""
_FREE_DESCRIPTOR = 10
_KEYS = {
    "Enter": (13, "\r"),
    "Tab": (9, ""),
    "Escape": (27, ""),
    "ArrowDown": (40, ""),
    "ArrowUp": (38, ""),
}
"""Key code and text."""


def find_old_chromium() -> str:
    """Return the path of Chromium 78; skip the test where it cannot be had."""
    done = subprocess.run(
        [ROOT / ".ci" / "chromium78"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(done.stderr.strip())
    return done.stdout.strip()


class Pipe:
    """A running Chromium and the connection to it."""

    def __init__(self, program: str, folder: Path) -> None:
        """Start the program, with its profile in a folder."""
        commands, self._out = os.pipe()
        self._in, answers = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, _FREE_DESCRIPTOR) for end in (commands, answers)]
        options = (*_OPTIONS, f"--user-data-dir={folder}", "about:blank")
        command = (sys.executable, "-c", _EXEC, *map(str, ends), program, *options)
        self._process = subprocess.Popen(command, pass_fds=ends, stderr=subprocess.DEVNULL)
        for end in (commands, answers, *ends):
            os.close(end)
        self._buffer = b""
        self._numbers = itertools.count(1)
        self.events: list[dict[str, Any]] = []

    def send(self, method: str, session: str = "", **parameters: object) -> dict[str, Any]:
        """Send a command and return its result; events that arrive before it are kept."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            answer = self.read(end - time.monotonic())
            if answer and answer.get("id") == number:
                if "error" in answer:
                    pytest.fail(f"{method}: {answer['error']}")
                return dict(answer["result"])
        pytest.fail(f"{method}: no answer")

    def read(self, seconds: float) -> dict[str, Any] | None:
        """Read one message if there is one in time; an event is kept as well."""
        while b"\0" not in self._buffer:
            if not select.select([self._in], [], [], max(seconds, 0))[0]:
                return None
            chunk = os.read(self._in, 1 << 20)
            if not chunk:
                pytest.fail("Chromium 78 has ended")
            self._buffer += chunk
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message

    def close(self) -> None:
        """End the program."""
        self._process.terminate()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)


@dataclass
class OldPage:
    """A page in Chromium 78."""

    pipe: Pipe
    session: str
    base: str
    errors: list[str] = field(default_factory=list)
    """Uncaught errors, errors in the console, foreign and failed requests so far."""

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command to this page."""
        result = self.pipe.send(method, self.session, **parameters)
        self._take_events()
        return result

    def _take_events(self) -> None:
        for event in self.pipe.events:
            if event.get("sessionId") == self.session:
                self.errors.extend(_errors(event, self.base))
        self.pipe.events.clear()

    def resize(self, width: int, height: int = 800, *, is_phone: bool = False) -> None:
        """Set the size of the window."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=is_phone,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=is_phone)

    def open(self, path: str) -> None:
        """Open a page of the site and wait until it is loaded."""
        self.evaluate("window.gkLeft = true")
        self.send("Page.navigate", url=self.base + path)
        self.wait_for("!window.gkLeft && document.readyState === 'complete'")

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression, or what its promise resolves to."""
        result = self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in result:
            pytest.fail(f"{expression}: {_exception_text(result['exceptionDetails'])}")
        return result["result"].get("value")

    def wait_for(self, condition: str, seconds: float = TIMEOUT) -> None:
        """Wait until an expression is true, also while the page is being replaced."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            result = self.send(
                "Runtime.evaluate", expression=f"!!({condition})", returnByValue=True
            )
            if result["result"].get("value"):
                return
            time.sleep(0.02)
        pytest.fail(f"never true: {condition}; errors: {self.errors}")

    def click(self, selector: str) -> None:
        """Click at the middle of the first element that matches, scrolled into view."""
        place = self.evaluate(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{ block: "center" }});
            const box = element.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];
        }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.send(
                "Input.dispatchMouseEvent",
                type=kind,
                x=place[0],
                y=place[1],
                button="left",
                clickCount=1,
            )

    def type_text(self, text: str) -> None:
        """Type into the element with the focus."""
        self.send("Input.insertText", text=text)

    def press(self, key: str) -> None:
        """Press and release a key."""
        code, text = _KEYS[key]
        for kind in ("keyDown", "keyUp"):
            typed = {"text": text} if text and kind == "keyDown" else {}
            self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **typed,
            )

    def screenshot(self, path: Path, *, whole: bool = False) -> None:
        """Write a picture of the window, or of the whole page, as PNG."""
        more: dict[str, object] = {}
        if whole:
            size = self.send("Page.getLayoutMetrics")["contentSize"]
            more["clip"] = {**size, "x": 0, "y": 0, "scale": 1}
            self.send(
                "Emulation.setDeviceMetricsOverride",
                width=size["width"],
                height=size["height"],
                deviceScaleFactor=1,
                mobile=False,
            )
        data = self.send("Page.captureScreenshot", format="png", **more)["data"]
        path.write_bytes(base64.b64decode(data))

    def pdf(self) -> bytes:
        """Print the page on A4."""
        result = self.send("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(result["data"])


def _errors(event: Mapping[str, Any], base: str) -> Iterator[str]:
    parameters = event["params"]
    match event["method"]:
        case "Runtime.exceptionThrown":
            yield _exception_text(parameters["exceptionDetails"])
        case "Log.entryAdded" if parameters["entry"]["level"] == "error":
            entry = parameters["entry"]
            if not (entry["source"] == "network" and entry.get("url", "").endswith("/nowhere/")):
                yield f"{entry['text']} {entry.get('url', '')}"
        case "Runtime.consoleAPICalled" if parameters["type"] in {"error", "assert"}:
            yield f"console: {parameters['args']}"
        case "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            if not url.startswith((base, "data:", "blob:", "about:")):
                yield f"foreign {url}"


def _exception_text(details: Mapping[str, Any]) -> str:
    exception = details.get("exception", {})
    return f"{exception.get('description', details['text'])} {details.get('url', '')}:{details['lineNumber'] + 1}"


@contextlib.contextmanager
def launch_old_chromium(folder: Path) -> Iterator[Pipe]:
    """Run Chromium 78 with its profile in a folder."""
    pipe = Pipe(find_old_chromium(), folder)
    try:
        yield pipe
    finally:
        pipe.close()


@contextlib.contextmanager
def open_old_page(pipe: Pipe, base: str, width: int = 1280) -> Iterator[OldPage]:
    """Open an empty page in a context of its own; the errors of a site's pages are collected."""
    context = pipe.send("Target.createBrowserContext")["browserContextId"]
    target = pipe.send("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]  # fmt: skip
    session = pipe.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    page = OldPage(pipe, session, base)
    for domain in ("Page", "Runtime", "Log", "Network"):
        page.send(f"{domain}.enable")
    page.resize(width)
    yield page
    pipe.send("Target.closeTarget", targetId=target)
    pipe.send("Target.disposeBrowserContext", browserContextId=context)
