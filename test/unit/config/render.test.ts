import { expect } from 'chai';
import * as fc from 'fast-check';
import { DIAGNOSTIC_CODES } from '../../../src/config/diagnostic.ts';
import type { Diagnostic } from '../../../src/config/diagnostic.ts';
import { renderers } from '../../../src/config/render/index.ts';
import type { Format, Report } from '../../../src/config/render/index.ts';

const FILE = 'gateway.yaml';
const SOURCE = 'version: 1\nroutes:\n  - name: shop\n    mach: { path: /shop }\n    upstream: shop\n';
const ESC = '\u001b';

function finding(overrides: Partial<Diagnostic> = {}): Diagnostic {
  const base = { code: 'unknown-key', severity: 'error', message: 'unknown key "mach"', file: FILE } as const;
  return { ...base, path: 'routes[0].mach', line: 4, column: 5, length: 4, ...overrides };
}

function reportOf(diagnostics: Diagnostic[], source: string | undefined = SOURCE, more: Partial<Report> = {}): Report {
  const sources = new Map(source === undefined ? [] : [[FILE, source]]);
  const valid = diagnostics.every(({ severity }) => severity === 'warning');
  return { files: [FILE], diagnostics, valid, sources, strict: false, ...more };
}

function render(format: Format, report: Report): string {
  return renderers[format](report, { color: false });
}

/** How SARIF names a file. */
function uriOf(file: string): string | undefined {
  return /"uri": "(.*)"/.exec(render('sarif', reportOf([finding({ file })])))?.[1];
}

/** The text format's lines for one diagnostic, without the summary. */
function textOf(diagnostic: Partial<Diagnostic>, source?: string): string[] {
  return render('text', reportOf([finding(diagnostic)], source))
    .split('\n')
    .slice(0, -3);
}

