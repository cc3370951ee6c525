import { isLoopback, parseListen } from './listen.ts';
import { inside, type Reporter, type WrittenConfig } from './located.ts';

/** RFC 6750 section 2.1 has fewer. The status page takes the same for a token. */
const SENDABLE = /^[!-~]+$/;

/** Finds listeners that exclude each other, or lack what they need. */
export function checkListeners({ main }: WrittenConfig, reporter: Reporter): void {
  const { admin, server } = main.value;
  if (admin?.listen !== undefined && !isLoopback(admin.listen) && (admin.token ?? '') === '') {
    reporter.error(
      'admin-token-required',
      inside(main, 'admin', 'listen'),
      `the admin listener ${admin.listen} can be reached from other machines, and admin.token is not set`,
      'add token: ${ADMIN_TOKEN} under admin, or listen on 127.0.0.1',
    );
  }
  for (const key of ['token', 'registryToken'] as const) {
    const token = admin?.[key] ?? '';
    if (token === '' || SENDABLE.test(token)) continue;
    reporter.error(
      'invalid-value',
      inside(main, 'admin', key),
      'a token has neither spaces nor letters beyond those of ASCII',
      'take one of letters and digits, such as openssl rand -hex 32 makes',
    );
  }
  const listeners = [
    { name: 'server.listen', text: server?.listen ?? '127.0.0.1:8080', isWritten: server?.listen !== undefined },
    { name: 'admin.listen', text: admin?.listen ?? '127.0.0.1:9901', isWritten: admin?.listen !== undefined },
    ...(server?.tls === undefined ? [] : [{ name: 'server.tls.listen', text: server.tls.listen, isWritten: true }]),
  ].map((each) => ({ ...each, ...parseListen(each.text) }));
  for (const [index, one] of listeners.entries()) {
    for (const other of listeners.slice(index + 1)) {
      if (one.port === 0 || one.port !== other.port || !overlap(one.host, other.host)) continue;
      reporter.error(
        'invalid-value',
        inside(main, ...(one.isWritten ? one : other).name.split('.')),
        `${one.name} and ${other.name} both take port ${one.port}`,
        'give one of them another port',
      );
    }
  }
  if (server?.tls?.clientAuth !== undefined && server.tls.clientCa === undefined) {
    reporter.error(
      'missing-key',
      inside(main, 'server', 'tls', 'clientAuth'),
      'clientAuth needs clientCa: nobody says which client certificates are good',
      'add clientCa: and the PEM file of the authorities that sign them',
    );
  }
}

function overlap(a: string, b: string): boolean {
  const every = (host: string): boolean => host === '' || host === '0.0.0.0' || host === '::';
  return a === b || every(a) || every(b);
}
