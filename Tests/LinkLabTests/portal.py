"""A network's sign-in page for one test, in place of whatever host is asked.

portal.py PORT STATUS [LOCATION]    answers whatever comes to PORT of 127.0.0.1 with this status, in plain HTTP, and a
                                    page or a redirect to LOCATION; STATUS "silent" answers nothing
On port 80 only what tells nothing of the person is answered so: any other request with status 400.
"""
import socket, sys, threading

port, status, location = int(sys.argv[1]), sys.argv[2], "".join(sys.argv[3:])
listener = socket.create_server(("127.0.0.1", port))
print("ready", flush=True)


def is_harmless(request):
    first, *headers = request.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    names = {header.split(":")[0].lower() for header in headers}
    return first == "GET /v1/ping HTTP/1.1" and names <= {"host", "user-agent", "accept"}


def answer(client):
    request = client.recv(65536)
    if status == "silent":
        client.recv(1)
    code = status if port != 80 or is_harmless(request) else "400"
    page = b"" if location else b"<!doctype html><title>Welcome</title>"
    head = f"HTTP/1.1 {code} x\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\nConnection: close\r\n"
    if location:
        head += f"Location: {location}\r\n"
    client.sendall(head.encode() + b"\r\n" + page)
    client.close()


while True:
    client, _ = listener.accept()
    threading.Thread(target=answer, args=(client,), daemon=True).start()
