# SPDX-License-Identifier: Apache-2.0
"""mitm.py: a man in the middle between the program and the simulated domain.

    mitm.py --lab PORT --seed N --phase before|after --log FILE

listens on every address of 127.0.0.0/8, says `ready PORT` and passes each connection on
to the same address at the domain's port.  In each connection it does one mischief, chosen
by the seed, the address and the how-many-th connection to that address this is: so a run
can be said again.  `after` meddles from the host's acceptance of the logon on, `before`
from the first byte to that answer.  The log has a line of JSON a connection: what was to
be done, and whether it came to it.  It ends when its standard input does.
"""

import argparse
import asyncio
import json
import random
import struct
import sys

NEGOTIATE, SETUP = 0, 1
SUCCESS, PENDING, ACCESS_DENIED, SESSION_DELETED = 0, 0x103, 0xC0000022, 0xC0000203
NOT_IMPLEMENTED, NO_SUCH_PRIVILEGE, NO_MORE_ENTRIES = 0xC0000002, 0xC0000060, 0x8000001A
SMB2, SEALED = b"\xfeSMB", b"\xfdSMB"
SIGNED, ASYNC = 8, 2
HEADER, FRAMING = 64, 4
KEPT = 64  # frames of each direction that are kept for splicing


def framed(message):
    return struct.pack(">I", len(message)) + bytes(message)


def command(frame):
    """The command of a clear message, or None."""
    if frame[FRAMING:FRAMING + 4] != SMB2 or len(frame) < FRAMING + HEADER:
        return None
    return struct.unpack_from("<H", frame, FRAMING + 12)[0]


def status(frame):
    return struct.unpack_from("<I", frame, FRAMING + 8)[0]


# ---- mischief: (one frame, the connection) -> the frames that go on ----

