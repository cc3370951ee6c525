import { expect } from 'chai';
import { formatListen, parseListen } from '../../../src/config/listen.ts';

describe('listen addresses', () => {
  const addresses: [text: string, host: string, port: number][] = [
    ['127.0.0.1:8080', '127.0.0.1', 8080],
    [':8080', '', 8080],
    ['localhost:0', 'localhost', 0],
    ['[::1]:443', '::1', 443],
    ['[::]:65535', '::', 65535],
  ];
  for (const [text, host, port] of addresses) {
    it(`reads ${text} and writes it again`, () => {
      expect(parseListen(text)).to.deep.equal({ host, port });
      expect(formatListen({ host, port })).to.equal(text);
    });
  }
});
