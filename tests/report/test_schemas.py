# SPDX-License-Identifier: Apache-2.0
"""The shipped JSON schemas: sound themselves, and what the program takes and writes by them."""

import json
import os
import unittest

from jsonschema import Draft7Validator

import journals

HERE = os.path.dirname(os.path.abspath(__file__))
REPORT = os.path.join(HERE, "..", "..", "report")


def load(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return json.load(file)


def validator(name):
    return Draft7Validator(load(REPORT, "render", "schemas", name + ".schema.json"))


def baseline(client):
    return {"schema": "lsasweep.baseline/1", "name": "n", "version": "1", "source": "s",
            "rights": {"SeTcbPrivilege": {"client": client}}}


# Each of these the program refuses too (tests/report/test_baseline.c).
MALFORMED = {
    "no match": {},
    "unknown match": {"match": "equal"},
    "principals beside none": {"match": "none", "principals": ["S-1-1-0"]},
    "nobody meant by an empty list": {"match": "exactly", "principals": []},
    "a typing error": {"match": "exactly", "principal": ["S-1-1-0"]},
    "no list": {"match": "exactly", "principals": "S-1-1-0"},
    "a number for a principal": {"match": "exactly", "principals": [7]},
    "a choice of one": {"match": "exactly", "any_of": [["S-1-5-113"]]},
    "no condition": {"match": "none", "allow": [{"principal": "S-1-1-0", "when": {}}]},
    "half a build": {"match": "none",
                     "allow": [{"principal": "S-1-1-0", "when": {"min_build": 1.5}}]},
    "an unknown product": {"match": "none",
                           "allow": [{"principal": "S-1-1-0", "when": {"product": "apache"}}]},
    "a build that is a name": {"match": "none", "generations": {"ws2022": {"match": "none"}}},
    "generations of generations": {"match": "none",
                                   "generations": {"1": {"match": "none", "generations": {}}}},
    "no generation": {"generations": {}},
}


class Schemas(unittest.TestCase):
    def test_schemas_are_sound(self):
        names = sorted(os.listdir(os.path.join(REPORT, "render", "schemas")))
        self.assertIn("facts.schema.json", names)
        for name in names:
            Draft7Validator.check_schema(load(REPORT, "render", "schemas", name))

    def test_shipped_baselines(self):
        for name in "windows-default", "microsoft", "cis", "stig":
            document = load(REPORT, "baseline", "baselines", name + ".json")
            self.assertEqual(document["name"], name)
            validator("baseline").validate(document)

    def test_malformed_baselines(self):
        check = validator("baseline")
        check.validate(baseline({"match": "none"}))
        for name, rule in MALFORMED.items():
            with self.subTest(name):
                self.assertFalse(check.is_valid(baseline(rule)))

    def test_an_allow_alone_is_for_extensions(self):
        check = validator("baseline")
        document = baseline({"allow": [{"principal": "CORP\\x"}]})
        self.assertFalse(check.is_valid(document))
        document["extend"] = "cis"
        check.validate(document)
        document["extend"] = "ciss"
        self.assertFalse(check.is_valid(document))

    def test_files_of_waivers(self):
        waiver = {"host": "*", "right": "*", "principal": "CORP\\x", "reason": "r",
                  "expires": "2026-12-31"}
        check = validator("waivers")
        check.validate({"schema": "lsasweep.waivers/1", "waivers": [waiver]})
        self.assertFalse(check.is_valid({"schema": "lsasweep.waivers/1"}))
        del waiver["reason"]
        self.assertFalse(check.is_valid({"schema": "lsasweep.waivers/1", "waivers": [waiver]}))

    def test_waivers_expire(self):
        document = baseline({"match": "none"})
        document["waivers"] = [{"host": "*", "right": "*", "principal": "CORP\\x",
                                "reason": "r", "expires": "2026-12-31"}]
        check = validator("baseline")
        check.validate(document)
        document["waivers"][0]["expires"] = "never"
        self.assertFalse(check.is_valid(document))
        del document["waivers"][0]["expires"]
        self.assertFalse(check.is_valid(document))

    def test_facts(self):
        check = validator("facts")
        with open(os.path.join(HERE, "..", "golden", "facts.ndjson"), encoding="utf-8") as lines:
            for line in lines:
                check.validate(json.loads(line))
        check.validate(journals.facts("a"))
        check.validate(journals.facts("a", outcome="timeout"))
        contradiction = journals.facts("a")
        contradiction["rights"]["SeTcbPrivilege"] = {"outcome": "held", "holders": []}
        self.assertFalse(check.is_valid(contradiction))

    def test_journal_lines(self):
        check = validator("journal")
        check.validate(journals.header(3))
        check.validate(journals.trailer())
        service = {"schema": "lsasweep.journal/1", "sweep": "x", "port": 445, "hosts": 3,
                   "service": "_ldap._tcp.corp", "expanded": "2026-01-02T03:00:01.000Z"}
        check.validate(service)
        self.assertFalse(check.is_valid(dict(service, finished="2026-01-02T03:10:00.000Z")))
        self.assertFalse(check.is_valid({"schema": "lsasweep.journal/1", "sweep": "x"}))


if __name__ == "__main__":
    unittest.main()
