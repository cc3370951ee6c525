/** A reader of Server-Sent Events, as a browser reads them (WHATWG HTML, section 9.2.6). */
import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { Arrivals } from './arrivals.ts';
import { open } from './client.ts';

export interface ServerSent {
  readonly event: string;
  /** Of JSON. */
  readonly data: Record<string, unknown>;
}

export class EventSourceClient {
  readonly response: IncomingMessage;
  readonly events = new Arrivals<ServerSent>(({ event, data }) => `${event} ${JSON.stringify(data).slice(0, 200)}`);
  /** `end` when the server ended it, `cut` when it broke off. */
  readonly over: Promise<'end' | 'cut'>;
  #rest = '';

  private constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.over = new Promise((resolve) => {
      response.on('error', () => undefined);
      response.on('close', () => resolve(response.complete ? 'end' : 'cut'));
    });
  }

  static async open(url: string, headers: readonly string[] = []): Promise<EventSourceClient> {
    const response = await open(url, { headers });
    expect(response.statusCode).to.equal(200);
    expect(response.headers['content-type']).to.equal('text/event-stream');
    return new EventSourceClient(response);
  }

  /** The first event of a kind that matches, now or later. */
  async next(event: string, matches: (data: ServerSent['data']) => boolean = () => true): Promise<ServerSent['data']> {
    return (await this.events.until((each) => each.event === event && matches(each.data), `an event ${event}`)).data;
  }

  close(): void {
    this.response.destroy();
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.replace(/: .*/s, ''), line.replace(/^\w+: /, '')]));
      expect([...fields.keys()]).to.deep.equal(['event', 'data']);
      this.events.push({ event: fields.get('event') ?? '', data: JSON.parse(fields.get('data') ?? '') });
    }
  }
}
