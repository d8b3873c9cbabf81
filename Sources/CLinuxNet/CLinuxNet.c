#define _GNU_SOURCE
#include "CLinuxNet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <linux/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t precall_net_monotonic(void) { return now(CLOCK_MONOTONIC); }
int64_t precall_net_wall(void) { return now(CLOCK_REALTIME); }

int precall_net_lookup(const char *host, int timeout_ms, char *address, size_t capacity) {
  // On the heap: a lookup that can't be cancelled goes on after this function, and is left to it.
  struct { struct gaicb request; struct addrinfo hints; char host[256]; } *lookup = calloc(1, sizeof *lookup);
  if (!lookup) return EAI_MEMORY;
  snprintf(lookup->host, sizeof lookup->host, "%s", host);
  lookup->hints.ai_socktype = SOCK_DGRAM;
  lookup->request.ar_name = lookup->host;
  lookup->request.ar_request = &lookup->hints;
  struct gaicb *list[1] = {&lookup->request};
  int result = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);
  if (result != 0) { free(lookup); return result; }
  struct timespec timeout = {timeout_ms / 1000, (timeout_ms % 1000) * 1000000L};
  gai_suspend((const struct gaicb *const *)list, 1, &timeout);
  result = gai_error(&lookup->request);
  if (result == EAI_INPROGRESS) {
    if (gai_cancel(&lookup->request) == EAI_CANCELED) free(lookup);
    return EAI_INPROGRESS;
  }
  if (result == 0) {
    struct addrinfo *found = lookup->request.ar_result;
    result = getnameinfo(found->ai_addr, found->ai_addrlen, address, capacity, NULL, 0, NI_NUMERICHOST);
    freeaddrinfo(found);
  }
  free(lookup);
  return result;
}

int precall_net_udp(const char *address, uint16_t port) {
  char service[8];
  snprintf(service, sizeof service, "%u", (unsigned)port);
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM};
  struct addrinfo *found = NULL;
  if (getaddrinfo(address, service, &hints, &found) != 0) return -EINVAL;
  int one = 1, result = -1;
  int descriptor = socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor >= 0 && setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) == 0)
    result = connect(descriptor, found->ai_addr, found->ai_addrlen);
  int error = errno;
  freeaddrinfo(found);
  if (result == 0) return descriptor;
  if (descriptor >= 0) close(descriptor);
  return -error;
}

int precall_net_send(int socket, const void *bytes, size_t count) {
  if (send(socket, bytes, count, MSG_NOSIGNAL) >= 0) return 1;
  return errno == EAGAIN || errno == ENOBUFS ? 0 : -errno;
}

long precall_net_receive(int socket, void *bytes, size_t capacity, int64_t *received_ns) {
  char control[CMSG_SPACE(sizeof(struct timespec))];
  struct iovec part = {bytes, capacity};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t count = recvmsg(socket, &message, 0);
  if (count < 0) return errno == EAGAIN ? 0 : -errno;
  int64_t monotonic = now(CLOCK_MONOTONIC), wall = now(CLOCK_REALTIME);
  *received_ns = monotonic;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_TIMESTAMPNS) continue;
    struct timespec stamp;
    memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
    int64_t age = wall - ((int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec);
    // A wall clock that was set in between makes no sense of the age; then the moment of reading counts.
    if (age >= 0 && age < 1000000000) *received_ns = monotonic - age;
  }
  return count > 0 ? count : 1;
}

void precall_net_wait(int socket, int64_t until_ns) {
  int64_t left = until_ns - now(CLOCK_MONOTONIC);
  if (left < 0) left = 0;
  struct timespec timeout = {left / 1000000000, left % 1000000000};
  struct pollfd wanted = {socket, POLLIN, 0};
  ppoll(&wanted, 1, &timeout, NULL);
}

void precall_net_close(int socket) { close(socket); }

void precall_net_load(int socket) {
  static const char cubic[] = "cubic", reno[] = "reno";
  if (setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, cubic, sizeof cubic - 1) != 0)
    setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, reno, sizeof reno - 1);
  int unsent = 65536;
  setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

int64_t precall_net_acknowledged(int socket) {
  struct tcp_info info;
  socklen_t size = sizeof info;
  memset(&info, 0, sizeof info);
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return -1;
  return size >= offsetof(struct tcp_info, tcpi_bytes_acked) + 8 ? (int64_t)info.tcpi_bytes_acked : -1;
}
