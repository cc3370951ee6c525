/**
 * Keeps an instance of a service registered with the gateway until it is stopped. Copy it: it needs Node 20 and nothing
 * else. Within the service:
 *
 *   import { register } from './register.mjs';
 *   const registration = register({
 *     admin: 'http://127.0.0.1:9901', token: process.env.REGISTRY_TOKEN,
 *     upstream: 'orders', id: 'orders-1', url: 'http://127.0.0.1:9001',
 *   });
 *   process.once('SIGTERM', async () => {
 *     await registration.stop();   // first, so that nothing new comes
 *     server.close();              // what is under way ends
 *   });
 *
 * Or beside it:
 *
 *   REGISTRY_TOKEN=… node register.mjs http://127.0.0.1:9901 orders orders-1 http://127.0.0.1:9001
 */
import { argv, env, exit, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';

/** After a failure; in milliseconds. */
const RETRY = 1000;

/**
 * Registers, and renews it three times as often as it has to be. What fails is told and tried again, for ever: the
 * gateway may be restarting, or not know the upstream yet.
 *
 * @param admin the URL of the admin listener
 * @param token `admin.registryToken`
 * @param id unique within the upstream, and the same after a restart
 * @param url where the gateway reaches the instance: scheme, host and port
 * @param ttl after how many seconds without a renewal it is taken out: a whole number
 * @returns `stop()` deregisters, and does not reject
 */
export function register({
  admin,
  token = '',
  upstream,
  id,
  url,
  weight = 1,
  metadata = {},
  ttl = 30,
  log = toStderr,
}) {
  const path = `/api/v1/upstreams/${encodeURIComponent(upstream)}/instances/${encodeURIComponent(id)}`;
  const target = new URL(path, admin);
  const body = JSON.stringify({ url, weight, metadata, ttl: `${ttl}s` });
  const interval = (ttl * 1000) / 3;
  let isStopped = false;
  let timer;
  let renewal;

  async function send(request) {
    try {
      const response = await fetch(target, {
        ...request,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(interval),
      });
      const text = await response.text();
      if (!response.ok) log(`${request.method} ${target}: ${text}`);
      return response.ok;
    } catch (error) {
      log(`${request.method} ${target}: ${error.cause?.code ?? error.message}`);
      return false;
    }
  }

  async function renew() {
    const isRenewed = await send({ method: 'PUT', body });
    if (!isStopped) timer = setTimeout(begin, isRenewed ? interval : Math.min(RETRY, interval));
  }

  function begin() {
    renewal = renew();
  }

  begin();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      // One that is under way could register it again.
      await renewal;
      await send({ method: 'DELETE' });
    },
  };
}

function toStderr(line) {
  stderr.write(`${line}\n`);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [admin, upstream, id, url, ttl = '30'] = argv.slice(2);
  if (url === undefined) {
    toStderr('usage: REGISTRY_TOKEN=… node register.mjs ADMIN UPSTREAM ID URL [TTL in seconds]');
    exit(2);
  }
  const registration = register({ admin, token: env.REGISTRY_TOKEN, upstream, id, url, ttl: Number(ttl) });
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void registration.stop());
}
