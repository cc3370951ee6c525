import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { TestProcess, type ProcessOptions } from '../../support/process.ts';
import { PROGRAM } from '../../support/program.ts';
import { answering, occupyPort, Opened, RELOADED, send, until, yaml } from '../../support/reload.ts';
import { closedPort } from '../../support/upstream.ts';

const STACK = /\n\s+at /;

describe('starting the gateway', () => {
  const opened = new Opened();

  function serve(text: string | undefined, options: ProcessOptions = {}): { gateway: TestProcess; file: string } {
    const file = join(opened.folder(), 'gateway.yaml');
    if (text !== undefined) writeFileSync(file, text);
    return { gateway: TestProcess.gatewayctl(['serve', '-c', file], (close) => opened.add(close), options), file };
  }

  it('ends with 2 on a faulty configuration, and shows every fault on stderr', async () => {
    const { gateway, file } = serve(
      yaml(`routes:\n${answering('home')}    unknown: 1\nmore: 1\n`)
        .replace(' }\n    unknown', '\n    , unknown')
        .replace('unknown: 1', 'unknown: 1 }'),
    );
    expect(await gateway.end()).to.deep.equal({ code: 2, signal: null });
    expect(gateway.stdout).to.equal('');
    const places = [...gateway.stderr.matchAll(/^(.+):(\d+):(\d+) error {2}(\S+)/gm)].map(
      ([, name, line, , code]) => `${name} ${line} ${code}`,
    );
    expect(places).to.have.members([`${file} 7 unknown-key`, `${file} 8 unknown-key`]);
    expect(gateway.stderr).not.to.match(STACK);
  });

  it('ends with 2 when there is no configuration, and says how to get one', async () => {
    const { gateway, file } = serve(undefined);
    expect((await gateway.end()).code).to.equal(2);
    expect(gateway.stderr)
      .to.include(`${file}:1:1`)
      .and.to.include('there is no such file')
      .and.to.include('gatewayctl init');
    expect(gateway.stderr).not.to.match(STACK);
  });

  it('looks for gateway.yaml in the folder that it is started in', async () => {
    const folder = opened.folder();
    writeFileSync(join(folder, 'gateway.yaml'), yaml(`routes:\n${answering('here')}`));
    const gateway = TestProcess.gatewayctl(['serve'], (close) => opened.add(close), { cwd: folder });
    const { address } = await gateway.serving();
    expect((await send(address, '/')).body).to.equal('here');
  });

  for (const which of ['listen', 'admin'] as const) {
    it(`ends with 1 when the address of ${which} is taken, and says which one and what to do`, async () => {
      const address = await occupyPort(opened);
      const { gateway } = serve(yaml(`routes:\n${answering('home')}`, { [which]: address }));
      expect(await gateway.end()).to.deep.equal({ code: 1, signal: null });
      expect(gateway.stderr)
        .to.match(/^gatewayctl: .*\n$/)
        .and.to.include(address);
      expect(gateway.stderr).to.include('another process listens there; stop it or change listen');
    });
  }

  it('ends with 2 on wrong usage', async () => {
    const gateway = TestProcess.gatewayctl(['serve', '--nonsense'], (close) => opened.add(close));
    expect((await gateway.end()).code).to.equal(2);
    expect(gateway.stderr).to.include('--nonsense').and.not.to.match(STACK);
  });

  it('reloads on SIGHUP', async () => {
    const { gateway, file } = serve(yaml(`routes:\n${answering('home')}`));
    const { address } = await gateway.serving();
    gateway.kill('SIGHUP');
    await gateway.logged('configuration unchanged');
    writeFileSync(file, yaml(`routes:\n${answering('new')}`));
    gateway.kill('SIGHUP');
    await gateway.logged(RELOADED);
    expect((await send(address, '/')).body).to.equal('new');
  });

  it('is not ended by a SIGHUP that comes while it starts', async () => {
    const folder = opened.folder();
    // It tells when the program has begun to load its configuration.
    const preload = join(folder, 'tell.mjs');
    writeFileSync(
      preload,
      `import worker from 'node:worker_threads';
if (worker.isMainThread) {
  const { Worker } = worker;
  worker.Worker = class extends Worker {
    constructor(...options) { super(...options); process.stderr.write('loading\\n'); }
  };
  const { syncBuiltinESMExports } = await import('node:module');
  syncBuiltinESMExports();
}
`,
    );
    const { gateway } = serve(yaml(`routes:\n${answering('home')}`), { preload });
    await gateway.until('"loading"', () => gateway.stderr.includes('loading') || undefined);
    gateway.kill('SIGHUP');
    const { address } = await gateway.serving();
    expect((await send(address, '/')).body).to.equal('home');
  });
});

