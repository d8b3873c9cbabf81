// What the packet sender needs of Linux and Swift can't call: macros over control messages, variadic ioctls
// and structures that are passed as others. Each function returns a negative errno where it fails.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Looks up the first address of a host as text, within a bound: getaddrinfo(3) alone can't be bounded.
/// Returns 0, or the EAI code; EAI_INPROGRESS where the time was up.
int precall_net_lookup(const char *host, int timeout_ms, char *address, size_t capacity);

/// A non-blocking UDP socket, connected to a numeric address, that stamps what it receives.
int precall_net_udp(const char *address, uint16_t port);

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

void precall_net_close(int socket);

/// Makes a TCP socket show queues as most senders would: cubic where the kernel allows it (bbr hides them),
/// and no more unsent bytes in the socket than one round's worth, so that a test can end.
void precall_net_load(int socket);

/// Bytes of a TCP connection that the peer has acknowledged; negative where that is not known.
int64_t precall_net_acknowledged(int socket);
