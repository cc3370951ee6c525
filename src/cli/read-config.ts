import type { AdminConfig, GatewayConfig } from '../config/config.ts';
import { loadConfig, type LoadResult } from '../config/load.ts';
import { renderers } from '../config/render/index.ts';
import { ExitError } from './exit.ts';
import { tell } from './table.ts';

/** In the environment: a token that comes before that of the configuration. */
export const TOKEN_VARIABLE = 'GATEWAYCTL_TOKEN';

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
 * @param ownToken comes before that of the file, which then need not be readable here; empty = there is none
 * @throws ExitError 2 when that part cannot be read; what is wrong goes to standard error
 */
export async function readAdminConfig(file: string, ownToken: string): Promise<Pick<AdminConfig, 'listen' | 'token'>> {
  const result = await load(file);
  const { admin, diagnostics } = result;
  if (admin === undefined) return refuse(file, result, ADVICE);
  const token = ownToken === '' ? admin.token : ownToken;
  if (token === undefined) {
    const why = diagnostics.filter(({ path }) => path === 'admin.token').map(({ message }) => message);
    throw new ExitError(
      2,
      `admin.token in ${file} is not known here, since ${why.join('; ')}: set ${TOKEN_VARIABLE} to the one that the gateway runs with`,
    );
  }
  // What has no value here may well have one where the gateway runs.
  if (diagnostics.some(({ severity, code }) => severity === 'error' && code !== 'missing-variable'))
    tell(`${file} is faulty, see gatewayctl validate ${file}: the gateway is asked where its admin part says`);
  return { listen: admin.listen, token };
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
