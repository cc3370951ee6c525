import * as bcrypt from 'bcrypt';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { bounded } from '../../../src/auth/bounded.ts';
import { COMMON_PASSWORDS } from '../../../src/auth/common-passwords.ts';
import { compilePasswordPolicy, type PasswordFault } from '../../../src/auth/password-policy.ts';
import { passwords } from '../../../src/auth/passwords.ts';

describe('the policy for passwords', () => {
  const faultOf = compilePasswordPolicy({ minLength: 12, rejectCommon: true });
  const JUDGED: [what: string, password: string, fault: PasswordFault | undefined][] = [
    ['12 characters', 'tw3lve chars', undefined],
    ['11 characters', 'elev3n char', 'too-short'],
    ['no character', '', 'too-short'],
    ['12 characters of 4 bytes', '😀'.repeat(12), undefined],
    ['6 characters of two code units', '😀'.repeat(6), 'too-short'],
    ['72 bytes', 'x'.repeat(72), undefined],
    ['73 bytes', 'x'.repeat(73), 'too-long'],
    ['37 characters in 74 bytes', 'é'.repeat(37), 'too-long'],
    ['36 characters that become 72 bytes', 'e\u0301'.repeat(36), undefined],
    ['a megabyte', 'x'.repeat(1024 * 1024), 'too-long'],
    ['a NUL', 'twelve chars\0and more', 'invalid-character'],
    ['half a character', 'twelve chars \ud83d', 'invalid-character'],
    ['a common one', 'password1234', 'common'],
    ['a common one in another case', 'PassWord1234', 'common'],
    ['a common one in full-width letters', 'ｐassword1234', undefined],
  ];
  for (const [what, password, fault] of JUDGED) {
    it(`${fault === undefined ? 'lets pass' : `refuses as ${fault}`} ${what}`, () => {
      expect(faultOf(password)).to.equal(fault);
    });
  }

  it('lets common ones pass when it is told to', () => {
    expect(compilePasswordPolicy({ minLength: 8, rejectCommon: false })('password')).to.equal(undefined);
  });

  it('knows the first that anybody tries', () => {
    const short = compilePasswordPolicy({ minLength: 8, rejectCommon: true });
    for (const password of ['password', '12345678', 'qwertyuiop', 'iloveyou', '1qaz2wsx', 'P@ssw0rd', 'Summer2025!'])
      expect(short(password), password).to.equal('common');
  });

  it('has a list of at least 1,000 that are long enough, in lower case and each once', () => {
    const list = COMMON_PASSWORDS.trim().split(/\s+/);
    expect(list.length).to.be.greaterThan(1000);
    expect(list.filter((password) => password.length >= 12).length).to.be.greaterThan(1000);
    expect(new Set(list).size).to.equal(list.length);
    expect(list.filter((password) => password.length < 8 || password !== password.toLowerCase())).to.deep.equal([]);
  });

  it('counts code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const normal = text.normalize('NFC');
        fc.pre(!/[\0\p{Surrogate}]/u.test(normal) && Buffer.byteLength(normal) <= 72);
        const exact = compilePasswordPolicy({ minLength: [...normal].length, rejectCommon: false });
        const more = compilePasswordPolicy({ minLength: [...normal].length + 1, rejectCommon: false });
        return exact(text) === undefined && more(text) === 'too-short';
      }),
    );
  });
});

