import { expect } from 'chai';
import * as fc from 'fast-check';
import { parseTemplate, renderTemplate, type Template, type TemplateValues } from '../../src/template.ts';

function parsed(text: string): Template {
  const template = parseTemplate(text);
  if ('fault' in template) throw new Error(template.fault);
  return template;
}

interface Request {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

function render(text: string, { params = {}, query = '', headers = {}, claims }: Request = {}): string | undefined {
  const values: TemplateValues = {
    id: 'request-1',
    params,
    query,
    client: { address: '192.0.2.1' },
    identity: claims === undefined ? undefined : { claims },
    header: (name) => (Object.hasOwn(headers, name) ? headers[name] : undefined),
  };
  return renderTemplate(parsed(text), values);
}

/** A text as the bytes of its UTF-8 form, one a character: what goes into a header. */
function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

describe('a template', () => {
  const request = {
    params: { id: '7', city: 'Z%C3%BCrich', file: 'a%2Fb' },
    query: '?q=a%20b+c&q=second&empty=&bare',
    headers: { 'x-id': 'h1' },
  };
  const RENDERED: [text: string, rendered: string][] = [
    ['plain', 'plain'],
    ['', ''],
    ['{ not } a {template}', '{ not } a {template}'],
    ['}}', '}}'],
    ['{{params.id}}', '7'],
    ['{{query.q}}', 'a b c'],
    ['{{query.empty}}', ''],
    ['{{query.bare}}', ''],
    ['{{headers.x-id}}', 'h1'],
    ['{{headers.X-Id}}', 'h1'],
    ['{{client.ip}}', '192.0.2.1'],
    ['{{request.id}}', 'request-1'],
    ['{{params["id"]}}', '7'],
    ['{{query["q"]}}', 'a b c'],
    ['{{ params.id }}', '7'],
    ['a {{params.id}}-{{params.id}} b', 'a 7-7 b'],
    ['{{params.id}}{{request.id}}', '7request-1'],
    ['a\tb', 'a\tb'],
    // An escaped slash is opaque.
    ['{{params.file}}', 'a%2Fb'],
  ];
  for (const [text, rendered] of RENDERED) {
    it(`makes ${JSON.stringify(rendered)} of ${JSON.stringify(text)}`, () => {
      expect(render(text, request)).to.equal(rendered);
    });
  }

  const FAULTS: [text: string, fault: string][] = [
    ['{{}}', '"{{}}" is not a template expression'],
    ['{{id}}', '"{{id}}" is not a template expression'],
    ['{{param.id}}', '"{{param.id}}" is not a template expression'],
    ['{{params}}', '"{{params}}" is not a template expression'],
    ['{{params.}}', '"{{params.}}" is not a template expression'],
    ['{{params.a b}}', '"{{params.a b}}" is not a template expression'],
    ["{{params['id']}}", `"{{params['id']}}" is not a template expression`],
    ['{{params[""]}}', '"{{params[""]}}" is not a template expression'],
    ['{{constructor.name}}', '"{{constructor.name}}" is not a template expression'],
    ['{{params.id | upper}}', '"{{params.id | upper}}" is not a template expression'],
    ['{{client.port}}', '"{{client.port}}": client has only client.ip'],
    ['{{request.body}}', '"{{request.body}}": request has only request.id'],
    ['{{params.id', 'a {{ is not closed by }}'],
    ['{{params.id} }', 'a {{ is not closed by }}'],
    ['{{params.id}} {{', 'a {{ is not closed by }}'],
  ];
  for (const [text, fault] of FAULTS) {
    it(`cannot be ${text}`, () => expect(parseTemplate(text)).to.deep.equal({ fault }));
  }

  it('knows whether it identifies the caller', () => {
    expect(parsed('{{claims.sub}}').usesClaims).to.equal(true);
    expect(parsed('user {{claims["https://x/y"]}}').usesClaims).to.equal(true);
    expect(parsed('{{params.claims}} claims.sub').usesClaims).to.equal(false);
  });

  it('can name a claim that is a URL', () => {
    const claims = { 'https://x/y': 'a', https: { '//x/y': 'b' }, roles: ['c', 'd'], nested: { level: 7 }, list: [1] };
    const fill = (text: string): string | undefined => render(text, { claims });
    expect(fill('{{claims["https://x/y"]}}')).to.equal('a');
    expect(fill('<{{claims.roles}}>')).to.equal('<c,d>');
    expect(fill('{{claims.nested.level}}')).to.equal('7');
    for (const text of ['{{claims.nested}}', '{{claims.list}}', '{{claims.gone}}', '{{claims["nested.level"]}}']) {
      expect(fill(text), text).to.equal(undefined);
    }
    expect(render('{{claims.sub}}')).to.equal(undefined);
  });

  it('has no value when one of its values does not exist', () => {
    for (const text of ['{{params.no}}', '{{query.no}}', '{{headers.no}}', '{{claims.sub}}']) {
      expect(render(`a ${text} {{params.id}}`, request), text).to.equal(undefined);
    }
  });

  it('reaches nothing but own values', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      for (const source of ['params', 'query', 'headers', 'claims']) {
        expect(render(`{{${source}.${name}}}`, request), `${source}.${name}`).to.equal(undefined);
      }
    }
    expect(render('{{params.constructor}}', { params: { constructor: '1' } })).to.equal('1');
  });

  it('never lets a line end or another control character pass', () => {
    for (const control of ['%0D%0Aset-cookie:a=b', '%0A', '%0D', '%00', '%1F', '%7F', '%08']) {
      expect(render('{{query.q}}', { query: `?q=a${control}` }), control).to.equal(undefined);
      expect(render('{{query.q}}', { query: `?q=%C3%A9${control}` }), control).to.equal(undefined);
      expect(render('{{params.id}}', { params: { id: `a${control}` } }), control).to.equal(undefined);
    }
    expect(render('{{query.q}}', { query: '?q=a%09b' })).to.equal('a\tb');
    expect(render('{{headers.x-a}}', { headers: { 'x-a': 'a\r\nb' } })).to.equal(undefined);
    expect(render('a\nb')).to.equal(undefined);
  });

  it('writes what is not ASCII as the bytes of its UTF-8 form', () => {
    expect(render('{{params.city}}', request)).to.equal(bytes('Zürich'));
    expect(render('né {{query.q}}', { query: '?q=%E2%82%AC' })).to.equal(bytes('né €'));
    expect(render('😀')).to.equal('\u00f0\u009f\u0098\u0080');
  });

  it('passes the bytes of a header on as they came', () => {
    const latin1 = { 'x-a': 'caf\u00e9', 'x-b': bytes('café') };
    expect(render('{{headers.x-a}}', { headers: latin1 })).to.equal('caf\u00e9');
    expect(render('ü {{headers.x-b}}', { headers: latin1 })).to.equal(bytes('ü café'));
  });

  it('gives for every query either nothing or what can stand in a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (value, text) => {
        fc.pre(!text.includes('{{'));
        const rendered = render(`{{query.q}}${text}`, { query: `?q=${encodeURIComponent(value)}` });
        expect(rendered ?? '').to.match(/^[\t\u0020-\u007e\u0080-\u00ff]*$/);
      }),
    );
  });
});
