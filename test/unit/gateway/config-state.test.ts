import { expect } from 'chai';
import { ConfigState } from '../../../src/gateway/config-state.ts';
import { configOf } from '../../support/load.ts';

const CONFIG = `version: 1
defaults: { route: { access: public } }
routes:
  - { name: hook, match: { path: /hook/s3cret-of-the-hook }, respond: { status: 204 } }
  - { name: home, match: { path: / }, respond: { status: 204 } }
`;

describe('the configuration that serves', () => {
  it('shows its routes without its secrets, and makes that once for each reading', async () => {
    const reading = { sources: new Map<string, string>(), secrets: ['s3cret-of-the-hook'], shown: [] };
    const state = new ConfigState('gateway.yaml', await configOf(CONFIG), reading);
    const { routes } = state;
    expect(routes.map(({ name, match }) => [name, match.path])).to.deep.equal([
      ['hook', `/hook/${'•'.repeat(18)}`],
      ['home', '/'],
    ]);
    expect(state.routes).to.equal(routes);
    state.reread({ ...reading, secrets: [] });
    expect(state.routes.map(({ match }) => match.path)).to.deep.equal(['/hook/s3cret-of-the-hook', '/']);
  });
});
