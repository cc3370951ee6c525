#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { ExitError } from './exit.ts';

/** `gatewayctl`: flags in, one call, result out. Each command's module is loaded only when the command runs. */
function createProgram(): Command {
  const manifest: { version: string; description: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  const program = new Command('gatewayctl')
    .description(manifest.description)
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showHelpAfterError('Type gatewayctl help for what there is.')
    .exitOverride();

  program
    .command('validate')
    .summary('check configuration files, to the line')
    .description(
      'Check configuration files: text, shape, references, and what is probably not meant. Nothing is started.',
    )
    .argument('[files...]', 'files to check; - reads standard input', ['gateway.yaml'])
    .addOption(
      new Option('-f, --format <format>', 'how findings are printed')
        .choices(['text', 'json', 'sarif', 'github', 'junit'])
        .default('text'),
    )
    .option('--strict', 'warnings are faults, too', false)
    .option('--allow-missing-env', 'accept ${NAME} without a value: for CI, which has no secrets', false)
    .addHelpText(
      'after',
      `
Exit codes: 0 valid, 1 faults found, 2 wrong usage or unreadable file.

Examples:
  $ gatewayctl validate
  $ gatewayctl validate --strict gateway.yaml staging.yaml
  $ gatewayctl validate --format github --allow-missing-env   # annotates a pull request
  $ kubectl get configmap gateway -o jsonpath='{.data.gateway\\.yaml}' | gatewayctl validate -`,
    )
    .action(async (files: string[], options: ValidateFlags) => {
      const { validate } = await import('./validate.ts');
      await validate(files, options);
    });

  program
    .command('serve')
    .summary('run the gateway')
    .description(
      'Run the gateway. The configuration is reloaded when it changes, and on SIGHUP; a faulty one changes nothing.',
    )
    .option('-c, --config <file>', 'the configuration', 'gateway.yaml')
    .addHelpText(
      'after',
      `
Signals: SIGTERM and SIGINT stop after requests in flight are answered, a second one at once; SIGHUP reloads.
Exit codes: 0 stopped, 2 the configuration is faulty (a restart does not help), 1 anything else.

Examples:
  $ gatewayctl serve
  $ gatewayctl serve -c /etc/gatewayctl/gateway.yaml
  $ curl http://127.0.0.1:9901/readyz`,
    )
    .action(async (options: { config: string }) => {
      const { serve } = await import('./serve.ts');
      await serve(options.config);
    });

  program
    .command('init')
    .summary('write a starter configuration')
    .description('Write a starter configuration that is valid and explains itself.')
    .argument('[file]', 'where to write it', 'gateway.yaml')
    .addHelpText(
      'after',
      `
Examples:
  $ gatewayctl init
  $ gatewayctl init staging.yaml`,
    )
    .action(async (file: string) => {
      const { init } = await import('./init.ts');
      await init(file);
    });

  program
    .command('schema')
    .summary('print the JSON Schema of gateway.yaml')
    .description('Print the JSON Schema of gateway.yaml: for editors, and for tools that generate configurations.')
    .addHelpText(
      'after',
      `
Examples:
  $ gatewayctl schema > gateway.schema.json
  $ gatewayctl schema | jq '.["$defs"].route.properties | keys'`,
    )
    .action(async () => {
      const { schema } = await import('./schema.ts');
      await schema();
    });
  return program;
}

interface ValidateFlags {
  format: 'text' | 'json' | 'sarif' | 'github' | 'junit';
  strict: boolean;
  allowMissingEnv: boolean;
}

/** Runs a command line and gives the exit code: 2 for wrong usage, whatever the command. */
async function run(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...argv]);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof ExitError)) throw error;
    if (error.message !== '') process.stderr.write(`gatewayctl: ${error.message}\n`);
    return error.exitCode;
  }
}

// `gatewayctl validate big.yaml | head`: whoever reads has seen enough, and that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await run(process.argv);
