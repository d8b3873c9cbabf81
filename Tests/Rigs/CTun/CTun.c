#define _GNU_SOURCE
#include "CTun.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

int precall_tun_open(const char *name) {
  int descriptor = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return -1;
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (ioctl(descriptor, TUNSETIFF, &request) == 0) return descriptor;
  int reason = errno;
  close(descriptor);
  errno = reason;
  return -1;
}

static int write_text(const char *path, const char *text) {
  int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  ssize_t written = write(descriptor, text, strlen(text));
  int reason = errno;
  close(descriptor);
  errno = reason;
  return written < 0 ? -1 : 0;
}

int precall_tun_new_namespace(int user) {
  if (!user) return unshare(CLONE_NEWNET);
  unsigned uid = geteuid(), gid = getegid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0) return -1;
  char map[64];
  write_text("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "0 %u 1", gid);
  if (write_text("/proc/self/gid_map", map) < 0) return -1;
  snprintf(map, sizeof map, "0 %u 1", uid);
  return write_text("/proc/self/uid_map", map);
}

int precall_tun_namespace(void) { return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC); }

int precall_tun_enter(int namespace_descriptor) { return setns(namespace_descriptor, CLONE_NEWNET); }

// Only async-signal-safe calls between fork and exec: the parent has threads.
pid_t precall_tun_spawn(char *const arguments[], char *const environment[], int namespace_descriptor, int output) {
  pid_t parent = getpid();
  pid_t child = fork();
  if (child != 0) {
    if (child > 0) setpgid(child, child);
    return child;
  }
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  if (setns(namespace_descriptor, CLONE_NEWNET) < 0) _exit(127);
  if (output >= 0) dup2(output, STDOUT_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  execvpe(arguments[0], arguments, environment);
  static const char complaint[] = "link-lab: I tried to start the command, but it can't be run.\n";
  ssize_t ignored = write(STDERR_FILENO, complaint, sizeof complaint - 1);
  (void)ignored;
  _exit(127);
}

int precall_tun_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  int signals[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) sigaddset(&set, signals[i]);
  if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) return -1;
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int precall_tun_next_signal(int descriptor) {
  struct signalfd_siginfo information;
  return read(descriptor, &information, sizeof information) == sizeof information ? (int)information.ssi_signo : -1;
}

int precall_tun_adopt(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1); }

int precall_tun_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int precall_tun_wait(int input, int stop, long long nanoseconds) {
  struct pollfd waits[] = {{.fd = input, .events = POLLIN}, {.fd = stop}};
  struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  ppoll(waits, 2, &time, NULL);
  return waits[1].revents ? 2 : waits[0].revents & POLLIN ? 1 : 0;
}

void precall_tun_be_exact(void) {
  prctl(PR_SET_TIMERSLACK, 1);
  struct sched_param parameters = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameters);
}

int precall_tun_status(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}
