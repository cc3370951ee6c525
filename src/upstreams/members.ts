import { isRecord } from './discovery/shape.ts';

/** Says whether a value from elsewhere is what it has to be. */
export type Check = (value: unknown) => boolean;
/** What the members of an object have to be: none may be forgotten. */
export type Members<Shown> = Readonly<Record<keyof Shown, Check>>;

export const isText: Check = (value) => typeof value === 'string';
export const isNumber: Check = (value) => typeof value === 'number';
export const isFlag: Check = (value) => typeof value === 'boolean';
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
export const listOfAll =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** Whether a value is an object with these members. More of them are none the worse. */
export function has(members: Readonly<Record<string, Check>>, value: unknown): boolean {
  return isRecord(value) && Object.entries(members).every(([name, check]) => check(value[name]));
}
