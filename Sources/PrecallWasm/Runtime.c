// What Embedded Swift asks of C, and nothing more: a freestanding wasm32 module has no C library.
#include <stddef.h>
#include <stdint.h>

// Memory. Blocks are powers of two, each behind a header that names its size; a released block goes to the
// list of its size and is the next one given out there. Nothing is searched or merged, so both calls take
// constant time, and the same work done again needs no new memory. The linker sets the upper bound.
typedef union block {
  struct { union block *next; uint32_t order; } is;
  unsigned char aligned[16];
} block;

extern unsigned char __heap_base;
static uintptr_t heap_end;
static block *released[32];

static block *extend(size_t size) {
  if (!heap_end) heap_end = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
  size_t have = __builtin_wasm_memory_size(0) * 65536u;
  if (heap_end + size > have) {
    size_t pages = (heap_end + size - have + 65535) / 65536;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return NULL;
  }
  block *fresh = (block *)heap_end;
  heap_end += size;
  return fresh;
}

int posix_memalign(void **out, size_t alignment, size_t size) {
  if (alignment > sizeof(block)) return 22;  // EINVAL: no type of the engine asks for it
  if (size > (1u << 27)) return 12;          // ENOMEM
  uint32_t order = 5;
  while (((size_t)1 << order) < size + sizeof(block)) order++;
  block *found = released[order];
  if (found) released[order] = found->is.next;
  else found = extend((size_t)1 << order);
  if (!found) return 12;
  found->is.order = order;
  *out = found + 1;
  return 0;
}

void free(void *memory) {
  if (!memory) return;
  block *freed = (block *)memory - 1;
  freed->is.next = released[freed->is.order];
  released[freed->is.order] = freed;
}

// Seeds the hashing of sets and dictionaries. The same seed always, so that the same request takes the same
// course; the bounds of the reader, not the hash, keep hostile input small.
void arc4random_buf(void *to, size_t count) {
  unsigned char *bytes = to;
  for (size_t i = 0; i < count; i++) bytes[i] = (unsigned char)(i * 151 + 7);
}

// Counting of references, of which a module with one thread asks by these names. They are calls into the runtime
// that nothing can put in place of the call, which the compiler would do a thousand times.
void *swift_retain(void *object);
void swift_release(void *object);
void *swift_retain_n(void *object, uint32_t count);
void swift_release_n(void *object, uint32_t count);

void *swift_nonatomic_retain(void *object) { return swift_retain(object); }
void swift_nonatomic_release(void *object) { swift_release(object); }
void *swift_nonatomic_retain_n(void *object, uint32_t count) { return swift_retain_n(object, count); }
void swift_nonatomic_release_n(void *object, uint32_t count) { swift_release_n(object, count); }

// Where the compiler does not use wasm's own bulk-memory instructions.
void *memmove(void *to, const void *from, size_t count) {
  unsigned char *target = to;
  const unsigned char *source = from;
  if (target < source) for (size_t i = 0; i < count; i++) target[i] = source[i];
  else for (size_t i = count; i > 0; i--) target[i - 1] = source[i - 1];
  return to;
}

void *memcpy(void *to, const void *from, size_t count) { return memmove(to, from, count); }

void *memset(void *to, int byte, size_t count) {
  unsigned char *target = to;
  for (size_t i = 0; i < count; i++) target[i] = (unsigned char)byte;
  return to;
}

int memcmp(const void *one, const void *other, size_t count) {
  const unsigned char *a = one, *b = other;
  for (size_t i = 0; i < count; i++) if (a[i] != b[i]) return a[i] - b[i];
  return 0;
}

// 128-bit products, by which the compiler finds whether a 64-bit one overflows: 64 by 64 bits in four
// products of 32, as Knuth's algorithm M (The Art of Computer Programming, section 4.3.1).
__int128 __multi3(__int128 a, __int128 b) {
  uint64_t x = (uint64_t)a, y = (uint64_t)b;
  uint64_t low = (x & 0xFFFFFFFF) * (y & 0xFFFFFFFF);
  uint64_t middle = (x >> 32) * (y & 0xFFFFFFFF) + (low >> 32);
  uint64_t other = (x & 0xFFFFFFFF) * (y >> 32) + (middle & 0xFFFFFFFF);
  uint64_t high = (x >> 32) * (y >> 32) + (middle >> 32) + (other >> 32);
  high += x * (uint64_t)((unsigned __int128)b >> 64) + (uint64_t)((unsigned __int128)a >> 64) * y;
  return (__int128)((unsigned __int128)high << 64 | (other << 32) | (low & 0xFFFFFFFF));
}
