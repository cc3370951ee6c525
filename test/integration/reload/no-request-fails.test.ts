import { writeFileSync } from 'node:fs';
import type { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { onEachEngine } from '../../support/engines.ts';
import { forwarding, Opened, REFUSED, RELOADED, replaceFile, send, until, yaml } from '../../support/reload.ts';

const REQUESTS = 2000;
const RELOADS = 50;
/** So many of them are left to the watcher. */
const WATCHED = 8;
/** Requests at a time. */
const CLIENTS = 6;
/** Between two requests of a client, so that the reloads get their share of the processor; in milliseconds. */
const PAUSE = 10;

onEachEngine('reloading under load', () => {
  const opened = new Opened();

  it(`answers ${REQUESTS} requests while ${RELOADS} reloads come and go, and leaves nothing behind`, async function () {
    this.timeout(120_000);
    const [stable, first, second] = [
      await opened.upstream('stable'),
      await opened.upstream('first'),
      await opened.upstream('second'),
    ];
    // Two configurations that differ in an upstream, a route and a header, and one that is broken.
    const text = (name: string, origin: string): string =>
      yaml(
        `response: { headers: { set: { x-configuration: ${name} } } }
upstreams:\n  stable: { targets: ['${stable.origin}'] }\n  changing: { targets: ['${origin}'] }
routes:\n${forwarding('stable', '/stable/*rest')}${forwarding('changing', '/changing/*rest')}`,
        { drain: '30s' },
      );
    const texts = [text('first', first.origin), text('second', second.origin)] as const;
    const broken = texts[0].replace('upstream: stable', 'upstream: nowhere');
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), texts[0]);
    await send(gateway.address, '/stable/warm');
    const before = resources();

    let swaps = 0;
    let refusals = 0;
    let reloading = true;
    const reloads = (async () => {
      for (let round = 1; round <= RELOADS; round += 1) {
        const isBroken = round % 3 === 0;
        if (!isBroken) swaps += 1;
        else refusals += 1;
        const content = isBroken ? broken : (texts[swaps % 2] ?? '');
        const outcome = gateway.log.next(isBroken ? REFUSED : RELOADED);
        // In place or by renaming, found by the watcher or not.
        if (round % 2 === 0) writeFileSync(gateway.file, content);
        else replaceFile(gateway.file, content);
        if (round % Math.ceil(RELOADS / WATCHED) !== 0) await gateway.running.reload();
        await outcome;
      }
      reloading = false;
    })();

    const outcomes = new Map<string, number>();
    const seen = new Set<unknown>();
    let sent = 0;
    const client = async (number: number): Promise<void> => {
      const agent = number % 2 === 0 ? opened.agent() : undefined;
      // At least as many as promised, and on until the last reload is through.
      while (sent < REQUESTS || reloading) {
        sent += 1;
        const [outcome, configuration] = await request(gateway.address, sent, agent);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        seen.add(configuration);
        await pause(PAUSE);
      }
    };
    await Promise.all([reloads, ...Array.from({ length: CLIENTS }, async (_, number) => client(number))]);

    expect(sent).to.be.at.least(REQUESTS);
    expect(Object.fromEntries(outcomes)).to.deep.equal({ answered: sent });
    expect([...seen]).to.have.members(['first', 'second']);
    expect([swaps, refusals]).to.deep.equal([34, 16]);
    // The watcher may find what was reloaded already: then nothing is swapped.
    expect(gateway.log.count(RELOADED)).to.equal(swaps);
    expect(stable.requests + first.requests + second.requests).to.equal(sent + 1);

    // What was opened for the load is closed again, and what the upstreams hold is what the last configuration needs.
    const last = swaps % 2 === 0 ? first : second;
    const former = swaps % 2 === 0 ? second : first;
    await until('the connections of the former upstream are closed', () => former.open === 0);
    expect([stable.open <= CLIENTS, last.open <= CLIENTS]).to.deep.equal([true, true]);
    expect(await gateway.metric('gateway_requests_in_flight')).to.equal(0);
    await opened.close();
    await until('nothing is open that was not open before', () => {
      const after = resources();
      return Object.keys(after).every((name) => (after[name] ?? 0) <= (before[name] ?? 0));
    });
    expect([stable.open, first.open, second.open]).to.deep.equal([0, 0, 0]);
  });

  /** Sends one request, of a kind that its number decides, and says what came of it. */
  async function request(address: string, number: number, agent: Agent | undefined): Promise<[string, unknown]> {
    const upstream = number % 4 < 2 ? 'stable' : 'changing';
    const path = `/${upstream}/${number}`;
    const post = number % 3 === 0;
    const body = post ? `${number} `.repeat(number % 300).trimEnd() : '';
    const options = { ...(post ? { method: 'POST', body } : {}), ...(agent === undefined ? {} : { agent }) };
    try {
      const { status, body: text, headers } = await send(address, path, options);
      const configuration = headers['x-configuration'];
      const expected = `${upstream === 'stable' ? 'stable' : String(configuration)} ${post ? 'POST' : 'GET'} ${path} ${body}`;
      const right = status === 200 && text === expected.trimEnd();
      return [right ? 'answered' : `answered wrongly: ${status} ${text.slice(0, 200)}`, configuration];
    } catch (error) {
      return [`failed: ${error instanceof Error ? error.message : String(error)}`, undefined];
    }
  }
});

/** What holds the process open, by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
