import { Option, type Command } from 'commander';
import { DEFAULT_PLACES, defaultConfig } from './default-config.ts';

/** How a result is printed: for people, or for programs. */
export const FORMAT = (): Option =>
  new Option('-f, --format <format>', 'how the result is printed').choices(['text', 'json']).default('text');
/** Of commands that change or show something; more codes may follow. */
export const EXIT_CODES = 'Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration';

/** Where the running gateway is asked, when not where the configuration says. */
export const ADMIN = (): Option =>
  new Option('--admin <url>', 'the admin listener, instead of that of the configuration').conflicts('config');
/** For the help of commands that ask the running gateway. */
export const ABOUT_TOKEN = `The token is never an argument, which others could read: GATEWAYCTL_TOKEN in the environment comes before that of the
configuration, which then need not be readable here. With --admin no configuration is read, so that its token goes
nowhere else.`;

/** What every command below another one has. */
export interface CommonFlags {
  config: string;
  format: 'text' | 'json';
}

/** A command below another one, such as `user add`, with what all of them have. */
export function below(group: Command, name: string, summary: string): Command {
  return group
    .command(name)
    .summary(summary)
    .addOption(new Option('-c, --config <file>', 'the configuration').default('', DEFAULT_PLACES))
    .addOption(FORMAT())
    .hook('preAction', (_, command) => findConfig(command));
}

/** A configuration that is not named is looked for, unless none is read. */
function findConfig(command: Command): void {
  if (command.getOptionValueSource('config') !== 'default' || command.getOptionValue('admin') !== undefined) return;
  const canAsk = command.options.some((option) => option.attributeName() === 'admin');
  const elsewhere = canAsk ? ', or the admin listener with --admin http://127.0.0.1:9901' : '';
  command.setOptionValueWithSource('config', defaultConfig(`name the configuration with -c${elsewhere}`), 'default');
}
