import { resolve } from 'node:path';
import { describeReadError, readNamedFile } from './files.ts';
import { isSecretVariable } from './credentials.ts';

/** What `${NAME}` and `${file:…}` in a configuration are looked up in. */
export interface Variables {
  /** The value of an environment variable, or undefined when it is not set. */
  env(name: string): string | undefined;
  /** The folder that relative `${file:…}` paths start from. */
  readonly folder: string;
}

/** A scalar's text after substitution, and what has to be known about how it came to be. */
export interface Interpolated {
  readonly text: string;
  /** The scalar held nothing but `${…}`: a plain one then takes its type from the substituted text. */
  readonly whole: boolean;
  /** Files that were read: to be watched, and never to be printed. */
  readonly files: readonly string[];
  /** What the files held, and the variables that have the names of secrets. */
  readonly values: readonly string[];
  /** What has no value, and how to give it one. */
  readonly missing: readonly Missing[];
  /** What is wrong with the syntax, if anything. */
  readonly fault?: string;
}

/** A variable or a file without a value. */
export interface Missing {
  readonly message: string;
  readonly hint: string;
}

// One alternative a branch: the escape, a well-formed reference, and anything else that begins like one.
const REFERENCE = /\$(\$\{)|\$\{(?:file:([^}]+)|([A-Za-z_]\w*)(?::-([^}]*))?)\}|\$\{([^}]*)\}?/g;

/**
 * Substitutes `${NAME}`, `${NAME:-default}` and `${file:/path}` in one scalar; `$${` stands for a literal `${`.
 * The result never becomes structure: it is the text of a scalar, whatever it holds.
 *
 * @param text the scalar's text
 * @param variables where names and files are looked up
 * @returns the substituted text, or undefined when there was nothing to substitute
 */
export function interpolate(text: string, variables: Variables): Interpolated | undefined {
  if (!text.includes('${')) return undefined;
  const files: string[] = [];
  const values: string[] = [];
  const missing: Missing[] = [];
  let fault: string | undefined;
  let literal = 0;
  let end = 0;
  const substituted = text.replace(REFERENCE, (...match: (string | number | undefined)[]) => {
    const [whole, escaped, file, name, fallback] = match;
    const offset = Number(match[6]);
    literal += offset - end;
    end = offset + String(whole).length;
    if (escaped !== undefined) {
      literal += 2;
      return '${';
    }
    if (file !== undefined) {
      const path = resolve(variables.folder, String(file));
      files.push(path);
      try {
        const content = readNamedFile(path).replace(/\r?\n$/, '');
        values.push(content);
        return content;
      } catch (error) {
        const message = `the file ${String(file)} cannot be read: ${describeReadError(error)}`;
        missing.push({ message, hint: `it is looked for at ${path}` });
        return '';
      }
    }
    if (name !== undefined) {
      if (String(fallback).includes('${')) {
        fault ??= 'a ${…} cannot stand in another one';
        return '';
      }
      const value = variables.env(String(name));
      // `:-` covers unset and empty, as in a shell.
      const used = value === undefined || value === '' ? fallback : value;
      if (used !== undefined && used !== '' && isSecretVariable(String(name))) values.push(String(used));
      if (fallback !== undefined) return String(used);
      if (value === undefined) {
        const message = `the environment variable ${String(name)} is not set`;
        missing.push({ message, hint: `export ${String(name)}=…, or give a default: \${${String(name)}:-…}` });
      }
      return value ?? '';
    }
    // The text itself is not repeated: it may be a secret that happens to hold these characters.
    fault ??= 'a ${…} is not of the form ${NAME}, ${NAME:-default} or ${file:/path}';
    return '';
  });
  literal += text.length - end;
  return {
    text: substituted,
    whole: literal === 0,
    files,
    values,
    missing,
    ...(fault === undefined ? {} : { fault }),
  };
}
