import { isRecord } from './discovery/shape.ts';

/** Whether a value that came as JSON is what it should be. */
export type Check = (value: unknown) => boolean;
/** What the members of an object have to be: none may be forgotten. */
export type Members<Shown> = Readonly<Record<keyof Shown, Check>>;

export const isText: Check = (value) => typeof value === 'string';
export const isNumber: Check = (value) => typeof value === 'number';
export const isFlag: Check = (value) => typeof value === 'boolean';

export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

export function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** Whether an object has these members. More of them are none the worse. */
export function has(members: Readonly<Record<string, Check>>, value: unknown): boolean {
  return isRecord(value) && Object.entries(members).every(([name, check]) => check(value[name]));
}
