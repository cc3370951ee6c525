import type { FieldFault } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { refuseBody, refuseFaults } from '../forwarding/invalid-request.ts';
import { readJsonBody, refusedUnread, type JsonBodyOptions } from '../forwarding/json-body.ts';
import { headersObject, paramsObject, queryObject } from '../forwarding/request-parts.ts';
import type { Validator } from '../validation/validator.ts';
import { goOnAfter, type Stage } from './stage.ts';

/** The schemas of a route, one for each part of a request; undefined = that part is not judged. */
export interface ValidateOptions extends JsonBodyOptions {
  readonly body: Validator | undefined;
  readonly query: Validator | undefined;
  readonly params: Validator | undefined;
  readonly headers: Validator | undefined;
}

/** Methods that say something without a body: RFC 9110 section 9.3. */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);
/** A body of a request that is refused anyhow is read up to here, so that its faults are told, too; in bytes. */
const READ_ANYHOW = 64 * 1024;

/**
 * Lets a request on when its path, query, headers and body are what the schemas of its route ask for, and else tells all
 * that is wrong with it at once. A body is read whole, and the very bytes that were judged are what is sent on.
 */
export function validate(options: ValidateOptions): Stage {
  return (next) => (exchange) => {
    const { params, query, headers, body: schema } = options;
    const faults: FieldFault[] = [];
    if (params !== undefined) faults.push(...inPart('path', params.faults(paramsObject(exchange.params))));
    if (query !== undefined) faults.push(...inPart('query', query.faults(queryObject(exchange.query))));
    if (headers !== undefined) faults.push(...inPart('header', headers.faults(headersObject(exchange.headers))));
    const { body } = exchange;
    if (schema === undefined || (body === undefined && BODILESS.has(exchange.method)))
      return faults.length > 0 ? refuseFaults(exchange, faults) : next(exchange);
    if (body === undefined) return refuseFaults(exchange, [...faults, MISSING]);
    const refusal = refusedUnread(exchange);
    if (refusal !== undefined) return refuseBody(exchange, refusal);
    // Whoever has much to send is told without having sent it.
    if (faults.length > 0 && (exchange.header('expect') !== undefined || (body.length ?? Infinity) > READ_ANYHOW))
      return refuseFaults(exchange, faults);
    return goOnAfter(exchange, 'validate', readJsonBody(exchange, body, options), (read) => {
      if (read !== undefined && 'problem' in read) return refuseBody(exchange, read, faults);
      const found = read === undefined ? missing(exchange) : schema.faults(JSON.parse(read.text));
      const all = [...faults, ...inPart('body', found)];
      return all.length > 0 ? refuseFaults(exchange, all) : next(exchange);
    });
  };
}

const MISSING: FieldFault = { in: 'body', pointer: '', code: 'required', detail: 'must be there' };

/** A body of no bytes is none. */
function missing({ method }: Exchange): FieldFault[] {
  return BODILESS.has(method) ? [] : [MISSING];
}

function inPart(part: NonNullable<FieldFault['in']>, faults: readonly FieldFault[]): FieldFault[] {
  return faults.map((fault) => ({ in: part, ...fault }));
}
