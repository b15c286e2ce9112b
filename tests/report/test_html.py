# SPDX-License-Identifier: Apache-2.0
"""The HTML report in a real browser: what it shows, what it refuses, how it is used."""

import base64
import hashlib
import os
import re
import shutil
import sys
import tempfile
import unittest
from html.parser import HTMLParser

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sweep"))
import journals  # noqa: E402
import test_policy  # noqa: E402
from browser import Browser  # noqa: E402

DOWN, ENTER, ESCAPE = "\ue015", "\ue007", "\ue00c"
ROWS = "return [...document.querySelectorAll('#rows tr:not(.pad)')].map(r => r.innerText)"
COUNT = "return document.getElementById('count').textContent"
CHOOSE = """const box = document.querySelector(arguments[0]); box.value = arguments[1];
box.dispatchEvent(new Event('input', {bubbles: true}))"""


class Page(HTMLParser):
    """Collects the elements that a policy or a reader cares about."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.content, self.inside = [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.inside = (tag, dict(attributes).get("id")) if tag in ("script", "style") else None

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.content[self.inside] = self.content.get(self.inside, "") + data


def source_of(lines, targets=None):
    folder = tempfile.mkdtemp(prefix="lsasweep-html.")
    journal, page = os.path.join(folder, "journal"), os.path.join(folder, "report.html")
    journals.write(journal, lines, targets)
    done = journals.report(["-o", "html=" + page], [journal])
    assert done.returncode in (0, 1, 3, 4), done.stderr
    return folder, page


class Source(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder, cls.path = source_of(journals.hostile_lines())
        with open(cls.path, newline="") as file:
            cls.text = file.read()
        cls.page = Page(cls.text)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def test_nothing_comes_from_elsewhere(self):
        for tag, attributes in self.page.tags:
            self.assertNotIn(tag, ("link", "img", "iframe", "object", "embed", "base"))
            for name, value in attributes.items():
                self.assertFalse(name.startswith("on"), attributes)
                self.assertNotEqual(name, "style")
                if name in ("src", "href", "action"):
                    self.assertTrue(value.startswith("#"), attributes)

    def test_the_policy_names_the_hashes_of_what_is_there(self):
        policy = [a["content"] for t, a in self.page.tags
                  if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
        self.assertEqual(len(policy), 1)
        self.assertIn("default-src 'none'", policy[0])
        self.assertNotIn("unsafe", policy[0])
        for key in (("style", None), ("script", None)):
            digest = hashlib.sha256(self.page.content[key].encode()).digest()
            self.assertIn("'sha256-%s'" % base64.b64encode(digest).decode(), policy[0])
        scripts = [a for t, a in self.page.tags if t == "script"]
        self.assertEqual(scripts, [{"type": "application/json", "id": "report"}, {}])


class Hostile(unittest.TestCase):
    def test_bars_are_parts_of_the_longest(self):
        """The worst holder comes first, and need not be the most widespread."""
        everyone, account = ("S-1-1-0", "Everyone", "well_known_group"), \
            (journals.DOMAIN + "-1601", "CORP\\svc", "user")
        folder, path = source_of(journals.facts("srv%d" % i, rights={
            journals.IMPERSONATE: journals.held(*journals.STOCK, everyone if i == 0 else account)})
            for i in range(5))
        self.addCleanup(shutil.rmtree, folder)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(re.findall(r'<rect class="hold" x="0.0%" width="([0-9.]+)%"', text),
                         ["25.0", "100.0"])

    def test_hostile_names_are_text(self):
        folder, page = source_of(journals.hostile_lines())
        self.addCleanup(shutil.rmtree, folder)
        with Browser(1280, 4000) as browser:
            browser.open(page)
            self.assertEqual(browser.console(), [])
            self.assertNotEqual(browser.run("return document.title"), "harmed")
            self.assertEqual(browser.run("return document.querySelectorAll('img').length"), 0)
            text = browser.run("return document.body.innerText")
            self.assertNotRegex(text, "[\u200b-\u200f\u202a-\u202e\ufeff\x1b]")
            self.assertIn("user<U+202E>txt.exe", text)
            self.assertIn("<img src=x onerror=\"document.title='harmed'\">", text)
            wide = browser.run("return document.documentElement.scrollWidth")
            self.assertLessEqual(wide, 1280, "a long name widens the page")
            for button in range(6):
                browser.run("document.querySelectorAll('#rows button')[arguments[0]].click()", button)
                shown = browser.run("return document.getElementById('detail').innerText")
                self.assertNotRegex(shown, "[\u200b-\u200f\u202a-\u202e\ufeff\x1b]")
                browser.run("document.getElementById('detail').close()")
            self.assertNotEqual(browser.run("return document.title"), "harmed")


class Use(unittest.TestCase):
    """5,000 hosts, used as a reader uses them."""

    @classmethod
    def setUpClass(cls):
        cls.lines = list(journals.many_lines(5000))
        cls.folder, cls.page = source_of(cls.lines, 5000)
        cls.browser = Browser(1280, 900).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        shutil.rmtree(cls.folder)

    def setUp(self):
        self.browser.open(self.page)

    def shown(self):
        return int(re.match(r"[\d,]+", self.browser.run(COUNT)).group().replace(",", ""))

    def test_only_the_rows_in_sight_exist(self):
        self.assertEqual(self.shown(), 5000)
        self.assertLess(len(self.browser.run(ROWS)), 100)
        self.browser.run("document.getElementById('viewport').scrollTop = 1e9")
        last = sorted(line["host"] for line in self.lines)[-1]
        for _ in range(50):
            rows = self.browser.run(ROWS)
            if last in rows[-1]:
                break
        self.assertIn(last, rows[-1])
        self.assertLess(len(rows), 100)

    def test_search_finds_hosts_and_holders(self):
        self.browser.type("#search", "svc-web srv000")
        wanted = [line["host"] for line in self.lines if line["host"].startswith("srv000") and
                  any(h["name"] == "CORP\\svc-web" for r in line["rights"].values()
                      for h in r["holders"])]
        self.assertGreater(len(wanted), 2)
        self.assertEqual(self.shown(), len(wanted))
        self.assertEqual([r.split("\t")[0].strip() for r in self.browser.run(ROWS)], sorted(wanted))

    def test_filters_narrow(self):
        timeouts = sum(line["outcome"] == "timeout" for line in self.lines)
        self.browser.run(CHOOSE, "#by-outcome", "timeout")
        self.assertEqual(self.shown(), timeouts)
        self.browser.run(CHOOSE, "#by-outcome", "")
        self.browser.run(CHOOSE, "#by-role", "domain_controller")
        self.assertEqual(self.shown(),
                         sum(line["role"]["value"] == "domain_controller" for line in self.lines))
        self.browser.run(CHOOSE, "#by-verdict", "violation")
        self.assertLess(self.shown(), 10)

    def test_columns_sort_both_ways(self):
        self.browser.click("[data-key=verdict]")
        self.assertIn("violation", self.browser.run(ROWS)[0])
        self.browser.click("[data-key=verdict]")
        self.assertIn("compliant", self.browser.run(ROWS)[0])
        self.assertEqual(self.browser.run(
            "return document.querySelector('[data-key=verdict]').closest('th').ariaSort"), "descending")

    def test_the_keyboard_reaches_a_host(self):
        first = sorted(line["host"] for line in self.lines)
        self.browser.run("document.querySelector('#rows button').focus()")
        self.browser.press(*[DOWN] * 40)
        focused = self.browser.run("return document.activeElement.textContent")
        self.assertEqual(focused, first[40])
        self.browser.press(ENTER)
        self.assertTrue(self.browser.run("return document.getElementById('detail').open"))
        self.assertEqual(self.browser.run(
            "return document.getElementById('detail-title').textContent"), focused)
        self.browser.press(ESCAPE)
        self.assertFalse(self.browser.run("return document.getElementById('detail').open"))

    def test_every_control_and_region_has_a_name(self):
        nameless = self.browser.run("""
            return [...document.querySelectorAll('button, input, select, [role=region], [role=img]')]
                .filter(e => !(e.ariaLabel || e.getAttribute('aria-labelledby') ||
                    e.closest('label') || e.textContent.trim())).map(e => e.outerHTML)""")
        self.assertEqual(nameless, [])
        levels = self.browser.run(
            "return [...document.querySelectorAll('h1,h2,h3')].map(h => Number(h.tagName[1]))")
        self.assertEqual(levels[0], 1)
        self.assertTrue(all(b - a <= 1 for a, b in zip(levels, levels[1:])), levels)

    def test_text_is_told_from_its_ground_in_light_and_dark(self):
        contrast = """
            const lum = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
                .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                return .2126 * r + .7152 * g + .0722 * b; };
            const ground = e => { for (; e; e = e.parentElement) {
                const c = getComputedStyle(e).backgroundColor;
                if (!/, 0\\)$/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
            let worst = [99, ''];
            for (const e of document.querySelectorAll('p, td, th, dd, dt, a, h1, h2, h3, small, .soft, .severity')) {
                if (!e.offsetParent || !e.textContent.trim()) continue;
                const a = lum(getComputedStyle(e).color), b = lum(ground(e));
                const c = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                if (c < worst[0]) worst = [c, e.outerHTML.slice(0, 100)];
            }
            return worst"""
        for theme in ("light", "dark"):
            self.browser.run("document.documentElement.dataset.theme = arguments[0]", theme)
            ratio, element = self.browser.run(contrast)
            self.assertGreaterEqual(ratio, 4.5, "%s: %s" % (theme, element))

    def test_it_prints(self):
        self.browser.run(CHOOSE, "#by-verdict", "violation")
        pdf = self.browser.pdf()
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertGreater(len(re.findall(rb"/Type\s*/Page\b", pdf)), 5)

    def test_nothing_is_complained_about(self):
        self.browser.console()
        self.browser.click("#theme")
        self.assertEqual(self.browser.console(), [])


class Policies(unittest.TestCase):
    """A host's page says which Group Policy sets a right, and that one lost."""

    def test_the_page_of_a_host_names_the_gpo(self):
        folder, path = source_of([*test_policy.DIRECTORY[:-1],
                                  test_policy.host("srv1", test_policy.ADMINS, "S-1-1-0")])
        self.addCleanup(shutil.rmtree, folder)
        with Browser() as browser:
            browser.open(path)
            browser.click("#rows button")
            shown = browser.run("return document.getElementById('detail').innerText")
        self.assertIn('Group Policy: drift: set by GPO "Servers", linked at OU=Servers,'
                      'DC=corp,DC=example; 1 other GPO lost', shown)


if __name__ == "__main__":
    unittest.main()
