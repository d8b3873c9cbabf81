"""An independent witness of a link: numbered UDP packets, stamped by the kernel's one monotonic clock.

echo.py serve LOG              answers every packet, notes "number arrived" in LOG
echo.py flow COUNT GAP SIZE    sends COUNT packets GAP seconds apart, prints JSON rows
                               [number, sent, returned or null, the server's stamp or null]
echo.py flood SECONDS SIZE MBIT sends at MBIT Mbit/s of IP packets, not waiting for answers
"""
import json, os, select, socket, struct, sys, time

PORT = 4000
SERVER = os.environ["LINK_SERVER_ADDRESS" + os.environ.get("FAMILY", "")]
FAMILY = socket.AF_INET6 if ":" in SERVER else socket.AF_INET


def serve(log):
    family = socket.AF_INET6
    listener = socket.socket(family, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    listener.bind(("::", PORT))
    print("{}", flush=True)
    with open(log, "w", buffering=1) as notes:
        while True:
            data, sender = listener.recvfrom(2048)
            now = time.monotonic_ns()
            number, answers = struct.unpack("!QB", data[:9])
            notes.write(f"{number} {now}\n")
            if answers:
                listener.sendto(data[:8] + struct.pack("!Q", now) + data[16:], sender)


def flow(count, gap, size):
    line = socket.socket(FAMILY, socket.SOCK_DGRAM)
    line.connect((SERVER, PORT))
    rows = [[number, None, None, None] for number in range(count)]
    start, number = time.monotonic(), 0
    end = start + count * gap + float(os.environ.get("PATIENCE", "1"))
    while time.monotonic() < end and (number < count or any(row[2] is None for row in rows)):
        due = start + number * gap if number < count else end
        if select.select([line], [], [], max(0, due - time.monotonic()))[0]:
            try:
                data = line.recv(2048)
            except OSError:
                continue
            now = time.monotonic_ns()
            row = rows[struct.unpack("!Q", data[:8])[0]]
            if row[2] is None:
                row[2], row[3] = now, struct.unpack("!Q", data[8:16])[0]
        elif number < count:
            rows[number][1] = time.monotonic_ns()
            try:
                line.send(struct.pack("!QB", number, 1).ljust(size, b"x"))
            except OSError:
                pass
            number += 1
    print(json.dumps({"rows": rows}))


def flood(seconds, size, mbit):
    line = socket.socket(FAMILY, socket.SOCK_DGRAM)
    line.connect((SERVER, PORT))
    start, number = time.monotonic(), 0
    gap = (size + 28) * 8 / (mbit * 1e6)
    while (now := time.monotonic()) < start + seconds:
        while number * gap <= now - start:
            line.send(struct.pack("!QB", number, 0).ljust(size, b"x"))
            number += 1
        time.sleep(gap)
    time.sleep(0.5)
    print(json.dumps({"sent": number}))


if sys.argv[1] == "serve":
    serve(sys.argv[2])
elif sys.argv[1] == "flow":
    flow(int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
else:
    flood(float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
