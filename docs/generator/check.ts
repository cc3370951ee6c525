import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { renderers } from '../../src/config/render/index.ts';

/** Where the file of an example is said to stand. */
const SHOWN_FOLDER = '/etc/gatewayctl';

/** What `gatewayctl validate` prints about a text that stands in `gateway.yaml`, with the codes of what it found. */
export async function check(yaml: string): Promise<{ readonly printed: string; readonly codes: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-docs-'));
  try {
    const file = join(folder, 'gateway.yaml');
    await writeFile(file, yaml);
    const { diagnostics, sources } = await loadConfig(file, { env: () => undefined });
    const report = { files: [file], diagnostics, valid: diagnostics.length === 0, sources, strict: true };
    const printed = renderers.text(report, { color: false });
    return {
      printed: printed.replaceAll(`${folder}/gateway.yaml`, 'gateway.yaml').replaceAll(folder, SHOWN_FOLDER).trim(),
      codes: diagnostics.map(({ code }) => code),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
