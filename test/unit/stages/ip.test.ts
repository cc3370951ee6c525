import { expect } from 'chai';
import { ip, type IpOptions } from '../../../src/stages/ip.ts';
import { fakeExchange } from '../../support/exchange.ts';

/** Which of the addresses are let in. */
function letIn(options: Partial<IpOptions>, ...addresses: string[]): string[] {
  const passed: string[] = [];
  const handle = ip({ allow: [], deny: [], ...options })(({ client }) => void passed.push(client.address));
  for (const address of addresses) {
    const exchange = fakeExchange({}, address);
    void handle(exchange);
    const isRefused = exchange.problems.length > 0;
    expect(isRefused, address).to.equal(!passed.includes(address));
    if (!isRefused) continue;
    expect(exchange.problems).to.deep.equal([{ code: 'address-refused', headers: [] }]);
    expect(exchange.failure).to.deep.equal({ kind: 'address-refused', cause: address });
  }
  return passed;
}

describe('the addresses of a route', () => {
  it('are those that it allows', () => {
    expect(
      letIn({ allow: ['10.0.0.0/8', '2001:db8::/32'] }, '10.1.2.3', '11.1.2.3', '2001:db8::1', '::1'),
    ).to.deep.equal(['10.1.2.3', '2001:db8::1']);
  });

  it('are all but those that it denies', () => {
    expect(letIn({ deny: ['10.0.0.0/8'] }, '10.1.2.3', '11.1.2.3', '::1')).to.deep.equal(['11.1.2.3', '::1']);
  });

  it('are not those that it allows and denies', () => {
    const options = { allow: ['10.0.0.0/8'], deny: ['10.6.6.6'] };
    expect(letIn(options, '10.6.6.5', '10.6.6.6', '11.0.0.1')).to.deep.equal(['10.6.6.5']);
    expect(letIn({ allow: ['10.6.6.6'], deny: ['10.0.0.0/8'] }, '10.6.6.6')).to.deep.equal([]);
  });

  it('are none that cannot be read, when only some are let in', () => {
    expect(letIn({ allow: ['0.0.0.0/0'] }, 'unknown')).to.deep.equal([]);
  });

  it('are judged alike the second time, and after a thousand others', () => {
    const passed: string[] = [];
    const handle = ip({ allow: ['10.0.0.0/16'], deny: ['10.0.0.7'] })(({ client }) => void passed.push(client.address));
    for (let round = 0; round < 2; round += 1)
      for (let host = 0; host < 2500; host += 1)
        void handle(fakeExchange({}, `10.${Math.floor(host / 2048)}.${Math.floor(host / 256) % 8}.${host % 256}`));
    expect(passed).to.have.length(2 * 2047);
    expect(passed).not.to.include('10.0.0.7');
    expect(passed.some((address) => address.startsWith('10.1.'))).to.equal(false);
  });
});
