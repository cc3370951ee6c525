import { expect } from 'chai';
import { assert, constant, oneof, property, string, tuple } from 'fast-check';
import { normalEmail } from '../../../src/users/email.ts';

describe('an e-mail address', () => {
  for (const [text, email] of [
    ['ann@example.com', 'ann@example.com'],
    ['  Ann.Lee+News@EXAMPLE.Com\n', 'ann.lee+news@example.com'],
    ["o'brien@example.co.uk", "o'brien@example.co.uk"],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann@BÜCHER.example', 'ann@xn--bcher-kva.example'],
    ['ann@xn--bcher-kva.example', 'ann@xn--bcher-kva.example'],
    ['jose\u0301@example.com', 'jos\u00e9@example.com'],
    ['用户@例子.广告', '用户@xn--fsqu00a.xn--4rr70v'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ]) {
    it(`${JSON.stringify(text)} is ${email}`, () => {
      expect(normalEmail(text ?? '')).to.deep.equal({ email });
    });
  }

  for (const [text, fault] of [
    ['', 'no-at'],
    ['ann', 'no-at'],
    ['@example.com', 'local-part'],
    ['.ann@example.com', 'local-part'],
    ['ann..lee@example.com', 'local-part'],
    ['ann lee@example.com', 'local-part'],
    ['"ann lee"@example.com', 'local-part'],
    ['ann@bob@example.com', 'local-part'],
    ['a\0nn@example.com', 'local-part'],
    ['ann\r\nbcc: bob@example.com', 'local-part'],
    ['a\ud800nn@example.com', 'local-part'],
    [`${'a'.repeat(65)}@example.com`, 'local-part'],
    ['ann@', 'domain'],
    ['ann@localhost', 'domain'],
    ['ann@192.0.2.1', 'domain'],
    ['ann@[192.0.2.1]', 'domain'],
    ['ann@0x7f.1', 'domain'],
    ['ann@example.com.', 'domain'],
    ['ann@-example.com', 'domain'],
    ['ann@exa%6dple.com', 'domain'],
    ['ann@example.com/path', 'domain'],
    ['ann@example.com:25', 'domain'],
    ['ann@example..com', 'domain'],
    ['ann@xn--zz-.example', 'domain'],
    ['ann@exa\tmple.com', 'domain'],
    [`ann@${'a'.repeat(64)}.com`, 'domain'],
    [`ann@${`${'a'.repeat(60)}.`.repeat(5)}com`, 'too-long'],
    ['x'.repeat(100_000), 'too-long'],
  ]) {
    it(`${JSON.stringify(text?.slice(0, 40))} is none: ${fault}`, () => {
      expect(normalEmail(text ?? '')).to.deep.equal({ fault });
    });
  }

  it('is normalised once for all: the form of a form is itself', () => {
    const part = string({ unit: 'grapheme', minLength: 1, maxLength: 10 });
    const written = tuple(oneof(part, constant('İK')), oneof(part, constant('STRAßE'))).map(
      ([local, domain]) => `${local}@${domain}.example`,
    );
    assert(
      property(written, (text) => {
        const first = normalEmail(text);
        if ('email' in first) expect(normalEmail(first.email)).to.deep.equal(first);
      }),
    );
  });
});
