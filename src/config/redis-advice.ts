/** The forms of `redis.url`, for messages. */
export const REDIS_FORMS =
  'redis://user:password@host:6379/0, rediss:// for TLS, redis+sentinel://host:26379,host:26379/mymaster/0 or a list of host:6379';

const SEVERAL =
  'nodes of a cluster are a list, as in [redis://10.0.0.1:6379, redis://10.0.0.2:6379]; sentinels are one URL, as in redis+sentinel://10.0.0.1:26379,10.0.0.2:26379/mymaster';

/**
 * What to write instead of something that is no Redis URL, by what it looks like. Nothing of it is repeated: there may
 * be a password inside.
 */
export function redisAdvice(url: string | readonly string[]): string {
  return typeof url === 'string' ? adviceOn(url) : adviceOnCluster(url);
}

function adviceOn(url: string): string {
  const [, scheme = '', rest = ''] = /^([^:]*):\/\/(.*)$/s.exec(url) ?? [];
  const isSentinel = scheme.endsWith('+sentinel');
  // The last @ ends a password, which may hold a comma.
  const place = rest.slice(rest.lastIndexOf('@') + 1);
  const [hosts = '', ...path] = place.split('/');
  if (place.includes('://') || (!isSentinel && hosts.includes(','))) return SEVERAL;
  if (rest.includes('@') && !rest.slice(0, rest.lastIndexOf('@')).includes(':'))
    return 'a password has a colon before it, also without a user: redis://:password@host:6379';
  if (/[?#]/.test(place)) return 'nothing comes after the number of the database: leave out ? and #';
  if (isSentinel && path.length > 1)
    return 'after the sentinels comes the name of the master, then the number of a database: /mymaster/0';
  if (!isSentinel && path.join('/') !== '' && !/^\d{1,4}$/.test(path.join('/')))
    return 'after the host comes nothing but the number of a database, as in redis://host:6379/0';
  return `for example ${REDIS_FORMS}, with / @ : % of a password written as %2F %40 %3A %25`;
}

function adviceOnCluster(urls: readonly string[]): string {
  const schemes = new Set(urls.flatMap((url) => /^[^:]*(?=:\/\/)/.exec(url) ?? []));
  if ([...schemes].some((scheme) => scheme.endsWith('+sentinel'))) return SEVERAL;
  if (schemes.size > 1) return 'all nodes of a cluster are entered alike: make all of them rediss:// or all redis://';
  const parts = urls.map((url) => {
    const rest = url.replace(/^[^:]*:\/\//, '');
    const at = rest.lastIndexOf('@');
    return { access: at === -1 ? undefined : rest.slice(0, at), place: rest.slice(at + 1) };
  });
  if (parts.some(({ place }) => place.includes(','))) return 'each node of a cluster is an item of the list by itself';
  if (parts.some(({ place }) => /\/(?!0?$)/.test(place))) return 'a cluster has one database: leave out the path';
  if (new Set(parts.flatMap(({ access }) => access ?? [])).size > 1)
    return 'all nodes of a cluster have one user and one password: write it at one of them';
  return 'for example [redis://10.0.0.1:6379, redis://10.0.0.2:6379], with ports from 1 to 65535';
}
