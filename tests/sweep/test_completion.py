# SPDX-License-Identifier: Apache-2.0
"""Completion in real shells: bash, zsh and fish propose what the program takes."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from domain import PROGRAM, SANITIZERS

LIMIT = 120
COMMANDS = ["scan", "check", "discover", "policy", "report", "diff", "explain", "baseline"]
# What is typed, and what must be among the proposals or, with True, all of them.
CASES = [
    ("sc", ["scan"], True),
    ("dis", ["discover"], True),
    ("scan --ntlm", ["--ntlm-fallback"], True),
    ("scan --login", ["--login-timeout"], True),
    ("scan -i", ["-iL"], True),
    ("report --jour", [], True),
    ("discover --stale", ["--stale-days"], True),
    ("scan -o ", ["text", "json", "html", "prometheus", "gpo-inf"], False),
    ("discover -o ", ["text", "json", "targets", "directory"], True),
    ("policy -o ", ["text", "json"], True),
    ("diff --output ", ["text", "json"], True),
    ("scan -o html=fin", ["find.me"], True),
    ("scan --output html=fin", ["find.me"], True),
    ("scan --smb 3.1", ["3.1.1"], True),
    ("scan --smb 3.0-3.1", ["3.1.1"], True),
    ("scan -r SeImpersonateP", ["SeImpersonatePrivilege"], True),
    ("check --right SeTcbPrivilege,SeDeb", ["SeDebugPrivilege"], True),
    ("scan --retry time", ["timeout"], True),
    ("scan --retry timeout,unreach", ["unreachable"], True),
    ("discover --include stale,not", ["not_windows"], True),
    ("scan --fail-on ", ["none", "violation", "incomplete"], True),
    ("report --baseline c", ["cis"], True),
    ("report --baseline fin", ["find.me"], True),
    ("report fin", ["find.me"], True),
    ("scan -iL fin", ["find.me"], True),
    ("explain SeImp", ["SeImpersonatePrivilege"], True),
    ("explain orph", ["orphan"], True),
]


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, check=True,
                          text=True, env=dict(os.environ, **SANITIZERS)).stdout


def options_of(command):
    """Every spelling in the command's help."""
    names = []
    for line in run(command, "--help").splitlines():
        found = re.match(r"  (-[^\s,]+)(?:, (-\S+))?", line)
        names += [name for name in (found.groups() if found else ()) if name]
    return names


def tail(word):
    """What a proposal adds behind the separators: shells differ in what they repeat."""
    return re.split(r"[=,]", word)[-1].split("-3.1.1")[0] if "=" in word or "," in word else word


class Shell:
    name = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="lsasweep-completion.")
        self.addCleanup(shutil.rmtree, self.folder)
        self.script = os.path.join(self.folder, "_lsasweep")
        with open(self.script, "w", encoding="utf-8") as file:
            file.write(run("completion", self.name))
        self.work = os.path.join(self.folder, "work")
        os.mkdir(self.work)
        with open(os.path.join(self.work, "find.me"), "w", encoding="utf-8"):
            pass
        self.environment = dict(os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder,
                                XDG_DATA_HOME=self.folder, TERM="dumb", LC_ALL="C.UTF-8")

    def propose(self, lines):
        """What the shell proposes for each line, a list each."""
        raise NotImplementedError

    def shell(self, script):
        done = subprocess.run([self.name, *self.arguments], input=script, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.work,
                              timeout=LIMIT, check=False, env=self.environment)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def test_values_are_those_of_the_option(self):
        proposed = self.propose([line for line, _, _ in CASES])
        for (line, wanted, exact), got in zip(CASES, proposed, strict=True):
            with self.subTest(line=line):
                got = {tail(word) for word in got}
                if "3.0-3.1" in line:
                    got = {word.rpartition("-")[2] for word in got}
                if exact:
                    self.assertEqual(got, set(wanted))
                self.assertLessEqual(set(wanted), got)

    def test_every_option_of_every_command_is_proposed(self):
        lines = ["%s %s" % (command, dashes) for command in COMMANDS for dashes in ("-", "--")]
        proposed = self.propose(lines)
        for at, command in enumerate(COMMANDS):
            got = set(proposed[2 * at]) | set(proposed[2 * at + 1])
            wanted = set(options_of(command))
            self.assertGreater(len(wanted), 4)
            self.assertEqual(got, wanted, command)

    def test_no_command_is_missing(self):
        self.assertLessEqual(set(COMMANDS), set(self.propose([""])[0]))


