import type { BodyEditsConfig, ValidationConfig } from './config.ts';
import type { BodyEditsDocument, GatewayDocument, RouteDocument, SchemaOrFile } from './document.types.ts';
import { unlessOff, type Located, type Place } from './located.ts';

/** @param readFile the JSON text of a schema that is in a file */
export function resolveValidation(
  route: Located<RouteDocument>,
  main: Located<GatewayDocument>,
  readFile: (part: Place, file: string) => string,
): ValidationConfig | undefined {
  const own = route.value.validate;
  const validation = unlessOff(own ?? main.value.defaults?.route?.validate);
  if (validation === undefined) return undefined;
  // Paths are relative to the file that they stand in, and the defaults stand in the main one.
  const part = own === undefined ? main : route;
  const textOf = (schema: SchemaOrFile | undefined): string | undefined =>
    typeof schema === 'string' ? readFile(part, schema) : schema && JSON.stringify(schema);
  const { body, query, params, headers } = validation;
  return { body: textOf(body), query: textOf(query), params: textOf(params), headers: textOf(headers) };
}

/** @returns undefined when there is nothing to edit */
export function resolveBodyEdits(edits: BodyEditsDocument | undefined): BodyEditsConfig | undefined {
  const { set = {}, remove = [] } = edits ?? {};
  const pairs = Object.entries(set);
  return pairs.length + remove.length === 0 ? undefined : { set: pairs, remove };
}
