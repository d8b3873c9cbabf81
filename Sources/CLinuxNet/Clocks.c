#define _GNU_SOURCE
#include "Clocks.h"
#include "CLinuxNet.h"

#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t precall_net_monotonic(void) { return now(CLOCK_MONOTONIC); }
int64_t precall_net_wall(void) { return now(CLOCK_REALTIME); }

/// Reads both clocks as of one moment. A thread that had to wait between them, on a busy computer for milliseconds, shows
/// it by a third reading, and tries again.
static void read_both(int64_t *monotonic, int64_t *wall) {
  int64_t least = INT64_MAX;
  for (int tries = 0; tries < 5 && least > 20000; tries++) {
    int64_t before = now(CLOCK_MONOTONIC), middle = now(CLOCK_REALTIME), apart = now(CLOCK_MONOTONIC) - before;
    if (apart >= least) continue;
    least = apart;
    *monotonic = before + apart / 2;
    *wall = middle;
  }
}

int64_t precall_net_stamped(const struct cmsghdr *message, int64_t otherwise) {
  if (message->cmsg_level != SOL_SOCKET || message->cmsg_type != SO_TIMESTAMPNS) return otherwise;
  struct timespec stamp;
  memcpy(&stamp, CMSG_DATA(message), sizeof stamp);
  int64_t monotonic, wall;
  read_both(&monotonic, &wall);
  int64_t age = wall - ((int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec);
  return age >= 0 && age < 1000000000 ? monotonic - age : otherwise;
}

// As in linux/sched/types.h, which can't be included beside glibc's sched.h.
struct turns {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime_ns, deadline_ns, period_ns;
};

void precall_net_take_turns(int microseconds) {
  // A thread that somebody made more urgent, or less, stays so.
  if (sched_getscheduler(0) != SCHED_OTHER) return;
  struct turns turns = {.size = sizeof turns, .policy = SCHED_OTHER, .runtime_ns = microseconds * 1000ull};
  turns.nice = getpriority(PRIO_PROCESS, 0);
  syscall(SYS_sched_setattr, 0, &turns, 0);
}
