/**
 * Writes schemas/validators.cjs: the schemas as plain code. Compiling them at run time takes longer than all the rest
 * of `gatewayctl validate` together. Run by every build; the file is not committed.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';

const folder = new URL('.', import.meta.url);

async function readSchema(name: string): Promise<AnySchemaObject> {
  const schema: AnySchemaObject = JSON.parse(await readFile(new URL(name, folder), 'utf8'));
  return schema;
}

const gateway = await readSchema('gateway.schema.json');
const include = await readSchema('include.schema.json');
const ajv = new Ajv2020({
  schemas: [gateway, include],
  keywords: ['x-secret'],
  allErrors: true,
  allowUnionTypes: true,
  // Diagnostics quote the schema's description and examples.
  verbose: true,
  code: { source: true },
});
const code = standalone.default(ajv, { validateGateway: String(gateway.$id), validateInclude: String(include.$id) });
// Ajv joins lists of errors by copying them, which takes for ever when a file has a hundred thousand.
const joined = code.replaceAll(/vErrors\.concat\((\w+)\.errors\)/g, 'append(vErrors, $1.errors)');
const append = 'function append(all, more) { for (const one of more) all.push(one); return all; }';
await writeFile(fileURLToPath(new URL('validators.cjs', folder)), `${joined}\n${append}\n`);
