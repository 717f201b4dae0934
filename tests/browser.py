"""A real browser without a window (Debian's chromium and its driver), which tells what it logs and asks for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
needs_browser = pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="there is no chromium with its chromedriver: apt-get install chromium-driver"
)
WAYS = (
    "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update "
    "disable-sync disable-dev-shm-usage window-size=1400,900"
).split()


class Browser:
    """A browser that is told what to do by ``driver``, and what has come of it."""

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver

    def open(self, page: Path) -> None:
        """Show a file, wide and light; what was logged and asked for before is forgotten."""
        self.resize(1400)
        self.media()
        self.logged()
        self.asked()
        self.driver.get(page.as_uri())

    def run(self, script: str, *given: Any) -> Any:
        return self.driver.execute_script(script, *given)

    def resize(self, width: int, height: int = 900) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def media(self, kind: str = "screen", scheme: str = "light") -> None:
        how = {"media": kind, "features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", how)

    def logged(self) -> list[str]:
        """What stands in the console since the last look."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def asked(self) -> list[str]:
        """The addresses that were asked for since the last look."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """A browser whose profile is an empty folder."""
    assert BROWSER
    options = ChromeOptions()
    options.binary_location = BROWSER
    for way in (*WAYS, f"user-data-dir={folder}"):
        options.add_argument(f"--{way}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = WebDriver(options, Service(DRIVER))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
