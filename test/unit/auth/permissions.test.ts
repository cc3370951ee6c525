import { expect } from 'chai';
import * as fc from 'fast-check';
import { compileRoles, covers } from '../../../src/auth/permissions.ts';

describe('a grant', () => {
  const COVERED: [grant: string, permission: string, covered: boolean][] = [
    ['orders:read', 'orders:read', true],
    ['orders:read', 'orders:write', false],
    ['orders:read', 'orders:read:own', false],
    ['orders:read', 'Orders:read', false],
    ['orders:*', 'orders:read', true],
    ['orders:*', 'orders:read:own', true],
    ['orders:*', 'orders', false],
    ['orders:*', 'orders:', false],
    ['orders:*', 'ordersread', false],
    ['orders:*', 'orders2:read', false],
    ['*', 'anything:at:all', true],
    ['orders', 'orders:read', false],
    ['orders*', 'orders:read', false],
    ['*:read', 'orders:read', false],
  ];
  for (const [grant, permission, covered] of COVERED) {
    it(`of ${grant} ${covered ? 'covers' : 'does not cover'} ${permission}`, () => {
      expect(covers(grant, permission)).to.equal(covered);
    });
  }

  const part = fc.stringMatching(/^[a-z0-9._-]{1,6}$/);
  const permission = fc.array(part, { minLength: 1, maxLength: 4 });

  it('with a wildcard covers exactly what has more parts behind the same ones', () => {
    fc.assert(
      fc.property(permission, permission, fc.nat(4), (one, other, shared) => {
        // Often enough the second begins like the first.
        const asked = [...one.slice(0, shared), ...other];
        const below = asked.length > one.length && one.every((each, index) => each === asked[index]);
        return covers(`${one.join(':')}:*`, asked.join(':')) === below;
      }),
    );
  });

  it('without a wildcard covers itself alone', () => {
    fc.assert(
      fc.property(
        permission,
        permission,
        (one, other) => covers(one.join(':'), other.join(':')) === (one.join(':') === other.join(':')),
      ),
    );
  });
});

describe('roles', () => {
  const roles = compileRoles({
    viewer: { inherits: [], permissions: ['orders:read'] },
    editor: { inherits: ['viewer'], permissions: ['orders:write'] },
    chief: { inherits: ['editor', 'auditor'], permissions: [] },
    auditor: { inherits: ['nobody-defined'], permissions: ['audit:*'] },
    admin: { inherits: [], permissions: ['*'] },
  });

  it('satisfy the names of all that they inherit from', () => {
    expect([...roles.satisfying('viewer')]).to.have.members(['viewer', 'editor', 'chief']);
    expect([...roles.satisfying('chief')]).to.deep.equal(['chief']);
  });

  it('get no names from a wildcard', () => {
    expect(roles.satisfying('viewer').has('admin')).to.equal(false);
  });

  it('grant what they inherit', () => {
    expect([...roles.granting('orders:read')]).to.have.members(['viewer', 'editor', 'chief', 'admin']);
    expect([...roles.granting('orders:write')]).to.have.members(['editor', 'chief', 'admin']);
    expect([...roles.granting('audit:logs:read')]).to.have.members(['auditor', 'chief', 'admin']);
    expect([...roles.granting('else')]).to.deep.equal(['admin']);
  });

  it('that nobody defined satisfy their own name and grant nothing', () => {
    expect([...roles.satisfying('ghost')]).to.deep.equal(['ghost']);
    expect(roles.granting('orders:read').has('ghost')).to.equal(false);
  });

  it('end in a cycle, too', () => {
    const circle = compileRoles({
      a: { inherits: ['b'], permissions: ['x'] },
      b: { inherits: ['c', 'b'], permissions: [] },
      c: { inherits: ['a'], permissions: [] },
    });
    expect([...circle.granting('x')]).to.have.members(['a', 'b', 'c']);
  });

  it('may be called like what every object has', () => {
    const odd = compileRoles({ constructor: { inherits: ['toString'], permissions: ['x'] } });
    expect([...odd.granting('x')]).to.deep.equal(['constructor']);
    expect([...odd.granting('y')]).to.deep.equal([]);
  });
});
