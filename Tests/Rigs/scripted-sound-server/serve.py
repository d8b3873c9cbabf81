"""serve.py SOCKET FILE [SOUND]: a PulseAudio server with the scripted replies of FILE.

The replies are written by hand after those of real servers, none is recorded: for sound cards that can't be had
in a test, whose jacks know what is plugged in. It speaks the native protocol (version 35, as PulseAudio 16), so
that the real libpulse reads the replies. SOUND holds samples of 16 bits, one channel, which every recording hears again and again. Programs may
connect as soon as the socket is there; it ends when it is told to, and by itself after two minutes.
"""
import json
import os
import signal
import socket
import struct
import sys
import threading
import time

NONE, CONTROL, VERSION = 0xFFFFFFFF, 0xFFFFFFFF, 35
ERROR, REPLY, RECORD, AUTH, NAME, SERVER = 0, 2, 5, 8, 9, 20
SINKS, SOURCE, SOURCES, OUTPUT, CARDS = 22, 23, 24, 31, 89
FULL = 0x10000  # PA_VOLUME_NORM
AVAILABLE = {None: 0, False: 1, True: 2}
PORT_TYPES = {"other": 0, "line": 4, "microphone": 5, "headset": 6}


def u32(value): return b"L" + struct.pack(">I", value)
def text(value): return b"N" if value is None else b"t" + value.encode() + b"\0"
def flag(value): return b"1" if value else b"0"
def microseconds(value): return b"U" + struct.pack(">Q", value)
def volume(count, value=FULL): return b"v" + struct.pack(">B", count) + struct.pack(">I", value) * count
def channels(count): return b"m" + bytes([count] + ([0] if count == 1 else [1, 2]))
def samples(rate, count): return b"a" + struct.pack(">BBI", 3, count, rate)  # PA_SAMPLE_S16LE


def properties(values):
    body = b""
    for key, value in (values or {}).items():
        data = value.encode() + b"\0"
        body += text(key) + u32(len(data)) + b"x" + struct.pack(">I", len(data)) + data
    return b"P" + body + b"N"


PCM = b"f" + b"B\x01" + properties({})


def device(index, it):
    count = it.get("channels", 1)
    body = u32(index) + text(it["name"]) + text(it["description"]) + samples(it.get("rate", 48000), count)
    body += channels(count) + u32(NONE) + volume(count) + flag(it.get("muted", False))
    body += u32(0 if it.get("monitor") else NONE) + text(None) + microseconds(0) + text("module-alsa-card.c")
    body += u32(0x37 if not it.get("monitor") else 0x20) + properties(it.get("properties"))
    body += microseconds(0) + b"V" + struct.pack(">I", FULL) + u32(1) + u32(FULL + 1) + u32(NONE)
    ports = it.get("ports", [])
    body += u32(len(ports))
    for port in ports:
        body += text(port["name"]) + text(port["description"]) + u32(100) + u32(AVAILABLE[port.get("plugged_in")])
        body += text(None) + u32(PORT_TYPES[port["type"]])
    return body + text(it.get("active_port")) + b"B\x01" + PCM


def card(index, it):
    body = u32(index) + text(it["name"]) + u32(NONE) + text("module-bluez5-device.c") + u32(len(it["profiles"]))
    for profile in it["profiles"]:
        body += text(profile["name"]) + text(profile["name"]) + u32(profile["sinks"]) + u32(profile["sources"])
        body += u32(10) + u32(1 if profile.get("available", True) else 0)
    return body + text(it["active_profile"]) + properties(it.get("properties")) + u32(0)


class Client:
    def __init__(self, connection, replies, sound):
        self.connection, self.replies, self.sound = connection, replies, sound
        self.writing = threading.Lock()

    def send(self, body, channel=CONTROL):
        with self.writing:
            self.connection.sendall(struct.pack(">IIIII", len(body), channel, 0, 0, 0) + body)

    def receive(self, count):
        body = b""
        while len(body) < count:
            part = self.connection.recv(count - len(body))
            if not part:
                raise ConnectionError
            body += part
        return body

    def serve(self):
        try:
            while True:
                length, channel = struct.unpack(">IIIII", self.receive(20))[:2]
                body = self.receive(length)
                if channel == CONTROL:
                    command, tag = struct.unpack(">xIxI", body[:10])
                    refusal = self.replies.get("refuses_recording") if command == RECORD else None
                    if refusal:
                        self.send(u32(ERROR) + u32(tag) + u32(refusal))
                        continue
                    self.send(u32(REPLY) + u32(tag) + self.answer(command, body[10:]))
                    if command == RECORD and not self.replies.get("sends_nothing"):
                        threading.Thread(target=self.record, daemon=True).start()
        except OSError:
            self.connection.close()

    def answer(self, command, body):
        sources, sinks = self.replies.get("sources", []), self.replies.get("sinks", [])
        if command == AUTH:
            return u32(VERSION)
        if command == NAME:
            return u32(0)
        if command == SERVER:
            names = ("pulseaudio", "16.1", "person", "computer")
            return (b"".join(map(text, names)) + samples(48000, 2) + text(self.replies.get("default_sink"))
                    + text(self.replies.get("default_source")) + u32(1) + channels(2))
        if command == SOURCES:
            return b"".join(device(index, it) for index, it in enumerate(sources))
        if command == SINKS:
            return b"".join(device(index, it) for index, it in enumerate(sinks))
        if command == SOURCE:
            index, = struct.unpack(">xI", body[:5])
            return device(index, sources[index])
        if command == CARDS:
            return b"".join(card(index, it) for index, it in enumerate(self.replies.get("cards", [])))
        default = next((i for i, it in enumerate(sources) if it["name"] == self.replies.get("default_source")), 0)
        if command == RECORD:
            return (u32(0) + u32(0) + u32(1 << 20) + u32(1920) + samples(48000, 1) + channels(1) + u32(default)
                    + text(sources[default]["name"]) + flag(False) + microseconds(20000) + PCM)
        if command == OUTPUT:
            return (u32(0) + text("recording") + u32(NONE) + u32(0) + u32(default) + samples(48000, 1) + channels(1)
                    + microseconds(0) * 2 + text(None) + text("protocol-native.c") + properties({}) + flag(False)
                    + volume(1) + flag(False) + flag(True) + flag(True) + PCM)
        return b""

    def record(self):
        at, due = 0, time.monotonic()
        try:
            while True:
                block = (self.sound[at:] + self.sound)[:1920]
                at = (at + 1920) % len(self.sound)
                self.send(block, channel=0)
                due += 0.02
                time.sleep(max(0, due - time.monotonic()))
        except OSError:
            pass


def main():
    path, file = sys.argv[1:3]
    with open(file) as text:
        replies = json.load(text)
    sound = bytes(1920)
    if len(sys.argv) > 3:
        with open(sys.argv[3], "rb") as samples:
            sound = samples.read()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + ".new")
    listener.listen()
    # Whoever sees the socket may connect.
    os.rename(path + ".new", path)
    signal.alarm(120)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=Client(connection, replies, sound).serve, daemon=True).start()


main()
