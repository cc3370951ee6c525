import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../config/files.ts';
import { createAuthority, createCertificate, type CertificatePair } from './dev-certificates.ts';
import { ExitError } from './exit.ts';

const LOCAL = ['localhost', '127.0.0.1', '::1'];
/** A host name, or a wildcard for those of a domain: RFC 5280 section 4.2.1.6, RFC 6125 section 6.4.3. */
const HOST = /^(?:\*\.)?(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*$/;

/**
 * Makes an authority, unless the folder has one, and a certificate of it for this machine.
 *
 * @param dir where the files go; the folder is made
 * @param options `hosts` beside localhost; `force`: a certificate that is there is replaced, the authority never
 * @throws ExitError 2 when a host is none or the certificate exists, 1 when files cannot be read or written
 */
export async function certDev(dir: string, options: { hosts: readonly string[]; force: boolean }): Promise<void> {
  const wrong = options.hosts.find((host) => isIP(host) === 0 && !HOST.test(host));
  if (wrong !== undefined) throw new ExitError(2, `${wrong} is no host name and no address`);
  const hosts = [...new Set([...LOCAL, ...options.hosts.map((host) => host.toLowerCase())])];
  const at = (name: string): string => join(dir, name);
  try {
    await mkdir(dir, { recursive: true });
    for (const file of [at('dev.crt'), at('dev.key')]) {
      if (options.force || (await readIfThere(file)) === undefined) continue;
      throw new ExitError(2, `${file} exists already; replace it with --force, or name another --dir`);
    }
    const now = new Date();
    const { authority, isNew } = await authorityIn(dir, now);
    const { cert, key } = await createCertificate(authority, hosts, now);
    // The key first: whoever reads the new certificate finds what fits it.
    await writeSecret(at('dev.key'), key);
    await writeFile(at('dev.crt'), cert);
    process.stdout.write(told(dir, hosts, isNew, new X509Certificate(cert)));
  } catch (error) {
    if (error instanceof ExitError) throw error;
    throw new ExitError(1, `the certificate cannot be made: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The authority of a folder. People have told their systems to trust it: it is made once. */
async function authorityIn(dir: string, now: Date): Promise<{ authority: CertificatePair; isNew: boolean }> {
  const files = { cert: join(dir, 'ca.crt'), key: join(dir, 'ca.key') };
  const [cert, key] = await Promise.all([readIfThere(files.cert), readIfThere(files.key)]);
  if (cert === undefined && key === undefined) {
    const authority = await createAuthority(`gatewayctl development CA (${hostname()})`, now);
    await writeSecret(files.key, authority.key);
    await writeFile(files.cert, authority.cert);
    return { authority, isNew: true };
  }
  if (cert === undefined || key === undefined) {
    const missing = cert === undefined ? files.cert : files.key;
    throw new ExitError(1, `${missing} is missing beside its other half: restore it, or name another --dir`);
  }
  const parsed = new X509Certificate(cert);
  if (!parsed.checkPrivateKey(createPrivateKey(key))) {
    throw new ExitError(1, `${files.key} is not the key of ${files.cert}: restore it, or name another --dir`);
  }
  if (Date.parse(parsed.validTo) < now.getTime()) {
    throw new ExitError(1, `${files.cert} has expired: delete it and its key, and trust the new one`);
  }
  return { authority: { cert, key }, isNew: false };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Nobody but its owner may read it, from the moment at which it is there. */
async function writeSecret(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
}

function told(dir: string, hosts: readonly string[], isNew: boolean, certificate: X509Certificate): string {
  const ca = join(dir, 'ca.crt');
  const until = new Date(certificate.validTo).toISOString().slice(0, 10);
  const authority = isNew
    ? `Made a certificate authority of your own: ${ca}. Keep ${join(dir, 'ca.key')} to yourself.`
    : `Signed by the certificate authority that was there: ${ca}`;
  return `Made ${join(dir, 'dev.crt')} for ${hosts.join(', ')}, valid until ${until}.
${authority}

Add under server: in gateway.yaml, as it is indented here:

  tls:
    listen: 127.0.0.1:8443
    certificates: [{ cert: ${join(dir, 'dev.crt')}, key: ${join(dir, 'dev.key')} }]

Then:

  gatewayctl serve
  curl --cacert ${ca} https://localhost:8443/

For browsers, trust ${ca} once:

  macOS    sudo security add-trusted-cert -d -k /Library/Keychains/System.keychain ${ca}
  Debian   sudo cp ${ca} /usr/local/share/ca-certificates/gatewayctl-dev.crt && sudo update-ca-certificates
  Windows  certutil -addstore -user Root ${ca}
  Firefox, and Chrome on Linux have a list of their own: import it in their settings, under certificates.
`;
}
