import { expect } from 'chai';
import { EventStreamParser, type StreamEvent } from '../../../status-page/event-stream.js';

function parsed(...parts: string[]): StreamEvent[] {
  const parser = new EventStreamParser();
  return parts.flatMap((part) => parser.push(part));
}

describe('the event stream of the status page', () => {
  const text = 'event: status\r\ndata: {"a":1}\r\n\r\ndata:one\ndata:  two\n\n: a comment\rid: 7\rdata\r\r\n';
  const events = [
    { type: 'status', data: '{"a":1}' },
    { type: 'message', data: 'one\n two' },
    { type: 'message', data: '' },
  ];

  it('is taken apart, with all line ends that there are', () => {
    expect(parsed(text)).to.deep.equal(events);
  });

  it('is the same wherever it is cut', () => {
    for (let at = 0; at <= text.length; at += 1)
      expect(parsed(text.slice(0, at), text.slice(at)), `cut at ${at}`).to.deep.equal(events);
    expect(parsed(...text)).to.deep.equal(events);
  });

  it('tells of no event without data, and of none that is not whole', () => {
    expect(parsed('event: status\n\ndata: next\n')).to.deep.equal([]);
  });
});
