import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { newPassword } from '../../../src/cli/prompt.ts';
import { FakeTerminal, outcomeOf, type Outcome } from '../../support/commands.ts';

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const PROMPT = new URL('../../../src/cli/prompt.ts', import.meta.url).href;
const SECRET = 'correct horse battery';

describe('a password', () => {
  let password: string | undefined;
  const ask = async (terminal: FakeTerminal, passwordStdin: boolean): Promise<Outcome> => {
    password = undefined;
    return outcomeOf(async () => {
      password = await newPassword({ passwordStdin, whose: 'ada@example.com' }, terminal);
    });
  };

  describe('of standard input', () => {
    for (const [what, given, expected] of [
      ['without its line feed', `${SECRET}\n`, SECRET],
      ['without its CR LF', `${SECRET}\r\n`, SECRET],
      ['as it is when no line ends', SECRET, SECRET],
      ['with blanks around it', ' \t x \n', ' \t x '],
      ['of any script', 'пароль 🔑\n', 'пароль 🔑'],
    ] as const) {
      it(`is taken ${what}`, async () => {
        expect((await ask(FakeTerminal.pipe(given), true)).code).to.equal(0);
        expect(password).to.equal(expected);
      });
    }

    it('is put together from pieces, in the middle of a character too', async () => {
      const bytes = Buffer.from('пароль\n');
      const input = Object.assign(new PassThrough(), { isTTY: false });
      const taken = newPassword({ passwordStdin: true, whose: '' }, { input, output: new PassThrough() });
      for (const byte of bytes) input.write(Buffer.of(byte));
      input.end();
      expect(await taken).to.equal('пароль');
    });

    for (const [what, given, expected] of [
      ['nothing', '', 'is empty'],
      ['an empty line', '\n', 'is empty'],
      ['several lines', 'one\ntwo\n', 'has several lines'],
      ['two line ends', 'one\n\n', 'has several lines'],
      ['far too much', 'x'.repeat(5000), 'is too long'],
      ['what is not UTF-8', Buffer.of(0xff, 0x0a), 'is not UTF-8'],
    ] as const) {
      it(`is not ${what}`, async () => {
        const { code, message } = await ask(FakeTerminal.pipe(given), true);
        expect(code).to.equal(2);
        expect(message).to.include(expected);
      });
    }

    it('is not typed on a terminal, which would show it', async () => {
      const { code, message } = await ask(new FakeTerminal(true, `${SECRET}\n`), true);
      expect(code).to.equal(2);
      expect(message).to.include('not a terminal');
    });
  });

  it('cannot be asked for without a terminal', async () => {
    const { code, message } = await ask(FakeTerminal.pipe(`${SECRET}\n`), false);
    expect(code).to.equal(2);
    expect(message).to.include('there is no terminal').and.include('--password-stdin');
  });

  describe('that is typed', () => {
    it('is asked for twice and never shown, and raw mode ends', async () => {
      const terminal = new FakeTerminal(true, `${SECRET}\r${SECRET}\r`);
      expect((await ask(terminal, false)).code).to.equal(0);
      expect(password).to.equal(SECRET);
      expect(terminal.shown).to.equal('New password for ada@example.com (not shown): \nThe same password again: \n');
      expect(terminal.rawModes).to.deep.equal([true, false]);
    });

    it('can be corrected', async () => {
      const terminal = new FakeTerminal(true, `x\u0015${SECRET}!\u007f\r\u001b[A${SECRET}\r`);
      expect((await ask(terminal, false)).code).to.equal(0);
      expect(password).to.equal(SECRET);
    });

    it('must be the same twice', async () => {
      const { code, message } = await ask(new FakeTerminal(true, `${SECRET}\r${SECRET}!\r`), false);
      expect(code).to.equal(1);
      expect(message).to.include('differ').and.not.include(SECRET);
    });

    it('is given up with Ctrl-C and Ctrl-D, and raw mode ends', async () => {
      for (const [key, code] of [
        ['\u0003', 130],
        ['\u0004', 1],
      ] as const) {
        const terminal = new FakeTerminal(true, key);
        const outcome = await ask(terminal, false);
        expect(outcome.code).to.equal(code);
        expect(outcome.message).to.include('nothing was changed');
        expect(terminal.rawModes).to.deep.equal([true, false]);
      }
    });
  });

  // util-linux; other systems have another `script`, or none.
  if (process.platform === 'linux') {
    describe('on a pseudo-terminal', () => {
      /** What a terminal shows while `keys` are typed: each part once what it waits for is shown. */
      async function typed(keys: readonly (readonly [shown: string, keys: string])[]): Promise<string> {
        const program = `
          const { newPassword, ownTerminal } = await import(${JSON.stringify(PROMPT)});
          try {
            const password = await newPassword({ passwordStdin: false, whose: 'ada' }, ownTerminal());
            process.stdout.write('got ' + password.length + '\\n');
          } catch (error) {
            process.stdout.write('failed ' + error.exitCode + '\\n');
          }`;
        const command = [process.execPath, '--import', LOADER, '--input-type=module', '--eval', program];
        const quoted = command.map((part) => `'${part.replaceAll("'", String.raw`'\''`)}'`).join(' ');
        const child = spawn('script', ['-qec', `${quoted}; stty -a`, '/dev/null'], {
          cwd: fileURLToPath(new URL('../../..', import.meta.url)),
        });
        let shown = '';
        const rest = [...keys];
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          shown += text;
          const [next] = rest;
          if (next === undefined || !shown.includes(next[0])) return;
          rest.shift();
          child.stdin.write(next[1]);
        });
        await once(child, 'close');
        child.stdin.destroy();
        return shown;
      }

      it('is not echoed, and the terminal is as before', async () => {
        const shown = await typed([
          ['(not shown): ', `${SECRET}\r`],
          ['again: ', `${SECRET}\r`],
        ]);
        expect(shown).to.include(`got ${SECRET.length}`).and.not.include(SECRET);
        expect(shown)
          .to.match(/ icanon\b/)
          .and.match(/ echo\b/);
      });

      it('is given up with Ctrl-C, and the terminal is as before', async () => {
        const shown = await typed([['(not shown): ', 'correct\u0003']]);
        expect(shown).to.include('failed 130').and.not.include('correct');
        expect(shown)
          .to.match(/ icanon\b/)
          .and.match(/ echo\b/);
      });
    });
  }
});