describe('passwords', () => {
  const hashing = passwords({ cost: 4, concurrency: 2, waiting: 4 });

  async function hashOf(password: string): Promise<string> {
    const hashed = await hashing.hash(password);
    if (hashed === 'busy') throw new Error('busy');
    return hashed.hash;
  }

  it('match their hash, and no other does', async () => {
    const hash = await hashOf('correct horse');
    expect(bcrypt.getRounds(hash)).to.equal(4);
    expect(await hashing.verify('correct horse', hash)).to.equal('match');
    expect(await hashing.verify('Correct horse', hash)).to.equal('mismatch');
    expect(await hashing.verify('', hash)).to.equal('mismatch');
  });

  it('are the same however the keyboard writes them', async () => {
    expect(await hashing.verify('cafe\u0301 au lait', await hashOf('café au lait'))).to.equal('match');
  });

  it('are never truncated: 73 bytes and NUL match nothing', async () => {
    const long = await hashOf('x'.repeat(72));
    expect(await hashing.verify('x'.repeat(73), long)).to.equal('mismatch');
    expect(await hashing.verify(`${'x'.repeat(72)}\0`, long)).to.equal('mismatch');
    expect(await hashing.verify('abc\0def', await bcrypt.hash('abc\0def', 4))).to.equal('mismatch');
    // Nor what is compared in their place.
    expect(await hashing.verify('x'.repeat(73), await bcrypt.hash('', 4))).to.equal('mismatch');
    for (const password of ['x'.repeat(73), 'a\0b']) {
      const error = await hashing.hash(password).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(RangeError);
    }
  });

  it('match nobody when there is no such user, and not when what is stored is no hash', async () => {
    expect(await hashing.verify('correct horse', undefined)).to.equal('mismatch');
    expect(await hashing.verify('', undefined)).to.equal('mismatch');
    expect(await hashing.verify('correct horse', 'correct horse')).to.equal('mismatch');
  });

  it('take as long for an unknown user as for a wrong password', async () => {
    const costly = passwords({ cost: 9, concurrency: 1, waiting: 1 });
    const hash = await bcrypt.hash('correct horse', 9);
    const time = async (stored: string | undefined, password: string): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const start = performance.now();
        await costly.verify(password, stored);
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const known = await time(hash, 'wrong');
    // Only that the work is done at all: bench/ compares medians.
    for (const other of [
      await time(undefined, 'wrong'),
      await time('no hash', 'wrong'),
      await time(hash, 'x'.repeat(99)),
    ]) {
      expect(other).to.be.within(known / 2, known * 2);
    }
  });

  it('take the same work for a hash of a lower cost as for one of the configured cost, and for none', async () => {
    const compared: number[] = [];
    const compare = async (password: string, hash: string): Promise<boolean> => {
      compared.push(bcrypt.getRounds(hash));
      return bcrypt.compare(password, hash);
    };
    const raised = passwords({ cost: 8, concurrency: 1, waiting: 1 }, compare);
    const workOf = async (password: string, hash: string | undefined): Promise<readonly [string, number]> => {
      compared.length = 0;
      const verdict = await raised.verify(password, hash);
      return [verdict, compared.reduce((sum, cost) => sum + 2 ** cost, 0)];
    };
    for (const cost of [4, 5, 7, 8]) {
      const hash = await bcrypt.hash('correct horse', cost);
      expect(await workOf('correct horse', hash), String(cost)).to.deep.equal(['match', 2 ** 8]);
      expect(await workOf('wrong', hash), String(cost)).to.deep.equal(['mismatch', 2 ** 8]);
      expect(await workOf('x'.repeat(73), hash), String(cost)).to.deep.equal(['mismatch', 2 ** 8]);
    }
    const hash = await bcrypt.hash('correct horse', 4);
    // bcrypt would say no to the last three at once.
    for (const stored of [
      undefined,
      'no hash',
      ...['$2b$03', '$2b$32', '$2y$04'].map((head) => head + hash.slice(6)),
    ]) {
      expect(await workOf('correct horse', stored), stored ?? 'nobody').to.deep.equal(['mismatch', 2 ** 8]);
    }
    // What cannot be hidden.
    expect(await workOf('wrong', await bcrypt.hash('correct horse', 9))).to.deep.equal(['mismatch', 2 ** 9]);
  });

  it('say beforehand whether there is room', async () => {
    const narrow = passwords({ cost: 4, concurrency: 1, waiting: 1 });
    expect([narrow.hasRoom(), narrow.hasRoom(1), narrow.hasRoom(2)]).to.deep.equal([true, true, false]);
    const [one, two] = [narrow.verify('a', undefined), narrow.verify('a', undefined)];
    expect(narrow.hasRoom()).to.equal(false);
    await one;
    expect([narrow.hasRoom(), narrow.hasRoom(1)]).to.deep.equal([true, false]);
    await two;
    expect(narrow.hasRoom(1)).to.equal(true);
  });

  it('know hashes of another cost', async () => {
    expect(hashing.outdated(await hashOf('correct horse'))).to.equal(false);
    expect(hashing.outdated(await bcrypt.hash('correct horse', 5))).to.equal(true);
    expect(hashing.outdated('')).to.equal(true);
  });

  it('are busy when too many come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => hashing.verify('a', undefined)));
    expect(answers.filter((answer) => answer === 'busy')).to.have.length(4);
    expect(await hashing.verify('a', undefined)).to.equal('mismatch');
  });
});

describe('bounded work', () => {
  it('runs so much at once, in order, and refuses what finds no room', async () => {
    const work = bounded({ concurrency: 2, waiting: 2 });
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const jobs = [0, 1, 2, 3, 4].map((job) =>
      work.run(async () => {
        started.push(job);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (job === 0) throw new Error('job 0');
        return job;
      }),
    );
    expect(await jobs[4]).to.equal('busy');
    expect(started).to.deep.equal([0, 1]);
    const failed = jobs[0]?.catch(() => 'failed');
    for (let index = 0; index < 4; index += 1) {
      ends[index]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await failed).to.equal('failed');
    expect(await Promise.all(jobs.slice(1))).to.deep.equal([1, 2, 3, 'busy']);
    expect(started).to.deep.equal([0, 1, 2, 3]);
    expect(await work.run(async () => 5)).to.equal(5);
  });

  it('must be able to run', () => expect(() => bounded({ concurrency: 0, waiting: 1 })).to.throw(RangeError));
});
