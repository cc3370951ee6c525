import { UNEDITABLE } from '../fields.ts';
import { parseTemplate } from '../template.ts';
import type { BodyEditsDocument, HeaderEditsDocument, HeaderValues } from './document.types.ts';
import { inside, type Place, type Reporter } from './located.ts';
import { isRecord } from './path.ts';
import { suggest } from './suggest.ts';

/** @param params the names that the route's path binds; undefined when the edits are not one route's */
export function checkEdits(
  edits: HeaderEditsDocument,
  place: Place,
  reporter: Reporter,
  params?: readonly string[],
): void {
  for (const key of ['set', 'add'] as const) {
    checkHeaderValues(edits[key] ?? {}, inside(place, key), reporter, 'template', params);
  }
  for (const [index, name] of (edits.remove ?? []).entries()) {
    if (UNEDITABLE.has(name.toLowerCase())) {
      const message = `the header "${name}" belongs to the connection, and the gateway writes it itself`;
      reporter.error('invalid-value', inside(place, 'remove', index), message, 'remove it from the list');
    }
  }
}

/** Checks what stands in headers, whoever sends them. */
export function checkHeaderValues(
  values: HeaderValues,
  place: Place,
  reporter: Reporter,
  form: 'template' | 'literal',
  params?: readonly string[],
): void {
  for (const [name, value] of Object.entries(values)) {
    if (UNEDITABLE.has(name.toLowerCase())) {
      const message = `the header "${name}" belongs to the connection, and the gateway writes it itself`;
      reporter.error('invalid-value', { ...inside(place, name), at: 'key' }, message, 'remove it');
    }
    if (form === 'template') checkTemplate(value, name, inside(place, name), reporter, params);
    checkOneLine(value, name, inside(place, name), reporter);
  }
}

/** Checks what a parameter of the query is given. A template that holds a line break would never give a value. */
export function checkParameter(
  value: string,
  name: string,
  place: Place,
  reporter: Reporter,
  params?: readonly string[],
): void {
  checkTemplate(value, name, place, reporter, params);
  checkOneLine(value, name, place, reporter);
}

function checkOneLine(value: string, name: string, place: Place, reporter: Reporter): void {
  if (!/[\0-\x08\x0a-\x1f\x7f]/.test(value)) return;
  const message = `the value of "${name}" holds a line break or another control character`;
  reporter.error('invalid-value', place, message, 'write it in one line');
}

/**
 * @param name what gets the value, for messages
 * @param params the names that the route's path binds; undefined when it is not one route's
 */
function checkTemplate(
  value: string,
  name: string,
  place: Place,
  reporter: Reporter,
  params?: readonly string[],
): void {
  const template = parseTemplate(value);
  if ('fault' in template) {
    const hint = 'there are params, query, headers, claims, client.ip and request.id';
    reporter.error('invalid-value', place, template.fault, hint);
    return;
  }
  if (params === undefined) return;
  for (const part of template.parts) {
    if (part.kind !== 'value' || part.source !== 'params' || params.includes(part.name)) continue;
    const near = suggest(part.name, params);
    const hint = near === undefined ? undefined : `did you mean "${near}"?`;
    const message = `the path has no parameter "${part.name}", so that "${name}" never gets a value`;
    reporter.error('unknown-reference', place, message, hint);
  }
}

/** Checks the templates in what a request's body gets. @param params see {@link checkTemplate} */
export function checkRequestBody(
  edits: BodyEditsDocument | undefined,
  place: Place,
  reporter: Reporter,
  params?: readonly string[],
): void {
  checkFixedPlaces(edits, place, reporter);
  eachText(edits, place, (text, name, at) => checkTemplate(text, name, at, reporter, params));
}

/** Checks what the body of an answer gets: it takes no templates, and one would go to the client as it is written. */
export function checkResponseBody(edits: BodyEditsDocument | undefined, place: Place, reporter: Reporter): void {
  checkFixedPlaces(edits, place, reporter);
  eachText(edits, place, (text, name, at) => {
    if (!text.includes('{{')) return;
    const message = `the value of "${name}" holds {{, and bodies of answers take no templates`;
    reporter.error(
      'invalid-value',
      at,
      message,
      'write the text itself; response.headers and request.body take templates',
    );
  });
}

/** A template in a place leads nowhere, so that what was to be removed would stay. */
function checkFixedPlaces(edits: BodyEditsDocument | undefined, place: Place, reporter: Reporter): void {
  const check = (pointer: string, at: Place): void => {
    if (!pointer.includes('{{')) return;
    const message = `the place "${pointer}" holds {{, and places in a body take no templates`;
    reporter.error('invalid-value', at, message, 'write the place itself, such as /audit/user');
  };
  for (const pointer of Object.keys(edits?.set ?? {})) check(pointer, { ...inside(place, 'set', pointer), at: 'key' });
  for (const [index, pointer] of (edits?.remove ?? []).entries()) check(pointer, inside(place, 'remove', index));
}

/** @param look gets each text that is set, the pointer to it, and where it is written */
function eachText(
  edits: BodyEditsDocument | undefined,
  place: Place,
  look: (text: string, name: string, at: Place) => void,
): void {
  const visit = (value: unknown, name: string, at: Place): void => {
    if (typeof value === 'string') look(value, name, at);
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, name, inside(at, index));
    else if (isRecord(value))
      for (const [key, member] of Object.entries(value)) visit(member, `${name}/${key}`, inside(at, key));
  };
  for (const [pointer, value] of Object.entries(edits?.set ?? {})) visit(value, pointer, inside(place, 'set', pointer));
}
