import { readFile, writeFile } from 'node:fs/promises';
import { ExitError } from './exit.ts';

/**
 * Writes the starter configuration. An existing file is never overwritten.
 *
 * @throws ExitError when the file exists or cannot be written
 */
export async function init(file: string): Promise<void> {
  const starter = await readFile(new URL('../../examples/quickstart.yaml', import.meta.url), 'utf8');
  // In the repository the schema lies beside the example; elsewhere editors find it by its address.
  const text = starter.replace('$schema=../schemas/gateway.schema.json', `$schema=${schemaAddress()}`);
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (exists) throw new ExitError(2, `${file} exists already; name another file: gatewayctl init other.yaml`);
    throw new ExitError(2, `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  process.stdout.write(`Wrote ${file}. Next:\n  gatewayctl validate ${file}\n  gatewayctl serve -c ${file}\n`);
}

/** The schema that belongs to this very version, wherever it is installed. */
function schemaAddress(): string {
  return new URL('../../schemas/gateway.schema.json', import.meta.url).href;
}
