"""Finds a Chromium for the tests of pages, or installs one: `python -m tests.chromium`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.async_api import expect
from playwright.sync_api import sync_playwright

from tests.waiting import PATIENCE as SECONDS

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Started with these it asks nothing of the network but the pages under test."""
FONTS = ("fonts-noto-core", "fonts-noto-cjk")
PATIENCE = SECONDS * 1000
"""Milliseconds that a page is given for whatever it is asked to do or show."""
expect.set_options(timeout=PATIENCE)


def chromium_path() -> Path | None:
    """A Chromium on this machine: from the PATH, else Playwright's own; None where there is none."""
    for name in NAMES:
        if (found := shutil.which(name)) is not None:
            return Path(found)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def main() -> int:
    """Make sure there is one; says in plain words what is done and what is missing."""
    if (found := chromium_path()) is not None:
        say(f"Chromium for the page tests: {found}")
        return 0
    for command in commands():
        say(f"no Chromium found; running: {' '.join(command)}")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            say(f"that failed: {(done.stderr or done.stdout).strip()[-500:]}")
            break
    if (found := chromium_path()) is not None:
        say(f"Chromium for the page tests: {found}")
        return 0
    say("Cannot go on: the page tests need Chromium. Install it (on Debian: apt install chromium) and try again.")
    return 1


def commands() -> list[list[str]]:
    """What installs it: the system's packages as root on Debian and its kin, else Playwright's own download."""
    if os.geteuid() == 0 and shutil.which("apt-get") is not None:
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium", *FONTS]
        return [["apt-get", "update"], ["env", "DEBIAN_FRONTEND=noninteractive", *install]]
    return [[sys.executable, "-m", "playwright", "install", "chromium"]]


def say(text: str) -> None:
    sys.stderr.write(f"· {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
