// Packing as gzip (RFC 1952). Why a shim: zlib's initialisers are macros over sizeof, which don't import.
#pragma once
#include <stddef.h>

/// The room that packing so many bytes can need.
size_t precall_gzip_room(size_t count);
/// Packs and returns how many bytes were written; 0 where it failed.
size_t precall_gzip(const void *bytes, size_t count, void *into, size_t room);