describe('render: text', () => {
  it('shows the place, the code around it and what to type', () => {
    const report = reportOf([finding({ hint: 'did you mean "match"?' })]);
    expect(render('text', report)).to.equal(
      [
        'gateway.yaml:4:5 error  unknown-key  routes[0].mach: unknown key "mach"',
        '  2 | routes:',
        '  3 |   - name: shop',
        '> 4 |     mach: { path: /shop }',
        '    |     ^~~~',
        '  5 |     upstream: shop',
        '  help: did you mean "match"?',
        '',
        '✗ 1 error in gateway.yaml',
        '',
      ].join('\n'),
    );
  });

  it('aligns line numbers of different lengths', () => {
    const source = Array.from({ length: 12 }, (_, i) => `x-${i + 1}:`).join('\n');
    expect(textOf({ line: 9, column: 1, length: 3 }, source).slice(1)).to.deep.equal([
      '   7 | x-7:',
      '   8 | x-8:',
      '>  9 | x-9:',
      '     | ^~~',
      '  10 | x-10:',
      '  11 | x-11:',
    ]);
  });

  it('sums up', () => {
    const warning = finding({ severity: 'warning', code: 'unused-upstream' });
    const last = (report: Report): string | undefined => render('text', report).split('\n').at(-2);
    expect(render('text', reportOf([]))).to.equal('✓ gateway.yaml is valid\n');
    expect(last(reportOf([warning]))).to.equal('✓ gateway.yaml is valid, 1 warning');
    expect(last(reportOf([finding(), warning, finding()]))).to.equal('✗ 2 errors, 1 warning in gateway.yaml');
    const strict = reportOf([warning], SOURCE, { strict: true, valid: false });
    expect(last(strict)).to.equal('✗ 1 warning in gateway.yaml (--strict: a warning counts as an error)');
    expect(last(reportOf([], SOURCE, { files: [FILE, 'b.yaml'] }))).to.equal('✓ 2 files are valid');
    expect(last(reportOf([finding(), finding({ file: 'b.yaml' })]))).to.equal('✗ 2 errors in 2 files');
    expect(last(reportOf([finding({ file: '-' })]))).to.equal('✗ 1 error in <stdin>');
  });

  it('goes through the files in their order, from top to bottom', () => {
    const places = [finding({ file: 'a.yaml' }), finding({ line: 9 }), finding({ column: 9 }), finding({ column: 1 })];
    const report = reportOf(places, undefined, { files: [FILE, 'a.yaml'] });
    const shown = render('text', report).match(/^\S+\.yaml:\d+:\d+/gm);
    expect(shown).to.deep.equal(['gateway.yaml:4:1', 'gateway.yaml:4:9', 'gateway.yaml:9:5', 'a.yaml:4:5']);
  });

  it('lets nothing through that a terminal would act upon', () => {
    const hostile = `${ESC}[2J${ESC}]0;owned\u0007\u009b31m\u202e\u2028\r`;
    const source = `a: ${hostile}x\nb: 1\n`;
    const texts = { message: hostile, file: FILE, path: hostile, hint: hostile };
    const report = reportOf([finding({ ...texts, line: 1, column: 4, length: 3 })], source);
    expect(render('text', report)).to.not.match(/[^\P{C}\n]/u);
    expect(render('text', report)).to.contain('> 1 | a: ·[2J·]0;owned··31m···x\n    |    ^~~\n');
    expect(render('text', reportOf([finding({ file: `${ESC}[2J` })]))).to.not.contain(ESC);
  });

  it('expands tabs, before the caret and below it', () => {
    expect(textOf({ line: 1, column: 3, length: 2 }, '\t\tab: 1\n').slice(1)).to.deep.equal([
      '> 1 |         ab: 1',
      '    |         ^~',
    ]);
    expect(textOf({ line: 1, column: 1, length: 1 }, '\tab').at(-1)).to.equal('    | ^~~~');
  });

  it('counts wide characters as terminals do', () => {
    expect(textOf({ line: 1, column: 11, length: 1 }, '{ n: "店😀", x: 1 }').slice(1)).to.deep.equal([
      '> 1 | { n: "店😀", x: 1 }',
      '    |            ^',
    ]);
  });

  it('drops the carriage return of a Windows line end', () => {
    const lines = textOf({}, SOURCE.replaceAll('\n', '\r\n'));
    expect(lines).to.deep.equal(textOf({}));
  });

  it('cuts a long line around the caret', () => {
    const source = `short\n${'a'.repeat(500)}BAD${'b'.repeat(500)}\n\n${'c'.repeat(130)}`;
    const [, above, line, caret, empty, below] = textOf({ line: 2, column: 501, length: 3 }, source);
    expect(above).to.equal('  1 | …');
    expect(line).to.equal(`> 2 | …${'a'.repeat(60)}BAD${'b'.repeat(57)}…`);
    expect(caret).to.equal(`    | ${' '.repeat(61)}^~~`);
    expect(empty).to.equal('  3 |');
    expect(below).to.equal('  4 | …');

    const atStart = textOf({ line: 2, column: 1, length: 1000 }, source);
    expect(atStart[2]).to.equal(`> 2 | ${'a'.repeat(120)}…`);
    expect(atStart[3]).to.equal(`    | ^${'~'.repeat(119)}`);
  });

  it('points past the end of a line and of the file', () => {
    expect(textOf({ line: 1, column: 3, length: 1 }, 'a:').at(-1)).to.equal('    |   ^');
    expect(textOf({ line: 1, column: 300, length: 9 }, 'a:').at(-1)).to.equal('    |   ^');
    expect(textOf({ line: 2, column: 1, length: 1 }, 'a: [\n').slice(1)).to.deep.equal([
      '  1 | a: [',
      '> 2 |',
      '    | ^',
    ]);
  });

  it('leaves the frame out when there is nothing to show', () => {
    expect(textOf({ line: 1, column: 1 }, '')).to.have.length(1);
    expect(textOf({ line: 2, column: 1 }, '')).to.have.length(1);
    expect(textOf({ line: 900 }, SOURCE)).to.have.length(1);
    expect(render('text', reportOf([finding()], undefined, { sources: new Map() })).split('\n')[1]).to.equal('');
  });

  it('colours only when asked to', () => {
    const report = reportOf([finding(), finding({ severity: 'warning' })]);
    const colored = renderers.text(report, { color: true });
    expect(colored).to.contain(`${ESC}[31merror${ESC}[39m`).and.to.contain(`${ESC}[33mwarning${ESC}[39m`);
    expect(colored.replaceAll(/\p{Cc}\[\d+m/gu, '')).to.equal(render('text', report));
  });

  it('is finished soon with many findings in one huge line', () => {
    const source = `{${'a: 1, '.repeat(100_000)}}`;
    const diagnostics = Array.from({ length: 2000 }, (_, i) => finding({ line: 1, column: i * 290 + 1 }));
    const started = performance.now();
    render('text', reportOf(diagnostics, source));
    expect(performance.now() - started).to.be.below(2000);
  });

  it('keeps every line free of controls, whatever the file and the place', () => {
    const place = { line: fc.integer({ min: 1, max: 9 }), column: fc.integer({ min: 1, max: 300 }) };
    const anything = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(fc.record(place), anything, anything, (where, source, message) => {
        const text = render('text', reportOf([finding({ ...where, message })], source));
        expect(text).to.not.match(/[^\P{Cc}\n]/u);
        for (const line of text.split('\n').slice(1)) expect(line.length).to.be.below(500);
      }),
      { numRuns: 200 },
    );
  });
});

