#define _GNU_SOURCE
#include "CLinuxNet.h"
#include "Clocks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/errqueue.h>
#include <linux/icmpv6.h>
#include <linux/sock_diag.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <linux/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int precall_net_lookup(
    const char *host, int version, int timeout_ms, char *address, size_t capacity) {
  // On the heap: a lookup that can't be cancelled goes on after this function, and is left to it.
  struct { struct gaicb request; struct addrinfo hints; char host[256]; } *lookup = calloc(1, sizeof *lookup);
  if (!lookup) return EAI_MEMORY;
  snprintf(lookup->host, sizeof lookup->host, "%s", host);
  lookup->hints.ai_socktype = SOCK_DGRAM;
  lookup->hints.ai_flags = AI_IDN;
  lookup->hints.ai_family = version == 4 ? AF_INET : version == 6 ? AF_INET6 : AF_UNSPEC;
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

/// Connects a new socket, which then tells when packets came; frees `found`, and the socket where it fails.
static int connected(int descriptor, struct addrinfo *found) {
  int one = 1, result = -1;
  if (descriptor >= 0 && setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) == 0)
    result = connect(descriptor, found->ai_addr, found->ai_addrlen);
  int error = errno;
  freeaddrinfo(found);
  if (result == 0) return descriptor;
  if (descriptor >= 0) close(descriptor);
  return -error;
}

/// A numeric address and port, to be freed; nothing where it is none.
static struct addrinfo *numeric(const char *address, uint16_t port, int type) {
  char service[8];
  snprintf(service, sizeof service, "%u", (unsigned)port);
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = type}, *found = NULL;
  return getaddrinfo(address, service, &hints, &found) == 0 ? found : NULL;
}

int precall_net_udp(const char *address, uint16_t port) {
  struct addrinfo *found = numeric(address, port, SOCK_DGRAM);
  if (!found) return -EINVAL;
  int descriptor = socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  return connected(descriptor, found);
}

int precall_net_tcp(const char *address, uint16_t port) {
  struct addrinfo *found = numeric(address, port, SOCK_STREAM);
  if (!found) return -EINVAL;
  int descriptor = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int result = descriptor < 0 ? -1 : connect(descriptor, found->ai_addr, found->ai_addrlen), error = errno;
  freeaddrinfo(found);
  if (result == 0 || (descriptor >= 0 && error == EINPROGRESS)) return descriptor;
  if (descriptor >= 0) close(descriptor);
  return -error;
}

int precall_net_error(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

int precall_net_send(int socket, const void *bytes, size_t count) {
  // An ICMP error of an earlier packet is told in place of sending this one: then it is sent at once.
  for (int tries = 0; tries < 2; tries++) {
    if (send(socket, bytes, count, MSG_NOSIGNAL) >= 0) return 1;
    if (errno != ECONNREFUSED) break;
  }
  return errno == EAGAIN || errno == ENOBUFS ? 0 : -errno;
}

long precall_net_receive(int socket, void *bytes, size_t capacity, int64_t *received_ns) {
  char control[CMSG_SPACE(sizeof(struct timespec))];
  struct iovec part = {bytes, capacity};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t count = recvmsg(socket, &message, 0);
  if (count < 0) return errno == EAGAIN ? 0 : -errno;
  *received_ns = precall_net_monotonic();
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
    *received_ns = precall_net_stamped(c, *received_ns);
  return count > 0 ? count : 1;
}

void precall_net_wait(int socket, int64_t until_ns) {
  int64_t left = until_ns - precall_net_monotonic();
  if (left < 0) left = 0;
  struct timespec timeout = {left / 1000000000, left % 1000000000};
  struct pollfd wanted = {socket, POLLIN, 0};
  ppoll(&wanted, 1, &timeout, NULL);
}

int precall_net_echo(const char *address, bool *raw) {
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM}, *found = NULL;
  if (getaddrinfo(address, NULL, &hints, &found) != 0) return -EINVAL;
  int protocol = found->ai_family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
  int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  int descriptor = socket(found->ai_family, SOCK_DGRAM | flags, protocol);
  *raw = descriptor < 0;
  if (descriptor < 0) descriptor = socket(found->ai_family, SOCK_RAW | flags, protocol);
  return connected(descriptor, found);
}

static int family(int socket) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &value, &size) == 0 ? value : -1;
}

bool precall_net_is_ipv6(int socket) { return family(socket) == AF_INET6; }

int precall_net_limit_hops(int socket, int hops) {
  int one = 1;
  int failed = family(socket) == AF_INET6
      ? setsockopt(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof hops)
          || setsockopt(socket, IPPROTO_IPV6, IPV6_RECVERR, &one, sizeof one)
      : setsockopt(socket, IPPROTO_IP, IP_TTL, &hops, sizeof hops)
          || setsockopt(socket, IPPROTO_IP, IP_RECVERR, &one, sizeof one);
  return failed ? -errno : 0;
}

