import { Command, Option } from 'commander';
import { addCacheCommands } from './cache-commands.ts';
import { addCertCommands } from './cert-commands.ts';
import { addHelpCommands } from './help-command.ts';
import { addKeyCommands, addKeysCommands } from './key-commands.ts';
import { readManifest } from './manifest.ts';
import { addMigrateCommands } from './migrate-commands.ts';
import { addReloadCommand } from './reload-command.ts';
import { addRoleCommands } from './role-commands.ts';
import { addStatusCommands } from './status-commands.ts';
import { addTopCommand } from './top-commands.ts';
import { addUpstreamsCommand } from './upstreams-commands.ts';
import { addUserCommands } from './user-commands.ts';

interface ValidateFlags {
  format: 'text' | 'json' | 'sarif' | 'github' | 'junit';
  strict: boolean;
  allowMissingEnv: boolean;
  /** Of other commands; here it is an argument. */
  config?: string | true;
}

/** `gatewayctl`: flags in, one call, result out. Each command's module is loaded only when the command runs. */
export function createProgram(): Command {
  const manifest = readManifest();
  const program = new Command('gatewayctl')
    .description(manifest.description)
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('Type gatewayctl help for what there is.')
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 2 wrong usage or configuration; other codes are in the help of each command.

Examples:
  $ gatewayctl init && gatewayctl validate && gatewayctl serve
  $ gatewayctl help user add`,
    )
    // Whoever gives a password as an argument is refused; the message must not repeat it.
    .configureOutput({ outputError: (text, write) => write(text.replace(/(--[\w-]*pass[\w-]*=)[^'\n]+/gi, '$1••••')) })
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
    .addOption(new Option('-c, --config [file]').hideHelp())
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
    .action(async (files: string[], options: ValidateFlags, command: Command) => {
      const { config } = options;
      if (config !== undefined) {
        const file = config === true ? 'gateway.yaml' : config;
        command.error(`error: unknown option '-c': the file is an argument, as in gatewayctl validate ${file}`);
      }
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
Exit codes: 0 written, 2 wrong usage, the file exists or cannot be written.

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
Exit codes: 0 printed, 2 wrong usage.

Examples:
  $ gatewayctl schema > gateway.schema.json
  $ gatewayctl schema | jq '.["$defs"].route.properties | keys'`,
    )
    .action(async () => {
      const { schema } = await import('./schema.ts');
      await schema();
    });

  addCertCommands(program);
  addStatusCommands(program);
  addUpstreamsCommand(program);
  addTopCommand(program);
  addReloadCommand(program);
  addCacheCommands(program);
  addMigrateCommands(program);
  addUserCommands(program);
  addKeyCommands(program);
  addRoleCommands(program);
  addKeysCommands(program);
  addHelpCommands(program);
  return program;
}
