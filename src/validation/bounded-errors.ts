/** So many errors are kept while a value is judged; in a list of a million faulty items nobody reads them all. */
const KEPT = 1000;

/**
 * Ajv keeps every error that it finds, and copies the whole list whenever a `$ref` adds to it: a few megabytes of faulty
 * items would take gigabytes and hours. Its errors are bounded in the code that it generates. The number of them, by
 * which it decides what is valid, is still counted in full.
 *
 * @param code of a validator, as Ajv wrote it
 */
export function withBoundedErrors(code: string): string {
  return code
    .replaceAll(/vErrors\.push\((\w+)\);/g, `if(vErrors.length<${KEPT})vErrors.push($1);`)
    .replaceAll(
      /vErrors = vErrors === null \? ([\w.]+) : vErrors\.concat\(\1\);errors = vErrors\.length;/g,
      `errors += $1.length;vErrors = vErrors === null ? $1 : vErrors.length<${KEPT} ? vErrors.concat($1) : vErrors;`,
    );
}
