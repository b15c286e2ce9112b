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
