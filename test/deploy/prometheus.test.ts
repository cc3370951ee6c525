/** Rules for Prometheus: they are taken, they fire when they should and not otherwise, and lead to a page that helps. */
import { join } from 'node:path';
import { expect } from 'chai';
import { at, documentOf, listAt, ROOT, textOf, textsAt } from '../support/deployed.ts';
import { knownSeries, promtool, recorded, selectedBy, unknownIn } from '../support/promql.ts';

/** promtool takes seconds, and may have to be fetched first. In milliseconds. */
const LIMIT = 300_000;

const alerts = listAt(documentOf('deploy/prometheus/alerts.yml'), 'groups').flatMap((group) => listAt(group, 'rules'));
const nameOf = (alert: unknown): string => String(at(alert, 'alert'));

describe('the rules for Prometheus', function () {
  this.timeout(LIMIT);

  it('are taken by promtool, with the configuration that loads them', async () => {
    const printed = await promtool('check', 'config', join(ROOT, 'deploy/prometheus/prometheus.yml'));
    expect(printed).to.include('2 rule files found').and.include(`SUCCESS: ${alerts.length} rules found`);
  });

  for (const name of ['rules', 'objective']) {
    it(`do what test/deploy/${name}.test.yml says`, async () => {
      await promtool('test', 'rules', join(ROOT, `test/deploy/${name}.test.yml`));
    });
  }

  it('name only series and labels that there are', () => {
    const known = knownSeries();
    expect(known.size).to.be.above(60);
    for (const rule of [...alerts, ...recorded()]) {
      const expression = String(at(rule, 'expr'));
      expect(selectedBy(expression), expression).to.not.deep.equal([]);
      expect(unknownIn(expression, known), expression).to.deep.equal([]);
    }
  });

  it('are told from those that name what is not there', () => {
    const known = knownSeries();
    const unknown = (expression: string): readonly string[] => unknownIn(expression, known);
    expect(unknown('sum by (route) (rate(gateway_request_total{status="5xx"}[5m]))')).to.deep.equal([
      'gateway_request_total does not exist',
    ]);
    expect(unknown('gateway_redis_up{route="a"} == 0 and on (job) up{job="up{"} == 1')).to.deep.equal([
      'gateway_redis_up has no label route',
    ]);
    // A histogram has no series of its own name.
    expect(unknown('gateway_request_duration_seconds')).to.have.length(1);
    const quantile =
      'histogram_quantile(0.9, sum by (le) (rate(gateway_request_duration_seconds_bucket{le!="1"}[5m])))';
    expect(unknown(quantile)).to.deep.equal([]);
  });
});

describe('the alerts', () => {
  it('each say what it is about, what to do and how much it matters', () => {
    expect(alerts).to.have.length.above(15);
    for (const alert of alerts) {
      expect(at(alert, 'labels', 'severity'), nameOf(alert)).to.be.oneOf(['page', 'ticket']);
      expect(textsAt(alert, 'annotations')).to.have.all.keys('summary', 'action', 'runbook_url');
    }
  });

  it('each lead to a section of docs/slo.md, and each section there has its alert', () => {
    const sections = [...textOf('docs/slo.md').matchAll(/^### (Gateway\w+)$/gm)].map(([, name = '']) => name);
    expect(new Set(alerts.map(nameOf))).to.deep.equal(new Set(sections));
    for (const alert of alerts)
      expect(at(alert, 'annotations', 'runbook_url')).to.equal(`docs/slo.md#${nameOf(alert).toLowerCase()}`);
  });

  it('each fire in a unit test', () => {
    const tests = ['rules', 'objective'].map((name) => textOf(`test/deploy/${name}.test.yml`)).join('\n');
    const expected = new Set([...tests.matchAll(/labels: '\{alertname="(\w+)"/g)].map(([, name]) => name));
    expect(expected).to.deep.equal(new Set(alerts.map(nameOf)));
  });

  it('burn the budget of 99.9 % at the speeds and windows of the workbook', () => {
    const burns = alerts
      .filter((alert) => nameOf(alert) === 'GatewayErrorBudgetBurn')
      .map((alert) => {
        const [, long, factor, short] =
          /ratio_rate(\w+) > \(([\d.]+) \* 0\.001\)\s+and \S+ratio_rate(\w+) > \(\2 \* 0\.001\)/.exec(
            String(at(alert, 'expr')),
          ) ?? [];
        expect(at(alert, 'labels', 'window')).to.equal(long);
        return [factor, long, short, at(alert, 'labels', 'severity')];
      });
    expect(burns).to.deep.equal([
      ['14.4', '1h', '5m', 'page'],
      ['6', '6h', '30m', 'page'],
      ['3', '1d', '2h', 'ticket'],
      ['1', '3d', '6h', 'ticket'],
    ]);
  });
});