describe('render: json', () => {
  it('has exactly the documented keys', () => {
    const report = reportOf([finding({ hint: 'did you mean "match"?' }), finding({ line: 5 })]);
    const common = { code: 'unknown-key', severity: 'error', message: 'unknown key "mach"', file: FILE };
    expect(JSON.parse(render('json', report))).to.deep.equal({
      valid: false,
      diagnostics: [
        { ...common, path: 'routes[0].mach', line: 4, column: 5, hint: 'did you mean "match"?' },
        { ...common, path: 'routes[0].mach', line: 5, column: 5 },
      ],
    });
  });

  it('is indented by two spaces and ends with a line feed', () => {
    expect(render('json', reportOf([]))).to.equal('{\n  "valid": true,\n  "diagnostics": []\n}\n');
  });

  it('escapes controls and keeps their meaning', () => {
    const message = `${ESC}[2J\u009b31m\u007f"\\`;
    const text = render('json', reportOf([finding({ message })]));
    expect(text).to.not.match(/[^\P{Cc}\n]/u);
    expect(JSON.parse(text)).to.have.nested.property('diagnostics[0].message', message);
  });
});

describe('render: sarif', () => {
  const warning = finding({ code: 'unreachable-route', severity: 'warning', line: 2, path: '' });

  it('describes the rules that were found and points to the place', () => {
    const log: unknown = JSON.parse(render('sarif', reportOf([finding({ hint: 'use match' }), warning])));
    expect(log).to.include({ version: '2.1.0' });
    expect(log).to.have.nested.property('runs[0].columnKind', 'utf16CodeUnits');
    expect(log)
      .to.have.nested.property('runs[0].tool.driver.rules')
      .that.deep.equals([
        { id: 'unknown-key', shortDescription: { text: DIAGNOSTIC_CODES['unknown-key'] } },
        { id: 'unreachable-route', shortDescription: { text: DIAGNOSTIC_CODES['unreachable-route'] } },
      ]);
    expect(log).to.have.nested.property('runs[0].results[0].ruleIndex', 1);
    expect(log).to.have.nested.property('runs[0].results[0].level', 'warning');
    expect(log)
      .to.have.nested.property('runs[0].results[1]')
      .that.deep.equals({
        ruleId: 'unknown-key',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'unknown key "mach"\nuse match' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'gateway.yaml' },
              region: { startLine: 4, startColumn: 5, endColumn: 9 },
            },
            logicalLocations: [{ fullyQualifiedName: 'routes[0].mach' }],
          },
        ],
      });
  });

  it('writes a relative name as a relative URI', () => {
    expect(uriOf('./conf/my gateway#1.yaml')).to.equal('conf/my%20gateway%231.yaml');
    expect(uriOf('../a:b.yaml')).to.equal('../a%3Ab.yaml');
    expect(uriOf('/etc/my gateway.yaml')).to.equal('file:///etc/my%20gateway.yaml');
  });

  it('lets no text become a link', () => {
    const text = render('sarif', reportOf([finding({ message: 'unknown key "[click](https://evil.example)"' })]));
    expect(text).to.not.contain('](');
  });

  it('is an empty run for a clean file', () => {
    const log: unknown = JSON.parse(render('sarif', reportOf([])));
    expect(log).to.have.nested.property('runs[0].results').that.deep.equals([]);
  });
});

