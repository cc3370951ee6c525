import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './processes.ts';

const LONGEST_START_MS = 30_000;
const PAUSE_MS = 50;

/**
 * Waits until a URL answers 200.
 *
 * @throws when the process ends before, or takes too long; the message holds the end of what it printed
 */
export async function waitUntilReady(name: string, child: Child, url: string): Promise<void> {
  await waitUntil(name, child, `${url} fails`, async () => (await statusOf(url)) === 200);
}

/** Waits until a process has printed a text. It throws as {@link waitUntilReady} does. */
export async function waitUntilPrinted(name: string, child: Child, text: string): Promise<void> {
  await waitUntil(name, child, `it does not say "${text}"`, async () => child.output().includes(text));
}

async function waitUntil(
  name: string,
  child: Child,
  otherwise: string,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + LONGEST_START_MS;
  while (!(await isReady())) {
    if (!child.alive()) throw new Error(`${name} ended at its start:\n${lastLines(child.output())}`);
    if (Date.now() > deadline) throw new Error(`${name} is not ready, ${otherwise}:\n${lastLines(child.output())}`);
    await sleep(PAUSE_MS);
  }
}

/** The status of one answer on a connection of its own; nothing when there is no answer. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const ask = url.startsWith('https:') ? getSecurely : get;
    const request = ask(url, { agent: false, timeout: 5000, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
  });
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-20).join('\n');
}
