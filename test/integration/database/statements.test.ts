/** What statements and transactions do, on both databases alike. */
import { expect } from 'chai';
import type { Database } from '../../../src/database/database.ts';
import { DatabaseUnavailable, UniqueViolation } from '../../../src/database/failures.ts';
import { DATABASES, failureOf, newDatabase } from '../../support/databases.ts';

for (const kind of DATABASES) {
  describe(`statements on ${kind.name}`, () => {
    let database: Database;

    before(async () => {
      database = await newDatabase(kind);
      await database.execute('CREATE TABLE things (name text CONSTRAINT things_name_key UNIQUE, size integer)');
    });
    beforeEach(async () => {
      await database.execute('DELETE FROM things');
    });
    after(async () => database.close());

    const names = async (): Promise<string[]> =>
      (await database.query<{ name: string }>('SELECT name FROM things ORDER BY name')).map(({ name }) => name);

    it('gives rows, and the number of those that changed', async () => {
      expect(await database.execute("INSERT INTO things VALUES ('a', 1), ('b', 2)")).to.equal(2);
      expect(await database.execute('UPDATE things SET size = 3 WHERE name = $1', ['a'])).to.equal(1);
      const rows = await database.query<{ size: number }>('SELECT size FROM things WHERE name = $1', ['a']);
      expect(rows).to.deep.equal([{ size: 3 }]);
    });

    it('tells a row that is there already by its constraint, and goes on', async () => {
      await database.execute('INSERT INTO things VALUES ($1, 1)', ['a']);
      const failure = await failureOf(database.execute('INSERT INTO things VALUES ($1, 2)', ['a']));
      expect(failure).to.be.instanceOf(UniqueViolation);
      expect(failure).to.have.property('constraint', 'things_name_key');
      expect(await names()).to.deep.equal(['a']);
    });

    it('passes a mistake in a statement on as it is', async () => {
      const failure = await failureOf(database.query('SELECT nothing'));
      expect(failure).to.have.property('code', '42703');
      expect(failure).not.to.be.instanceOf(DatabaseUnavailable);
    });

    it('takes a transaction back when it throws', async () => {
      const failure = await failureOf(
        database.transaction(async (transaction) => {
          await transaction.execute("INSERT INTO things VALUES ('a', 1)");
          throw new Error('no');
        }),
      );
      expect(failure).to.have.property('message', 'no');
      expect(await names()).to.deep.equal([]);
    });

    it('does not take a transaction for done in which a statement has failed', async () => {
      const failure = await failureOf(
        database.transaction(async (transaction) => {
          await transaction.execute("INSERT INTO things VALUES ('a', 1)");
          await failureOf(transaction.execute("INSERT INTO things VALUES ('a', 1)"));
        }),
      );
      expect(failure).to.be.instanceOf(Error);
      expect(await names()).to.deep.equal([]);
    });

    it('shows nobody what a transaction has not committed', async () => {
      let outside: Promise<string[]> | undefined;
      await database.transaction(async (transaction) => {
        await transaction.execute("INSERT INTO things VALUES ('a', 1)");
        outside = names();
        // It may wait for the end, or see nothing now: what it sees is never half of it.
        await transaction.execute("INSERT INTO things VALUES ('b', 1)");
      });
      expect((await outside)?.length).to.be.oneOf([0, 2]);
    });

    it('mixes nothing up between connections, however large what they send is', async () => {
      const large = 'x'.repeat(300_000);
      const ask = async (number: number): Promise<void> => {
        for (let turn = 0; turn < 10; turn += 1) {
          // Another statement each, with the same parameters: the wrong one would be answered without an error.
          const text = `SELECT $1::int * ${number} AS got, length($2)`;
          const [row] = await database.query<{ got: number }>(text, [turn, large]);
          expect(row?.got).to.equal(turn * number);
        }
      };
      await Promise.all([1, 2, 3, 4, 5, 6].map(ask));
    });

    it('keeps transactions apart that run at once', async () => {
      await database.execute("INSERT INTO things VALUES ('counter', 0)");
      const add = async (): Promise<void> =>
        database.transaction(async (transaction) => {
          const text = "SELECT size FROM things WHERE name = 'counter' FOR UPDATE";
          const [row] = await transaction.query<{ size: number }>(text);
          await transaction.execute("UPDATE things SET size = $1 WHERE name = 'counter'", [(row?.size ?? 0) + 1]);
        });
      await Promise.all(Array.from({ length: 20 }, add));
      expect(await database.query('SELECT size FROM things')).to.deep.equal([{ size: 20 }]);
    });

    it('is closed when it is closed, and can be closed twice', async () => {
      const other = await newDatabase(kind);
      await Promise.all([other.close(), other.close()]);
      const failure = await failureOf(other.query('SELECT 1'));
      expect(failure).to.be.instanceOf(DatabaseUnavailable);
      expect(failure).to.have.property('reason', 'closed');
    });
  });
}