describe('render: github', () => {
  it('is one workflow command per diagnostic', () => {
    const warning = finding({ severity: 'warning', line: 5, path: '' });
    expect(render('github', reportOf([finding({ hint: 'use match' }), warning]))).to.equal(
      '::error file=gateway.yaml,line=4,col=5,endColumn=9,title=unknown-key::' +
        'routes[0].mach: unknown key "mach"%0Ahelp: use match\n' +
        '::warning file=gateway.yaml,line=5,col=5,endColumn=9,title=unknown-key::unknown key "mach"\n',
    );
    expect(render('github', reportOf([]))).to.equal('');
  });

  it('escapes what would end a property or begin another command', () => {
    const text = render('github', reportOf([finding({ file: 'a,b:c%d\n.yaml', message: `1%\r\n::stop::${ESC}[0m` })]));
    expect(text).to.match(/^::error file=a%2Cb%3Ac%25d%0A\.yaml,line=4,/);
    expect(text.endsWith('::routes[0].mach: 1%25%0D%0A::stop::·[0m\n')).to.equal(true);
    expect(text.split('\n')).to.have.length(2);
  });

  it('names no file for standard input', () => {
    const text = render('github', reportOf([finding({ file: '-', path: '' })]));
    expect(text).to.equal('::error title=unknown-key::unknown key "mach"\n');
  });
});

describe('render: junit', () => {
  const warning = finding({ code: 'unused-upstream', severity: 'warning', line: 5, path: '', message: 'unused' });

  it('has a suite per file, a failed test per error and a passed one per warning', () => {
    const report = reportOf([finding({ hint: 'use match' }), warning], SOURCE, { files: [FILE, 'b.yaml'] });
    expect(render('junit', report)).to.equal(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites name="gatewayctl" tests="3" failures="1" errors="0">',
        '  <testsuite name="gateway.yaml" tests="2" failures="1" errors="0">',
        '    <testcase classname="gateway.yaml" name="unknown-key routes[0].mach (4:5)">',
        '      <failure type="unknown-key" message="unknown key &quot;mach&quot;">' +
          'gateway.yaml:4:5 error routes[0].mach: unknown key &quot;mach&quot;',
        'help: use match</failure>',
        '    </testcase>',
        '    <testcase classname="gateway.yaml" name="unused-upstream (5:5)">',
        '      <system-out>gateway.yaml:5:5 warning unused</system-out>',
        '    </testcase>',
        '  </testsuite>',
        '  <testsuite name="b.yaml" tests="1" failures="0" errors="0">',
        '    <testcase classname="b.yaml" name="is valid"/>',
        '  </testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    );
  });

  it('fails on warnings in strict mode', () => {
    const text = render('junit', reportOf([warning], SOURCE, { strict: true, valid: false }));
    expect(text).to.contain('failures="1"').and.to.contain('<failure type="unused-upstream"');
  });

  it('stays well-formed whatever the text holds', () => {
    const message = `</failure>]]><!--&"'\n${ESC}[2J\u0000\ufffe\ud800\u009b31m😀`;
    const text = render('junit', reportOf([finding({ message, path: '<a>', file: '"&.yaml' })], SOURCE, { files: [] }));
    const escaped = '&lt;/failure&gt;]]&gt;&lt;!--&amp;&quot;&apos;&#10;[2J&#155;31m😀';
    expect(text).to.contain(`message="${escaped}">&quot;&amp;.yaml:4:5 error &lt;a&gt;: ${escaped}</failure>`);
    expect(text).to.contain('<testsuite name="&quot;&amp;.yaml"');
    expect(text).to.not.match(/[^\P{C}\n]/u);
  });
});
