#include "CCrypto.h"
#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

static const EVP_MD *method(precall_digest digest) {
  switch (digest) {
    case PRECALL_MD5: return EVP_md5();
    case PRECALL_SHA1: return EVP_sha1();
    case PRECALL_SHA256: return EVP_sha256();
  }
  return NULL;
}

size_t precall_crypto_hash(precall_digest digest, const uint8_t *data, size_t count, uint8_t *result) {
  unsigned int length = 0;
  return EVP_Digest(data, count, result, &length, method(digest), NULL) == 1 ? length : 0;
}

size_t precall_crypto_hmac(
    precall_digest digest, const uint8_t *key, size_t key_count, const uint8_t *data, size_t count,
    uint8_t *result) {
  unsigned int length = 0;
  return HMAC(method(digest), key, (int)key_count, data, count, result, &length) ? length : 0;
}

// In place of the library's own, which asks at the terminal.
static int no_password(char *buffer, int size, int writes, void *context) { return -1; }

bool precall_crypto_is_certificate(const uint8_t *text, size_t count) {
  BIO *memory = count > INT_MAX ? NULL : BIO_new_mem_buf(text, (int)count);
  X509 *certificate = memory == NULL ? NULL : PEM_read_bio_X509_AUX(memory, NULL, no_password, NULL);
  bool is_read = certificate != NULL;
  X509_free(certificate);
  BIO_free(memory);
  ERR_clear_error();
  return is_read;
}
