#define _GNU_SOURCE
#include "CLinuxNet.h"
#include "Clocks.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 32, ROOM = 2048 };

struct precall_net_datagrams {
  struct mmsghdr messages[BATCH];
  struct iovec parts[BATCH];
  struct sockaddr_in6 senders[BATCH];
  _Alignas(struct cmsghdr) char control[BATCH][256];
  uint8_t octets[BATCH][ROOM];
};

struct precall_net_datagrams *precall_net_datagrams_new(void) {
  return calloc(1, sizeof(struct precall_net_datagrams));
}

void precall_net_datagrams_free(struct precall_net_datagrams *datagrams) { free(datagrams); }

int precall_net_bound(const void *address, size_t size) {
  const struct sockaddr *name = address;
  int one = 1, room = 1 << 20, type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  int descriptor = socket(name->sa_family, type, 0);
  if (descriptor < 0) return -errno;
  // What a kernel does not tell is done without.
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  // A socket of IPv6 takes packets of IPv4 too, whose TTL has to be asked for on its own.
  setsockopt(descriptor, IPPROTO_IP, IP_RECVTTL, &one, sizeof one);
  if (name->sa_family == AF_INET6) {
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &one, sizeof one);
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof one);
  } else {
    setsockopt(descriptor, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
  }
  if (bind(descriptor, name, size) == 0) return descriptor;
  int error = errno;
  close(descriptor);
  return -error;
}

int precall_net_port(int socket) {
  struct sockaddr_in6 own = {0};
  socklen_t size = sizeof own;
  // It lies in the same place in sockaddr_in.
  return getsockname(socket, (struct sockaddr *)&own, &size) == 0 ? ntohs(own.sin6_port) : -errno;
}

int precall_net_event(void) {
  int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

void precall_net_set_event(int event) { eventfd_write(event, 1); }

int precall_net_take(struct precall_net_datagrams *all, int socket, int event, int timeout_ms) {
  struct pollfd wanted[2] = {{socket, POLLIN, 0}, {event, POLLIN, 0}};
  if (poll(wanted, 2, timeout_ms) <= 0) return 0;
  if (wanted[1].revents) return -1;
  for (int i = 0; i < BATCH; i++) {
    all->parts[i] = (struct iovec){all->octets[i], ROOM};
    all->messages[i].msg_hdr = (struct msghdr){
        .msg_name = &all->senders[i], .msg_namelen = sizeof all->senders[i], .msg_iov = &all->parts[i],
        .msg_iovlen = 1, .msg_control = all->control[i], .msg_controllen = sizeof all->control[i]};
  }
  int count = recvmmsg(socket, all->messages, BATCH, MSG_DONTWAIT, NULL);
  return count > 0 ? count : 0;
}

/// The sender's address and port of a received datagram.
static void tell_sender(const struct sockaddr_in6 *from, struct precall_net_arrival *arrival) {
  struct in6_addr address = from->sin6_addr;
  if (from->sin6_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
    address = (struct in6_addr){.s6_addr = {[10] = 0xff, [11] = 0xff}};
    memcpy(&address.s6_addr[12], &v4->sin_addr, 4);
  }
  uint64_t halves[2];
  memcpy(halves, &address, sizeof halves);
  arrival->high = be64toh(halves[0]);
  arrival->low = be64toh(halves[1]);
  arrival->port = ntohs(from->sin6_port);
}

const void *precall_net_datagram(
    struct precall_net_datagrams *all, int index, size_t *count, struct precall_net_arrival *arrival) {
  struct msghdr *message = &all->messages[index].msg_hdr;
  arrival->received_ns = precall_net_monotonic();
  arrival->hops_left = 255;
  tell_sender(&all->senders[index], arrival);
  for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
    arrival->received_ns = precall_net_stamped(c, arrival->received_ns);
    if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL)
        || (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT)) {
      int hops;
      memcpy(&hops, CMSG_DATA(c), sizeof hops);
      arrival->hops_left = (uint8_t)hops;
    }
  }
  *count = all->messages[index].msg_len;
  return all->octets[index];
}

/// Makes the control message that has an answer leave from where `received` was sent to, by whichever
/// interface leads to its sender. Returns its length; 0 where that address is not known.
static size_t leave_from(struct msghdr *received, struct cmsghdr *made) {
  for (struct cmsghdr *c = CMSG_FIRSTHDR(received); c; c = CMSG_NXTHDR(received, c)) {
    bool v4 = c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO;
    if (!v4 && !(c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)) continue;
    memcpy(made, c, c->cmsg_len);
    if (v4) ((struct in_pktinfo *)CMSG_DATA(made))->ipi_ifindex = 0;
    else ((struct in6_pktinfo *)CMSG_DATA(made))->ipi6_ifindex = 0;
    return CMSG_ALIGN(c->cmsg_len);
  }
  return 0;
}

bool precall_net_answer(
    struct precall_net_datagrams *all, int index, int socket, const void *bytes, size_t count) {
  struct msghdr *received = &all->messages[index].msg_hdr;
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
  struct iovec part = {(void *)bytes, count};
  struct msghdr message = {
      .msg_name = received->msg_name, .msg_namelen = received->msg_namelen, .msg_iov = &part,
      .msg_iovlen = 1, .msg_control = control, .msg_controllen = leave_from(received, (void *)control)};
  return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}
