import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import {
  answering,
  Opened,
  REFUSED,
  RELOADED,
  replaceFile,
  UNCHANGED,
  yaml,
  type TestGateway,
} from '../../support/reload.ts';

const SUCCESSFUL = 'gateway_config_last_reload_successful';
const BROKEN = 'version: 1\nroutes: [ {\n';

describe('watching the configuration', () => {
  const opened = new Opened();
  const page = (body: string): string => yaml(`routes:\n${answering(body)}`);
  const body = async (gateway: TestGateway, path = '/'): Promise<string> => (await gateway.get(path)).body;

  it('serves a file that was written over', async () => {
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), page('old'));
    expect(await body(gateway)).to.equal('old');
    await gateway.watched(RELOADED, () => writeFileSync(gateway.file, page('new')));
    expect(await body(gateway)).to.equal('new');
  });

  it('serves a file that an editor put in its place', async () => {
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), page('old'));
    for (const text of ['second', 'third']) {
      await gateway.watched(RELOADED, () => replaceFile(gateway.file, page(text)));
      expect(await body(gateway)).to.equal(text);
    }
  });

  it('serves a file that an editor moved aside and wrote anew', async () => {
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), page('old'));
    await gateway.watched(RELOADED, () => {
      renameSync(gateway.file, `${gateway.file}~`);
      writeFileSync(gateway.file, page('new'));
    });
    expect(await body(gateway)).to.equal('new');
  });

  it('waits until a file that is written in pieces is whole, though each piece is valid', async () => {
    const routes = Array.from({ length: 20 }, (_, index) => answering('new', `/part${index}`));
    const old = routes.map((route) => route.replace('new', 'old'));
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), yaml(`routes:\n${old.join('')}`));
    const reloaded = gateway.log.next(RELOADED);
    const file = openSync(gateway.file, 'w');
    writeSync(file, yaml('routes:\n'));
    for (const route of routes) {
      writeSync(file, route);
      // The writer's pace: slower than an event, quicker than what counts as the end.
      await pause(20);
      const seen = await Promise.all([body(gateway, '/part0'), body(gateway, '/part19')]);
      expect(seen).to.deep.equal(['old', 'old']);
    }
    closeSync(file);
    await reloaded;
    expect(await body(gateway, '/part19')).to.equal('new');
    expect([gateway.log.count(RELOADED), gateway.log.count(REFUSED)]).to.deep.equal([1, 0]);
  });

  it('goes on with the former file while the new one is half-written, however long that takes', async () => {
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), page('old'));
    const whole = page('new');
    await gateway.watched(REFUSED, () => writeFileSync(gateway.file, whole.slice(0, whole.length / 2)));
    expect(await body(gateway)).to.equal('old');
    await gateway.watched(RELOADED, () => writeFileSync(gateway.file, whole));
    expect(await body(gateway)).to.equal('new');
  });

  it('follows the link that Kubernetes swaps when a ConfigMap changes', async () => {
    const folder = opened.folder();
    const write = (name: string, text: string): void => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'gateway.yaml'), page(text));
    };
    const swap = (name: string): void => {
      symlinkSync(name, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    write('..2024_1', 'old');
    swap('..2024_1');
    symlinkSync(join('..data', 'gateway.yaml'), join(folder, 'gateway.yaml'));
    const gateway = await opened.gateway(join(folder, 'gateway.yaml'));
    for (const [name, text] of [
      ['..2024_2', 'second'],
      ['..2024_3', 'third'],
    ] as const) {
      await gateway.watched(RELOADED, () => {
        write(name, text);
        swap(name);
      });
      expect(await body(gateway)).to.equal(text);
    }
  });

  it('follows the swap of a link to a folder further up, of which the system reports nothing', async () => {
    const folder = opened.folder();
    for (const name of ['first', 'second']) {
      mkdirSync(join(folder, name, 'etc'), { recursive: true });
      writeFileSync(join(folder, name, 'etc', 'gateway.yaml'), page(name));
    }
    symlinkSync('first', join(folder, 'current'));
    const gateway = await opened.gateway(join(folder, 'current', 'etc', 'gateway.yaml'));
    await gateway.watched(RELOADED, () => {
      symlinkSync('second', join(folder, 'next'));
      renameSync(join(folder, 'next'), join(folder, 'current'));
    });
    expect(await body(gateway)).to.equal('second');
  });

  it('takes files into account that include globs come to match, and forgets those that go', async () => {
    const folder = opened.folder();
    mkdirSync(join(folder, 'routes.d'));
    const part = (name: string): string => join(folder, 'routes.d', `${name}.yaml`);
    writeFileSync(part('a'), `routes:\n${answering('a', '/a')}`);
    const gateway = await opened.gateway(
      join(folder, 'gateway.yaml'),
      yaml(`include: [routes.d/*.yaml]\nroutes:\n${answering('home')}`),
    );
    expect(await body(gateway, '/a')).to.equal('a');
    await gateway.watched(RELOADED, () => writeFileSync(part('b'), `routes:\n${answering('b', '/b')}`));
    expect(await body(gateway, '/b')).to.equal('b');
    await gateway.watched(RELOADED, () => replaceFile(part('b'), `routes:\n${answering('changed', '/b')}`));
    expect(await body(gateway, '/b')).to.equal('changed');
    await gateway.watched(RELOADED, () => rmSync(part('b')));
    expect((await gateway.get('/b')).status).to.equal(404);
    expect(await body(gateway, '/a')).to.equal('a');
  });

  it('notices the first file in a folder that an include glob names before there is one', async () => {
    const folder = opened.folder();
    const gateway = await opened.gateway(
      join(folder, 'gateway.yaml'),
      yaml(`include: [conf/**/*.yaml]\nroutes:\n${answering('home')}`),
    );
    await gateway.watched(RELOADED, () => {
      mkdirSync(join(folder, 'conf', 'deep'), { recursive: true });
      writeFileSync(join(folder, 'conf', 'deep', 'a.yaml'), `routes:\n${answering('a', '/a')}`);
    });
    expect(await body(gateway, '/a')).to.equal('a');
  });

  it('refuses a faulty included file and serves it when it is mended', async () => {
    const folder = opened.folder();
    const part = join(folder, 'part.yaml');
    writeFileSync(part, `routes:\n${answering('a', '/a')}`);
    const gateway = await opened.gateway(
      join(folder, 'gateway.yaml'),
      yaml(`include: [part.yaml]\nroutes:\n${answering('home')}`),
    );
    await gateway.watched(REFUSED, () => writeFileSync(part, 'routes: [\n'));
    expect(await body(gateway, '/a')).to.equal('a');
    await gateway.watched(RELOADED, () => writeFileSync(part, `routes:\n${answering('mended', '/a')}`));
    expect(await body(gateway, '/a')).to.equal('mended');
  });

  it('serves the new content of a file that a ${file:} names', async () => {
    const folder = opened.folder();
    mkdirSync(join(folder, 'secrets'));
    const secret = join(folder, 'secrets', 'greeting');
    writeFileSync(secret, 'old\n');
    const gateway = await opened.gateway(join(folder, 'gateway.yaml'), page('${file:secrets/greeting}'));
    expect(await body(gateway)).to.equal('old');
    await gateway.watched(RELOADED, () => writeFileSync(secret, 'new\n'));
    expect(await body(gateway)).to.equal('new');
    await gateway.watched(REFUSED, () => rmSync(secret));
    expect(await body(gateway)).to.equal('new');
    await gateway.watched(RELOADED, () => writeFileSync(secret, 'newest\n'));
    expect(await body(gateway)).to.equal('newest');
  });

  it('tells what is wrong with a faulty file, to the column, and changes nothing', async () => {
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), page('old'));
    expect(await gateway.metric(SUCCESSFUL)).to.equal(1);
    const faulty = `${page('new')}  - { name: lost, match: { path: /lost }, access: public, upstream: nowhere }\n`;
    await gateway.watched(REFUSED, () => writeFileSync(gateway.file, faulty));
    const line = faulty.split('\n').length - 1;
    const column = (faulty.split('\n')[line - 1] ?? '').indexOf('nowhere') + 1;
    const finding = gateway.log.lines.find(({ code }) => code === 'unknown-reference');
    expect(finding).to.include({ level: 'error', at: `${gateway.file}:${line}:${column}` });
    expect(await body(gateway)).to.equal('old');
    expect((await gateway.get('/lost')).status).to.equal(404);
    expect(await gateway.metric(SUCCESSFUL)).to.equal(0);

    await gateway.watched(RELOADED, () => writeFileSync(gateway.file, page('mended')));
    expect(await body(gateway)).to.equal('mended');
    expect(await gateway.metric(SUCCESSFUL)).to.equal(1);
  });

  it('counts faults, not warnings, and calls a file successful that is mended to what it was', async () => {
    const text = page('old');
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), text);
    const unused = 'upstreams:\n  spare: { targets: [http://127.0.0.1:9] }\n';
    const line = await gateway.watched(REFUSED, () => writeFileSync(gateway.file, `${text}${unused}unknown: 1\n`));
    expect(line['faults']).to.equal(1);
    expect(await gateway.metric(SUCCESSFUL)).to.equal(0);
    await gateway.watched(UNCHANGED, () => writeFileSync(gateway.file, text));
    expect(await gateway.metric(SUCCESSFUL)).to.equal(1);
  });

  it('goes on when the file is deleted, and serves it when it is there again', async () => {
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), page('old'));
    await gateway.watched(REFUSED, () => rmSync(gateway.file));
    expect(gateway.log.lines.find(({ code }) => code === 'unreadable-file')).to.include({ at: `${gateway.file}:1:1` });
    expect(await gateway.metric(SUCCESSFUL)).to.equal(0);
    expect(await body(gateway)).to.equal('old');
    await gateway.watched(RELOADED, () => writeFileSync(gateway.file, page('new')));
    expect(await body(gateway)).to.equal('new');
    expect(await gateway.metric(SUCCESSFUL)).to.equal(1);
  });

  it('goes on when the whole folder is deleted, and serves the file when it is there again', async () => {
    const folder = join(opened.folder(), 'etc');
    mkdirSync(folder);
    const gateway = await opened.gateway(
      join(folder, 'gateway.yaml'),
      yaml(`include: ['*.d.yaml']\nroutes:\n${answering('old')}`),
    );
    await gateway.watched(REFUSED, () => rmSync(folder, { recursive: true }));
    expect(await body(gateway)).to.equal('old');
    await gateway.watched(RELOADED, () => {
      mkdirSync(folder);
      writeFileSync(gateway.file, page('new'));
    });
    expect(await body(gateway)).to.equal('new');
  });

  it('does not swap when a file is touched, or differs only in comments behind the routes', async () => {
    const text = page('same');
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), text);
    const info = async (): Promise<string[]> => {
      const { body: metrics } = await gateway.get('/');
      return [metrics, String(await gateway.metric(SUCCESSFUL))];
    };
    await gateway.watched(UNCHANGED, () => utimesSync(gateway.file, new Date(), new Date()));
    await gateway.watched(UNCHANGED, () => writeFileSync(gateway.file, `${text}# the end\n`));
    expect(await info()).to.deep.equal(['same', '1']);
    // And that the file was there before the gateway is no change of it.
    expect([gateway.log.count(RELOADED), gateway.log.count(UNCHANGED)]).to.deep.equal([0, 2]);
  });

  it('notices a change while other files in the folder change all the time', async () => {
    const folder = opened.folder();
    const gateway = await opened.gateway(join(folder, 'gateway.yaml'), page('old'));
    const noise = setInterval(() => writeFileSync(join(folder, 'access.log'), String(performance.now())), 10);
    opened.add(() => clearInterval(noise));
    await gateway.watched(RELOADED, () => writeFileSync(gateway.file, page('new')));
    expect(await body(gateway)).to.equal('new');
  });

  it('notices a change of a file that was included for the first time while it was being read', async () => {
    const folder = opened.folder();
    const part = join(folder, 'part.yaml');
    writeFileSync(part, `routes:\n${answering('old', '/part')}`);
    const gateway = await opened.gateway(join(folder, 'gateway.yaml'), page('home'));
    writeFileSync(gateway.file, yaml(`include: [part.yaml]\nroutes:\n${answering('home')}`));
    const reloading = gateway.running.reload();
    // Over and over until the reload is done: one of these falls between reading and watching.
    const after = gateway.log.lines.length;
    let writes = 0;
    const writing = setInterval(() => {
      writes += 1;
      writeFileSync(part, `routes:\n${answering(`new ${writes}`, '/part')}`);
    }, 5);
    opened.add(() => clearInterval(writing));
    await reloading;
    clearInterval(writing);
    const text = readFileSync(part, 'utf8');
    for (let from = after; !text.includes(`'${await body(gateway, '/part')}'`); from = gateway.log.lines.length) {
      await gateway.log.next(RELOADED, from);
    }
  });

  it('notices a change that came while the gateway was starting', async () => {
    const file = join(opened.folder(), 'gateway.yaml');
    writeFileSync(file, page('new 0'));
    let writes = 0;
    const writing = setInterval(() => {
      writes += 1;
      replaceFile(file, page(`new ${writes}`));
    }, 5);
    opened.add(() => clearInterval(writing));
    const starting = opened.gateway(file);
    const gateway = await starting;
    clearInterval(writing);
    for (let from = 0; (await body(gateway)) !== `new ${writes}`; from = gateway.log.lines.length) {
      await gateway.log.next(RELOADED, from);
    }
  });

  it('reports a file that is broken for good only once', async () => {
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), page('old'));
    await gateway.watched(REFUSED, () => writeFileSync(gateway.file, BROKEN));
    // Two more looks at the files come and go.
    await gateway.watched(REFUSED, () => writeFileSync(gateway.file, `${BROKEN}\n`));
    expect(gateway.log.count(REFUSED)).to.equal(2);
  });
});
