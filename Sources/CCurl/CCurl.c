#include "CCurl.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

static struct precall_curl functions;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fail(void) {
  fprintf(stderr, "I tried to load libcurl, but %s; install it (Debian: libcurl4).\n", dlerror());
  exit(EX_UNAVAILABLE);
}

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) fail();
#define FIND(name)                                                                                           \
  functions.name = (__typeof__(functions.name))dlsym(library, "curl_" #name);                                \
  if (!functions.name) fail();
  PRECALL_CURL_FUNCTIONS(FIND)
}

const struct precall_curl *precall_curl(void) {
  pthread_once(&once, load);
  return &functions;
}
