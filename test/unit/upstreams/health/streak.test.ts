import { expect } from 'chai';
import * as fc from 'fast-check';
import { after, UNPROBED, type Thresholds } from '../../../../src/upstreams/health/streak.ts';

const THRESHOLDS: Thresholds = { healthyAfter: 2, unhealthyAfter: 3 };

/** The verdicts after each result. @param results `+` for a probe that succeeded, `-` for one that failed */
function verdicts(results: string, thresholds = THRESHOLDS): string {
  let streak = UNPROBED;
  return Array.from(results, (result) => {
    streak = after(streak, result === '+', thresholds);
    return streak.isHealthy ? 'h' : 'u';
  }).join('');
}

describe('the thresholds of health', () => {
  for (const [what, results, expected] of [
    ['hold an endpoint healthy while probes succeed', '+++', 'hhh'],
    ['hold it healthy until enough probes in a row failed', '--', 'hh'],
    ['hold it unhealthy from the last of them on', '----', 'hhuu'],
    ['let one success end a streak of failures', '--+--+--+---', 'hhhhhhhhhhhu'],
    ['hold it unhealthy until enough in a row succeeded', '---+', 'hhuu'],
    ['hold it healthy from the last of them on', '---+++', 'hhuuhh'],
    ['let one failure end a streak of successes', '---+-+-+-++', 'hhuuuuuuuuh'],
    ['begin to count anew after each change', '---++--+---', 'hhuuhhhhhhu'],
    ['do not count failures from before it healed', '-----++--', 'hhuuuuhhh'],
  ] as const) {
    it(what, () => expect(verdicts(results)).to.equal(expected));
  }

  it('follow every result when one is enough', () => {
    expect(verdicts('-+--+', { healthyAfter: 1, unhealthyAfter: 1 })).to.equal('uhuuh');
  });

  it('change the verdict only to what the last results in a row all say', () => {
    const count = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('+', '-'), { maxLength: 60 }).map((results) => results.join('')),
        fc.record({ healthyAfter: count, unhealthyAfter: count }),
        (results, thresholds) => {
          const said = verdicts(results, thresholds);
          for (let index = 0; index < results.length; index += 1) {
            const before = said[index - 1] ?? 'h';
            const [other, needed] = before === 'h' ? ['-', thresholds.unhealthyAfter] : ['+', thresholds.healthyAfter];
            const turns = results.slice(0, index + 1).endsWith(other.repeat(needed));
            expect(said[index] !== before, `${results} at ${index}`).to.equal(turns);
          }
        },
      ),
    );
  });
});
