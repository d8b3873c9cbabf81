"""Clients of TLS that stop in the middle: tls-crowd.py PORT COUNT half|unread

half    sends the first half of a ClientHello, and nothing after it
unread  makes the whole handshake, asks for a download and never reads

Says "ready" when all stand, and keeps them until its input ends.
"""
import resource
import socket
import ssl
import sys

port, count, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE


def hello():
    """A ClientHello as OpenSSL writes it."""
    out = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), out).do_handshake()
    except ssl.SSLWantReadError:
        return out.read()


def stopped():
    connection = socket.socket()
    # What does not fit here waits at the server.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", port))
    if kind == "half":
        octets = hello()
        connection.sendall(octets[: len(octets) // 2])
        return connection
    connection = context.wrap_socket(connection)
    connection.sendall(b"GET /v1/download?bytes=900000000 HTTP/1.1\r\nHost: t\r\n\r\n")
    return connection


crowd = [stopped() for _ in range(count)]
if kind == "unread":
    for connection in crowd:
        # The download has begun.
        connection.recv(1)
print("ready", flush=True)
sys.stdin.read()
