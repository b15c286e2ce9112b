# SPDX-License-Identifier: Apache-2.0
"""memory.py: looks for bytes in the memory of a process; needs root."""

import re

HUGE = 1 << 28  # a sanitizer's shadow


def spans(pid):
    """(what, bytes) of every span the process can read."""
    with open("/proc/%d/maps" % pid, encoding="utf-8") as maps, \
            open("/proc/%d/mem" % pid, "rb", 0) as file:
        for line in maps:
            words = line.split(None, 5)
            begin, end = [int(word, 16) for word in words[0].split("-")]
            if "r" not in words[1] or end - begin > HUGE or "[v" in line:
                continue
            file.seek(begin)
            yield line.strip(), file.read(end - begin)


def copies(pid, needle):
    """(what, offset) of each place where the bytes stand."""
    return [(what, match.start()) for what, content in spans(pid)
            for match in re.finditer(re.escape(needle), content)]


def is_locked(pid, span):
    """Whether the span, as spans() names it, may not be swapped."""
    with open("/proc/%d/smaps" % pid, encoding="utf-8") as file:
        smaps = file.read()
    return " lo" in re.search(r"^%s .*?^VmFlags:([^\n]*)" % span.split()[0], smaps,
                              re.M | re.S).group(1)
