import { expect } from 'chai';
import {
  parseTraceparent,
  parseTracestate,
  traceparent,
  withTraceContext,
} from '../../../../src/observability/tracing/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('a traceparent', () => {
  it('is read, and written as it was', () => {
    const value = `00-${TRACE}-${SPAN}-01`;
    const parsed = parseTraceparent(value);
    expect(parsed).to.deep.equal({ traceId: TRACE, spanId: SPAN, flags: 1 });
    expect(parsed && traceparent(parsed)).to.equal(value);
  });

  it('keeps of its flags those that are known', () => {
    const flags = (text: string): number | undefined => parseTraceparent(`00-${TRACE}-${SPAN}-${text}`)?.flags;
    expect(['00', '01', '02', '03', 'ff', 'fc'].map(flags)).to.deep.equal([0, 1, 2, 3, 3, 0]);
  });

  it('of a later version is read as far as it is known', () => {
    const known = { traceId: TRACE, spanId: SPAN, flags: 1 };
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01`)).to.deep.equal(known);
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`)).to.deep.equal(known);
  });

  const bad: readonly (readonly [what: string, value: string])[] = [
    ['empty', ''],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['more than version 00 has', `00-${TRACE}-${SPAN}-01-more`],
    ['more without a hyphen', `cc-${TRACE}-${SPAN}-01.more`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a long span id', `00-${TRACE}-${SPAN}0-01`],
    ['no digit among the flags', `00-${TRACE}-${SPAN}-0x`],
    ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['a space in front', ` 00-${TRACE}-${SPAN}-01`],
  ];
  for (const [what, value] of bad) {
    it(`is none: ${what}`, () => expect(parseTraceparent(value)).to.equal(undefined));
  }
});

describe('a tracestate', () => {
  it('goes on without what is between its members', () => {
    expect(parseTracestate('rojo=00f067aa0ba902b7 ,\t, congo=t61rcWkgMzE')).to.equal(
      'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
    );
  });

  it('takes the keys of both levels', () => {
    const state = 'tenant@system=1,0a/b*c_d-e=x y';
    expect(parseTracestate(state)).to.equal(state);
  });

  const bad: readonly (readonly [what: string, value: string])[] = [
    ['a key alone', 'rojo'],
    ['no value', 'rojo='],
    ['no key', '=1'],
    ['a key in upper case', 'Rojo=1'],
    ['a key that begins with a hyphen', '-a=1'],
    ['an equals sign in a value', 'a=b=c'],
    ['a control character in a value', 'a=b\u0001c'],
    ['a character that is not ASCII', 'a=ü'],
    ['a key twice', 'a=1,b=2,a=3'],
    ['a key that is too long', `${'k'.repeat(257)}=1`],
    ['a value that is too long', `k=${'v'.repeat(257)}`],
    ['33 members', Array.from({ length: 33 }, (_, index) => `k${index}=v`).join(',')],
  ];
  for (const [what, value] of bad) {
    it(`does not go on with ${what}`, () => expect(parseTracestate(value)).to.equal(''));
  }

  it('has at most 512 characters: long members go first, then the last ones', () => {
    const long = `long=${'x'.repeat(140)}`;
    const members = Array.from({ length: 7 }, (_, index) => `k${index}=${'v'.repeat(60)}`);
    expect(parseTracestate([long, ...members].join(','))).to.equal(members.join(','));
    const many = Array.from({ length: 10 }, (_, index) => `k${index}=${'v'.repeat(60)}`);
    expect(parseTracestate(many.join(','))).to.equal(many.slice(0, 8).join(','));
  });
});

describe('the fields of a request', () => {
  it('say where it stands in a trace, once, whatever they said before', () => {
    const headers = ['Accept', '*/*', 'TraceParent', 'x', 'TRACESTATE', 'y', 'tracestate', 'z', 'x', '1'];
    expect(withTraceContext(headers, 'p', '')).to.deep.equal(['Accept', '*/*', 'x', '1', 'traceparent', 'p']);
    expect(withTraceContext(['x', '1'], 'p', 's')).to.deep.equal(['x', '1', 'traceparent', 'p', 'tracestate', 's']);
  });
});
