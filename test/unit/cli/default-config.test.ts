import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { defaultConfig } from '../../../src/cli/default-config.ts';
import { ExitError } from '../../../src/cli/exit.ts';

describe('the configuration when none is named', () => {
  let folder = '';
  let places: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatewayctl-default-'));
    places = ['here.yaml', 'installed.yaml'].map((name) => join(folder, name));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is that of the folder, then that of the installed service', () => {
    const [here = '', installed = ''] = places;
    writeFileSync(installed, '');
    expect(defaultConfig('', places)).to.equal(installed);
    writeFileSync(here, '');
    expect(defaultConfig('', places)).to.equal(here);
  });

  it('is not passed over when it cannot be looked at', () => {
    const [here = '', installed = ''] = places;
    writeFileSync(here, '');
    // ENOTDIR stands for EACCES, which root never gets.
    expect(defaultConfig('', [join(here, 'gateway.yaml'), installed])).to.equal(join(here, 'gateway.yaml'));
  });

  it('is nowhere: the error names each place, and exits with 2', () => {
    expect(() => defaultConfig('name it', places))
      .to.throw(ExitError, `in ${process.cwd()} there is no ${places.join(', and no ')}: name it`)
      .with.property('exitCode', 2);
  });
});
