import { expect } from 'chai';
import { configTag } from '../../../src/admin/config.ts';
import { configOf } from '../../support/load.ts';

/** Files, and how often their texts were gone through. */
class Counted extends Map<string, string> {
  looks = 0;

  override [Symbol.iterator](): MapIterator<[string, string]> {
    this.looks += 1;
    return super[Symbol.iterator]();
  }
}

describe('the entity tag of a configuration', () => {
  it('is worked out once for each reading, and differs with a comment', async () => {
    const config = await configOf('version: 1\nroutes: []\n');
    const files = new Counted([['gateway.yaml', 'version: 1']]);
    const reading = { config, file: 'gateway.yaml', loadedAt: 0, files };
    const tag = configTag(reading);
    for (let count = 0; count < 3; count += 1) expect(configTag(reading)).to.equal(tag);
    expect(files.looks).to.equal(1);
    const other = configTag({ ...reading, files: new Counted([['gateway.yaml', 'version: 1 # one']]) });
    expect(other).to.not.equal(tag);
  });
});
