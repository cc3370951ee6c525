import { expect } from 'chai';
import { array, assert, nat, property } from 'fast-check';
import { Roster, UNLISTED, type Listed } from '../../src/roster.ts';

interface Member extends Listed {
  readonly name: string;
}

const member = (name: string): Member => ({ place: UNLISTED, name });

describe('a roster', () => {
  it('holds what a Set would hold, whatever is added and deleted', () => {
    assert(
      property(array(nat(19), { maxLength: 200 }), (changes) => {
        const members = Array.from({ length: 10 }, (_, index) => member(String(index)));
        const roster = new Roster<Member>();
        const set = new Set<Member>();
        for (const change of changes) {
          const one = members[change % 10];
          if (one === undefined) continue;
          if (change < 10) {
            roster.add(one);
            set.add(one);
          } else {
            roster.delete(one);
            set.delete(one);
          }
          expect(roster.size).to.equal(set.size);
        }
        expect([...roster]).to.have.members([...set]);
      }),
    );
  });

  it('shows all that stays in it while others go, and nothing that has gone', () => {
    assert(
      property(nat(9), array(nat(9), { maxLength: 10 }), (trigger, doomed) => {
        const members = Array.from({ length: 10 }, (_, index) => member(String(index)));
        const roster = new Roster<Member>();
        for (const one of members) roster.add(one);
        const gone = new Set<Member>();
        const seen = new Set<Member>();
        for (const one of roster) {
          expect(gone.has(one)).to.equal(false);
          seen.add(one);
          if (one !== members[trigger]) continue;
          for (const index of doomed) {
            const other = members[index];
            if (other === undefined) continue;
            roster.delete(other);
            gone.add(other);
          }
        }
        for (const one of members) if (!gone.has(one)) expect(seen.has(one)).to.equal(true);
      }),
    );
  });
});
