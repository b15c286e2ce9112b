# SPDX-License-Identifier: Apache-2.0
"""tap.py LISTEN_PORT HOST PORT SCRIPT: passes one SMB conversation on and writes the sizes
of its frames, in the order seen, as the script lsasweep-floor replays."""

import asyncio
import sys


async def pump(reader, writer, side, script):
    try:
        while True:
            head = await reader.readexactly(4)
            body = await reader.readexactly(int.from_bytes(head[1:], "big"))
            script.append("%s %d" % (side, 4 + len(body)))
            writer.write(head + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main():
    port, host, to_port, path = sys.argv[1:5]
    over = asyncio.Event()

    async def on_client(reader, writer):
        script = []
        peer_reader, peer_writer = await asyncio.open_connection(host, int(to_port))
        await asyncio.gather(pump(reader, peer_writer, "c", script),
                             pump(peer_reader, writer, "s", script))
        with open(path, "w", encoding="ascii") as out:
            out.write("\n".join(script) + "\n")
        over.set()

    server = await asyncio.start_server(on_client, host, int(port))
    print("ready", flush=True)
    await asyncio.wait_for(over.wait(), 30)
    server.close()


asyncio.run(main())
