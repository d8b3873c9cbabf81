#pragma once
#include <pulse/pulseaudio.h>
#include <pulse/rtclock.h>

// PA_INVALID_INDEX is a cast in a macro, which Swift does not import.
static const uint32_t precall_pulse_invalid_index = PA_INVALID_INDEX;
