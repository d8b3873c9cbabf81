// What the kernel tells of a Wi-Fi by nl80211, through libnl.
#pragma once
#include <stdint.h>

/// Asks how the interface `name` is connected, for at most `timeout_ms` an answer, as every user may: the mean strength of
/// what it hears in dBm, and the rate at which it sends in bit/s. What is not told stays as it was. Returns 0 where
/// somebody is heard, else a negative error of libnl.
int precall_wireless_link(const char *name, int timeout_ms, int *signal, int64_t *rate);
