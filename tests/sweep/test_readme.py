# SPDX-License-Identifier: Apache-2.0
"""The README and the manual held against the program they describe."""

import os
import re
import subprocess
import unittest

from domain import PROGRAM

MANUAL = os.path.join(os.environ.get("LSASWEEP_BUILD", "build"), "packaging", "lsasweep.1")

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

    def test_every_outcome_has_a_row_in_the_troubleshooting_table(self):
        table = read("README.md").split("\n## Troubleshooting\n")[1].split("\n## ")[0]
        first = "\n".join(line.split("|")[1] for line in table.splitlines()
                          if line.startswith("| `"))
        outcomes = [line.split()[0] for line in subprocess.run(
            [PROGRAM, "scan", "--retry", "help"], stdout=subprocess.PIPE, text=True,
            check=True).stdout.splitlines() if line[:1] not in ("", " ")]
        with open(os.path.join(TOP, "report", "facts", "facts.h"), encoding="utf-8") as file:
            rights = re.findall(r"X\(RIGHT_[A-Z]+, \"(\w+)\"", file.read())
        self.assertGreater(len(outcomes), 15)
        self.assertGreater(len(rights), 4)
        for outcome in outcomes + rights:
            self.assertIn("`%s`" % outcome, first)

    def manual(self):
        done = subprocess.run(["man", "-l", "--warnings", "-E", "UTF-8", MANUAL],
                              capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL,
                              env=dict(os.environ, MANWIDTH="200", MAN_KEEP_FORMATTING=""))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_every_option_stands_in_the_manual(self):
        manual = self.manual()
        lines = [line for line in help_of().splitlines() if line.startswith("  -")]
        self.assertGreater(len(lines), 30)
        for line in lines:
            spelled = re.split("  +", line.strip())[0]
            self.assertRegex(manual, r"(?m)^ +%s( |$)" % re.escape(spelled))

    def test_every_command_stands_in_the_manual(self):
        commands = help_of().split("\nCommands\n")[1].split("\n\n")[0].splitlines()
        self.assertGreater(len(commands), 5)
        for line in commands:
            self.assertRegex(self.manual(), r"(?m)^ +lsasweep %s " % line.split()[0])

    def test_the_manual_tells_the_version(self):
        version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True,
                                 check=True).stdout.strip()
        self.assertIn(version, self.manual())


if __name__ == "__main__":
    unittest.main()
