import { request, type IncomingMessage } from 'node:http';
import { ResponseParser, type ResponseSink } from '../../src/forwarding/http1/response-parser.ts';
import { Activity } from './activity.ts';
import { answerHead, nothingRead, type AnswerReading } from './answer-reading.ts';
import { feed, piecesOf, type Pace } from './feed.ts';
import { MemorySocket } from './memory-socket.ts';
import type { Outcome } from './outcome.ts';
import { stricterNode } from './stricter-node.ts';

/** What an upstream sends, one character a byte, and how it comes. */
export interface AnswerCase {
  readonly input: string;
  readonly cuts: readonly number[];
  readonly pace: Pace;
  readonly method: 'GET' | 'HEAD';
  /** Whether the connection ends after it. */
  readonly ends: boolean;
}

/** Beyond what the parser of the gateway takes, so that it is the one which refuses. */
const MAX_HEADER_SIZE = 256 * 1024;

const activity = new Activity();

/** Gives one answer to the gateway's parser and to `node:http`, and compares what they make of it. */
export async function compareAnswers(testCase: AnswerCase): Promise<Outcome> {
  const { input, cuts } = testCase;
  const pieces = piecesOf(input, cuts);
  const ours = readByParser(pieces, testCase);
  const theirs = await readByNode(pieces, testCase);
  const ending = ours.fault !== undefined ? 'refused' : ours.complete ? 'complete' : 'open';
  const whole = readByParser([Buffer.from(input, 'latin1')], testCase);
  const difference = differenceByCuts(ours, whole) ?? differenceOf(ours, theirs);
  const rule = difference === undefined ? undefined : stricterNode(difference, theirs, input);
  return rule === undefined
    ? { difference, labels: [ending] }
    : { difference: undefined, labels: [ending, `stricter: ${rule}`] };
}

function readByParser(pieces: readonly Buffer[], { method, ends }: AnswerCase): AnswerReading {
  const reading = nothingRead();
  const sink: ResponseSink = {
    onInformational: ({ status, minorVersion, headers }) =>
      reading.informational.push(answerHead(status, minorVersion, headers)),
    onHead: ({ status, minorVersion, headers, keepAlive, contentLength, chunked }) => {
      reading.head = answerHead(status, minorVersion, headers);
      // One that lasts until the connection ends keeps nothing, and of an answer to HEAD that could node:http says the same.
      const isFramed = contentLength !== undefined || chunked || status === 204 || status === 304;
      reading.keepsAlive = keepAlive && isFramed;
    },
    onData: (chunk) => (reading.body += chunk.toString('latin1')),
    onEnd: (trailers) => {
      reading.complete = true;
      reading.trailers = trailers ?? [];
    },
  };
  const parser = new ResponseParser(sink);
  parser.expect(method);
  for (const piece of pieces) {
    // What is pushed is gone after the call: a parser that kept a view would read nonsense later.
    const passing = Buffer.from(piece);
    reading.fault ??= parser.push(passing);
    passing.fill('?');
    if (reading.fault !== undefined) return reading;
  }
  if (ends) reading.fault = parser.end();
  return reading;
}

async function readByNode(pieces: readonly Buffer[], { method, ends, pace }: AnswerCase): Promise<AnswerReading> {
  const reading = nothingRead();
  const socket = new MemorySocket(activity);
  const asked = request({
    method,
    path: '/',
    headers: { host: 'a', connection: 'keep-alive' },
    maxHeaderSize: MAX_HEADER_SIZE,
    createConnection: () => socket,
  });
  asked.maxHeadersCount = 0;
  asked.on('information', ({ statusCode, httpVersionMinor, rawHeaders }) => {
    activity.note();
    reading.informational.push(answerHead(statusCode, httpVersionMinor, rawHeaders));
  });
  asked.on('response', (answer) => readAnswer(answer, reading));
  asked.on('upgrade', () => (reading.fault ??= 'upgrade'));
  asked.on('error', (error: NodeJS.ErrnoException) => {
    activity.note();
    reading.fault ??= error.code ?? error.message;
  });
  asked.end();
  await activity.quiet();
  await feed([socket], pieces, pace, activity);
  reading.keepsAlive = asked.shouldKeepAlive;
  if (ends && !socket.destroyed) {
    socket.push(null);
    await activity.quiet();
  }
  socket.destroy();
  return reading;
}

function readAnswer(answer: IncomingMessage, reading: AnswerReading): void {
  activity.note();
  reading.head = answerHead(answer.statusCode ?? 0, answer.httpVersionMinor, answer.rawHeaders);
  answer.on('data', (chunk: Buffer) => {
    activity.note();
    reading.body += chunk.toString('latin1');
  });
  answer.on('end', () => {
    activity.note();
    reading.complete = true;
    reading.trailers = answer.rawTrailers;
  });
  answer.on('error', () => {});
}

/** Where an answer is cut must make no difference. Otherwise a parser that refuses too much would not be noticed. */
function differenceByCuts(cut: AnswerReading, whole: AnswerReading): string | undefined {
  const [one, other] = [cut, whole].map((reading) =>
    JSON.stringify({ ...reading, fault: reading.fault !== undefined }),
  );
  return one === other ? undefined : `cuts: in pieces the parser reads ${one}, at once ${other}`;
}

/** @returns in what the parser's reading, as far as it goes, is not that of `node:http` */
function differenceOf(ours: AnswerReading, theirs: AnswerReading): string | undefined {
  const both = (what: string, one: unknown, other: unknown): string =>
    `${what}: the parser reads ${JSON.stringify(one)}, node:http ${JSON.stringify(other)} (${theirs.fault})`;
  for (const [index, one] of ours.informational.entries()) {
    if (one !== theirs.informational[index]) return both(`interim answer ${index}`, one, theirs.informational[index]);
  }
  if (ours.head === undefined) return undefined;
  if (ours.head !== theirs.head) return both('head', ours.head, theirs.head);
  if (!theirs.body.startsWith(ours.body)) return both('body', ours.body, theirs.body);
  // What came before a fault had to agree. What follows it does not matter: the connection is gone.
  if (ours.fault !== undefined) return undefined;
  if (ours.complete !== theirs.complete) return both('end', ours.complete, theirs.complete);
  if (ours.body !== theirs.body) return both('body', ours.body, theirs.body);
  if (ours.trailers.join('\n') !== theirs.trailers.join('\n')) return both('trailers', ours.trailers, theirs.trailers);
  if (ours.complete && ours.keepsAlive && !theirs.keepsAlive) return both('keep-alive', true, false);
  return ours.informational.length === theirs.informational.length
    ? undefined
    : both('interim answers', ours.informational, theirs.informational);
}
