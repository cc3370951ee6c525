import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { call } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

describe('a schema in a file', () => {
  let folder: string;
  let gateway: TestGateway;

  const write = async (text: string): Promise<void> => writeFile(join(folder, 'order.yaml'), text);
  const statusOf = async (body: string): Promise<number> => {
    const headers = ['content-type', 'application/json'];
    return (await call(`${gateway.url}/orders`, { method: 'POST', headers, body })).status;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-schema-'));
    await write('type: object\nrequired: [a]\n');
    gateway = await startTestGateway(`
routes:
  - { name: orders, match: { path: /orders }, respond: { status: 200 }, validate: { body: "${join(folder, 'order.yaml')}" } }
`);
  });

  after(async () => {
    await gateway.stop();
    await rm(folder, { recursive: true });
  });

  it('is read again when the configuration is', async () => {
    expect([await statusOf('{"a":1}'), await statusOf('{"b":1}')]).to.deep.equal([200, 400]);
    await write(
      '{"type":"object",\n\t"required":["b"], "properties": {"b": {"type": "string", "description": "${x}"}}}',
    );
    await gateway.reload();
    expect([await statusOf('{"a":1}'), await statusOf('{"b":"1"}')]).to.deep.equal([400, 200]);
  });

  it('stays what it was when its file is faulty', async () => {
    await write('type: nothing\n');
    await gateway.reload();
    await gateway.logs.until(({ msg }) => String(msg).startsWith('configuration refused'), 'the refusal');
    expect([await statusOf('{"a":1}'), await statusOf('{"b":"1"}')]).to.deep.equal([400, 200]);
  });
});