def flip(frame, line):
    frame = bytearray(frame)
    bit = line.random.randrange(len(frame) * 8)
    frame[bit // 8] ^= 1 << bit % 8
    line.note["bit"] = bit
    return [frame]


def flip_behind_framing(frame, line):
    """Where most of it counts: the length in front stays right."""
    frame = bytearray(frame)
    bit = line.random.randrange(FRAMING * 8, len(frame) * 8)
    frame[bit // 8] ^= 1 << bit % 8
    line.note["bit"] = bit
    return [frame]


def drop(_frame, _line):
    return []


def repeat(frame, _line):
    return [frame, frame]


def repeat_later(frame, line):
    line.later.append((line.random.randrange(1, 4), frame))
    return [frame]


def reorder(frame, line):
    line.later.append((1, frame))
    return []


def stop_flow(_frame, line):
    line.hang_up(line.random.random() < 0.5)
    return []


def splice_earlier(frame, line):
    """An earlier frame of this direction in the place of this one."""
    return [line.random.choice(line.said[:-1])] if len(line.said) > 1 else [frame]


def splice_alien(frame, line):
    """A frame of the same direction from another connection."""
    return [line.random.choice(line.aliens)] if line.aliens else [frame]


def splice_alien_like(frame, line):
    """The same, one as long as this: of the same question, most likely."""
    like = [alien for alien in line.aliens if len(alien) == len(frame)]
    return [line.random.choice(like)] if like else splice_alien(frame, line)


def splice_halves(frame, line):
    """This frame's head with another's tail."""
    other = line.random.choice(line.aliens or line.said)
    cut = line.random.randrange(FRAMING, len(frame))
    return [framed(frame[FRAMING:cut] + other[cut:])]


def splice_header(frame, line):
    """The header of this frame, so that its numbers are right, before another's body."""
    other = line.random.choice(line.aliens or line.said)
    return [framed(frame[FRAMING:FRAMING + HEADER] + other[FRAMING + HEADER:])]


def reflect(frame, line):
    """What the other side said last comes back to it."""
    return [line.other.said[-1]] if line.other.said else [frame]


def cut_short(frame, line):
    return [framed(frame[FRAMING:line.random.randrange(FRAMING + 1, len(frame))])]


def lengthen(frame, line):
    return [framed(frame[FRAMING:] + line.random.randbytes(line.random.randrange(1, 99)))]


def nonsense(frame, line):
    return [framed(line.random.randbytes(line.random.randrange(4, 300))), frame]


def two_in_one(frame, line):
    """Another message behind this one in the same frame, as a compound."""
    other = line.random.choice(line.aliens or line.said)[FRAMING:]
    first = bytearray(frame[FRAMING:])
    first += bytes(-len(first) % 8)
    if command(frame) is not None:
        struct.pack_into("<I", first, 20, len(first))
    return [framed(bytes(first) + other)]


def unsign(frame, line):
    """No signature, and perhaps another body."""
    frame = bytearray(frame)
    if command(frame) is None:
        return flip(frame, line)
    flags = struct.unpack_from("<I", frame, FRAMING + 16)[0]
    struct.pack_into("<I", frame, FRAMING + 16, flags & ~SIGNED)
    frame[FRAMING + 48:FRAMING + HEADER] = bytes(16)
    if line.random.random() < 0.5 and len(frame) > FRAMING + HEADER + 2:
        frame[line.random.randrange(FRAMING + HEADER + 2, len(frame))] ^= 1
    return [frame]


def forge_error(frame, line):
    """An unsigned refusal in the place of an answer."""
    if command(frame) is None or line.to_host:
        return unsign(frame, line)
    header = bytearray(frame[FRAMING:FRAMING + HEADER])
    forged = line.random.choice((ACCESS_DENIED, SESSION_DELETED, NOT_IMPLEMENTED,
                                 NO_SUCH_PRIVILEGE, NO_MORE_ENTRIES, PENDING))
    struct.pack_into("<I", header, 8, forged)
    flags = struct.unpack_from("<I", header, 16)[0] & ~SIGNED
    struct.pack_into("<I", header, 16, flags | (ASYNC if forged == PENDING else 0))
    struct.pack_into("<I", header, 20, 0)
    header[48:64] = bytes(16)
    line.note["status"] = forged
    return [framed(bytes(header) + struct.pack("<HBBIB", 9, 0, 0, 0, 0))]


def hide_tree(frame, line):
    """A clear message of our own where sealed ones are due: the opened text is not known,
    so an answer is made up."""
    header = struct.pack("<4sHHIHHIIQIIQ16s", SMB2, 64, 0, SUCCESS, 3, 1, 1, 0,
                         line.random.randrange(12), 0, 1, line.random.randrange(1 << 16),
                         bytes(16))
    return [framed(header + struct.pack("<HBBIII", 16, 2, 0, 0, 0, 0x1F01FF)), frame]


ANYWHERE = (flip, flip, flip, flip_behind_framing, flip_behind_framing,
            flip_behind_framing, flip_behind_framing, drop, repeat, repeat_later, reorder,
            stop_flow, splice_earlier, splice_alien, splice_alien_like, splice_halves,
            splice_header, reflect, cut_short, lengthen, nonsense, two_in_one)
AFTER = ANYWHERE + (unsign, forge_error, forge_error, hide_tree)


# ---- downgrades: what is done to NEGOTIATE and to the logon ----

BODY = FRAMING + HEADER


def offer_fewer(frame, line):
    """The client offers no 3.1.1, or less still."""
    frame = bytearray(frame)
    count = struct.unpack_from("<H", frame, BODY + 2)[0]
    struct.pack_into("<H", frame, BODY + 2, line.random.randrange(1, max(2, count)))
    return [frame]


def offer_no_signing(frame, line):
    frame = bytearray(frame)
    struct.pack_into("<H", frame, BODY + 4, line.random.randrange(2))
    return [frame]


def offer_no_capabilities(frame, _line):
    frame = bytearray(frame)
    struct.pack_into("<I", frame, BODY + 8, 0)
    return [frame]


def answer_less(frame, line):
    frame = bytearray(frame)
    struct.pack_into("<H", frame, BODY + 4,
                     line.random.choice((0x0202, 0x0210, 0x0300, 0x0302)))
    struct.pack_into("<H", frame, BODY + 6, 0)
    return [frame]


def answer_no_signing(frame, line):
    frame = bytearray(frame)
    struct.pack_into("<H", frame, BODY + 2, line.random.randrange(2))
    return [frame]


def answer_no_capabilities(frame, _line):
    frame = bytearray(frame)
    struct.pack_into("<I", frame, BODY + 24, 0)
    return [frame]


def context_weaker(frame, line):
    """Another cipher or signing algorithm than what was offered or chosen."""
    frame = bytearray(frame)
    to_host = line.to_host
    at = FRAMING + struct.unpack_from("<I", frame, BODY + (28 if to_host else 60))[0]
    left = struct.unpack_from("<H", frame, BODY + (32 if to_host else 6))[0]
    kind = line.random.choice((2, 8))
    while left and at + 8 <= len(frame):
        found, length = struct.unpack_from("<HH", frame, at)
        if found == kind and length >= 4:
            count = struct.unpack_from("<H", frame, at + 8)[0]
            for i in range(count):
                weaker = line.random.randrange(0, 3)
                struct.pack_into("<H", frame, at + 10 + 2 * i, weaker)
        at += 8 + length + -length % 8
        left -= 1
    return [frame]


def context_lost(frame, line):
    frame = bytearray(frame)
    at = BODY + (32 if line.to_host else 6)
    left = struct.unpack_from("<H", frame, at)[0]
    struct.pack_into("<H", frame, at, line.random.randrange(max(1, left)))
    return [frame]


def challenge_told_anew(frame, _line, keep_time=True):
    """The host's NTLM challenge tells another Windows and other names."""
    frame = bytearray(frame)
    at = frame.find(b"NTLMSSP\0\2\0\0\0")
    if at < 0 or len(frame) < at + 56:
        return [frame]
    length, _, offset = struct.unpack_from("<HHI", frame, at + 40)
    pair, end = at + offset, at + offset + length
    while pair + 4 <= end:
        kind, size = struct.unpack_from("<HH", frame, pair)
        if kind == 7 and not keep_time:
            struct.pack_into("<H", frame, pair, 8)
        elif kind in (1, 2, 3, 4, 5) and size >= 2:
            frame[pair + 4] ^= 1
        pair += 4 + size
    struct.pack_into("<BBH", frame, at + 48, 6, 1, 7601)
    return [frame]


def challenge_without_time(frame, line):
    """The same, and it loses its time, so that no checksum is owed for it."""
    return challenge_told_anew(frame, line, keep_time=False)


def token_lost(frame, _line):
    """The host has nothing to say about the logon, and goes on with it."""
    frame = bytearray(frame)
    struct.pack_into("<H", frame, BODY + 6, 0)
    return [frame]


def session_flags(frame, line):
    frame = bytearray(frame)
    struct.pack_into("<H", frame, BODY + 2, line.random.choice((0, 1, 2, 4)))
    return [frame]


def accepted_early(frame, _line):
    frame = bytearray(frame)
    struct.pack_into("<I", frame, FRAMING + 8, SUCCESS)
    return [frame]


# (to the host?, command) -> what may be done to it
DOWNGRADES = {
    (True, NEGOTIATE): (offer_fewer, offer_no_signing, offer_no_capabilities,
                        context_weaker, context_lost),
    (False, NEGOTIATE): (answer_less, answer_no_signing, answer_no_capabilities,
                         context_weaker, context_lost),
    (False, SETUP): (session_flags, accepted_early, token_lost, challenge_told_anew,
                     challenge_without_time),
}


# ---- one connection ----

class Line:
    """One direction of one connection."""

    def __init__(self, connection, to_host, reader, writer):
        self.connection = connection
        self.to_host = to_host
        self.reader, self.writer = reader, writer
        self.random = connection.random
        self.note = connection.note
        self.said = []    # frames as they came
        self.later = []   # (frames to wait for, frame)
        self.other = None
        self.aliens = connection.meddler.kept[to_host]

    def hang_up(self, at_once):
        self.connection.hang_up(at_once)

    async def frames(self):
        while True:
            head = await self.reader.readexactly(FRAMING)
            length = int.from_bytes(head[1:], "big")
            yield head + await self.reader.readexactly(length)

    def send(self, frames):
        for frame in frames:
            self.writer.write(bytes(frame))
        self.later = [(wait - 1, frame) for wait, frame in self.later]
        for wait, frame in self.later:
            if wait < 0:
                self.writer.write(bytes(frame))
        self.later = [pair for pair in self.later if pair[0] >= 0]

    async def run(self):
        connection = self.connection
        async for frame in self.frames():
            self.said.append(frame)
            if not self.to_host and command(frame) == SETUP and status(frame) == SUCCESS:
                connection.accepted = True
            self.send(connection.meddle(self, frame))
            self.aliens.append(frame)
            del self.aliens[:-KEPT]
            await self.writer.drain()


class Connection:
    def __init__(self, meddler, address, number):
        self.meddler = meddler
        self.address = address
        self.random = random.Random("%s %s %d" % (meddler.seed, address, number))
        self.accepted = False
        self.seen = 0
        self.note = {"address": address, "number": number, "phase": meddler.phase,
                     "done": False}
        self.choose()

    def choose(self):
        before = self.meddler.phase == "before"
        self.to_host = self.random.random() < 0.4
        self.at = self.random.randrange(2 if before else 18)
        self.downgrades = before and self.random.random() < 0.6
        self.mischief = self.random.choice(ANYWHERE if before else AFTER)
        if self.downgrades:
            self.to_host, _ = self.wanted = self.random.choice(tuple(DOWNGRADES))
            self.mischief = self.random.choice(DOWNGRADES[self.wanted])
        self.note.update(kind=self.mischief.__name__, at=self.at,
                         direction="to host" if self.to_host else "from host")

    def is_due(self, line, frame):
        if self.note["done"] or line.to_host != self.to_host:
            return False
        if self.downgrades:
            return command(frame) == self.wanted[1] and (
                "challenge" not in self.mischief.__name__ or b"NTLMSSP\0\2" in frame)
        if (self.meddler.phase == "after") != self.accepted and not (
                command(frame) == SETUP and not self.to_host):
            return False
        self.seen += 1
        return self.seen > self.at

    def meddle(self, line, frame):
        if not self.is_due(line, frame):
            return [frame]
        try:
            frames = self.mischief(frame, line)
        except struct.error:
            return [frame]
        self.note["done"] = bool(line.later) or \
            [bytes(f) for f in frames] != [bytes(frame)]
        self.note["command"] = command(frame)
        return frames

    def hang_up(self, at_once):
        for writer in self.writers:
            if at_once:
                writer.transport.abort()
            else:
                writer.close()

    async def run(self, client):
        try:
            host = await asyncio.open_connection(self.address, self.meddler.lab)
        except OSError:
            client[1].close()
            return
        self.writers = (client[1], host[1])
        there = Line(self, True, client[0], host[1])
        back = Line(self, False, host[0], client[1])
        there.other, back.other = back, there
        await asyncio.gather(self.relay(there), self.relay(back))
        self.meddler.write(self.note)

    async def relay(self, line):
        try:
            await line.run()
        except (OSError, asyncio.IncompleteReadError) as end:
            rest = getattr(end, "partial", b"")
            if rest and not line.writer.is_closing():
                line.writer.write(rest)
        self.hang_up(False)


class Meddler:
    def __init__(self, options):
        self.lab, self.seed, self.phase = options.lab, options.seed, options.phase
        self.log = open(options.log, "w", encoding="utf-8")
        self.kept = {True: [], False: []}
        self.numbers = {}

    def write(self, note):
        self.log.write(json.dumps(note) + "\n")
        self.log.flush()

    async def meet(self, reader, writer):
        address = writer.get_extra_info("sockname")[0]
        if not address.startswith("127."):
            writer.close()
            return
        self.numbers[address] = self.numbers.get(address, 0) + 1
        await Connection(self, address, self.numbers[address]).run((reader, writer))

    async def serve(self):
        server = await asyncio.start_server(self.meet, "0.0.0.0", 0, backlog=1024)
        print("ready", server.sockets[0].getsockname()[1], flush=True)
        loop = asyncio.get_running_loop()
        ended = loop.create_future()
        loop.add_reader(sys.stdin, lambda: sys.stdin.read(1) or ended.done()
                        or ended.set_result(None))
        await ended
        server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lab", type=int, required=True)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--phase", choices=("before", "after"), default="after")
    parser.add_argument("--log", required=True)
    asyncio.run(Meddler(parser.parse_args()).serve())


if __name__ == "__main__":
    main()
