/**
 * Documentation is held to the program: what is generated is up to date, links lead somewhere, configurations in pages
 * are valid, metrics exist.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Command } from 'commander';
import { generateDocs } from '../docs/generate.ts';
import { below, nameOf } from '../docs/generator/commands.ts';
import { createProgram } from '../src/cli/program.ts';
import { workerMetrics } from '../src/cluster/worker-metrics.ts';
import { FAILURES } from '../src/forwarding/failure.ts';
import type { Diagnostic } from '../src/config/diagnostic.ts';
import { loadConfig } from '../src/config/load.ts';
import { Metrics } from '../src/observability/metrics.ts';
import { USER_PROBLEMS } from '../src/users/problems.ts';
import { call } from './support/client.ts';
import { startTestGateway, type LogLine } from './support/gateway.ts';
import { closedPort } from './support/upstream.ts';

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
  it('is what docs/generate.ts writes', async () => {
    for (const [path, text] of await generateDocs()) {
      expect(textOf(path), `${path} is stale: run npx tsx docs/generate.ts`).to.equal(text);
    }
  });

  it('tells how to find the requests that got a problem, for each that requests get', () => {
    const sections = textOf('docs/problems.md').split('\n## ').slice(1);
    const found = new Set(
      sections
        .map((section) => section.split('\n', 1)[0] ?? '')
        .filter((code, index) => sections[index]?.includes(`\nlines '.problem == "${code}"'\n`)),
    );
    const source = ['src/server', 'src/stages', 'src/forwarding']
      .flatMap((folder) => filesIn(folder, '.ts'))
      .map(textOf);
    const written = source.flatMap((text) =>
      [...text.matchAll(/(?:\.fail\(|problem: )'([a-z-]+)'/g)].map(([, code = '']) => code),
    );
    expect(written).to.have.length.above(20);
    const missing = new Set([...written, ...USER_PROBLEMS].filter((code) => !found.has(code)));
    expect([...missing]).to.deep.equal([]);
  });

  describe('has in the help of every command what it does, its exit codes and examples', () => {
    const leaves = (command: Command): readonly Command[] =>
      below(command).length === 0 ? [command] : below(command).flatMap(leaves);
    for (const command of leaves(createProgram())) {
      const name = nameOf(command);
      it(`of ${name}`, () => {
        const page = textOf('docs/commands.md');
        const section = page.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
        expect(section, `docs/commands.md has no section for ${name}`).to.include(`Usage: ${name} `);
        expect(command.description()).to.match(/\.$/);
        expect(section).to.match(/^Exit codes: 0 /m);
        const [, examples = ''] = section.split('\nExamples:\n');
        expect(examples.match(/^ {2}\$ .*gatewayctl /gm)).to.have.length.within(2, 4);
        expect(examples).to.include(name);
      });
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

  it('shows in README.md where a request passes each stage that there is', () => {
    const [, chart = ''] = /\nsrc\/stages\/ (.*?)\nsrc\/upstreams\//s.exec(textOf('README.md')) ?? [];
    const shown = new Set([...chart.matchAll(/[├└]─ ([\w-]+\.ts)/g)].map(([, name]) => name));
    const stages = filesIn('src/stages', '.ts').map((path) => relative('src/stages', path));
    expect([...shown]).to.have.members(stages.filter((name) => name !== 'stage.ts'));
  });

  it('shows in README.md the line of a request as it is written', async () => {
    const example = blocksOf('README.md').find(({ language }) => language === 'json');
    const [configuration] = completeFilesIn('README.md');
    const port = String(await closedPort());
    const gateway = await startTestGateway((configuration?.text ?? '').replaceAll(/(?<=:)900[12]\b/g, port));
    try {
      const answer = await call(`${gateway.url}/api/orders/7`);
      const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
      const shown: LogLine = JSON.parse(example?.text ?? '');
      expect(Object.keys(shown)).to.deep.equal(Object.keys(line));
      for (const name of ['requestId', 'time', 'config']) {
        expect(shapeOf(shown[name]), name).to.equal(shapeOf(line[name]));
      }
      for (const name of ['method', 'path', 'route', 'status', 'upstream', 'attempts', 'bytes']) {
        expect(shown[name], name).to.equal(line[name]);
      }
      expect(shown['error']).to.equal(String(line['error']).replace(port, '9001'));
    } finally {
      await gateway.stop();
    }
  });

  it('names only metrics that exist', async () => {
    const existing = await metricNames();
    // The contract also names metrics of what is to come.
    const files = [...PAGES, ...filesIn('deploy', '.yml')].filter((path) => path !== join('docs', 'semantics.md'));
    for (const path of files) {
      // What has a colon is recorded by a rule.
      for (const [name] of textOf(path).matchAll(/(?<![:\w])gateway_[a-z_]+\b(?!:\w)/g)) {
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

  it('has beside the examples every file that examples/reference.yaml names', async () => {
    const names = ['tls/shop.crt', 'tls/shop.key', 'tls/partners.pem', 'ca.pem', 'client.crt', 'client.key', 'keys'];
    const text = textOf('examples/reference.yaml');
    for (const name of [...names, 'schemas/order.json', 'orders.targets.yaml']) {
      expect(text).to.include(name);
      await access(join(ROOT, 'examples', name));
    }
  });

  it('lists every outcome of an attempt', () => {
    const page = textOf('docs/metrics.md');
    for (const { outcome } of Object.values(FAILURES)) expect(page).to.match(new RegExp(`^\\| \`${outcome}\``, 'm'));
  });
});

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

/** What a value looks like, whichever digits it has. */
function shapeOf(value: unknown): string {
  return String(value).replaceAll(/[0-9a-f]/g, '0');
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
  workerMetrics(registry, () => ({ count: 1, ready: [], restarts: 0 }));
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
