import { expect } from 'chai';
import { Deadlines } from '../../../src/deadlines.ts';
import type { TargetConfig } from '../../../src/config/config.ts';
import { Members, type HeldMember } from '../../../src/gateway/members.ts';
import { createBalancer } from '../../../src/upstreams/balance/index.ts';
import { Choice } from '../../../src/upstreams/choice.ts';
import { createEndpoint } from '../../../src/upstreams/endpoint.ts';
import { EndpointState } from '../../../src/upstreams/endpoint-state.ts';
import { Member } from '../../../src/upstreams/member.ts';

const TLS = { ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true };

/** `a` or `a*3`, as a target. */
function targetOf(text: string): TargetConfig {
  const [name = '', weight = '1'] = text.split('*');
  return { origin: `http://${name}`, weight: Number(weight) };
}

describe('the members of an upstream', () => {
  /** What was held and released, in order. */
  let done: string[] = [];
  let choice = new Choice(createBalancer('round-robin'));
  let members = new Members(choice, () => expect.fail('not yet'));

  const hold = ({ origin, weight }: TargetConfig): HeldMember => {
    const name = `${origin.slice('http://'.length)}*${weight}`;
    if (name.startsWith('broken')) throw new Error('it cannot be had');
    done.push(`hold ${name}`);
    const member = new Member({
      endpoint: createEndpoint(
        { origin, connectTimeout: 1, responseTimeout: 1, idleTimeout: 1, connections: 1, tls: TLS },
        new Deadlines(),
      ),
      weight,
      state: new EndpointState(() => 0),
      slowStart: 0,
      breaker: undefined,
      outlier: undefined,
    });
    return {
      member: { resource: member, release: () => done.push(`release ${name}`) },
      care: { release: () => void done.push(`stop ${name}`) },
    };
  };
  const replace = (...texts: readonly string[]): void => members.replace(texts.map(targetOf));
  const chosen = (): string[] => choice.members.map(({ id, weight }) => `${id.slice('http://'.length)}*${weight}`);
  /** What was done since it was last asked. */
  const news = (): string[] => done.splice(0);

  beforeEach(() => {
    done = [];
    choice = new Choice(createBalancer('round-robin'));
    members = new Members(choice, hold);
  });

  it('are those of the targets', () => {
    replace('a', 'b*3');
    expect([chosen(), news()]).to.deep.equal([
      ['a*1', 'b*3'],
      ['hold a*1', 'hold b*3'],
    ]);
  });

  it('stay the same as long as their targets do', () => {
    replace('a', 'b');
    const [a] = choice.members;
    news();
    replace('c', 'a');
    expect(news()).to.deep.equal(['hold c*1', 'stop b*1', 'release b*1']);
    expect(chosen()).to.have.members(['a*1', 'c*1']);
    expect(choice.members).to.include(a);
    replace('c', 'a');
    expect(news()).to.deep.equal([]);
  });

  it('are held anew before they are released when only the weight changes, so that nothing known is lost', () => {
    replace('a');
    news();
    replace('a*2');
    expect([chosen(), news()]).to.deep.equal([['a*2'], ['hold a*2', 'stop a*1', 'release a*1']]);
  });

  it('are no more asked by the time at which they are released', () => {
    replace('a', 'b');
    done = [];
    let asked: string[] | undefined;
    const push = done.push.bind(done);
    done.push = (...texts) => {
      if (texts.some((text) => text.startsWith('release'))) asked = chosen();
      return push(...texts);
    };
    replace('b');
    expect(asked).to.deep.equal(['b*1']);
  });

  it('may be none', () => {
    replace('a');
    replace();
    expect([chosen(), news()]).to.deep.equal([[], ['hold a*1', 'stop a*1', 'release a*1']]);
  });

  it('are one for a target that is named twice', () => {
    replace('a', 'a');
    expect([chosen(), news()]).to.deep.equal([['a*1'], ['hold a*1']]);
  });

  it('are not lost when one of them cannot be had', () => {
    expect(() => replace('a', 'broken', 'b')).to.throw('it cannot be had');
    expect(news()).to.deep.equal(['hold a*1']);
    members.stop();
    members.release();
    expect(news()).to.deep.equal(['stop a*1', 'release a*1']);
  });

  it('stay when another generation has taken over, but are neither looked after nor replaced', () => {
    replace('a', 'b');
    news();
    members.stop();
    expect([chosen(), news()]).to.deep.equal([
      ['a*1', 'b*1'],
      ['stop a*1', 'stop b*1'],
    ]);
    replace('c');
    expect([chosen(), news()]).to.deep.equal([['a*1', 'b*1'], []]);
    members.release();
    expect([chosen(), news()]).to.deep.equal([[], ['release a*1', 'release b*1']]);
  });
});
