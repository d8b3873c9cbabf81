// When packets came, by the monotonic clock.
#pragma once
#include <stdint.h>
#include <sys/socket.h>

/// The moment of a kernel's stamp (SO_TIMESTAMPNS, by the wall clock); `otherwise` where the message is none, or the
/// wall clock was set in between.
int64_t precall_net_stamped(const struct cmsghdr *message, int64_t otherwise);
