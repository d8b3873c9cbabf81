// libcrypto's digests, each in one call: hash functions and codes of messages; and its reader of certificates.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { PRECALL_MD5, PRECALL_SHA1, PRECALL_SHA256 } precall_digest;

/// The longest result, in octets.
enum { PRECALL_DIGEST_MAX = 32 };

/// Both write to `result`, which has room for PRECALL_DIGEST_MAX octets, and return how many they wrote; 0
/// where the library refuses.
size_t precall_crypto_hash(precall_digest digest, const uint8_t *data, size_t count, uint8_t *result);
size_t precall_crypto_hmac(
    precall_digest digest, const uint8_t *key, size_t key_count, const uint8_t *data, size_t count,
    uint8_t *result);

/// Whether the first block of `text`, PEM, is a certificate that the library reads; no error stays behind.
bool precall_crypto_is_certificate(const uint8_t *text, size_t count);