class Bash(Shell, unittest.TestCase):
    name, arguments = "bash", ["--norc", "--noprofile"]

    def propose(self, lines):
        script = ["source %s" % self.script, "COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'"]
        for line in lines:
            # bash breaks words at blanks and around "="
            words = re.findall(r"=|[^\s=]+", line) + ([""] if line[-1:] in ("", " ") else [])
            script.append("COMP_WORDS=(lsasweep %s); COMP_CWORD=%d; _lsasweep" % (
                " ".join("'%s'" % word for word in words), len(words)))
            script.append('printf "%s\\n" "${COMPREPLY[@]}" END')
        return [[word for word in part.splitlines() if word]
                for part in self.shell("\n".join(script)).split("END\n")[:-1]]

    def test_a_word_is_completed_at_the_prompt(self):
        """bash reads keys from a terminal; a function of our name shows its arguments."""
        with Terminal(self, ["bash", "--norc", "--noprofile", "-i"]) as terminal:
            terminal.send("source %s; exec 3>%s\n" % (self.script, terminal.pipe))
            terminal.send("lsasweep() { printf '%s|' \"$@\" >&3; echo END >&3; }\n")
            terminal.send("lsasweep scan --ntlm\t --output=pro\t=find\t-o html=fi\t\n")
            self.assertEqual(terminal.answer(), [
                "scan|--ntlm-fallback|--output=prometheus=find.me|-o|html=find.me|"])


class Fish(Shell, unittest.TestCase):
    name, arguments = "fish", ["--no-config"]

    def propose(self, lines):
        script = ["source %s" % self.script]
        for line in lines:
            script += ["complete -C 'lsasweep %s'" % line, "echo END"]
        return [[word.split("\t")[0] for word in part.splitlines()]
                for part in self.shell("\n".join(script) + "\n").split("END\n")[:-1]]


class Zsh(Shell, unittest.TestCase):
    name = "zsh"

    # compadd is where every proposal passes; the widget runs the completion once.
    PROBE = r"""
PS1=
exec 3>%(pipe)s
fpath=(%(folder)s $fpath)
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' users-hosts
compadd() {
	local -a found
	if (( ${@[(I)-(O|A|D)*]} )); then
		builtin compadd "$@"
		return
	fi
	builtin compadd -O found "$@"
	(( $#found )) && print -rl -u3 -- $found
	builtin compadd "$@"
}
zle -C propose list-choices _main_complete
probe() { zle propose; print -u3 END; BUFFER=; }
zle -N probe
bindkey '^X' probe
"""

    def propose(self, lines):
        answers = []
        with Terminal(self, ["zsh", "-f", "-i"]) as terminal:
            script = os.path.join(self.folder, "probe.zsh")
            with open(script, "w", encoding="utf-8") as file:
                file.write(self.PROBE % {"pipe": terminal.pipe, "folder": self.folder})
            terminal.send("source %s; print -u3 END\n" % script)
            self.assertEqual(terminal.answer(), [])
            for line in lines:
                terminal.send("lsasweep %s\x18" % line)
                answers.append(terminal.answer())
        return answers


class Terminal:
    """A shell at a terminal; what it writes to the pipe up to END is an answer."""

    def __init__(self, case, words):
        self.pipe = os.path.join(case.folder, "pipe")
        os.mkfifo(self.pipe)
        self.reader = os.open(self.pipe, os.O_RDWR | os.O_NONBLOCK)
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(case.work)
            os.execvpe(words[0], words, case.environment)
        self.heard = b""
        self.shown = b""

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.terminal)
        os.close(self.reader)
        os.unlink(self.pipe)

    def send(self, text):
        os.write(self.terminal, text.encode())

    def answer(self):
        deadline = time.monotonic() + LIMIT
        while b"END\n" not in self.heard:
            ready, _, _ = select.select([self.reader, self.terminal], [], [],
                                        max(0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError("no answer; the terminal shows %r" % self.shown[-2000:])
            for descriptor in ready:
                got = os.read(descriptor, 65536)
                if descriptor == self.reader:
                    self.heard += got
                else:
                    self.shown += got
        part, self.heard = self.heard.split(b"END\n", 1)
        return part.decode().splitlines()


if __name__ == "__main__":
    unittest.main()
