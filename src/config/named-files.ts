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
  const read = (kind: Kind, file: string | undefined, part: Place): string | undefined => {
    if (file === undefined) return undefined;
    const place = inside(part, kind);
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

  const parts = upstreams.map((upstream) => ({ tls: upstream.value.tls, part: inside(upstream, 'tls') }));
  parts.push({ tls: main.value.defaults?.upstream?.tls, part: inside(main, 'defaults', 'upstream', 'tls') });
  for (const { tls, part } of parts) {
    const settings = unlessOff(tls);
    if (settings === undefined) continue;
    read('ca', settings.ca, part);
    const cert = read('cert', settings.cert, part);
    const key = read('key', settings.key, part);
    if (cert === undefined || key === undefined) continue;
    if (readCertificate(cert).checkPrivateKey(createPrivateKey(key))) continue;
    const message = `the key in ${settings.key ?? ''} does not belong to the certificate in ${settings.cert ?? ''}`;
    reporter.error('invalid-file', inside(part, 'key'), message);
  }
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
