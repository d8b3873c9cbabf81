// libcurl, loaded when it is first used: it and the libraries that it brings take longer to start than all the
// rest of a program, and most of what is asked of a program needs no line. One shim for each function, and for
// variadic ones, which Swift can't call, one for each type that they take.
#pragma once
#include <curl/curl.h>

#define PRECALL_CURL_FUNCTIONS(X)                                                                            \
  X(easy_cleanup) X(easy_getinfo) X(easy_init) X(easy_perform) X(easy_recv) X(easy_send) X(easy_setopt)      \
  X(getdate) X(global_init) X(multi_add_handle) X(multi_cleanup) X(multi_info_read) X(multi_init)            \
  X(multi_perform) X(multi_poll) X(multi_remove_handle) X(slist_append) X(slist_free_all)

struct precall_curl {
#define PRECALL_CURL_MEMBER(name) __typeof__(&curl_##name) name;
  PRECALL_CURL_FUNCTIONS(PRECALL_CURL_MEMBER)
#undef PRECALL_CURL_MEMBER
};
/// The functions of libcurl; where it can't be loaded, says so and ends the program with EX_UNAVAILABLE, as the
/// system's loader would have done before its first line.
const struct precall_curl *precall_curl(void);

static inline void precall_curl_global_init(void) { precall_curl()->global_init(CURL_GLOBAL_DEFAULT); }
static inline time_t precall_curl_date(const char *text) { return precall_curl()->getdate(text, NULL); }
static inline CURL *precall_curl_easy_init(void) { return precall_curl()->easy_init(); }
static inline void precall_curl_easy_cleanup(CURL *easy) { precall_curl()->easy_cleanup(easy); }
static inline CURLcode precall_curl_easy_perform(CURL *easy) { return precall_curl()->easy_perform(easy); }
static inline CURLcode precall_curl_easy_send(CURL *easy, const void *bytes, size_t count, size_t *sent) {
  return precall_curl()->easy_send(easy, bytes, count, sent);
}
static inline CURLcode precall_curl_easy_recv(CURL *easy, void *bytes, size_t size, size_t *count) {
  return precall_curl()->easy_recv(easy, bytes, size, count);
}
static inline CURLM *precall_curl_multi_init(void) { return precall_curl()->multi_init(); }
static inline void precall_curl_multi_cleanup(CURLM *multi) { precall_curl()->multi_cleanup(multi); }
static inline void precall_curl_multi_add(CURLM *multi, CURL *easy) {
  precall_curl()->multi_add_handle(multi, easy);
}
static inline void precall_curl_multi_remove(CURLM *multi, CURL *easy) {
  precall_curl()->multi_remove_handle(multi, easy);
}
static inline void precall_curl_multi_perform(CURLM *multi, int *running) {
  precall_curl()->multi_perform(multi, running);
}
static inline struct curl_slist *precall_curl_list_append(struct curl_slist *list, const char *line) {
  return precall_curl()->slist_append(list, line);
}
static inline void precall_curl_list_free(struct curl_slist *list) { precall_curl()->slist_free_all(list); }

/// Receives or provides bytes; the context is the exchange.
typedef size_t (*precall_curl_bytes)(char *, size_t, size_t, void *);

static inline CURLcode precall_curl_set_long(CURL *easy, CURLoption option, long value) {
  return precall_curl()->easy_setopt(easy, option, value);
}
static inline CURLcode precall_curl_set_string(CURL *easy, CURLoption option, const char *value) {
  return precall_curl()->easy_setopt(easy, option, value);
}
static inline CURLcode precall_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return precall_curl()->easy_setopt(easy, option, value);
}
/// Sets a callback together with its context, since one without the other is a crash.
static inline CURLcode precall_curl_set_bytes(
    CURL *easy, CURLoption function, precall_curl_bytes value, CURLoption data, void *context) {
  CURLcode result = precall_curl()->easy_setopt(easy, function, value);
  return result == CURLE_OK ? precall_curl()->easy_setopt(easy, data, context) : result;
}
typedef int (*precall_curl_socket)(void *, curl_socket_t, curlsocktype);
/// The same for the callback that sees a new socket before it connects.
static inline CURLcode precall_curl_set_socket(CURL *easy, precall_curl_socket value, void *context) {
  CURLcode result = precall_curl()->easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, value);
  return result == CURLE_OK ? precall_curl()->easy_setopt(easy, CURLOPT_SOCKOPTDATA, context) : result;
}
static inline CURLcode precall_curl_get_long(CURL *easy, CURLINFO info, long *value) {
  return precall_curl()->easy_getinfo(easy, info, value);
}
static inline CURLcode precall_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
  return precall_curl()->easy_getinfo(easy, info, value);
}
static inline CURLcode precall_curl_get_string(CURL *easy, CURLINFO info, const char **value) {
  return precall_curl()->easy_getinfo(easy, info, value);
}
/// The socket of a connection that libcurl only opens.
static inline CURLcode precall_curl_get_socket(CURL *easy, curl_socket_t *value) {
  return precall_curl()->easy_getinfo(easy, CURLINFO_ACTIVESOCKET, value);
}
/// The next transfer that ended, and how; nothing where none did. CURLMsg holds a union.
static inline CURL *precall_curl_ended(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message = precall_curl()->multi_info_read(multi, &left);
  while (message && message->msg != CURLMSG_DONE) message = precall_curl()->multi_info_read(multi, &left);
  if (!message) return NULL;
  *result = message->data.result;
  return message->easy_handle;
}
/// Waits for libcurl's sockets or one more (none where negative) that can be read.
static inline void precall_curl_wait(CURLM *multi, int socket, int timeout_ms) {
  struct curl_waitfd extra = {socket, CURL_WAIT_POLLIN, 0};
  precall_curl()->multi_poll(multi, socket < 0 ? NULL : &extra, socket < 0 ? 0 : 1, timeout_ms, NULL);
}
