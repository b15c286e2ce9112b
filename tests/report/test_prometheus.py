# SPDX-License-Identifier: Apache-2.0
"""The metrics in a real node_exporter and a real Prometheus: files of two sweeps side by side,
every query of the dashboard answered, every alert fired on its condition."""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

import journals

DASHBOARDS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                          "..", "..", "report", "render", "dashboards")
RULES = os.path.join(DASHBOARDS, "lsasweep.rules.yml")
# A wait that ends as soon as its condition holds; only a hanging service reaches it.
PATIENCE = 120

HISTORY = """
rule_files: [%s]
evaluation_interval: 1m
tests:
  - interval: 1h
    input_series:
      - series: 'lsasweep_hosts{instance="a",baseline="b",role="client",verdict="violation"}'
        values: '1x30 2x30'
    alert_rule_test:
      - eval_time: 20h
        alertname: LsasweepMoreViolations
        exp_alerts: []
      - eval_time: 40h
        alertname: LsasweepMoreViolations
        exp_alerts:
          - exp_labels: {severity: warning, instance: a, baseline: b}
            exp_annotations:
              summary: "More hosts violate the baseline than a day ago"
              description: "`lsasweep diff` of the two journals says who gained what."
  - interval: 1h
    input_series: []
    alert_rule_test:
      - eval_time: 2h
        alertname: LsasweepMissing
        exp_alerts:
          - exp_labels: {severity: warning}
            exp_annotations:
              summary: "No sweep has written metrics"
              description: "The timer did not run, the file is not in node_exporter's folder, or it cannot be read."
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition):
    """What the condition gives once it is true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            found = condition()
        except OSError:
            found = None
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("still not so: %s" % condition)


class Services(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="lsasweep-prometheus.")
        cls.processes = []
        try:
            os.mkdir(cls.path("textfiles"))
            cls.write_metrics()
            cls.start()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        for process in cls.processes:
            process.terminate()
            process.wait()
        shutil.rmtree(cls.folder)

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def write_metrics(cls):
        lines = [journals.DIRECTORY, *journals.many_lines(1000),
                 *(journals.facts("off%d" % i, outcome="timeout") for i in range(50)),
                 journals.facts("guarded", outcome="guarded")]
        journals.write(cls.path("whole"), lines, len(lines) - 1)
        with open(cls.path("whole"), encoding="utf-8") as file:
            whole = file.readlines()
        with open(cls.path("cut"), "w", encoding="utf-8") as file:
            file.writelines(whole[:-1])
        for journal, baseline in (("whole", "microsoft"), ("cut", "cis")):
            journals.report(["--baseline", baseline, "-o", "prometheus=" +
                             cls.path("textfiles/%s.prom" % baseline)], [cls.path(journal)])

    @classmethod
    def start(cls):
        exporter, cls.port = free_port(), free_port()
        with open(cls.path("prometheus.yml"), "w", encoding="utf-8") as file:
            json.dump({"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                       "rule_files": [RULES],
                       "scrape_configs": [{"job_name": "node", "static_configs": [
                           {"targets": ["127.0.0.1:%d" % exporter]}]}]}, file)
        with open(cls.path("log"), "w", encoding="utf-8") as log:
            for command in (
                    ["prometheus-node-exporter", "--collector.disable-defaults",
                     "--collector.textfile", "--collector.textfile.directory=" +
                     cls.path("textfiles"), "--web.listen-address=127.0.0.1:%d" % exporter],
                    ["prometheus", "--config.file=" + cls.path("prometheus.yml"),
                     "--storage.tsdb.path=" + cls.path("data"),
                     "--web.listen-address=127.0.0.1:%d" % cls.port]):
                cls.processes.append(subprocess.Popen(command, stdout=log, stderr=log))

    def query(self, text):
        url = "http://127.0.0.1:%d/api/v1/query?%s" % (
            self.port, urllib.parse.urlencode({"query": text}))
        with urllib.request.urlopen(url) as answer:
            return json.load(answer)["data"]["result"]

    def test_files_of_two_sweeps_live_side_by_side(self):
        until(lambda: self.query("lsasweep_baseline_info"))
        self.assertEqual([sample["value"][1] for sample in
                          self.query("node_textfile_scrape_error")], ["0"])
        self.assertEqual({sample["metric"]["baseline"]: sample["metric"]["domain"]
                          for sample in self.query("lsasweep_baseline_info")},
                         {"microsoft": "corp.example", "cis": "corp.example"})

    def test_every_query_of_the_dashboard_has_data(self):
        with open(os.path.join(DASHBOARDS, "lsasweep.grafana.json"), encoding="utf-8") as file:
            panels = json.load(file)["panels"]
        queries = [target["expr"] for panel in panels for target in panel["targets"]]
        self.assertGreater(len(queries), 10)
        for text in queries:
            for name, value in (("instance", ".*"), ("role", ".*"), ("baseline", "microsoft")):
                text = text.replace("$" + name, value)
            with self.subTest(text):
                self.assertNotIn("$", text)
                self.assertTrue(until(lambda t=text: self.query(t)))

    def test_alerts_fire_on_their_conditions(self):
        with open(RULES, encoding="utf-8") as file:
            names = set(re.findall(r"alert: (\w+)", file.read()))
        history = {"LsasweepMoreViolations", "LsasweepMissing"}  # below
        fired = until(lambda: (lambda found: found if found >= names - history else None)(
            {sample["metric"]["alertname"] for sample in
             self.query('ALERTS{alertstate="firing"}')}))
        self.assertEqual(fired, names - history)

    def test_alerts_on_history(self):
        with open(self.path("history.yml"), "w", encoding="utf-8") as file:
            file.write(HISTORY % os.path.abspath(RULES))
        done = subprocess.run(["promtool", "test", "rules", self.path("history.yml")],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_promtool_finds_no_fault(self):
        for name in sorted(os.listdir(self.path("textfiles"))):
            with open(self.path("textfiles/" + name), "rb") as file:
                done = subprocess.run(["promtool", "check", "metrics"], stdin=file,
                                      capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)


if __name__ == "__main__":
    unittest.main()
