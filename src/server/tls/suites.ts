import { constants } from 'node:crypto';

/**
 * What is agreed on with clients. TLS 1.2 only with forward secrecy and authenticated encryption, which is what RFC 9113
 * section 9.2.2 leaves to HTTP/2 and RFC 9325 section 4.2 recommends; of TLS 1.3 everything. The curves are those of
 * OpenSSL, which is newer than what could be written here.
 */
export const SUITES = {
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  honorCipherOrder: true,
  // A client that asks for one handshake after another on a connection makes work for nothing; TLS 1.3 has none of it.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const;
