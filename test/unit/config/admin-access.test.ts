import { expect } from 'chai';
import type { AdminAccess } from '../../../src/config/admin-access.ts';
import { loadConfig } from '../../../src/config/load.ts';

describe('how a running gateway can be asked, by its configuration', () => {
  const access = async (admin: string): Promise<AdminAccess | undefined> => {
    const text = `version: 1\nadmin: ${admin}\nroutes: [{ mach: 1 }]\n`;
    const env = (): undefined => undefined;
    return (await loadConfig('-', { env, stdin: pieces(text) })).admin;
  };
  async function* pieces(text: string): AsyncGenerator<string> {
    await Promise.resolve();
    yield text;
  }
  const listen = { host: '127.0.0.1', port: 9901 };
  const elsewhere = { host: '10.0.0.1', port: 1 };

  it('is known although the configuration is faulty elsewhere', async () => {
    expect(await access('{ listen: "10.0.0.1:1", token: abc }')).to.deep.equal({ listen: elsewhere, token: 'abc' });
    expect(await access('{}')).to.deep.equal({ listen, token: '' });
    expect(await access('{ token: abc, registryToken: "${NONE}", colour: red }')).to.deep.equal({
      listen,
      token: 'abc',
    });
  });

  it('has the address without the token, when that has no value or is none', async () => {
    for (const token of ['"${NONE}"', '"${file:/nowhere/token}"', '1', '[]']) {
      expect(await access(`{ listen: "10.0.0.1:1", token: ${token} }`), token).to.deep.equal({
        listen: elsewhere,
        token: undefined,
      });
    }
  });

  it('is not known without the address', async () => {
    for (const admin of [
      '{ listen: "${NONE}", token: abc }',
      '{ listen: 1 }',
      '{ listen: somewhere }',
      '[]',
      '"${NONE}"',
    ])
      expect(await access(admin), admin).to.equal(undefined);
  });
});
