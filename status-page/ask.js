/** A request that the gateway answered with something else than what was asked for. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} message for people
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Asks the admin API.
 *
 * @param {string} path below the page: `api/v1/status`
 * @param {string} token empty = none
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>} an answer of 200
 * @throws {Refused} when it says anything else
 * @throws {TypeError} when nobody answers
 */
export async function ask(path, token, signal) {
  /** @type {Record<string, string>} */
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(path, { headers, cache: 'no-store', credentials: 'omit', signal: signal ?? null });
  if (response.status !== 200) throw new Refused(response.status, await reasonOf(response));
  return response;
}

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function reasonOf(response) {
  const problem = await response.json().catch(() => undefined);
  const said = [problem?.title, problem?.detail].filter((text) => typeof text === 'string').join(': ');
  return said === '' ? `the gateway answered ${response.status}` : said;
}