static bool is_expiry(const struct sock_extended_err *error) {
  return (error->ee_origin == SO_EE_ORIGIN_ICMP && error->ee_type == ICMP_TIME_EXCEEDED)
      || (error->ee_origin == SO_EE_ORIGIN_ICMP6 && error->ee_type == ICMPV6_TIME_EXCEED);
}

long precall_net_expired(
    int socket, char *sender, size_t capacity, void *bytes, size_t room, int64_t *received_ns) {
  for (int tries = 0; tries < 16; tries++) {
    char control[512];
    struct iovec part = {bytes, room};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t count = recvmsg(socket, &message, MSG_ERRQUEUE);
    if (count < 0) return 0;
    bool expired = false;
    *received_ns = precall_net_monotonic();
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
      *received_ns = precall_net_stamped(c, *received_ns);
      if (!(c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR)
          && !(c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
        continue;
      struct sock_extended_err *error = (struct sock_extended_err *)CMSG_DATA(c);
      struct sockaddr *from = SO_EE_OFFENDER(error);
      socklen_t size = from->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
      expired = is_expiry(error) && from->sa_family != AF_UNSPEC
          && getnameinfo(from, size, sender, capacity, NULL, 0, NI_NUMERICHOST) == 0;
    }
    if (expired) return count > 0 ? count : 1;
  }
  return 0;
}

int precall_net_path_mtu(int socket) {
  int mtu = 0;
  socklen_t size = sizeof mtu;
  int failed = family(socket) == AF_INET6 ? getsockopt(socket, IPPROTO_IPV6, IPV6_MTU, &mtu, &size)
                                          : getsockopt(socket, IPPROTO_IP, IP_MTU, &mtu, &size);
  return failed ? -errno : mtu;
}

static bool same_address(const struct sockaddr *one, const struct sockaddr *other) {
  if (one->sa_family != other->sa_family) return false;
  if (one->sa_family == AF_INET)
    return ((struct sockaddr_in *)one)->sin_addr.s_addr == ((struct sockaddr_in *)other)->sin_addr.s_addr;
  return one->sa_family == AF_INET6
      && memcmp(&((struct sockaddr_in6 *)one)->sin6_addr, &((struct sockaddr_in6 *)other)->sin6_addr, 16) == 0;
}

int precall_net_interface(int socket, char *name, size_t capacity) {
  struct sockaddr_storage own;
  socklen_t size = sizeof own;
  struct ifaddrs *list = NULL;
  if (getsockname(socket, (struct sockaddr *)&own, &size) != 0 || getifaddrs(&list) != 0) return -errno;
  int result = -ENOENT;
  for (struct ifaddrs *one = list; one; one = one->ifa_next) {
    if (!one->ifa_addr || !same_address(one->ifa_addr, (struct sockaddr *)&own)) continue;
    snprintf(name, capacity, "%s", one->ifa_name);
    result = 0;
    break;
  }
  freeifaddrs(list);
  return result;
}

void precall_net_close(int socket) { close(socket); }

void precall_net_load(int socket, const char *congestion, int unsent) {
  static const char other[] = "cubic";
  if (setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, congestion, strlen(congestion)) != 0)
    setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, other, sizeof other - 1);
  setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

void precall_net_limit_segments(int socket, int bytes) {
  setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &bytes, sizeof bytes);
}

static bool tcp_info(int socket, struct tcp_info *info, size_t end) {
  socklen_t size = sizeof *info;
  memset(info, 0, sizeof *info);
  return getsockopt(socket, IPPROTO_TCP, TCP_INFO, info, &size) == 0 && size >= end;
}

int64_t precall_net_acknowledged(int socket) {
  struct tcp_info info;
  if (!tcp_info(socket, &info, offsetof(struct tcp_info, tcpi_data_segs_in))) return -1;
  return (int64_t)info.tcpi_bytes_acked + (int64_t)info.tcpi_sacked * info.tcpi_snd_mss;
}

bool precall_net_received(int socket, int64_t *in_order, int64_t *whole, int64_t *held) {
  struct tcp_info info;
  size_t end = offsetof(struct tcp_info, tcpi_data_segs_in) + sizeof info.tcpi_data_segs_in;
  uint32_t memory[SK_MEMINFO_VARS];
  socklen_t size = sizeof memory;
  // In this order: what comes between the two is held.
  if (!tcp_info(socket, &info, end)) return false;
  if (getsockopt(socket, SOL_SOCKET, SO_MEMINFO, memory, &size) != 0 || size != sizeof memory) return false;
  *in_order = (int64_t)info.tcpi_bytes_received;
  *held = memory[SK_MEMINFO_RMEM_ALLOC];
  // Inside a computer segments are of any length, and none is lost.
  *whole = info.tcpi_rcv_mss > 1500 ? *in_order : (int64_t)info.tcpi_data_segs_in * info.tcpi_rcv_mss;
  return true;
}

int precall_net_nameless_file(void) {
  int file = open("/var/tmp", O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) file = memfd_create("precall", MFD_CLOEXEC);
  return file < 0 ? -errno : file;
}
