"""A Bluetooth headset that is not there: answers on the system bus as BlueZ does (org.bluez, D-Bus API of BlueZ
5), so that a real sound server makes a real card of it. The service is a mock, the sound server is not.

The headset plays music (A2DP, SBC) at once; with the argument `calls` it also takes calls (HFP, CVSD), as far
as the sound server needs to offer that: a call's sound would need a radio. Prints `ready` when it can be found.
"""
import socket
import sys
import threading

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

ADAPTER = dbus.ObjectPath("/org/bluez/hci0")
DEVICE = dbus.ObjectPath(ADAPTER + "/dev_00_11_22_33_44_55")
TRANSPORT = dbus.ObjectPath(DEVICE + "/fd0")
MUSIC_SOURCE, MUSIC_SINK, CALLS_COMPUTER, CALLS_HEADSET = (
    f"0000{service}-0000-1000-8000-00805f9b34fb" for service in ("110a", "110b", "111f", "111e"))
# Sockets whose other end the sound server holds.
kept = []


def properties(values):
    return dbus.Dictionary(values, signature="sv")


def call(bus, sender, path, interface, method, signature, *arguments):
    """Calls the sound server back, without waiting for its answer."""
    remote = dbus.Interface(bus.get_object(sender, path, introspect=False), interface)
    remote.get_dbus_method(method)(
        *arguments, signature=signature, reply_handler=lambda *_: None,
        error_handler=lambda error: print(method, error, file=sys.stderr))
    return False


class Objects(dbus.service.Object):
    def __init__(self, bus, takes_calls):
        super().__init__(bus, "/")
        services = [MUSIC_SINK] + ([CALLS_HEADSET] if takes_calls else [])
        self.objects = {
            ADAPTER: {
                "org.bluez.Adapter1": {
                    "Address": "AA:BB:CC:DD:EE:FF", "Name": "computer", "Alias": "computer", "Powered": True,
                    "UUIDs": dbus.Array([MUSIC_SOURCE, CALLS_COMPUTER], signature="s")},
                "org.bluez.Media1": {}},
            DEVICE: {
                "org.bluez.Device1": {
                    "Address": "00:11:22:33:44:55", "Name": "Headset", "Alias": "Headset", "Adapter": ADAPTER,
                    "Class": dbus.UInt32(0x240404), "Icon": "audio-headset", "Paired": True, "Trusted": True,
                    "Connected": True, "ServicesResolved": True,
                    "UUIDs": dbus.Array(services, signature="s")}}}

    @dbus.service.method("org.freedesktop.DBus.ObjectManager", out_signature="a{oa{sa{sv}}}")
    def GetManagedObjects(self):
        return dbus.Dictionary({
            path: dbus.Dictionary({name: properties(of) for name, of in interfaces.items()}, signature="sa{sv}")
            for path, interfaces in self.objects.items()}, signature="oa{sa{sv}}")


class Media(dbus.service.Object):
    """Hands the sound server a way to play music as soon as it offers one."""

    @dbus.service.method("org.bluez.Media1", in_signature="oa{sv}", sender_keyword="sender")
    def RegisterApplication(self, path, options, sender=None):
        # SBC: 44.1 kHz, joint stereo, 16 blocks of 8 subbands by loudness, bitpool 2 to 53.
        codec = dbus.Array([dbus.Byte(byte) for byte in (0x21, 0x15, 2, 53)], signature="y")
        transport = properties({
            "UUID": MUSIC_SOURCE, "Device": DEVICE, "Codec": dbus.Byte(0), "Configuration": codec, "State": "idle"})
        GLib.idle_add(
            call, self.connection, sender, path + "/A2DPSource/sbc", "org.bluez.MediaEndpoint1", "SetConfiguration",
            "oa{sv}", TRANSPORT, transport)

    @dbus.service.method("org.bluez.Media1", in_signature="o")
    def UnregisterApplication(self, path):
        pass


class Transport(dbus.service.Object):
    """Takes the music and drops it."""

    @dbus.service.method("org.bluez.MediaTransport1", out_signature="hqq")
    def Acquire(self):
        return self.socket()

    @dbus.service.method("org.bluez.MediaTransport1", out_signature="hqq")
    def TryAcquire(self):
        return self.socket()

    @dbus.service.method("org.bluez.MediaTransport1")
    def Release(self):
        pass

    def socket(self):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept.extend((ours, theirs))
        threading.Thread(target=lambda: all(iter(lambda: ours.recv(65_536), b"")), daemon=True).start()
        return dbus.types.UnixFd(theirs.fileno()), dbus.UInt16(672), dbus.UInt16(672)


class Profiles(dbus.service.Object):
    """Connects for calls as soon as the sound server offers the computer's side of them (Hands-Free Profile)."""

    def __init__(self, bus, takes_calls):
        super().__init__(bus, "/org/bluez")
        self.takes_calls = takes_calls

    @dbus.service.method("org.bluez.ProfileManager1", in_signature="osa{sv}", sender_keyword="sender")
    def RegisterProfile(self, path, service, options, sender=None):
        if not self.takes_calls or service != CALLS_COMPUTER:
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        kept.extend((ours, theirs))
        threading.Thread(target=self.negotiate, args=(ours,), daemon=True).start()
        GLib.idle_add(
            call, self.connection, sender, path, "org.bluez.Profile1", "NewConnection", "oha{sv}", DEVICE,
            dbus.types.UnixFd(theirs.fileno()), properties({}))

    @dbus.service.method("org.bluez.ProfileManager1", in_signature="o")
    def UnregisterProfile(self, path):
        pass

    def negotiate(self, line):
        """The headset's half of the service level connection (Hands-Free Profile 1.8, section 4.2)."""
        for command in ("AT+BRSF=0", "AT+CIND=?", "AT+CIND?", "AT+CMER=3,0,0,1"):
            line.send(command.encode() + b"\r")
            answer = b""
            while not answer.endswith(b"OK\r\n"):
                said = line.recv(1_000)
                if not said:
                    return
                answer += said


if __name__ == "__main__":
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    system = dbus.SystemBus()
    takes_calls = sys.argv[1:] == ["calls"]
    name = dbus.service.BusName("org.bluez", system)
    parts = [
        Objects(system, takes_calls), Media(system, ADAPTER), Transport(system, TRANSPORT), Profiles(system, takes_calls)]
    print("ready", flush=True)
    GLib.MainLoop().run()
