#include "CZlib.h"

#include <limits.h>
#include <zlib.h>

// Above 15 the window's bits ask for a gzip header in place of zlib's own.
static const int gzip_window = 15 + 16, memory_level = 8, room_of_header = 32;

size_t precall_gzip_room(size_t count) { return compressBound(count) + room_of_header; }

size_t precall_gzip(const void *bytes, size_t count, void *into, size_t room) {
  z_stream stream = {0};
  if (count > UINT_MAX || room > UINT_MAX) return 0;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    return 0;
  stream.next_in = (Bytef *)bytes;
  stream.avail_in = (uInt)count;
  stream.next_out = into;
  stream.avail_out = (uInt)room;
  int result = deflate(&stream, Z_FINISH);
  size_t written = stream.total_out;
  deflateEnd(&stream);
  return result == Z_STREAM_END ? written : 0;
}
