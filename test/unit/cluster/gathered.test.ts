import { expect } from 'chai';
import type { Health } from '../../../src/admin/admin.ts';
import { prometheusText } from '../../../src/observability/exposition.ts';
import { Gathered, type Asked } from '../../../src/cluster/gathered.ts';

/** A worker that says what it is made to say. */
class Talker implements Asked {
  readonly place: number;
  count = 0;
  health: Health = {};
  answers = true;
  hasEnded = false;
  /** Until when it leaves what it is asked unanswered. */
  stall: Promise<void> | undefined;

  constructor(place: number) {
    this.place = place;
  }

  async metrics(): Promise<string> {
    if (!this.answers) throw new Error('silent');
    return `# TYPE c counter\n# HELP c h\nc_total ${this.count}\n# EOF\n`;
  }

  async state(): ReturnType<Asked['state']> {
    await this.stall;
    if (!this.answers) throw new Error('silent');
    return { upstreams: [], health: this.health };
  }
}

describe('what workers say of themselves', () => {
  let one: Talker;
  let other: Talker;
  let workers: Talker[];
  let gathered: Gathered;

  beforeEach(() => {
    [one, other] = [new Talker(1), new Talker(2)];
    workers = [one, other];
    gathered = new Gathered(() => workers);
  });
  afterEach(() => gathered.close());

  async function total(): Promise<number> {
    return Number(/^c_total (\d+)$/m.exec(prometheusText(await gathered.metrics([])))?.[1]);
  }

  it('keeps what one has counted that has ended, and adds what its successor counts', async () => {
    [one.count, other.count] = [3, 4];
    expect(await total()).to.equal(7);
    one.hasEnded = true;
    workers = [other];
    expect(await total()).to.equal(7);
    const successor = new Talker(1);
    successor.count = 2;
    workers = [successor, other];
    expect(await total()).to.equal(9);
    expect(await total()).to.equal(9);
  });

  it('keeps what one has counted that does not answer, until it does again', async () => {
    [one.count, other.count] = [3, 4];
    await total();
    one.answers = false;
    other.count = 5;
    expect(await total()).to.equal(8);
    [one.answers, one.count] = [true, 6];
    expect(await total()).to.equal(11);
  });

  it('says that the database and Redis fare as the worst of them says', async () => {
    one.health = { database: 'ready', redis: 'up' };
    other.health = { database: 'ready', redis: 'up' };
    await gathered.look();
    expect(gathered.health).to.deep.equal({ database: 'ready', redis: 'up' });
    other.health = { database: 'refused', redis: 'down' };
    await gathered.look();
    expect(gathered.health).to.deep.equal({ database: 'refused', redis: 'down' });
    other.answers = false;
    await gathered.look();
    expect(gathered.health).to.deep.equal({ database: 'ready', redis: 'up' });
  });

  it('waits for nobody who does not answer, where it was seen before, and shows it until it has not', async () => {
    one.health = { redis: 'up' };
    other.health = { redis: 'down' };
    await gathered.glance();
    expect(gathered.health).to.include({ redis: 'down' });
    let wake = (): void => undefined;
    other.stall = new Promise((resolve) => (wake = resolve));
    await gathered.glance();
    await gathered.glance();
    expect(gathered.health).to.include({ redis: 'down' });
    const looked = gathered.look();
    other.answers = false;
    wake();
    await looked;
    expect(gathered.health).to.include({ redis: 'up' });
  });

  it('knows nothing of what there is not, and nothing when nobody answers', async () => {
    await gathered.look();
    expect(gathered.health).to.deep.equal({ database: undefined, redis: undefined });
    workers = [];
    await gathered.look();
    expect(gathered.health).to.equal(undefined);
  });
});
