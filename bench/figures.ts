/**
 * Writes what a load generator saw to standard output, a line for each figure, as load.lua does too. They are rounded to
 * whole numbers.
 */
export function printFigures(figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) process.stdout.write(`figure ${name}=${value.toFixed(0)}\n`);
}

/**
 * Reads such lines.
 *
 * @returns gives a figure by its name, or throws when the program did not print it
 */
export function readFigures(program: string, output: string): (name: string) => number {
  const figures = new Map(
    Array.from(output.matchAll(/^figure (\w+)=(-?\d+)$/gm), ([, name, value]) => [name, Number(value)]),
  );
  return (name) => {
    const value = figures.get(name);
    if (value === undefined) throw new Error(`${program} did not report ${name}:\n${output}`);
    return value;
  };
}
