import { createHash, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { BitString, Integer, OctetString, Utf8String } from 'asn1js';
import {
  AltName,
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtKeyUsage,
  Extension,
  GeneralName,
  type RelativeDistinguishedNames,
} from 'pkijs';

/** A certificate and its key, both as PEM text. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

/** The longest that Apple's systems take a certificate of a private authority for; in days. */
const VALID_DAYS = 825;
/** A clock that is a little behind must not find it not valid yet; in milliseconds. */
const CLOCK_SKEW = 60 * 60 * 1000;

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
/** Object identifiers: RFC 5280 section 4.2.1, and its appendix A for the names. */
const OID = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;
/** Bits of keyUsage, the first one leftmost: RFC 5280 section 4.2.1.3. */
const DIGITAL_SIGNATURE = 0b1000_0000;
const SIGNS_CERTIFICATES_AND_LISTS = 0b0000_0110;

/** Makes an authority of one's own, which signs certificates for development. ECDSA on P-256. */
export async function createAuthority(commonName: string, now: Date): Promise<CertificatePair> {
  const keys = await generateKeys();
  const certificate = await draft(commonName, keys.publicKey, now);
  name(certificate.issuer, commonName);
  certificate.extensions = [
    ...(certificate.extensions ?? []),
    extension(OID.basicConstraints, true, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
    keyUsage(SIGNS_CERTIFICATES_AND_LISTS, 1),
  ];
  return sign(certificate, keys.privateKey, keys.privateKey);
}

/**
 * Makes a certificate that an authority signs.
 *
 * @param hosts names and addresses, at least one
 */
export async function createCertificate(
  authority: CertificatePair,
  hosts: readonly string[],
  now: Date,
): Promise<CertificatePair> {
  const issuer = Certificate.fromBER(derOf(authority.cert));
  const issuerKey = await webcrypto.subtle.importKey('pkcs8', derOf(authority.key), P256, false, ['sign']);
  const keys = await generateKeys();
  const certificate = await draft(hosts[0] ?? '', keys.publicKey, now);
  certificate.issuer.typesAndValues = issuer.subject.typesAndValues;
  const keyIdentifier = new OctetString({ valueHex: identifierOf(issuer) });
  certificate.extensions = [
    ...(certificate.extensions ?? []),
    extension(OID.authorityKeyIdentifier, false, new AuthorityKeyIdentifier({ keyIdentifier })),
    extension(OID.basicConstraints, true, new BasicConstraints({ cA: false })),
    keyUsage(DIGITAL_SIGNATURE, 7),
    extension(OID.extKeyUsage, false, new ExtKeyUsage({ keyPurposes: [OID.serverAuth] })),
    extension(OID.subjectAltName, false, new AltName({ altNames: hosts.map(generalName) })),
  ];
  return sign(certificate, issuerKey, keys.privateKey);
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
}

/** What all certificates have. */
async function draft(commonName: string, publicKey: webcrypto.CryptoKey, now: Date): Promise<Certificate> {
  const certificate = new Certificate();
  certificate.version = 2;
  const serial = randomBytes(16);
  // Positive, and without a leading zero that DER would not allow: RFC 5280 section 4.1.2.2.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  certificate.serialNumber = new Integer({ valueHex: bytes(serial) });
  name(certificate.subject, commonName);
  certificate.notBefore.value = new Date(now.getTime() - CLOCK_SKEW);
  certificate.notAfter.value = new Date(certificate.notBefore.value.getTime() + VALID_DAYS * 24 * 60 * 60 * 1000);
  await certificate.subjectPublicKeyInfo.importKey(publicKey);
  const subjectKey = new OctetString({ valueHex: identifierOf(certificate) });
  certificate.extensions = [extension(OID.subjectKeyIdentifier, false, { toSchema: () => subjectKey })];
  return certificate;
}

async function sign(
  certificate: Certificate,
  issuerKey: webcrypto.CryptoKey,
  privateKey: webcrypto.CryptoKey,
): Promise<CertificatePair> {
  await certificate.sign(issuerKey, 'SHA-256');
  const key = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  return { cert: pem('CERTIFICATE', certificate.toSchema().toBER()), key: pem('PRIVATE KEY', key) };
}

function name(names: RelativeDistinguishedNames, commonName: string): void {
  const value = new Utf8String({ value: commonName });
  names.typesAndValues = [new AttributeTypeAndValue({ type: OID.commonName, value })];
}

function generalName(host: string): GeneralName {
  if (isIP(host) === 0) return new GeneralName({ type: 2, value: host });
  return new GeneralName({
    type: 7,
    value: new OctetString({ valueHex: bytes(Buffer.from(ipaddr.parse(host).toByteArray())) }),
  });
}

function keyUsage(bits: number, unusedBits: number): Extension {
  const usage = new BitString({ valueHex: bytes(Buffer.from([bits])), unusedBits });
  return extension(OID.keyUsage, true, { toSchema: () => usage });
}

function extension(extnID: string, critical: boolean, value: { toSchema(): { toBER(): ArrayBuffer } }): Extension {
  return new Extension({ extnID, critical, extnValue: value.toSchema().toBER() });
}

/** RFC 5280 section 4.2.1.2: SHA-1 over the key, for telling keys apart. Nothing depends on its strength. */
function identifierOf({ subjectPublicKeyInfo }: Certificate): ArrayBuffer {
  const { valueHexView } = subjectPublicKeyInfo.subjectPublicKey.valueBlock;
  return bytes(createHash('sha1').update(valueHexView).digest());
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function derOf(text: string): ArrayBuffer {
  return bytes(Buffer.from(text.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'));
}

/** A buffer of its own: that of a Buffer may be shared with others. */
function bytes(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}
