import { expect } from 'chai';
import { roleList } from '../../../src/cli/role.ts';
import { outcomeOf, ROLES } from '../../support/commands.ts';

describe('gatewayctl role list', () => {
  it('resolves what roles inherit and grant, without what a wider grant covers', async () => {
    const { stdout, code } = await outcomeOf(() => roleList(ROLES, { format: 'text' }));
    expect(code).to.equal(0);
    expect(stdout).to.equal(
      [
        'ROLE    INHERITS        GRANTS',
        'viewer  -               orders:read',
        'editor  viewer          orders:write, orders:read',
        'admin   viewer, editor  *',
        '',
      ].join('\n'),
    );
  });

  it('prints JSON', async () => {
    const { stdout } = await outcomeOf(() => roleList(ROLES, { format: 'json' }));
    const { roles }: { roles: unknown[] } = JSON.parse(stdout);
    expect(roles).to.have.length(3);
    expect(roles[1]).to.deep.equal({
      name: 'editor',
      inherits: ['viewer'],
      permissions: ['orders:write', 'orders:read'],
    });
    const none = await outcomeOf(() => roleList([], { format: 'json' }));
    expect(JSON.parse(none.stdout)).to.deep.equal({ roles: [] });
  });

  it('says how to define one when there is none', async () => {
    const { stdout, stderr } = await outcomeOf(() => roleList([], { format: 'text' }));
    expect(stdout).to.equal('');
    expect(stderr).to.include('the configuration has no roles: add');
  });
});
