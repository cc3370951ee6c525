/**
 * Documentation is held to the program: what is generated is up to date, links lead somewhere, configurations in pages
 * and examples are valid and serve, metrics exist.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { access, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parseDocument } from 'yaml';
import { generateDocs } from '../docs/generate.ts';
import { RunningGateway } from '../src/cli/running-gateway.ts';
import { FAILURES } from '../src/forwarding/failure.ts';
import type { Diagnostic } from '../src/config/diagnostic.ts';
import { loadConfig } from '../src/config/load.ts';
import { Metrics } from '../src/observability/metrics.ts';
import { call } from './support/client.ts';
import { TestUpstream } from './support/upstream.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git']);

/** Files of the repository whose name ends like this, by their path from the root. */
function filesIn(folder: string, ...endings: string[]): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesIn(path, ...endings);
      return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
    })
    .toSorted();
}

const PAGES = filesIn('.', '.md');
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The blocks of code in a page, with their language. */
function blocksOf(page: string): { readonly language: string; readonly text: string; readonly line: number }[] {
  const text = textOf(page);
  return [...text.matchAll(/^( *)```(\w+)\n(.*?)^\1```$/gms)].map((match) => ({
    language: match[2] ?? '',
    text: match[3] ?? '',
    line: text.slice(0, match.index).split('\n').length,
  }));
}

const describeAll = (found: readonly Diagnostic[]): string[] =>
  found.map(({ code, line, path, message }) => `${line} ${code} ${path}: ${message}`);

describe('the documentation', () => {
  it('is what docs/generate.ts writes', async function () {
    // It asks the program for the help of each command, and a process takes a second to start from the sources.
    this.timeout(60_000);
    for (const [path, text] of await generateDocs()) {
      expect(textOf(path), `${path} is stale: run npx tsx docs/generate.ts`).to.equal(text);
    }
  });

  describe('has links that lead somewhere', () => {
    for (const page of PAGES) {
      it(`in ${page}`, async () => {
        const prose = textOf(page).replace(/^( *)```.*?^\1```$/gms, '');
        const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
        for (const target of targets) {
          if (/^(?:https?|mailto):/.test(target)) continue;
          const [path = '', anchor] = target.split('#');
          const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
          await access(join(ROOT, file)).catch(() => expect.fail(`${target} leads to no file`));
          if (anchor !== undefined) expect(anchorsOf(file), `${target} leads to no heading`).to.include(anchor);
        }
      });
    }
  });

  it('names files of the repository that exist', async () => {
    const pages = ['README.md', 'CONTRIBUTING.md', 'docs/security.md', 'docs/operations.md'];
    for (const page of pages.concat(filesIn('docs/decisions', '.md'))) {
      const names = textOf(page).matchAll(/`((?:src|test|docs|deploy|examples|schemas|bench)\/[\w./-]+)`/g);
      for (const [, name = ''] of names) {
        await access(join(ROOT, name)).catch(() => expect.fail(`${page} names ${name}, which does not exist`));
      }
    }
  });

  describe('has configurations that are valid', () => {
    for (const page of PAGES) {
      for (const { text, line } of completeFilesIn(page)) {
        it(`in ${page}:${line}`, async () => {
          expect(describeAll(await diagnose(text))).to.deep.equal([]);
        });
      }
    }

    it('and there are some', () => {
      expect(PAGES.flatMap(completeFilesIn)).to.have.length.above(2);
    });
  });

  it('names only metrics that exist', async () => {
    const existing = await metricNames();
    // The contract also names metrics of what is to come.
    const files = [...PAGES, ...filesIn('deploy', '.yml')].filter((path) => path !== join('docs', 'semantics.md'));
    for (const path of files) {
      for (const [name] of textOf(path).matchAll(/\bgateway_[a-z_]+\b/g)) {
        const base = name.replace(/_(?:bucket|sum|count)$/, '');
        expect([...existing.keys()], `${path} names ${name}`).to.include(base);
      }
    }
  });

  it('lists every metric with its labels', async () => {
    const page = textOf('docs/metrics.md');
    for (const [name, labels] of await metricNames()) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\``));
      expect(row, `docs/metrics.md has no row for ${name}`).to.be.a('string');
      const cell = row?.split('|')[3] ?? '';
      expect([...cell.matchAll(/`(\w+)`/g)].map((match) => match[1])).to.deep.equal(labels);
    }
  });

  it('lists every outcome of an attempt', () => {
    const page = textOf('docs/metrics.md');
    for (const { outcome } of Object.values(FAILURES)) expect(page).to.match(new RegExp(`^\\| \`${outcome}\``, 'm'));
  });
});

