import { createServer, type Server } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { expect } from 'chai';
import { reload, type ReloadFlags } from '../../../src/cli/reload.ts';
import { outcomeOf, type Outcome } from '../../support/commands.ts';

const HASH = '29ddbcd542f71a1d';
const FINDING = {
  code: 'unknown-key',
  severity: 'error',
  message: 'unknown key "mach" in routes[0]',
  hint: 'did you mean "match"?',
  file: 'gateway.yaml',
  path: 'routes[0].mach',
  line: 3,
  column: 5,
  length: 4,
  frame: '  2 | routes:\n> 3 |   - mach: 1\n    |     ^~~~',
};
const BLOCK = `gateway.yaml:3:5 error  unknown-key  routes[0].mach: unknown key "mach" in routes[0]
  2 | routes:
> 3 |   - mach: 1
    |     ^~~~
  help: did you mean "match"?
`;

describe('gatewayctl reload', () => {
  let server: Server;
  let url = '';
  let status = 200;
  let answer: unknown;
  let asked: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      void textOf(request).then((body) => {
        asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers['if-match'] ?? '-'} ${body}`);
        response.writeHead(status).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  beforeEach(() => {
    status = 200;
    answer = { outcome: 'reloaded', hash: HASH, diagnostics: [] };
    asked = [];
  });
  after(async () => new Promise<void>((done) => server.close(() => done())));

  const run = async (flags: Partial<ReloadFlags> = {}): Promise<Outcome> =>
    outcomeOf(() =>
      reload({ ifMatch: undefined, format: 'text', admin: url, config: 'gateway.yaml', color: false, ...flags }),
    );

  it('says what serves', async () => {
    const done = { code: 0, message: '', stderr: '' };
    expect(await run()).to.deep.equal({ ...done, stdout: `reloaded: ${HASH} serves\n` });
    answer = { outcome: 'unchanged', hash: HASH, diagnostics: [{ ...FINDING, severity: 'warning', hint: null }] };
    const warning = BLOCK.replace('error', 'warning').replace(/ {2}help.*\n/, '');
    expect(await run()).to.deep.equal({ ...done, stdout: `unchanged: ${HASH} serves\n\n${warning}` });
    expect(asked).to.deep.equal(['POST /api/v1/reload - ', 'POST /api/v1/reload - ']);
  });

  it('names the configuration that may be replaced', async () => {
    await run({ ifMatch: HASH });
    expect(asked).to.deep.equal([`POST /api/v1/reload "${HASH}" `]);
    for (const ifMatch of ['', '*', `"${HASH}"`]) {
      expect(await run({ ifMatch })).to.deep.equal({
        code: 2,
        message: `--if-match: found ${JSON.stringify(ifMatch)}, expected a hash, as gatewayctl status shows it`,
        stdout: '',
        stderr: '',
      });
    }
    expect(asked).to.have.length(1);
  });

  it('shows the findings of what is refused, and exits with 1', async () => {
    status = 422;
    answer = { title: 'The configuration has errors', detail: 'the files have 1 error', diagnostics: [FINDING] };
    const expected = {
      code: 1,
      message: 'not reloaded: the files have 1 error',
      stderr: '',
    };
    expect(await run()).to.deep.equal({ ...expected, stdout: BLOCK });
    expect(await run({ format: 'json' })).to.deep.equal({
      ...expected,
      stdout: `${JSON.stringify(answer, undefined, 2)}\n`,
    });
    expect((await run({ color: true })).stdout).to.include('\u001b[31merror');
  });

  for (const code of [412, 503]) {
    it(`says why it was not reloaded when it is answered ${code}, and exits with 1`, async () => {
      status = code;
      answer = { title: 'A title', detail: 'another\u001b[31m one' };
      const start = 'not reloaded: ';
      expect(await run()).to.include({ code: 1, stdout: '', message: `${start}another·[31m one` });
      answer = { title: 'A title' };
      expect(await run()).to.include({ code: 1, stdout: '', message: `${start}A title` });
    });
  }

  for (const [answered, body, expected] of [
    [200, {}, 'answered something that is no outcome of a reload'],
    [422, [], 'answered something that is no outcome of a reload'],
    [404, {}, 'knows no reload: expected the admin listener of a gateway of this version'],
    [401, {}, 'wants the admin token, and there is none in GATEWAYCTL_TOKEN'],
    [500, {}, 'answered 500; is gatewayctl serve running'],
  ] as const) {
    it(`says what to look at when it is answered ${answered} ${JSON.stringify(body)}, and exits with 1`, async () => {
      [status, answer] = [answered, body];
      const { code, message, stdout } = await run();
      expect([code, stdout]).to.deep.equal([1, '']);
      expect(message).to.include(`${url} ${expected}`);
    });
  }
});
