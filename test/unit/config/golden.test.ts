/**
 * Each test/golden/NAME.yaml is checked as `gatewayctl validate` checks it, and what is printed is compared with
 * NAME.expected.txt. `UPDATE_GOLDEN=1` writes the expected files anew: read every difference before it is committed.
 */
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { DIAGNOSTIC_CODES } from '../../../src/config/diagnostic.ts';
import { loadConfig, type LoadResult } from '../../../src/config/load.ts';
import { renderers } from '../../../src/config/render/index.ts';

const GOLDEN = fileURLToPath(new URL('../../golden/', import.meta.url));
/** As a user in the project's folder would name it. */
const PREFIX = `${relative(process.cwd(), GOLDEN)}/`;

const ENVIRONMENT: Readonly<Record<string, string>> = {
  HOST: '127.0.0.1',
  PORT: '8080',
  EMPTY: '',
  ADMIN_TOKEN: 'env-secret-of-the-admin',
  SHORT_SECRET: 'env-secret-too-short',
};

const NAMES = readdirSync(GOLDEN)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length));

/** Needs a file that is not text, not there, or too large: see hostile.test.ts. */
const NOT_HERE = ['unreadable-file', 'too-large', 'invalid-utf8'];

describe('what validate prints', () => {
  for (const name of NAMES) {
    it(`about ${name.replaceAll('-', ' ')}`, async () => {
      const printed = print(await load(name));
      const file = `${GOLDEN}${name}.expected.txt`;
      if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(file, printed);
      expect(printed).to.equal(await readFile(file, 'utf8'));
    });
  }

  it('has a golden file for every code', async () => {
    const results = await Promise.all(NAMES.map(load));
    const found = new Set<string>(results.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)));
    const missing = Object.keys(DIAGNOSTIC_CODES).filter((code) => !found.has(code));
    expect(missing).to.have.members(NOT_HERE);
  });

  it('holds no secret in any format', async () => {
    const formats = Object.values(renderers);
    for (const name of NAMES) {
      const { diagnostics, sources } = await load(name);
      const report = { files: [`${name}.yaml`], diagnostics, valid: false, sources, strict: false };
      // Every secret in the golden files and in the environment above holds this word.
      for (const render of formats) expect(render(report, { color: false }), name).to.not.contain('-secret-');
    }
  });
});

async function load(name: string): Promise<LoadResult> {
  return loadConfig(`${PREFIX}${name}.yaml`, { env: (variable) => ENVIRONMENT[variable] });
}

function print({ diagnostics, sources }: LoadResult): string {
  const valid = diagnostics.every(({ severity }) => severity === 'warning');
  const report = { files: [...sources.keys()].slice(0, 1), diagnostics, valid, sources, strict: false };
  return renderers.text(report, { color: false }).replaceAll(GOLDEN.slice(0, -1), '<folder>').replaceAll(PREFIX, '');
}
