import { expect } from 'chai';
import { invalidationMessage, purgeMessage, readMessage } from '../../../src/cache/messages.ts';

describe('what gateways tell each other of their caches', () => {
  it('is read as it was written', () => {
    const uri = 'shop /"\\\u2028ä';
    expect(readMessage(invalidationMessage('me', uri))).to.deep.equal({ kind: 'invalidation', from: 'me', uri });
    for (const purge of [{ all: true }, { route: 'a', path: '/"', prefix: '', tag: '*' }] as const) {
      // As the store adds the time.
      const text = `{"at":1795000000000001,${purgeMessage('me', purge).slice(1)}`;
      expect(readMessage(text)).to.deep.equal({ kind: 'purge', from: 'me', purge, at: 1_795_000_000_000_001 });
    }
  });

  for (const text of [
    '',
    'shop /a',
    'null',
    '[]',
    '{}',
    '{"uri":"shop /a"}',
    '{"from":1,"uri":"shop /a"}',
    '{"from":"me"}',
    '{"from":"me","uri":1}',
    '{"from":"me","purge":{"all":true}}',
    '{"from":"me","purge":{"all":true},"at":-1}',
    '{"from":"me","purge":{"all":true},"at":"1"}',
    '{"from":"me","purge":{},"at":1}',
    '{"from":"me","purge":[],"at":1}',
    '{"from":"me","purge":null,"at":1}',
    '{"from":"me","purge":{"all":false},"at":1}',
    '{"from":"me","purge":{"all":"true"},"at":1}',
    '{"from":"me","purge":{"route":1},"at":1}',
    '{"from":"me","purge":{"route":"a","host":"b"},"at":1}',
  ])
    it(`is nothing when it is ${text}`, () => {
      expect(readMessage(text)).to.equal(undefined);
    });
});
