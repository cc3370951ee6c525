import type { AdminConfig, GatewayConfig } from '../config/config.ts';
import { loadConfig, type LoadResult } from '../config/load.ts';
import { renderers } from '../config/render/index.ts';
import { ExitError } from './exit.ts';
import { tell } from './table.ts';

const ADVICE = 'to ask the running gateway all the same, name its admin listener: --admin http://127.0.0.1:9901';

/**
 * Reads the configuration of a command that is not about the configuration itself.
 *
 * @param file a path
 * @throws ExitError 2 when it is faulty; what is wrong goes to standard error
 */
export async function readConfig(file: string): Promise<GatewayConfig> {
  const result = await load(file);
  return result.config ?? refuse(file, result);
}

/**
 * Reads where a running gateway can be asked, and with which token. A fault elsewhere in the file is no hindrance: it may
 * be why somebody asks.
 *
 * @param file a path
 * @throws ExitError 2 when that part cannot be read; what is wrong goes to standard error
 */
export async function readAdminConfig(file: string): Promise<AdminConfig> {
  const result = await load(file);
  const { config, admin } = result;
  if (config !== undefined) return config.admin;
  if (admin === undefined) return refuse(file, result, ADVICE);
  tell(`${file} is faulty, see gatewayctl validate ${file}: the gateway is asked where its admin part says`);
  return admin;
}

async function load(file: string): Promise<LoadResult> {
  return loadConfig(file, { env: (name) => process.env[name] });
}

function refuse(file: string, { diagnostics, sources }: LoadResult, advice = ''): never {
  const report = { files: [file], diagnostics, valid: false, sources, strict: false };
  const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
  process.stderr.write(renderers.text(report, { color }));
  throw new ExitError(2, advice);
}
