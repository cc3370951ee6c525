/** No metric is for nothing: each is shown by a dashboard, recorded by a rule, or watched by an alert. */
import { expect } from 'chai';
import { filesBelow, textOf } from '../support/deployed.ts';

describe('the metrics of docs/metrics.md', () => {
  it('are each named by a dashboard, a rule or an alert', () => {
    const files = [...filesBelow('deploy/grafana/dashboards', '.json'), ...filesBelow('deploy/prometheus', '.yml')];
    const text = files.map(textOf).join('\n');
    const named = new Set(
      [...text.matchAll(/gateway_\w+/g)].map(([name]) => name.replace(/_(?:bucket|sum|count)$/, '')),
    );
    const metrics = [...textOf('docs/metrics.md').matchAll(/^\| `(gateway_\w+)`/gm)].map(([, name = '']) => name);
    expect(metrics).to.have.length.above(50);
    expect(metrics.filter((name) => !named.has(name))).to.deep.equal([]);
  });
});
