#include "CWireless.h"

#include <errno.h>
#include <linux/nl80211.h>
#include <net/if.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

/// How often the kernel's tables may change while they are told (NLM_F_DUMP_INTR) before it is given up.
enum { TRIES = 3 };

struct link {
  int *signal;
  int64_t *rate;
  int is_heard;
};

/// Attributes of NL80211_CMD_NEW_STATION. A computer hears one station, its access point; of more the first counts.
static int take(struct nl_msg *message, void *context) {
  struct link *link = context;
  struct nlattr *all[NL80211_ATTR_MAX + 1], *station[NL80211_STA_INFO_MAX + 1], *rate[NL80211_RATE_INFO_MAX + 1];
  if (link->is_heard || genlmsg_parse(nlmsg_hdr(message), 0, all, NL80211_ATTR_MAX, NULL) < 0
      || !all[NL80211_ATTR_STA_INFO]
      || nla_parse_nested(station, NL80211_STA_INFO_MAX, all[NL80211_ATTR_STA_INFO], NULL) < 0)
    return NL_SKIP;
  link->is_heard = 1;
  struct nlattr *signal = station[NL80211_STA_INFO_SIGNAL_AVG] ?: station[NL80211_STA_INFO_SIGNAL];
  if (signal && nla_len(signal) >= 1) *link->signal = (int8_t)nla_get_u8(signal);
  struct nlattr *sent = station[NL80211_STA_INFO_TX_BITRATE];
  if (!sent || nla_parse_nested(rate, NL80211_RATE_INFO_MAX, sent, NULL) < 0) return NL_OK;
  // Both in 100 kbit/s; the narrow one is missing where it would run over.
  struct nlattr *wide = rate[NL80211_RATE_INFO_BITRATE32], *narrow = rate[NL80211_RATE_INFO_BITRATE];
  if (wide && nla_len(wide) >= 4) *link->rate = (int64_t)nla_get_u32(wide) * 100000;
  else if (narrow && nla_len(narrow) >= 2) *link->rate = (int64_t)nla_get_u16(narrow) * 100000;
  return NL_OK;
}

static int ask(struct nl_sock *socket, int family, unsigned interface) {
  struct nl_msg *message = nlmsg_alloc();
  if (!message) return -NLE_NOMEM;
  int result = -NLE_NOMEM;
  if (genlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, NLM_F_DUMP, NL80211_CMD_GET_STATION, 0)
      && nla_put_u32(message, NL80211_ATTR_IFINDEX, interface) == 0)
    result = nl_send_auto(socket, message);
  nlmsg_free(message);
  return result < 0 ? result : nl_recvmsgs_default(socket);
}

int precall_wireless_link(const char *name, int timeout_ms, int *signal, int64_t *rate) {
  unsigned interface = if_nametoindex(name);
  if (interface == 0) return -NLE_NODEV;
  struct nl_sock *socket = nl_socket_alloc();
  if (!socket) return -NLE_NOMEM;
  struct link link = {signal, rate, 0};
  struct timeval timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000};
  nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take, &link);
  int result = genl_connect(socket);
  if (result == 0
      && setsockopt(nl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0)
    result = -nl_syserr2nlerr(errno);
  if (result == 0) result = genl_ctrl_resolve(socket, "nl80211");
  int family = result;
  for (int tries = 0; result >= 0 && tries < TRIES; tries++) {
    result = ask(socket, family, interface);
    if (result != -NLE_DUMP_INTR) break;
    result = 0;
  }
  nl_socket_free(socket);
  if (result < 0) return result;
  return link.is_heard ? 0 : -NLE_OBJ_NOTFOUND;
}
