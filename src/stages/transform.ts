import type { Exchange } from '../exchange.ts';
import { askedWhole, EditedAnswer } from '../forwarding/edited-answer.ts';
import { refuseBody } from '../forwarding/invalid-request.ts';
import { JsonBody, readJsonBody, refusedUnread, replaceBody, type JsonBodyOptions } from '../forwarding/json-body.ts';
import { editJson, type JsonEdits } from '../forwarding/json-edits.ts';
import { goOnAfter, type Handler, type Stage } from './stage.ts';

export interface TransformOptions extends JsonBodyOptions {
  /** Changes to the bodies of requests; undefined = none. */
  readonly request: JsonEdits | undefined;
  /** Changes to the bodies of answers; undefined = none. */
  readonly response: JsonEdits | undefined;
}

/** Edits JSON bodies on their way to the upstream and back. */
export function transform(options: TransformOptions): Stage {
  const { request, response } = options;
  return (next) => (exchange) => {
    if (response !== undefined) {
      exchange.response = new EditedAnswer(exchange, response);
      exchange.headers = askedWhole(exchange.headers);
    }
    if (request === undefined || exchange.body === undefined) return next(exchange);
    // It was judged already.
    if (exchange.body instanceof JsonBody) return edit(exchange, exchange.body, request, next);
    const refusal = refusedUnread(exchange);
    if (refusal !== undefined) return refuseBody(exchange, refusal);
    return goOnAfter(exchange, 'transform', readJsonBody(exchange, exchange.body, options), (read) => {
      if (read === undefined) return next(exchange);
      return 'problem' in read ? refuseBody(exchange, read) : edit(exchange, read, request, next);
    });
  };
}

function edit(exchange: Exchange, body: JsonBody, edits: JsonEdits, next: Handler): void | Promise<void> {
  const text = editJson(body.text, edits, exchange);
  if (typeof text !== 'string') {
    const fault = { in: 'body', ...text } as const;
    return refuseBody(exchange, { problem: 'validation-failed', cause: text.detail, fault });
  }
  replaceBody(exchange, new JsonBody(text), 'changed');
  return next(exchange);
}
