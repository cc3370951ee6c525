import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Diagnostic } from './diagnostic.ts';
import { describeReadError, readNamedFile } from './files.ts';
import { isRecord } from './path.ts';
import { inside, pathOf, Reporter, unlessOff, type Place, type WrittenConfig } from './located.ts';
import { isUrl } from './resolve-people.ts';

/** The files that a configuration names: certificates, keys, key sets. */
export interface NamedFiles {
  /** Text by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Every path that was looked at, those that cannot be read included. */
  readonly paths: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

type Kind = 'ca' | 'cert' | 'key' | 'jwks';

/** Reads what a configuration names: a mistake is told now, and not when the first connection or token needs it. */
export function readNamedFiles({ main, upstreams }: WrittenConfig): NamedFiles {
  const reporter = new Reporter();
  const texts = new Map<string, string>();
  const paths: string[] = [];
  const read = (kind: Kind, file: string | undefined, part: Place, key: string = kind): string | undefined => {
    if (file === undefined) return undefined;
    const place = inside(part, key);
    const path = pathOf(part, file);
    paths.push(path);
    try {
      const text = readNamedFile(path);
      texts.set(path, text);
      if (isAs(kind, text)) return text;
      reporter.error('invalid-file', place, `the file ${file} holds no ${EXPECTED[kind]}`, `it is read from ${path}`);
    } catch (error) {
      const message = `the file ${file} cannot be read: ${describeReadError(error)}`;
      reporter.error('invalid-file', place, message, `it is looked for at ${path}`);
    }
    return undefined;
  };

  /** @returns the certificate, if it is one */
  const readPair = (pair: { cert?: string; key?: string }, part: Place): string | undefined => {
    const cert = read('cert', pair.cert, part);
    const key = read('key', pair.key, part);
    if (cert === undefined || key === undefined) return cert;
    if (!readCertificate(cert).checkPrivateKey(createPrivateKey(key))) {
      const message = `the key in ${pair.key ?? ''} does not belong to the certificate in ${pair.cert ?? ''}`;
      reporter.error('invalid-file', inside(part, 'key'), message);
    }
    return cert;
  };

  const parts = upstreams.map((upstream) => ({ tls: upstream.value.tls, part: inside(upstream, 'tls') }));
  parts.push({ tls: main.value.defaults?.upstream?.tls, part: inside(main, 'defaults', 'upstream', 'tls') });
  for (const { tls, part } of parts) {
    const settings = unlessOff(tls);
    if (settings === undefined) continue;
    read('ca', settings.ca, part);
    readPair(settings, part);
  }
  const server = main.value.server?.tls;
  for (const [index, pair] of (server?.certificates ?? []).entries()) {
    const part = inside(main, 'server', 'tls', 'certificates', index);
    const cert = readPair(pair, part);
    if (cert !== undefined) warnOfDates(readCertificate(cert), pair.cert, inside(part, 'cert'), reporter);
  }
  read('ca', server?.clientCa, inside(main, 'server', 'tls'), 'clientCa');
  for (const [index, { jwks }] of (main.value.issuers ?? []).entries()) {
    if (jwks !== undefined && !isUrl(jwks)) read('jwks', jwks, inside(main, 'issuers', index));
  }
  return { texts, paths, diagnostics: reporter.found };
}

const EXPECTED: Readonly<Record<Kind, string>> = {
  ca: 'PEM certificate',
  cert: 'PEM certificate',
  key: 'PEM private key',
  jwks: 'JWK Set, which is JSON with a list of keys (RFC 7517)',
};

function isAs(kind: Kind, text: string): boolean {
  try {
    if (kind === 'jwks') return hasKeys(JSON.parse(text));
    if (kind === 'key') createPrivateKey(text);
    else readCertificate(text);
    return true;
  } catch {
    return false;
  }
}

function hasKeys(set: unknown): boolean {
  return isRecord(set) && Array.isArray(set['keys']) && set['keys'].length > 0;
}

function readCertificate(text: string): X509Certificate {
  return new X509Certificate(text);
}

/** Clients refuse such a certificate. It is no error: a gateway has to start when a renewal is late. */
function warnOfDates({ validFrom, validTo }: X509Certificate, file: string, place: Place, reporter: Reporter): void {
  const now = Date.now();
  const day = (date: string): string => new Date(date).toISOString().slice(0, 10);
  const message =
    Date.parse(validTo) < now
      ? `the certificate in ${file} expired on ${day(validTo)}: clients refuse it`
      : Date.parse(validFrom) > now
        ? `the certificate in ${file} is not valid before ${day(validFrom)}: clients refuse it`
        : undefined;
  if (message === undefined) return;
  reporter.warning('certificate-not-valid-now', place, message, 'renew it; it is read again when the file changes');
}
