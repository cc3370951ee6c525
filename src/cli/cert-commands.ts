import type { Command } from 'commander';

/** `gatewayctl cert`: certificates. */
export function addCertCommands(program: Command): void {
  const group = program
    .command('cert')
    .summary('make certificates for development')
    .description('Make certificates for development.');
  group.addHelpText(
    'after',
    `
Exit codes: 0 made, 1 failed, 2 wrong usage or it exists.

Examples:
  $ gatewayctl cert dev`,
  );

  group
    .command('dev')
    .summary('make a local certificate authority and a certificate of it')
    .description(
      'Make a certificate for localhost, 127.0.0.1, ::1 and the hosts that are named, signed by a certificate authority of your own. The authority is made once and kept: what trusts it trusts the next certificate, too. Prints what to add to gateway.yaml.',
    )
    .option('-d, --dir <folder>', 'where the files go: ca.crt, ca.key, dev.crt, dev.key', 'tls')
    .option('--host <host...>', 'further names or addresses, wildcards such as *.shop.test included', [])
    .option('--force', 'replace the certificate that is there; the authority stays', false)
    .addHelpText(
      'after',
      `
Exit codes: 0 made, 1 failed, 2 wrong usage or it exists.

Examples:
  $ gatewayctl cert dev && gatewayctl serve
  $ gatewayctl cert dev --host shop.test '*.shop.test'
  $ curl --cacert tls/ca.crt https://localhost:8443/`,
    )
    .action(async (flags: { dir: string; host: string[]; force: boolean }) => {
      const { certDev } = await import('./cert.ts');
      await certDev(flags.dir, { hosts: flags.host, force: flags.force });
    });
}
