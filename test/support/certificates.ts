/**
 * Two self-signed certificates for 127.0.0.1 and localhost, valid for a hundred years. Their keys are public and good for
 * nothing but tests. Made by:
 *
 *     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout a.key -out a.crt -days 36500 \
 *       -subj /CN=test-a -addext subjectAltName=IP:127.0.0.1,DNS:localhost
 */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

export const first: TestCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUZVVcoRohjxEaWbf9snIb7/2tdfEwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGdGVzdC1hMCAXDTI2MTEyMjE5NTEwOFoYDzIxMjYxMDI5MTk1
MTA4WjARMQ8wDQYDVQQDDAZ0ZXN0LWEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAThmxdcBvZ3b0hLEOsk1aEewaMSTSFUgVVo9d3c3MSxWYzgiLRxaArgVeiDsfaq
z2xvgknbtJUhKp/U3croGcsmo28wbTAdBgNVHQ4EFgQUDthw4fC9Q66xqF/xyn1h
W5JZ4YAwHwYDVR0jBBgwFoAUDthw4fC9Q66xqF/xyn1hW5JZ4YAwDwYDVR0TAQH/
BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhAPKC/0jVuwY5plxyVwfEa5Kr4Rs9njHkuCogVK+AMbyqAiEA16tnitiA
5zNEHgSsdibgVkON6rQFQSXW97xZiWWPtkw=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7wPeK4slEW3P+w0l
impw0i35xKMAXN3xVchf43u4ZcmhRANCAAThmxdcBvZ3b0hLEOsk1aEewaMSTSFU
gVVo9d3c3MSxWYzgiLRxaArgVeiDsfaqz2xvgknbtJUhKp/U3croGcsm
-----END PRIVATE KEY-----
`,
};

export const second: TestCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUOWhl1cRJG4mi+K9TpigaeY8v3/wwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGdGVzdC1iMCAXDTI2MTEyMjE5NTEwOFoYDzIxMjYxMDI5MTk1
MTA4WjARMQ8wDQYDVQQDDAZ0ZXN0LWIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQSYGn3pJCAZHndVUg3K+J747jFIwsGtRsrI5/ecTu9ThogAvSk3/s3MAHePTIO
s/cqxqSn4219HKcCI711tj1po28wbTAdBgNVHQ4EFgQUbsb0xsCpuGrBpQjX7MYz
cynBgu0wHwYDVR0jBBgwFoAUbsb0xsCpuGrBpQjX7MYzcynBgu0wDwYDVR0TAQH/
BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhAIxDGmigr8TfznOMnFvSrYhX6iGw/2NFPcfzSPBTX+wQAiEAo8cPxsoA
BNMzVepha7JqCpAevjA9VbSNpnL/KjXGZm8=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJZ36Xa0K9Y7ansKl
Rkl3o4PQQr145RWeEqiKdzuPKqmhRANCAAQSYGn3pJCAZHndVUg3K+J747jFIwsG
tRsrI5/ecTu9ThogAvSk3/s3MAHePTIOs/cqxqSn4219HKcCI711tj1p
-----END PRIVATE KEY-----
`,
};
