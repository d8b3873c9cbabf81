// What the packet sender and the server need of Linux and Swift can't call: macros over control messages,
// structures that are passed as others and what is not in POSIX. Each function returns a negative errno where it fails.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Looks up the first address of a host as text, of IP version 4 or 6 or (0) either, within a bound:
/// getaddrinfo(3) alone can't be bounded.
/// Returns 0, or the EAI code; EAI_INPROGRESS where the time was up.
int precall_net_lookup(
    const char *host, int version, int timeout_ms, char *address, size_t capacity);

/// A non-blocking UDP socket, connected to a numeric address, that stamps what it receives.
int precall_net_udp(const char *address, uint16_t port);

/// A TCP socket that has begun to connect to a numeric address; it can be written to once that has ended.
/// Returns a negative errno where that failed at once.
int precall_net_tcp(const char *address, uint16_t port);

/// The error that ended a socket's connecting; 0 where it is connected.
int precall_net_error(int socket);

/// Sends one packet. Returns 1, 0 where the socket's buffer is full, or a negative errno.
int precall_net_send(int socket, const void *bytes, size_t count);

/// Receives one packet and the moment at which the kernel had it, on the monotonic clock. Returns its
/// length, 0 where there is none, or a negative errno.
long precall_net_receive(int socket, void *bytes, size_t capacity, int64_t *received_ns);

/// Waits until the socket can be read or the monotonic clock shows `until_ns`.
void precall_net_wait(int socket, int64_t until_ns);

/// The monotonic clock, and the wall clock, in nanoseconds.
int64_t precall_net_monotonic(void);
int64_t precall_net_wall(void);

/// Has this thread run for so long at a time where others want the processor too: one that asks for short turns gets
/// them sooner, and needs no privilege for it. Linux before 6.12 passes over it (sched_setattr(2), sched_runtime).
void precall_net_take_turns(int microseconds);

/// A non-blocking socket for ICMP echo, connected to a numeric address, that stamps what it receives: a ping
/// socket where the system allows it, else a raw one where the person may (`*raw` then is set). Returns a
/// negative errno.
int precall_net_echo(const char *address, bool *raw);

/// Whether a socket is one of IPv6.
bool precall_net_is_ipv6(int socket);

/// Has packets of this UDP socket live for so many hops, and their ICMP errors kept.
int precall_net_limit_hops(int socket, int hops);

/// Takes the next kept ICMP "time exceeded": who sent it as text, the first bytes of the packet that it is
/// about, and when it came by the monotonic clock. Returns the count of bytes or 0 where none is waiting;
/// other errors are passed over.
long precall_net_expired(
    int socket, char *sender, size_t capacity, void *bytes, size_t room, int64_t *received_ns);

/// The path MTU that the kernel holds for a connected UDP socket, or a negative errno.
int precall_net_path_mtu(int socket);

/// The name of the interface whose address a connected socket has as its own.
int precall_net_interface(int socket, char *name, size_t capacity);

void precall_net_close(int socket);

/// Sets how a TCP socket finds the limit of its line, where the kernel allows it (else cubic where it allows
/// that), and how many bytes may wait in it unsent, so that a test can end.
void precall_net_load(int socket, const char *congestion, int unsent);

/// Has a TCP socket that is not connected yet ask for segments of so many bytes at most, and send none longer.
void precall_net_limit_segments(int socket, int bytes);

/// Bytes of a TCP connection that have reached the other end, those behind a lost packet included as whole
/// segments. Negative where that is not known.
int64_t precall_net_acknowledged(int socket);

/// What has reached this end of a TCP connection: bytes in order, all segments as if each were whole, and the
/// memory that holds what was not taken yet, as behind a gap. False where that is not known.
bool precall_net_received(int socket, int64_t *in_order, int64_t *whole, int64_t *held);

/// A file of this process alone, without a name in any folder: on a disk, where the kernel keeps it in large
/// pieces, which sendfile(2) takes a fifth faster, else in memory. Its descriptor, or a negative errno.
int precall_net_nameless_file(void);

// MARK: A server's UDP socket (Datagrams.c)

/// A non-blocking UDP socket with a sockaddr of its own. What it receives comes with the moment and the TTL, and
/// one of IPv6 takes IPv4 too where the system has it so. Returns a negative errno.
int precall_net_bound(const void *address, size_t size);

/// A socket's own port, or a negative errno.
int precall_net_port(int socket);

/// What ends a wait once it is set, from whichever thread: a descriptor to be closed, or a negative errno.
int precall_net_event(void);
void precall_net_set_event(int event);

/// Room for the datagrams that are taken at once, each cut to 2,048 octets. Used by one thread.
struct precall_net_datagrams;
struct precall_net_datagrams *precall_net_datagrams_new(void);
void precall_net_datagrams_free(struct precall_net_datagrams *datagrams);

/// Waits for datagrams, and takes those that are there. Returns their count, 0 where none came in time, and
/// below 0 once `event` is set.
int precall_net_take(struct precall_net_datagrams *datagrams, int socket, int event, int timeout_ms);

/// What the kernel tells of a datagram beside its octets.
struct precall_net_arrival {
  /// The halves of the sender's address, one of IPv4 as IPv6 carries it (RFC 4291 section 2.5.5.2).
  uint64_t high, low;
  uint16_t port;
  /// The TTL or Hop Limit with which it came; 255 where that is not known.
  uint8_t hops_left;
  /// When the kernel had it, by the monotonic clock.
  int64_t received_ns;
};

/// One of the datagrams taken, until the next are.
const void *precall_net_datagram(
    struct precall_net_datagrams *datagrams, int index, size_t *count, struct precall_net_arrival *arrival);

/// Answers one of the datagrams taken, from the address that it was sent to. False where the system does not
/// take the answer at once.
bool precall_net_answer(
    struct precall_net_datagrams *datagrams, int index, int socket, const void *bytes, size_t count);