describe('the examples', () => {
  /** Something to ask each of them for. */
  const requests: Readonly<Record<string, readonly Asked[]>> = {
    'headers-and-rewrites.yaml': [
      { ask: '/api/orders/7', status: 200, sees: '/v2/orders/7' },
      { ask: '/api/orders/7', headers: ['x-beta', '1'], status: 200, sees: '/orders/7' },
      { ask: '/home/', status: 308 },
      { ask: '/api/articles', status: 200, sees: '/articles' },
      { ask: '/home', status: 308 },
      { ask: '/list', headers: ['host', 'de.partners.example.com'], status: 200, sees: '/partners/list' },
      { ask: '/list', status: 404 },
    ],
    'quickstart.yaml': [
      { ask: '/hello/you', status: 200, sees: '/greetings/you' },
      { ask: '/echo/a/b?c=d', status: 200, sees: '/echo/a/b?c=d' },
      { ask: '/', status: 200 },
    ],
    'split-files/gateway.yaml': [
      { ask: '/orders/7', status: 200, sees: '/orders/7' },
      { ask: '/users/7', status: 200, sees: '/users/7' },
      { ask: '/status', status: 200 },
    ],
    'websocket.yaml': [{ ask: '/rooms/blue', status: 200, sees: '/rooms/blue' }],
  };
  const complete = filesIn('examples', '.yaml')
    .filter((path) => /^version: 1$/m.test(textOf(path)))
    .map((path) => relative('examples', path));

  it('are all served here, but for the reference', () => {
    expect(complete).to.deep.equal([...Object.keys(requests), 'reference.yaml'].toSorted());
  });

  for (const [name, asks] of Object.entries(requests)) {
    it(`${name} is valid without a warning`, async () => {
      const { diagnostics } = await loadConfig(join(ROOT, 'examples', name), { env: () => undefined });
      expect(describeAll(diagnostics)).to.deep.equal([]);
    });

    it(`${name} serves`, async () => {
      const upstream = await TestUpstream.start();
      const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-example-'));
      const gateway = await serve(name, folder, upstream.origin);
      try {
        for (const { ask, headers = [], status, sees } of asks) {
          upstream.reset();
          const answer = await call(`http://${gateway.address}${ask}`, { headers });
          const seen = upstream.requests.items.map(({ target }) => target);
          expect({ ask, status: answer.status, seen }).to.deep.equal({
            ask,
            status,
            seen: sees === undefined ? [] : [sees],
          });
        }
      } finally {
        await gateway.stop({ announce: false });
        gateway.hurry();
        await upstream.close();
        await rm(folder, { recursive: true });
      }
    });
  }

  it('reference.yaml is refused for nothing but what is not carried out yet', async () => {
    const { diagnostics } = await loadConfig(join(ROOT, 'examples/reference.yaml'), { env: () => undefined });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(new Set(errors.map(({ code }) => code))).to.deep.equal(new Set(['not-implemented']));
    const faults = ['invalid-file', 'unused-upstream', 'unreachable-route'];
    expect(describeAll(diagnostics.filter(({ code }) => faults.includes(code)))).to.deep.equal([]);
  });

  it('have every file that reference.yaml names', async () => {
    const names = ['tls/shop.crt', 'tls/shop.key', 'tls/partners.pem', 'ca.pem', 'client.crt', 'client.key', 'keys'];
    const text = textOf('examples/reference.yaml');
    for (const name of [...names, 'schemas/order.json', 'orders.targets.yaml']) {
      expect(text).to.include(name);
      await access(join(ROOT, 'examples', name));
    }
  });
});

/** A request, the status of its answer, and the target that the upstream sees; none when the gateway answers. */
interface Asked {
  readonly ask: string;
  readonly headers?: readonly string[];
  readonly status: number;
  readonly sees?: string;
}

/** Starts an example on free ports, with its upstreams replaced by one of this test. */
async function serve(name: string, folder: string, origin: string): Promise<RunningGateway> {
  await cp(join(ROOT, 'examples'), folder, { recursive: true });
  for (const path of filesIn('examples', '.yaml')) {
    const file = join(folder, relative('examples', path));
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/http:\/\/127\.0\.0\.1:900\d/g, origin));
  }
  const file = join(folder, name);
  const document = parseDocument(await readFile(file, 'utf8'));
  document.setIn(['server', 'listen'], '127.0.0.1:0');
  document.setIn(['admin', 'listen'], '127.0.0.1:0');
  await writeFile(file, String(document));
  return RunningGateway.start(file, { write: () => true, flushSync: () => undefined, isTerminal: false });
}

/** The YAML of a page that is a whole configuration: it begins with the version. */
function completeFilesIn(page: string): { readonly text: string; readonly line: number }[] {
  const written = blocksOf(page).flatMap(({ language, text, line }) =>
    language === 'sh'
      ? [...text.matchAll(/gateway\.yaml <<'END'\n(version: 1\n.*?)^END$/gms)].map((match) => ({
          text: match[1] ?? '',
          line,
        }))
      : [{ text, line, language }].filter((block) => block.language === 'yaml'),
  );
  return written.filter(({ text }) => /^(?:#.*\n|\n)*version: 1$/m.test(text));
}

/** What `validate` finds in a text, as if every variable had a value. */
async function diagnose(yaml: string): Promise<readonly Diagnostic[]> {
  const stdin = (async function* () {
    yield yaml;
  })();
  return (await loadConfig('-', { env: () => 'value', stdin })).diagnostics;
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const prose = textOf(page).replace(/^( *)```.*?^\1```$/gms, '');
  const seen = new Map<string, number>();
  return [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** The gateway's own metrics, each with the names of its labels. */
async function metricNames(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { registry } = new Metrics({ inFlight: () => 0, connections: async () => 0 });
  try {
    const names = new Map<string, readonly string[]>();
    for (const { name } of await registry.getMetricsAsJSON()) {
      if (name.startsWith('gateway_')) names.set(name, labelsOf(registry.getSingleMetric(name)));
    }
    return names;
  } finally {
    registry.clear();
  }
}

function labelsOf(metric: object | undefined): readonly string[] {
  const labels: unknown = metric !== undefined && 'labelNames' in metric ? metric.labelNames : [];
  return Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : [];
}
