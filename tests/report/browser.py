# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, driven through chromedriver by the WebDriver protocol alone."""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One session.  Use as a context manager; `open` takes a file, `run` a script."""

    def __init__(self, width=1280, height=900, dark=False):
        self.width, self.height, self.dark = width, height, dark

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="lsasweep-browser.")
        self.log = open(os.path.join(self.folder, "driver.log"), "w+b")
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=self.log, stderr=self.log)
        try:
            self.base = "http://127.0.0.1:%d" % self._port()
            self._start()
        except Exception:
            self.__exit__()
            raise
        return self

    def _port(self):
        text = ""
        for _ in range(300):
            with open(self.log.name) as log:
                text = log.read()
            found = re.search(r"started successfully on port (\d+)", text)
            if found:
                return int(found.group(1))
            time.sleep(0.1)
        raise RuntimeError("chromedriver does not start: " + text)

    def _start(self):
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--hide-scrollbars",
                     "--force-prefers-reduced-motion", "--window-size=%d,%d" % (self.width, self.height),
                     "--user-data-dir=" + os.path.join(self.folder, "profile")]
        if self.dark:
            arguments.append("--blink-settings=preferredColorScheme=0")
        self.session = ""
        answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": arguments}}}})
        self.session = "/session/" + answer["sessionId"]

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + self.session + path, data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from None

    def open(self, path):
        self._call("POST", "/url", {"url": "file://" + os.path.abspath(path)})

    def run(self, script, *arguments):
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self._call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self._call("POST", "/element/%s/click" % self.find(selector), {})

    def type(self, selector, text):
        self._call("POST", "/element/%s/value" % self.find(selector), {"text": text})

    def press(self, *keys):
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": actions}]})

    def console(self):
        """What the page complained about: script errors, violations of its policy."""
        return self._call("POST", "/se/log", {"type": "browser"})

    def picture(self, path):
        with open(path, "wb") as out:
            out.write(base64.b64decode(self._call("GET", "/screenshot")))

    def pdf(self):
        return base64.b64decode(self._call("POST", "/print", {}))

    def __exit__(self, *_):
        try:
            if getattr(self, "session", ""):
                self._call("DELETE", "")
        except Exception:  # the driver may be gone already; it is ended below
            pass
        self.driver.terminate()
        self.driver.wait(10)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
