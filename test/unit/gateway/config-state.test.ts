import { expect } from 'chai';
import { ConfigState } from '../../../src/gateway/config-state.ts';
import { configOf } from '../../support/load.ts';

const CONFIG = `version: 1
defaults: { route: { access: public } }
routes:
  - { name: hook, match: { path: /hook/s3cret-of-the-hook }, respond: { status: 204 } }
  - { name: short, match: { path: /hook/abc123/x }, respond: { status: 204 } }
  - { name: home, match: { path: / }, respond: { status: 204 } }
`;

describe('the configuration that serves', () => {
  it('shows its routes without its secrets, and makes that once for each reading', async () => {
    const written = new Map([['/hook/abc123/x', '/hook/${SHORT_TOKEN}/x']]);
    const sources = new Map<string, string>();
    const reading = { sources, secrets: ['s3cret-of-the-hook'], written, shown: [] };
    const state = new ConfigState('gateway.yaml', await configOf(CONFIG), reading);
    const { routes } = state;
    expect(routes.map(({ name, match }) => [name, match.path])).to.deep.equal([
      ['hook', `/hook/${'•'.repeat(18)}`],
      ['short', '/hook/${SHORT_TOKEN}/x'],
      ['home', '/'],
    ]);
    expect(state.routes).to.equal(routes);
    state.reread({ ...reading, secrets: [], written: new Map() });
    const paths = state.routes.map(({ match }) => match.path);
    expect(paths).to.deep.equal(['/hook/s3cret-of-the-hook', '/hook/abc123/x', '/']);
  });
});
