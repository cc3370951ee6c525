/** What checks a configuration before it is served, run as its users would: the hooks of Git, and the action of GitHub. */
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { at, documentOf, listAt, ROOT, textOf } from '../support/deployed.ts';
import { PROGRAM } from '../support/program.ts';

const VALID = `version: 1
routes: [{ name: home, match: { path: / }, access: public, respond: { status: 200 } }]
`;
const FAULTY = VALID.replace('respond', 'repond');

interface Ended {
  readonly code: unknown;
  readonly printed: string;
}

describe('what checks gateway.yaml', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  /** Runs a program in a folder of its own, with gatewayctl on the PATH. */
  async function run(
    file: string,
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    try {
      const options = { cwd: folder, env: { ...environment, ...more } };
      const { stdout, stderr } = await promisify(execFile)(file, args, options);
      return { code: 0, printed: stdout + stderr };
    } catch (error) {
      return { code: at(error, 'code'), printed: [at(error, 'stdout'), at(error, 'stderr')].map(String).join('') };
    }
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-checks-'));
    await mkdir(join(folder, 'bin'));
    const program = join(folder, 'bin/gatewayctl');
    await writeFile(program, `#!/bin/sh\nexec '${[process.execPath, ...PROGRAM].join("' '")}' "$@"\n`);
    await chmod(program, 0o755);
    environment = { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: folder };
  });

  afterEach(async () => rm(folder, { recursive: true }));

  it('deploy/github/action.yml annotates the line, and passes strings as such', async () => {
    const action = documentOf('deploy/github/action.yml');
    const steps = listAt(action, 'runs', 'steps');
    // Within a script, an expression would be code of whoever wrote the input.
    for (const step of steps) expect(String(at(step, 'run'))).to.not.include('${{');
    const script = String(
      at(
        steps.find((step) => at(step, 'id') === 'validate'),
        'run',
      ),
    );
    const validate = async (files: string, strict: string): Promise<Ended> =>
      run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { FILES: files, STRICT: strict });
    await writeFile(join(folder, 'gateway.yaml'), FAULTY);
    const refused = await validate('gateway.yaml', 'true');
    expect(refused.printed).to.match(/^::error file=gateway\.yaml,line=2,/m);
    expect(refused.code).to.equal(1);
    await writeFile(join(folder, 'gateway.yaml'), VALID);
    await writeFile(join(folder, 'other.yaml'), VALID);
    expect(await validate('gateway.yaml other.yaml', 'false')).to.deep.include({ code: 0 });
    expect(await validate('gateway.yaml; echo', 'true')).to.deep.include({ code: 2 });
    // The name in the public registry is not this project's: nobody is told to install it.
    for (const path of ['deploy/github/action.yml', 'deploy/github/validate.yml', 'README.md', 'docs/operations.md'])
      expect(textOf(path), path).to.not.match(/gatewayctl@\d/);
  }).timeout(60_000);

  async function commit(more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return run('git', ['commit', '--quiet', '--message', 'a'], more);
  }

  /** Makes the folder a repository with the hook. */
  async function repository(): Promise<void> {
    const hook = join(folder, '.git/hooks/pre-commit');
    await run('git', ['init', '--quiet']);
    for (const [key, value] of [
      ['user.name', 'a'],
      ['user.email', 'a@example.com'],
    ] as const)
      await run('git', ['config', key, value]);
    await mkdir(join(folder, '.git/hooks'), { recursive: true });
    await copyFile(join(ROOT, 'deploy/git/pre-commit'), hook);
    await chmod(hook, 0o755);
  }

  it('deploy/git/pre-commit judges what is staged, not what lies in the folder', async () => {
    await repository();
    await writeFile(join(folder, 'gateway.yaml'), FAULTY);
    await run('git', ['add', 'gateway.yaml']);
    await writeFile(join(folder, 'gateway.yaml'), VALID);
    const refused = await commit();
    expect(refused.printed).to.include('repond');
    expect(refused.code).to.equal(1);
    await run('git', ['add', 'gateway.yaml']);
    await writeFile(join(folder, 'gateway.yaml'), FAULTY);
    expect(await commit()).to.deep.include({ code: 0 });
  }).timeout(60_000);

  it('deploy/git/pre-commit lets commits pass that have no such file, or take it away', async () => {
    await repository();
    await writeFile(join(folder, 'other'), '');
    await run('git', ['add', 'other']);
    expect(await commit()).to.deep.include({ code: 0 });
    await writeFile(join(folder, 'gateway.yaml'), VALID);
    await run('git', ['add', 'gateway.yaml']);
    expect(await commit()).to.deep.include({ code: 0 });
    await run('git', ['rm', '--quiet', 'gateway.yaml']);
    expect(await commit()).to.deep.include({ code: 0 });
  }).timeout(60_000);

  it('deploy/git/pre-commit, the action and the hook of pre-commit all take warnings for faults by default', async () => {
    await repository();
    await writeFile(join(folder, 'gateway.yaml'), `${VALID}include: [services/*.yaml]\n`);
    await run('git', ['add', 'gateway.yaml']);
    const refused = await commit();
    expect(refused.printed).to.include('include-without-match');
    expect(refused.code).to.equal(1);
    expect(await commit({ STRICT: 'false' })).to.deep.include({ code: 0 });
    expect(at(documentOf('deploy/github/action.yml'), 'inputs', 'strict', 'default')).to.equal('true');
    const [hook] = listAt({ hooks: documentOf('.pre-commit-hooks.yaml') }, 'hooks');
    expect(at(hook, 'args')).to.deep.equal(['--strict']);
    expect(at(documentOf('deploy/git/pre-commit-config.yaml'), 'repos', 0, 'hooks', 0, 'entry')).to.include(
      ' --strict ',
    );
  }).timeout(60_000);

  it('.pre-commit-hooks.yaml takes each gateway.yaml, and hands it to a command that there is', async () => {
    const [hook] = listAt({ hooks: documentOf('.pre-commit-hooks.yaml') }, 'hooks');
    const files = new RegExp(String(at(hook, 'files')));
    expect(['gateway.yaml', 'eu/gateway.yaml'].every((name) => files.test(name))).to.equal(true);
    expect(['mygateway.yaml', 'gateway.yaml.bak'].some((name) => files.test(name))).to.equal(false);
    await writeFile(join(folder, 'gateway.yaml'), FAULTY);
    const [program = '', ...entry] = String(at(hook, 'entry')).split(' ');
    const args = [...entry, ...listAt(hook, 'args').map(String)];
    expect((await run(program, [...args, 'gateway.yaml'])).code).to.equal(1);
    await writeFile(join(folder, 'gateway.yaml'), VALID);
    expect(await run(program, [...args, 'gateway.yaml'])).to.deep.include({ code: 0 });
  }).timeout(60_000);
});
