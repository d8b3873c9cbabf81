// What the link lab needs of Linux that Swift can't import: variadic ioctls, fork, and macros. Each call
// gives -1 with errno on failure.
#pragma once
#include <sys/types.h>
#include <signal.h>

/// Makes a TUN device `name` in the namespace of the calling thread: one IP packet a read or write, never
/// waiting. The device lives as long as the descriptor.
int precall_tun_open(const char *name);

/// Moves the calling thread into a new, unnamed network namespace, and with `user` into a user namespace
/// where it is root (only possible while the process has one thread).
int precall_tun_new_namespace(int user);

/// Opens the network namespace of the calling thread, so that it can be entered again.
int precall_tun_namespace(void);

/// Moves the calling thread into a namespace opened by precall_tun_namespace.
int precall_tun_enter(int namespace_descriptor);

/// Starts `arguments` in a namespace, as the leader of its own process group, killed when the calling
/// thread ends. `output` takes the place of standard output unless it is -1.
pid_t precall_tun_spawn(char *const arguments[], char *const environment[], int namespace_descriptor, int output);

/// Blocks the signals that end or inform a program and gives a descriptor from which they can be read.
int precall_tun_signals(void);

/// The next waiting signal of that descriptor, or -1.
int precall_tun_next_signal(int descriptor);

/// Makes this process the parent of orphaned grandchildren, so that it can end them too.
int precall_tun_adopt(void);

/// Makes a pipe that programs started later don't inherit.
int precall_tun_pipe(int ends[2]);

/// Waits until a packet can be read from `input` (1), or the other end of `stop` is closed (2), or the
/// time is over (0).
int precall_tun_wait(int input, int stop, long long nanoseconds);

/// Asks for wake-ups as exact as the kernel gives, before other work where that is permitted.
void precall_tun_be_exact(void);

/// The exit status in the words of a shell: 128 + signal where a signal ended the process.
int precall_tun_status(int wait_status);
