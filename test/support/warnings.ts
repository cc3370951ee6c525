import { loadConfig } from '../../src/config/load.ts';

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

interface Parts {
  readonly top?: object;
  readonly upstreams?: Readonly<Record<string, object>>;
  readonly routes?: readonly object[];
}

/**
 * What is warned of in a configuration with public routes `/r0`, `/r1`, … to the upstream `shop`: `path: message` of each
 * warning. Errors are left out.
 */
export async function warnings({ top, upstreams, routes }: Parts): Promise<string[]> {
  const targets = ['http://127.0.0.1:9001'];
  const document = {
    version: 1,
    upstreams: Object.fromEntries(
      Object.entries(upstreams ?? { shop: {} }).map(([name, keys]) => [name, { targets, ...keys }]),
    ),
    routes: (routes ?? [{}]).map((keys, index) => ({
      name: `r${index}`,
      match: { path: `/r${index}` },
      upstream: 'shop',
      access: 'public',
      ...keys,
    })),
    ...top,
  };
  const { diagnostics } = await loadConfig('-', { env: () => undefined, stdin: once(JSON.stringify(document)) });
  const found = diagnostics.filter(({ severity }) => severity === 'warning');
  return found.map(({ path, message }) => `${path}: ${message}`);
}