describe('the log of a gateway', () => {
  const opened = new Opened();

  function serve(options: ProcessOptions = {}): TestProcess {
    const file = join(opened.folder(), 'gateway.yaml');
    const text = yaml(`routes:\n${answering('home')}`).replace('access: false', 'access: true');
    writeFileSync(file, text);
    return TestProcess.gatewayctl(['serve', '-c', file], (close) => opened.add(close), options);
  }

  it('is whole when the gateway stops', async () => {
    const gateway = serve();
    const { address } = await gateway.serving();
    const agent = opened.agent();
    for (let count = 0; count < 200; count += 1) await send(address, '/', { agent });
    gateway.kill('SIGTERM');
    expect((await gateway.end()).code).to.equal(0);
    expect(gateway.log.filter(({ path }) => path === '/')).to.have.length(200);
    expect(gateway.log.at(-1)).to.include({ msg: 'stopped' });
  });

  it('is written out before a crash ends the process', async () => {
    const preload = join(opened.folder(), 'crash.mjs');
    // The gateway logs that it is stopping, and in the same turn, before anything is written, something throws.
    writeFileSync(
      preload,
      `process.on('SIGTERM', () => queueMicrotask(() => queueMicrotask(() => { throw new Error('crash'); })));\n`,
    );
    const gateway = serve({ preload });
    await gateway.serving();
    gateway.kill('SIGTERM');
    expect((await gateway.end()).code).to.equal(1);
    expect(gateway.stderr).to.include('Error: crash');
    expect(gateway.log.at(-1)).to.include({ msg: 'stopping' });
  });

  it('is lost without harm when nobody reads it any more', async () => {
    const gateway = serve();
    const { address } = await gateway.serving();
    gateway.child.stdout?.destroy();
    const agent = opened.agent();
    for (let count = 0; count < 50; count += 1) expect((await send(address, '/', { agent })).status).to.equal(200);
    await until('later requests are answered as well', async () => (await send(address, '/')).status === 200);
    gateway.kill('SIGTERM');
    const [code, signal] = await once(gateway.child, 'exit');
    expect([code, signal]).to.deep.equal([0, null]);
    expect(gateway.stderr).to.equal('');
  });

  it('keeps nobody from ending whose reader has stopped to read', async () => {
    const gateway = serve();
    const { address } = await gateway.serving();
    gateway.child.stdout?.pause();
    const agent = opened.agent();
    // More than a pipe and the stream in front of it take.
    const path = `/${'x'.repeat(4000)}`;
    for (let count = 0; count < 500; count += 1) await send(address, path, { agent });
    gateway.kill('SIGTERM');
    const [code, signal] = await once(gateway.child, 'exit');
    expect([code, signal]).to.deep.equal([0, null]);
    gateway.child.stdout?.resume();
  });

  it('that a full disk does not take stops neither the gateway nor its end', async () => {
    const file = join(opened.folder(), 'gateway.yaml');
    const [listen, admin] = [await closedPort(), await closedPort()];
    const settings = { listen: `127.0.0.1:${listen}`, admin: `127.0.0.1:${admin}`, logs: 'access: true' };
    writeFileSync(file, yaml(`routes:\n${answering('home')}`, settings));
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [...PROGRAM, 'serve', '-c', file], { stdio: ['ignore', full, 'inherit'] });
    closeSync(full);
    opened.add(() => child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    const address = `127.0.0.1:${listen}`;
    await until('it serves', async () =>
      send(address, '/').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    for (let count = 0; count < 50; count += 1) expect((await send(address, '/')).status).to.equal(200);
    await until(
      'its log was given to the disk',
      async () => (await send(`127.0.0.1:${admin}`, '/healthz')).status === 200,
    );
    child.kill('SIGTERM');
    expect(await exited).to.deep.equal([0, null]);
  });
});
