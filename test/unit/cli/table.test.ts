import { expect } from 'chai';
import { dateText, details, table } from '../../../src/cli/table.ts';

describe('tables', () => {
  it('align their columns and end no line with blanks', () => {
    const text = table(
      ['NAME', 'ROLE', 'ID'],
      [
        ['a-long-name', 'admin', '1'],
        ['b', 'x', ''],
      ],
    );
    expect(text).to.equal('NAME         ROLE   ID\na-long-name  admin  1\nb            x\n');
  });

  it('count the columns of a terminal, not characters', () => {
    expect(
      table(
        ['A', 'B'],
        [
          ['東京', 'x'],
          ['e\u0301', 'y'],
        ],
      ),
    ).to.equal('A     B\n東京  x\ne\u0301     y\n');
  });

  it('show what a terminal would act upon', () => {
    expect(table(['A'], [['\u001b[2Jx\ny']])).to.equal('A\n·[2Jx·y\n');
    expect(details({ name: '\u202eexe' })).to.equal('name  ·exe\n');
  });

  it('have dates of ISO 8601 to the second', () => {
    expect(dateText(new Date('2026-07-22T10:15:00.123Z'))).to.equal('2026-07-22T10:15:00Z');
  });
});
