import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli, type CliResult } from '../support/cli.ts';

const VALID = 'version: 1\n';
const WARNED = 'version: 1\nupstreams: { spare: { targets: ["http://127.0.0.1:1"] } }\n';
const FAULTY = 'version: 1\nrotues: []\nserver: { listen: "${HOST}:80" }\n';

describe('gatewayctl', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
  });

  afterEach(async () => rm(folder, { recursive: true }));

  async function run(...args: string[]): Promise<CliResult> {
    return runCli(args, { cwd: folder });
  }

  async function write(name: string, text: string): Promise<void> {
    await writeFile(join(folder, name), text);
  }

  describe('validate', () => {
    it('checks gateway.yaml in the current folder and exits with 0 when it is valid', async () => {
      await write('gateway.yaml', VALID);
      expect(await run('validate')).to.deep.equal({ code: 0, stdout: '✓ gateway.yaml is valid\n', stderr: '' });
    });

    it('exits with 1 when there are faults, each shown in its line', async () => {
      await write('gateway.yaml', FAULTY);
      const { code, stdout, stderr } = await run('validate');
      expect({ code, stderr }).to.deep.equal({ code: 1, stderr: '' });
      expect(stdout).to.match(/^gateway\.yaml:2:1 error {2}unknown-key {2}rotues: /);
      expect(stdout).to.contain('\n> 2 | rotues: []\n    | ^~~~~~\n');
      expect(stdout).to.contain('\n  help: did you mean "routes"?\n');
      expect(stdout).to.contain('gateway.yaml:3:19 error  missing-variable  server.listen: ');
      expect(stdout.endsWith('\n✗ 2 errors in gateway.yaml\n')).to.equal(true);
    });

    it('exits with 2 when a file cannot be read', async () => {
      const { code, stdout, stderr } = await run('validate', 'nowhere.yaml');
      expect({ code, stderr }).to.deep.equal({ code: 2, stderr: '' });
      expect(stdout).to.match(/^nowhere\.yaml:1:1 error {2}unreadable-file {2}there is no such file\n/);
    });

    it('reads standard input for -', async () => {
      const { code, stdout } = await runCli(['validate', '-'], { cwd: folder, stdin: FAULTY });
      expect(code).to.equal(1);
      expect(stdout).to.match(/^<stdin>:2:1 error /);
    });

    it('checks several files, each once, and tells of all', async () => {
      await write('a.yaml', VALID);
      await write('b.yaml', FAULTY);
      await write('c.yaml', WARNED);
      const { code, stdout } = await run('validate', 'a.yaml', 'b.yaml', 'c.yaml', 'b.yaml');
      expect(code).to.equal(1);
      expect(stdout.match(/^\w\.yaml:\d+/gm)).to.deep.equal(['b.yaml:2', 'b.yaml:3', 'c.yaml:2']);
      expect(stdout).to.contain('✗ 2 errors, 1 warning in 2 files');
    });

    it('takes warnings for faults only with --strict', async () => {
      await write('gateway.yaml', WARNED);
      expect(await run('validate')).to.include({ code: 0 });
      const { code, stdout } = await run('validate', '--strict');
      expect(code).to.equal(1);
      expect(stdout).to.contain('✗ 1 warning in gateway.yaml (--strict: a warning counts as an error)');
    });

    it('takes variables from the environment, and does without them with --allow-missing-env', async () => {
      await write('gateway.yaml', FAULTY.replace('rotues', 'routes'));
      expect(await run('validate')).to.include({ code: 1 });
      expect(await run('validate', '--allow-missing-env')).to.include({ code: 0 });
      const env = { HOST: '127.0.0.1' };
      expect(await runCli(['validate'], { cwd: folder, env })).to.include({ code: 0 });
      expect(await runCli(['validate'], { cwd: folder, env: { HOST: 'no host' } })).to.include({ code: 1 });
    });

    it('prints JSON with just the keys that are documented', async () => {
      await write('gateway.yaml', FAULTY);
      const { code, stdout } = await run('validate', '--format', 'json');
      expect(code).to.equal(1);
      const report: unknown = JSON.parse(stdout);
      expect(report).to.have.all.keys('valid', 'diagnostics');
      expect(report).to.have.property('valid', false);
      expect(report)
        .to.have.nested.property('diagnostics[0]')
        .that.deep.equals({
          code: 'unknown-key',
          severity: 'error',
          message:
            'unknown key "rotues" at the top level, expected version, include, server, admin, database, redis, identity, ' +
            'issuers, apiKeys, roles, logs, metrics, tracing, response, cache, defaults, upstreams or routes',
          file: 'gateway.yaml',
          path: 'rotues',
          line: 2,
          column: 1,
          hint: 'did you mean "routes"?',
        });
      expect(report).to.have.property('diagnostics').that.has.length(2);
    });

    it('prints JSON for a valid file, and for one that is not there', async () => {
      await write('gateway.yaml', VALID);
      expect(JSON.parse((await run('validate', '-f', 'json')).stdout)).to.deep.equal({ valid: true, diagnostics: [] });
      const { code, stdout } = await run('validate', '-f', 'json', 'nowhere.yaml');
      expect(code).to.equal(2);
      expect(JSON.parse(stdout)).to.have.nested.property('diagnostics[0].code', 'unreadable-file');
    });

    it('prints SARIF', async () => {
      await write('gateway.yaml', FAULTY);
      const { code, stdout } = await run('validate', '--format=sarif');
      expect(code).to.equal(1);
      const log: unknown = JSON.parse(stdout);
      expect(log).to.have.property('version', '2.1.0');
      expect(log).to.have.nested.property('runs[0].results').that.has.length(2);
    });

    it('prints annotations for GitHub', async () => {
      await write('gateway.yaml', FAULTY);
      const { code, stdout } = await run('validate', '--format', 'github');
      expect(code).to.equal(1);
      expect(stdout.trimEnd().split('\n')).to.have.length(2);
      for (const line of stdout.trimEnd().split('\n')) expect(line).to.match(/^::error file=gateway\.yaml,line=\d+,/);
    });

    it('prints JUnit', async () => {
      await write('gateway.yaml', FAULTY);
      const { code, stdout } = await run('validate', '--format', 'junit');
      expect(code).to.equal(1);
      expect(stdout).to.match(
        /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="gatewayctl" tests="2" failures="2"/,
      );
      expect(stdout.match(/<testcase/g)).to.have.length(stdout.match(/<\/testcase>/g)?.length ?? 0);
    });

    it('writes no colour into a pipe', async () => {
      await write('gateway.yaml', FAULTY);
      expect((await run('validate')).stdout).to.not.contain('\u001b');
    });

    it('shows no stack trace for whatever is in the file', async () => {
      for (const stdin of [
        '\0',
        '['.repeat(200_000),
        'version: 1\nx-a: &a [*a]',
        '!!x',
        '\u{FEFF}',
        '%',
        '? a\n? b: [',
        '"',
        '- - -',
        '{',
        '',
      ]) {
        const { code, stdout, stderr } = await runCli(['validate', '-'], { cwd: folder, stdin });
        expect({ code, stderr }, stdin.slice(0, 20)).to.deep.equal({ code: 1, stderr: '' });
        expect(stdout, stdin.slice(0, 20)).to.match(/✗ 1 error in <stdin>\n$/);
      }
    });
  });

  describe('wrong usage', () => {
    const USAGES: [args: string[], complaint: string][] = [
      [['valdate'], "unknown command 'valdate'"],
      [['validate', '--stric'], "unknown option '--stric'"],
      [['validate', '-c', 'a.yaml'], "unknown option '-c': the file is an argument, as in gatewayctl validate a.yaml"],
      [['validate', '--config'], 'the file is an argument, as in gatewayctl validate gateway.yaml'],
      [
        ['validate', '--format', 'yaml'],
        "argument 'yaml' is invalid. Allowed choices are text, json, sarif, github, junit.",
      ],
      [['validate', '--format'], "option '-f, --format <format>' argument missing"],
      [['schema', 'extra'], "too many arguments for 'schema'"],
      [['init', 'a', 'b'], "too many arguments for 'init'"],
    ];
    for (const [args, complaint] of USAGES) {
      it(`exits with 2, says why and where help is: ${args.join(' ')}`, async () => {
        const { code, stdout, stderr } = await run(...args);
        expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
        expect(stderr).to.contain(complaint).and.to.contain('gatewayctl help');
        expect(stderr).to.not.match(/\n\s+at /);
      });
    }

    it('exits with 2 and shows the help when no command is given', async () => {
      const { code, stderr } = await run();
      expect(code).to.equal(2);
      expect(stderr).to.contain('Usage: gatewayctl').and.to.contain('validate');
    });
  });

  describe('help', () => {
    it('lists the commands', async () => {
      for (const args of [['help'], ['--help'], ['-h']]) {
        const { code, stdout } = await run(...args);
        expect(code).to.equal(0);
        expect(stdout)
          .to.match(/^Usage: gatewayctl /)
          .and.to.contain('validate')
          .and.to.contain('schema');
      }
    });

    it('explains one command, with its exit codes and examples', async () => {
      const { code, stdout } = await run('help', 'validate');
      expect(code).to.equal(0);
      for (const part of ['--strict', '--allow-missing-env', 'Exit codes:', 'Examples:'])
        expect(stdout).to.contain(part);
      expect((await run('validate', '--help')).stdout).to.equal(stdout);
    });

    it('knows the version', async () => {
      const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
      const { code, stdout } = await run('--version');
      expect(code).to.equal(0);
      expect(manifest).to.have.property('version', stdout.trim());
    });
  });

  it('schema prints the JSON Schema', async () => {
    const { code, stdout, stderr } = await run('schema');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.equal(await readFile(new URL('../../schemas/gateway.schema.json', import.meta.url), 'utf8'));
  });

  describe('init', () => {
    it('writes a file that is valid, without a warning', async () => {
      const { code, stdout, stderr } = await run('init');
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout).to.contain('gatewayctl validate gateway.yaml');
      expect(await run('validate', '--strict')).to.include({ code: 0 });
    });

    it('points editors at a schema that is there', async () => {
      await run('init', 'other.yaml');
      const address = /\$schema=(\S+)/.exec(await readFile(join(folder, 'other.yaml'), 'utf8'))?.[1];
      const schema: unknown = JSON.parse(await readFile(new URL(address ?? ''), 'utf8'));
      expect(schema).to.have.property('title', 'GatewayDocument');
    });

    it('overwrites nothing', async () => {
      await write('gateway.yaml', 'mine\n');
      const { code, stdout, stderr } = await run('init');
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.equal(
        'gatewayctl: gateway.yaml exists already; name another file: gatewayctl init other.yaml\n',
      );
      expect(await readFile(join(folder, 'gateway.yaml'), 'utf8')).to.equal('mine\n');
    });

    it('says why it cannot write', async () => {
      const { code, stderr } = await run('init', 'no/such/folder.yaml');
      expect(code).to.equal(2);
      expect(stderr).to.match(/^gatewayctl: no\/such\/folder\.yaml cannot be written: .*\n$/);
    });
  });
});
