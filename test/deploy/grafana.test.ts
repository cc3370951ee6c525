/** Dashboards for Grafana: each expression is one, asks for what there is, and is shown in a unit. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { at, documentOf, filesBelow, listAt, textOf } from '../support/deployed.ts';
import { knownSeries, promtool, selectedBy, unknownIn } from '../support/promql.ts';

const FOLDER = 'deploy/grafana/dashboards';
/** Units that Grafana knows, as far as they are used here. */
const UNITS = ['reqps', 'ops', 'percentunit', 's', 'bytes', 'short', 'none', 'dateTimeFromNow'];

interface Dashboard {
  readonly file: string;
  readonly json: unknown;
  readonly panels: readonly unknown[];
  readonly variables: readonly unknown[];
}

const dashboards = filesBelow(FOLDER, '.json').map((file): Dashboard => {
  const json: unknown = JSON.parse(textOf(file));
  const panels = listAt(json, 'panels').filter((panel) => at(panel, 'type') !== 'row');
  return { file, json, panels, variables: listAt(json, 'templating', 'list') };
});

/** Every expression of a dashboard: of its panels, its annotations and its variables. */
function expressionsOf({ json, panels, variables }: Dashboard): readonly string[] {
  const ofPanels = panels.flatMap((panel) => listAt(panel, 'targets')).map((target) => at(target, 'expr'));
  const ofAnnotations = listAt(json, 'annotations', 'list').map((annotation) => at(annotation, 'expr'));
  const ofVariables = variables
    .map((variable) => at(variable, 'query', 'query'))
    .filter((query) => typeof query === 'string')
    .map((query) => /^label_values\((.+), \w+\)$/.exec(query)?.[1]);
  return [...ofPanels, ...ofAnnotations, ...ofVariables].map((text) =>
    String(text).replaceAll('$__rate_interval', '5m').replaceAll('$__range', '1h'),
  );
}

describe('the dashboards for Grafana', function () {
  this.timeout(300_000);

  it('are five, each with a uid of its own', () => {
    expect(dashboards.map(({ file }) => basename(file))).to.deep.equal([
      'cache.json',
      'identity.json',
      'requests.json',
      'runtime.json',
      'upstreams.json',
    ]);
    expect(new Set(dashboards.map(({ json }) => at(json, 'uid')))).to.have.property('size', dashboards.length);
  });

  it('ask what promtool takes for expressions', async () => {
    const rules = dashboards.flatMap(expressionsOf).map((expr, index) => ({
      record: `dashboard:expression:${index}`.replaceAll(/\d/g, (digit) => `_${digit}`),
      expr,
    }));
    expect(rules).to.have.length.above(60);
    const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-dashboards-'));
    try {
      const file = join(folder, 'rules.yml');
      await writeFile(file, stringify({ groups: [{ name: 'dashboards', rules }] }));
      expect(await promtool('check', 'rules', file)).to.include(`SUCCESS: ${rules.length} rules found`);
      await writeFile(
        file,
        stringify({ groups: [{ name: 'dashboards', rules: [{ record: 'a', expr: 'sum(rate(b)' }] }] }),
      );
      const refused = await promtool('check', 'rules', file).catch(String);
      expect(refused).to.include('could not parse expression');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  for (const dashboard of dashboards) {
    describe(basename(dashboard.file), () => {
      it('names only series and labels that there are', () => {
        const known = knownSeries();
        for (const expression of expressionsOf(dashboard)) {
          expect(selectedBy(expression), expression).to.not.deep.equal([]);
          expect(unknownIn(expression, known), expression).to.deep.equal([]);
        }
      });

      it('uses the variables that it has, and has those that it uses', () => {
        const names = dashboard.variables.map((variable) => String(at(variable, 'name')));
        expect(names.slice(0, 2)).to.deep.equal(['datasource', 'job']);
        const used = new Set(
          [...JSON.stringify(dashboard.json).matchAll(/\$\{?([a-z]\w*)/g)].map(([, name = '']) => name),
        );
        expect([...used]).to.have.members(names);
      });

      it('asks the data source that was chosen, in every place', () => {
        const asked = [...JSON.stringify(dashboard.json).matchAll(/"datasource":(\{.*?"\})/g)].map(([, text]) => text);
        expect(new Set(asked)).to.deep.equal(new Set(['{"type":"prometheus","uid":"${datasource}"}']));
      });

      it('has panels with a title, a unit, and a place that no other one has', () => {
        const taken = new Set<string>();
        expect(new Set(dashboard.panels.map((panel) => at(panel, 'id')))).to.have.property(
          'size',
          dashboard.panels.length,
        );
        for (const panel of dashboard.panels) {
          const title = String(at(panel, 'title'));
          expect(title).to.have.length.above(1);
          expect(at(panel, 'fieldConfig', 'defaults', 'unit'), title).to.be.oneOf(UNITS);
          const [x, y, w, h] = ['x', 'y', 'w', 'h'].map((key) => Number(at(panel, 'gridPos', key)));
          for (let column = x ?? 0; column < (x ?? 0) + (w ?? 0); column += 1)
            for (let row = y ?? 0; row < (y ?? 0) + (h ?? 0); row += 1) {
              expect(column, title).to.be.below(24);
              expect(taken, title).to.not.include(`${column},${row}`);
              taken.add(`${column},${row}`);
            }
        }
      });
    });
  }

  it('show exemplars where there are some: on the slow end of requests, as curves and as a heatmap', () => {
    const shown = dashboards.flatMap(({ panels }) =>
      panels.flatMap((panel) =>
        listAt(panel, 'targets')
          .filter((target) => at(target, 'exemplar') === true)
          .map((target) => ({ title: at(panel, 'title'), expr: String(at(target, 'expr')) })),
      ),
    );
    expect(shown.map(({ title }) => title)).to.deep.equal(['99th percentile by route', 'Percentiles', 'Durations']);
    for (const { expr } of shown) expect(expr).to.include('(gateway_request_duration_seconds_bucket{');
    expect(textOf('deploy/grafana/provisioning/datasources/prometheus.yml')).to.match(
      /^ +# exemplarTraceIdDestinations: \[\{ name: trace_id, /m,
    );
  });

  it('are loaded by the provisioning files, for the pace at which Prometheus scrapes', () => {
    const provider = at(documentOf('deploy/grafana/provisioning/dashboards/gatewayctl.yml'), 'providers', 0);
    expect(at(provider, 'options', 'path')).to.equal('/var/lib/grafana/dashboards/gatewayctl');
    const source = at(documentOf('deploy/grafana/provisioning/datasources/prometheus.yml'), 'datasources', 0);
    expect(at(source, 'type')).to.equal('prometheus');
    expect(at(source, 'jsonData', 'timeInterval')).to.equal(
      at(documentOf('deploy/prometheus/prometheus.yml'), 'global', 'scrape_interval'),
    );
  });
});
