import { createPrivateKey, X509Certificate } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { Diagnostic } from './diagnostic.ts';
import { describeReadError, readNamedFile } from './files.ts';
import { inside, Reporter, unlessOff, type Place, type WrittenConfig } from './located.ts';

/** The certificates and keys that a configuration names. */
export interface Pems {
  /** Text by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Every path that was looked at, those that cannot be read included. */
  readonly paths: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

type Kind = 'ca' | 'cert' | 'key';

/** Reads the certificates and keys of upstreams: a mistake is told now, and not when the first connection is made. */
export function readPems({ main, upstreams }: WrittenConfig): Pems {
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
      if (isPem(kind, text)) return text;
      const expected = kind === 'key' ? 'private key' : 'certificate';
      reporter.error('invalid-file', place, `the file ${file} holds no PEM ${expected}`, `it is read from ${path}`);
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
  return { texts, paths, diagnostics: reporter.found };
}

/** Where a file is that a part of the configuration names: relative to the file that names it. */
export function pathOf(part: Place, file: string): string {
  return resolve(dirname(resolve(part.document.file)), file);
}

function isPem(kind: Kind, text: string): boolean {
  try {
    if (kind === 'key') createPrivateKey(text);
    else readCertificate(text);
    return true;
  } catch {
    return false;
  }
}

function readCertificate(text: string): X509Certificate {
  return new X509Certificate(text);
}
