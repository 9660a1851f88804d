/*  What libzmq takes from libsodium, implemented by mod.rs. A program may link the real libsodium
    as well, so that the names differ from it.  */

#ifndef LIBZMQ_SYS_SODIUM_H
#define LIBZMQ_SYS_SODIUM_H

#include <stddef.h>

/*  The version that introduced the `easy` functions.  */
#define SODIUM_LIBRARY_VERSION_MAJOR 7
#define SODIUM_LIBRARY_VERSION_MINOR 4

#define crypto_box_PUBLICKEYBYTES 32
#define crypto_box_SECRETKEYBYTES 32
#define crypto_box_BEFORENMBYTES 32
#define crypto_box_NONCEBYTES 24
#define crypto_box_ZEROBYTES 32
#define crypto_box_BOXZEROBYTES 16
#define crypto_box_MACBYTES 16
#define crypto_secretbox_KEYBYTES 32
#define crypto_secretbox_NONCEBYTES 24
#define crypto_secretbox_ZEROBYTES 32
#define crypto_secretbox_BOXZEROBYTES 16

#define crypto_box_keypair libzmq_box_keypair
#define crypto_scalarmult_base libzmq_scalarmult_base
#define crypto_box_beforenm libzmq_box_beforenm
#define crypto_box libzmq_box
#define crypto_box_open libzmq_box_open
#define crypto_box_afternm libzmq_secretbox
#define crypto_box_open_afternm libzmq_secretbox_open
#define crypto_secretbox libzmq_secretbox
#define crypto_secretbox_open libzmq_secretbox_open
#define crypto_box_easy_afternm libzmq_secretbox_easy
#define crypto_box_open_easy_afternm libzmq_secretbox_open_easy
#define randombytes libzmq_randombytes
#define sodium_allocarray libzmq_secret_alloc
#define sodium_free libzmq_secret_free

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned char libzmq_byte;

int libzmq_box_keypair (libzmq_byte *public_key, libzmq_byte *secret_key);
int libzmq_scalarmult_base (libzmq_byte *public_key,
                            const libzmq_byte *secret_key);
int libzmq_box_beforenm (libzmq_byte *key,
                         const libzmq_byte *public_key,
                         const libzmq_byte *secret_key);
int libzmq_box (libzmq_byte *box,
                const libzmq_byte *plain,
                size_t size,
                const libzmq_byte *nonce,
                const libzmq_byte *public_key,
                const libzmq_byte *secret_key);
int libzmq_box_open (libzmq_byte *plain,
                     const libzmq_byte *box,
                     size_t size,
                     const libzmq_byte *nonce,
                     const libzmq_byte *public_key,
                     const libzmq_byte *secret_key);
int libzmq_secretbox (libzmq_byte *box,
                      const libzmq_byte *plain,
                      size_t size,
                      const libzmq_byte *nonce,
                      const libzmq_byte *key);
int libzmq_secretbox_open (libzmq_byte *plain,
                           const libzmq_byte *box,
                           size_t size,
                           const libzmq_byte *nonce,
                           const libzmq_byte *key);
int libzmq_secretbox_easy (libzmq_byte *box,
                           const libzmq_byte *plain,
                           size_t size,
                           const libzmq_byte *nonce,
                           const libzmq_byte *key);
int libzmq_secretbox_open_easy (libzmq_byte *plain,
                                const libzmq_byte *box,
                                size_t size,
                                const libzmq_byte *nonce,
                                const libzmq_byte *key);
void libzmq_randombytes (void *bytes, size_t size);
void *libzmq_secret_alloc (size_t count, size_t size);
void libzmq_secret_free (void *memory);

/*  There is nothing to set up.  */
static inline int sodium_init (void)
{
    return 0;
}

#ifdef __cplusplus
}
#endif

#endif
