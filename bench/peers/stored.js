// What a cache would send of the origin's answers, made once: a list of header fields and the content. The fields beside
// the origin's are those that gatewayctl adds, with values of the same length. node:http adds Connection and Keep-Alive.
const PATHS = ['/1k', '/stored/1k.json', '/stored/64k.json'];
const FIELDS_OF_THE_CACHE = {
  age: '0',
  'cache-status': 'gatewayctl; hit; ttl=3600',
  'x-request-id': 'beef2355dc964c67-100001',
};

/** As long as gatewayctl keeps idle connections. It is in every answer. */
export const KEEP_ALIVE_MS = 72_000;

/** Asks the origin for everything once: path → { headers, body }. */
export async function storedAnswers(upstreamPort) {
  const answers = new Map();
  for (const path of PATHS) {
    const answer = await fetch(`http://127.0.0.1:${upstreamPort}${path}`);
    const body = Buffer.from(await answer.arrayBuffer());
    const fields = { ...Object.fromEntries(answer.headers), ...FIELDS_OF_THE_CACHE };
    delete fields.connection;
    answers.set(path, { headers: Object.entries(fields).flat(), body });
  }
  return answers;
}
