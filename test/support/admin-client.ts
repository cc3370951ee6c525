/** A client of the admin API, who holds every answer against what the OpenAPI document says of it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { call, type Answered, type CallOptions } from './client.ts';

export interface AdminAsk extends Omit<CallOptions, 'method'> {
  /** Of the Authorization; empty = none. Default: that of the client. */
  readonly token?: string;
}

export class AdminClient {
  readonly #url: string;
  readonly #token: string;

  /** @param url of the admin listener */
  constructor(url: string, token = '') {
    this.#url = url;
    this.#token = token;
  }

  /** @param target `GET /status`, below /api/v1 */
  async ask(target: string, { token = this.#token, headers = [], ...more }: AdminAsk = {}): Promise<Answered> {
    const [method = '', path = ''] = target.split(' ');
    return call(`${this.#url}/api/v1${path}`, {
      ...more,
      method,
      headers: [...headers, ...(token === '' ? [] : ['authorization', `Bearer ${token}`])],
    });
  }

  /** The JSON of an answer with 200, which is of a schema of the document. */
  async json(target: string, schema: string, options: AdminAsk = {}): Promise<Record<string, unknown>> {
    const answer = await this.ask(target, options);
    expect(answer.status, answer.text).to.equal(200);
    expect(answer.header('cache-control')).to.equal('no-store');
    await this.expectSchema(answer.text, schema);
    return JSON.parse(answer.text);
  }

  async expectSchema(text: string, schema: string): Promise<void> {
    const document: object = JSON.parse((await this.ask('GET /openapi.json')).text);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'document');
    const conforms = ajv.validate({ $ref: `document#/components/schemas/${schema}` }, JSON.parse(text));
    expect(conforms, `${ajv.errorsText()}: ${text}`).to.equal(true);
  }
}
