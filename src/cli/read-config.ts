import type { GatewayConfig } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { renderers } from '../config/render/index.ts';
import { ExitError } from './exit.ts';

/**
 * Reads the configuration of a command that is not about the configuration itself.
 *
 * @param file a path
 * @throws ExitError 2 when it is faulty; what is wrong goes to standard error
 */
export async function readConfig(file: string): Promise<GatewayConfig> {
  const { config, diagnostics, sources } = await loadConfig(file, { env: (name) => process.env[name] });
  if (config !== undefined) return config;
  const report = { files: [file], diagnostics, valid: false, sources, strict: false };
  const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
  process.stderr.write(renderers.text(report, { color }));
  throw new ExitError(2);
}
