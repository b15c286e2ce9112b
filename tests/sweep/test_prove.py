# SPDX-License-Identifier: Apache-2.0
"""The proof kit: prove.sh against the simulated domain; prove.ps1 as far as it can be
tested without Windows."""

import os
import re
import shutil
import subprocess
import unittest

from domain import Domain, PASSWORD, PROGRAM, variables

PACKAGING = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scanner",
                         "packaging")
SHELL = os.path.join(PACKAGING, "prove.sh")
POWERSHELL = os.path.join(PACKAGING, "prove.ps1")

# What Windows PowerShell 5.1 has: cmdlets and the parameters of theirs that are used.
CMDLETS = {
    "Get-Date": {"Format"},
    "New-Object": {"TypeName", "ArgumentList", "Property"},
    "Set-StrictMode": {"Version"},
    "Test-Path": {"LiteralPath"},
    "New-Item": {"ItemType", "Path"},
    "Resolve-Path": {"LiteralPath"},
    "Join-Path": {"Path", "ChildPath"},
    "Out-File": {"FilePath", "Encoding", "Width"},
    "Get-ItemProperty": {"LiteralPath"},
    "Select-Object": {"Property"},
    "Format-List": {"Property"},
    "Format-Table": {"Property", "AutoSize"},
    "Get-SmbServerConfiguration": set(),
    "Get-WinEvent": {"FilterHashtable"},
    "ForEach-Object": {"Process"},
    "ConvertTo-Csv": {"NoTypeInformation"},
    "Get-ADUser": {"Identity", "Server", "Properties"},
    "Get-ChildItem": {"LiteralPath"},
}
OWN = {"Save-Part", "Get-EventField"}
OPERATORS = {"not", "gt", "ne", "contains", "replace"}


def code_of(path):
    """The script without comments, and without what stands in strings."""
    with open(path, encoding="ascii") as file:
        text = file.read()
    text = re.sub(r"<#.*?#>", "", text, flags=re.S)
    text = re.sub(r"'[^'\n]*'", "''", text)
    text = re.sub(r'"(?:""|[^"\n])*"', '""', text)
    return re.sub(r"#[^\n]*", "", text)


class PowerShell(unittest.TestCase):
    def test_every_cmdlet_and_parameter_is_known(self):
        code = code_of(POWERSHELL)
        found = re.findall(r"\b([A-Z]\w+-[A-Z]\w+)((?:[^|;{}()\n]|,\n)*)", code)
        self.assertEqual({name for name, _ in found} - OWN, set(CMDLETS))
        for name, rest in found:
            used = set(re.findall(r"\s-([A-Za-z]+)", rest)) - OPERATORS
            if name not in OWN:
                self.assertLessEqual(used, CMDLETS[name], name)
        for word in re.findall(r"\s-([A-Za-z]+)", code):
            known = OPERATORS.union(*CMDLETS.values())
            self.assertIn(word, known)

    def test_brackets_close(self):
        pairs, open_ones = {")": "(", "]": "[", "}": "{"}, []
        for character in code_of(POWERSHELL):
            if character in "([{":
                open_ones.append(character)
            elif character in pairs:
                self.assertTrue(open_ones, character)
                self.assertEqual(open_ones.pop(), pairs[character])
        self.assertEqual(open_ones, [])

    def test_it_neither_sends_nor_changes_anything(self):
        code = code_of(POWERSHELL)
        for word in ("Invoke-", "Net.", "Send-", "Set-Item", "Set-Smb", "Remove-", "Start-",
                     "Register-", "Enable-", "Disable-", "iwr", "curl", "ftp"):
            self.assertNotIn(word, code)
        self.assertEqual(re.findall(r"secedit\S* /(\w+)", code), ["export"])

    @unittest.skipUnless(shutil.which("pwsh"), "pwsh is not in Debian")
    def test_powershell_reads_it(self):
        script = ("$e = $null; $null = [Management.Automation.Language.Parser]::ParseFile("
                  "'%s', [ref]$null, [ref]$e); $e; exit @($e).Count" % POWERSHELL)
        done = subprocess.run(["pwsh", "-NoProfile", "-Command", script], check=False,
                              stdout=subprocess.PIPE, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout)


class Shell(unittest.TestCase):
    def prove(self, *words, password=PASSWORD):
        return subprocess.run(["sh", SHELL, "-l", PROGRAM, *words], env=variables(password),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=240, check=False)

    def bad_passwords(self, domain):
        accounts = domain.statistics()["accounts"]
        return sum(account["bad_passwords"] for account in accounts.values())

    def test_it_is_posix_shell(self):
        for checker in (["dash", "-n"], ["shellcheck", "-s", "sh"]):
            done = subprocess.run([*checker, SHELL], stdout=subprocess.PIPE, text=True,
                                  check=False)
            self.assertEqual(done.returncode, 0, done.stdout)

    def test_it_collects_shows_and_keeps_no_password(self):
        with Domain("--line", "host dc1 dc", "--line", "host web1 member") as domain:
            folder = domain.path("proof")
            names = [line[0] for line in domain.targets()]
            done = self.prove("-u", "auditor", "-p", "reader", "-o", folder, *names)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("Nothing was sent anywhere", done.stdout)
            files = os.listdir(folder)
            for name in names:
                for run in ("ntlm", "encrypted", "smb-2.1", "smb-3.1.1", "without-rights"):
                    file = "%s.%s.txt" % (name.replace(":", "_"), run)
                    self.assertIn(file, files)
                    self.assertIn(file, done.stdout)
            for file in files:
                with open(os.path.join(folder, file), encoding="utf-8") as stream:
                    text = stream.read()
                self.assertNotIn(PASSWORD, text)
            with open(os.path.join(folder, names[0].replace(":", "_") + ".ntlm.txt"),
                      encoding="utf-8") as stream:
                text = stream.read()
            for word in ("command: ", "check -v -r all", "negotiate", "verdict", "exit "):
                self.assertIn(word, text)
            self.assertEqual(self.bad_passwords(domain), 0)

    def test_a_refused_logon_is_the_last(self):
        with Domain("--line", "host dc1 dc", "--line", "host web1 member") as domain:
            names = [line[0] for line in domain.targets()]
            done = self.prove("-u", "auditor", "-o", domain.path("proof"), *names,
                              password="wrong")
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn("find out why first", done.stdout)
            self.assertEqual(self.bad_passwords(domain), 1)

    def test_mistakes_are_said_before_anything_is_asked(self):
        with Domain("--line", "host dc1 dc") as domain:
            name = domain.targets()[0][0]
            for words, said in (([], "prove.sh -u"), ([name], "prove.sh -u"),
                                (["-u", "a", "-o", domain.folder, name], "not exist yet"),
                                (["-u", "a", "-l", "nowhere", name], "no such program")):
                with self.subTest(words=words):
                    done = self.prove(*words)
                    self.assertEqual(done.returncode, 2, done.stdout)
                    self.assertIn(said, done.stdout)
            self.assertEqual(domain.statistics()["connections"], 0)


if __name__ == "__main__":
    unittest.main()
