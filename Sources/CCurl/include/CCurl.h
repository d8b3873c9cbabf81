// libcurl's variadic functions, which Swift can't call, one shim for each type that they take.
#pragma once
#include <curl/curl.h>

/// Receives or provides bytes; the context is the exchange.
typedef size_t (*precall_curl_bytes)(char *, size_t, size_t, void *);

static inline CURLcode precall_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode precall_curl_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode precall_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}
/// Sets a callback together with its context, since one without the other is a crash.
static inline CURLcode precall_curl_set_bytes(
    CURL *easy, CURLoption function, precall_curl_bytes value, CURLoption data, void *context) {
  CURLcode result = curl_easy_setopt(easy, function, value);
  return result == CURLE_OK ? curl_easy_setopt(easy, data, context) : result;
}
typedef int (*precall_curl_socket)(void *, curl_socket_t, curlsocktype);
/// The same for the callback that sees a new socket before it connects.
static inline CURLcode precall_curl_set_socket(CURL *easy, precall_curl_socket value, void *context) {
  CURLcode result = curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, value);
  return result == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, context) : result;
}
static inline CURLcode precall_curl_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode precall_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode precall_curl_get_string(CURL *easy, CURLINFO info, const char **value) {
  return curl_easy_getinfo(easy, info, value);
}
/// The socket of a connection that libcurl only opens.
static inline CURLcode precall_curl_get_socket(CURL *easy, curl_socket_t *value) {
  return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, value);
}
/// The next transfer that ended, and how; nothing where none did. CURLMsg holds a union.
static inline CURL *precall_curl_ended(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message = curl_multi_info_read(multi, &left);
  while (message && message->msg != CURLMSG_DONE) message = curl_multi_info_read(multi, &left);
  if (!message) return NULL;
  *result = message->data.result;
  return message->easy_handle;
}
/// Waits for libcurl's sockets or one more (none where negative) that can be read.
static inline void precall_curl_wait(CURLM *multi, int socket, int timeout_ms) {
  struct curl_waitfd extra = {socket, CURL_WAIT_POLLIN, 0};
  curl_multi_poll(multi, socket < 0 ? NULL : &extra, socket < 0 ? 0 : 1, timeout_ms, NULL);
}
