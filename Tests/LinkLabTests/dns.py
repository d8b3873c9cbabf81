"""A name server for one test: answers every question for an address in its own way.

dns.py ADDRESS BEHAVIOUR...    listens on ADDRESS, port 53; each BEHAVIOUR is one of
    wait=SECONDS   answers so late
    silent         never answers
    fails          says that it can't tell (SERVFAIL)
    unknown        says that there is no such name (NXDOMAIN)
    a=ADDRESS, aaaa=ADDRESS    what it answers with, IPv4 and IPv6
"""
import socket, struct, sys, threading, time

words = dict(word.partition("=")[::2] for word in sys.argv[2:])
listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listener.bind((sys.argv[1], 53))
print("ready", flush=True)


def answer(question, client):
    if "silent" in words:
        return
    time.sleep(float(words.get("wait", "0")))
    end = question.index(b"\0", 12) + 5
    kind = struct.unpack(">H", question[end - 4:end - 2])[0]
    code = 2 if "fails" in words else 3 if "unknown" in words else 0
    family, word = (socket.AF_INET, "a") if kind == 1 else (socket.AF_INET6, "aaaa")
    data = socket.inet_pton(family, words[word]) if code == 0 and kind in (1, 28) and word in words else b""
    head = question[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, 1 if data else 0, 0, 0)
    record = b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data if data else b""
    listener.sendto(head + question[12:end] + record, client)


while True:
    question, client = listener.recvfrom(512)
    threading.Thread(target=answer, args=(question, client), daemon=True).start()
