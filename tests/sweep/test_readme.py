# SPDX-License-Identifier: Apache-2.0
"""The README and the manual held against the program they describe."""

import os
import re
import subprocess
import unittest

from domain import PROGRAM

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as file:
        return file.read()


def help_of(*words):
    return subprocess.run([PROGRAM] + list(words) + ["--help"], stdout=subprocess.PIPE,
                          text=True, check=True).stdout


class Words(unittest.TestCase):
    def test_every_option_stands_in_the_readme_as_help_tells_it(self):
        self.assertIn("```\n" + help_of("scan") + "```\n", read("README.md"))

    def test_what_the_threat_model_says_is_held_by_parts_that_exist(self):
        table = read("README.md").split("| held by |\n")[1].split("\n\n")[0]
        rows = [row.strip("| ").split(" | ") for row in table.splitlines()[1:]]
        self.assertGreater(len(rows), 6)
        script = read("tests", "run.sh")
        for row in rows:
            self.assertEqual(len(row), 4, row[0])
            for part in row[3].split(", "):
                folder, _, name = part.partition("-")
                self.assertTrue(
                    re.search("^part %s " % re.escape(part), script, re.M) or
                    os.path.exists(os.path.join(TOP, "tests", folder, "test_%s.py" % name)),
                    part)

    def test_every_option_stands_in_the_manual(self):
        manual = read("scanner", "packaging", "lsasweep.1").replace("\\-", "-")
        options = re.findall(r"(?:^|[ ,])(--?[a-zA-Z][a-zA-Z-]*)",
                             "\n".join(line for line in help_of().splitlines()
                                       if line.startswith("  -")))
        self.assertGreater(len(options), 30)
        for option in options:
            self.assertIn(option, manual)

    def test_the_manual_is_well_formed(self):
        done = subprocess.run(["man", "-l", "--warnings", "-E", "UTF-8", os.path.join(
            TOP, "scanner", "packaging", "lsasweep.1")], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, check=False, stdin=subprocess.DEVNULL,
            env=dict(os.environ, MANWIDTH="80"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_completion_is_a_script(self):
        subprocess.run(["bash", "-n", os.path.join(TOP, "scanner", "packaging",
                                                   "lsasweep.bash")], check=True)


if __name__ == "__main__":
    unittest.main()
