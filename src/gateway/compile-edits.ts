import type { BodyEditsConfig, HeaderEditsConfig, RewriteConfig } from '../config/config.ts';
import { headerEdits, type HeaderEdits } from '../forwarding/headers.ts';
import type { JsonEdits, JsonTemplate } from '../forwarding/json-edits.ts';
import { pointerTokens } from '../forwarding/json-pointer.ts';
import type { Rewrite } from '../forwarding/rewrite.ts';
import { segmentsOf } from '../routing/pattern.ts';
import { parseTemplate, type Template } from '../template.ts';

export function rewriteOf(config: RewriteConfig | undefined): Rewrite | undefined {
  return config?.kind === 'path' ? { kind: 'path', segments: segmentsOf(config.path) } : config;
}

/** @returns undefined when there is nothing to edit, so that it costs nothing */
export function compileEdits({ set, add, remove }: HeaderEditsConfig): HeaderEdits | undefined {
  if (set.length + add.length + remove.length === 0) return undefined;
  const names = [...remove, ...set.map(([name]) => name)];
  const added = [...set, ...add].map(([name, value]) => [name, templateOf(value)] as const);
  return headerEdits(
    names.map((name) => name.toLowerCase()),
    added,
  );
}

/** @throws Error when it is none: that was found when the configuration was checked */
export function templateOf(text: string): Template {
  const template = parseTemplate(text);
  if ('fault' in template) throw new Error(template.fault);
  return template;
}

/** One set of edits that does what the first and then the second would. */
export function mergeEdits(first: HeaderEdits | undefined, second: HeaderEdits | undefined): HeaderEdits | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const surviving = first.added.filter(([name]) => !second.dropped.has(name.toLowerCase()));
  return headerEdits([...first.dropped, ...second.dropped], [...surviving, ...second.added]);
}

/** @param texts whether texts are templates, or stand for themselves */
export function compileBodyEdits(
  edits: BodyEditsConfig | undefined,
  texts: 'templates' | 'literal',
): JsonEdits | undefined {
  if (edits === undefined) return undefined;
  const compiled = (value: unknown): JsonTemplate =>
    texts === 'literal' ? { kind: 'constant', json: JSON.stringify(value) } : jsonTemplateOf(value);
  return {
    remove: edits.remove.map(pointerTokens),
    set: edits.set.map(([pointer, value]) => [pointerTokens(pointer), compiled(value)] as const),
  };
}

function jsonTemplateOf(value: unknown): JsonTemplate {
  if (typeof value === 'string') {
    const template = templateOf(value);
    const isFixed = template.parts.every(({ kind }) => kind === 'text');
    return isFixed ? { kind: 'constant', json: JSON.stringify(value) } : { kind: 'text', template };
  }
  if (Array.isArray(value)) return { kind: 'list', items: value.map(jsonTemplateOf) };
  if (typeof value !== 'object' || value === null) return { kind: 'constant', json: JSON.stringify(value) };
  return {
    kind: 'object',
    members: Object.entries(value).map(([name, member]) => [name, jsonTemplateOf(member)] as const),
  };
}
