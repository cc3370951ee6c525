import { join } from 'node:path';
import { expect } from 'chai';
import { compileGateway } from '../../../src/gateway/compile.ts';
import { createResources } from '../../../src/gateway/resources.ts';
import { Metrics } from '../../../src/observability/metrics.ts';
import { loadText } from '../../support/load.ts';
import { Opened, REFUSED, RELOADED, replaceFile, yaml } from '../../support/reload.ts';

const ROUTES = 10_000;
const LAST = ROUTES - 1;

describe(`${ROUTES} routes`, function () {
  this.timeout(60_000);
  const opened = new Opened();

  const text = (value: string, faulty = ''): string =>
    yaml(
      `routes:\n${Array.from(
        { length: ROUTES },
        (_, index) =>
          `  - { name: r${index}, match: { path: '/r${index}/:id/*rest' }, access: public, respond: { status: 200, body: '${value} ${index}' }${faulty} }\n`,
      ).join('')}`,
    );

  it('load without a finding, in their order, and match at both ends', async () => {
    const { config, diagnostics } = await loadText(text('a'));
    expect(diagnostics).to.deep.equal([]);
    if (config === undefined) throw new Error('no configuration');
    expect(config.routes).to.have.length(ROUTES);
    expect(new Set(config.routes.map(({ fingerprint }) => fingerprint)).size).to.equal(ROUTES);
    const metrics = new Metrics({ inFlight: () => 0, connections: async () => 0 });
    const { table } = await compileGateway(config, createResources(), metrics);
    const find = (path: string): unknown => {
      const match = table.match({ method: 'GET', path, host: 'a', header: () => undefined });
      return match.kind === 'found' ? [match.target.name, { ...match.params }] : match.kind;
    };
    for (let index = 0; index < ROUTES; index += 1) {
      expect(find(`/r${index}/7/x/y`)).to.deep.equal([`r${index}`, { id: '7', rest: 'x/y' }]);
    }
    expect([find(`/r${ROUTES}/7/x`), find('/r0/7'), find('/')]).to.deep.equal(['none', 'none', 'none']);
  });

  it('are all found faulty when all are, without losing count', async () => {
    const { config, diagnostics } = await loadText(text('a', ', unknown: 1'));
    expect(config).to.equal(undefined);
    expect(diagnostics.filter(({ code }) => code === 'unknown-key')).to.have.length(ROUTES);
    expect([diagnostics[0]?.line, diagnostics.at(-1)?.line]).to.deep.equal([6, 6 + LAST]);
  });

  it('are swapped whole: no request finds some of the old and some of the new', async () => {
    const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), text('old'));
    const agent = opened.agent();
    const ask = async (index: number): Promise<string> => (await gateway.get(`/r${index}/1/x`, { agent })).body;
    let reloaded = false;
    const reload = gateway
      .watched(RELOADED, () => replaceFile(gateway.file, text('new')))
      .then(() => (reloaded = true));
    const seen: string[] = [];
    while (!reloaded) {
      const [first, last] = [await ask(0), await ask(LAST)];
      seen.push(first.split(' ')[0] ?? '', last.split(' ')[0] ?? '');
      expect([first.split(' ')[1], last.split(' ')[1]]).to.deep.equal(['0', String(LAST)]);
    }
    await reload;
    expect([await ask(0), await ask(LAST)]).to.deep.equal(['new 0', `new ${LAST}`]);
    // First the one, then the other, with one change in between.
    expect(seen.filter((value, index) => index > 0 && value !== seen[index - 1]).length).to.be.at.most(1);
    expect(seen[0]).to.equal('old');
    await gateway.watched(REFUSED, () => replaceFile(gateway.file, text('new', ', unknown: 1')));
    expect(gateway.log.lines.filter(({ code }) => code === 'unknown-key')).to.have.length(100);
    expect(await ask(LAST)).to.equal(`new ${LAST}`);
  });
});
