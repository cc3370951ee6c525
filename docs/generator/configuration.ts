import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';

type Json = string | number | boolean | null | readonly Json[] | Schema;
interface Schema {
  readonly [keyword: string]: Json;
}

/** What the values of a definition are called, by its title, where the words of JSON Schema would not help. */
const FORMS: Readonly<Record<string, string>> = {
  Off: '`off`',
  Duration: 'duration',
  DurationOrZero: 'duration, `0s` included',
  DurationOrOff: 'duration or `off`',
  Size: 'size',
  SizeOrOff: 'size or `off`',
  Ratio: 'number from 0 to 1',
  Name: 'name',
  Listen: 'host:port',
  Cidr: 'address or CIDR block',
  HeaderName: 'header name',
  HeaderValue: 'text',
  FilePath: 'file path',
  UrlPath: 'URL path',
  Url: 'URL',
  Origin: 'origin',
  HostPattern: 'host',
  JsonPointer: 'JSON pointer',
  Status: 'status code',
  Port: 'port',
};

const PLAIN_TYPES: Readonly<Record<string, string>> = {
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
};

const INTRODUCTION = `# Every key of gateway.yaml

Generated from \`schemas/gateway.schema.json\` by \`npx tsx docs/generate.ts\`. How keys behave together is in
[semantics.md](semantics.md). One file with all of them is
[examples/reference.yaml](../examples/reference.yaml). \`gatewayctl schema\` prints the schema for editors.

In the paths below, \`[]\` stands for each item of a list and \`*\` for each name of a mapping. Units:

- **duration**: a whole number and \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`: \`250ms\`, \`5s\`, \`15m\`. On a timeout, \`off\` is no limit.
- **size**: a whole number and \`B\`, \`KiB\`, \`MiB\` or \`GiB\`, by 1024: \`64KiB\`.
- **name**: lower-case letters, digits and hyphens, beginning with a letter: \`get-order\`.
- **file path**: relative to the file that it is written in.`;

/** The page of every key, from the schema. */
export async function configuration(): Promise<string> {
  const text = await readFile(new URL('../../schemas/gateway.schema.json', import.meta.url), 'utf8');
  const schema: Schema = JSON.parse(text);
  return `${INTRODUCTION}\n\n${new Reference(schema).write()}\n`;
}

/** One key on its way from the schema to the page. */
interface Key {
  readonly path: string;
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

class Reference {
  readonly #root: Schema;
  readonly #written = new Set<string>();

  constructor(root: Schema) {
    this.#root = root;
  }

  write(): string {
    const keys = this.#keysOf(this.#root, '');
    const contents = keys.map(({ path }) => `- [\`${path}\`](#${path.toLowerCase()})`);
    const sections = keys.flatMap((key) => [`## ${key.path}`, ...this.#describe(key), ...this.#below(key)]);
    return [contents.join('\n'), ...sections].join('\n\n');
  }

  #below(key: Key): string[] {
    if (key.path === 'defaults') {
      return [
        '`defaults.upstream` takes the keys of [`upstreams.*`](#upstreams) but `targets` and `discover`. `defaults.route` takes those of [`routes[]`](#routes) but `name`, `match`, `upstream`, `split` and `respond`.',
      ];
    }
    return this.#children(key.schema, key.path).flatMap((child) => {
      if (this.#written.has(child.path)) return [];
      this.#written.add(child.path);
      return [`### \`${child.path}\``, ...this.#describe(child), ...this.#below(child)];
    });
  }

  #describe({ name, schema, required }: Key): string[] {
    const resolved = this.#resolve(schema);
    const facts = [this.#typeOf(schema)];
    if (required) facts.push('required');
    if (resolved['default'] !== undefined) facts.push(`default ${code(resolved['default'])}`);
    const { examples } = resolved;
    const shown = Array.isArray(examples) ? examples.map((example: Json) => code({ [name]: example }, 'pair')) : [];
    const paragraphs = [escape(textOf(resolved['description'])), facts.join(' · ')];
    if (shown.length > 0) paragraphs.push(`For example ${shown.join(' or ')}`);
    return paragraphs;
  }

  /** The keys that can stand below a value of this schema. */
  #children(schema: Schema, path: string): Key[] {
    const resolved = this.#resolve(schema);
    const branches = this.#branches(resolved);
    if (branches.length > 0) return branches.flatMap((branch) => this.#children(branch, path));
    const own = this.#keysOf(resolved, `${path}.`);
    const { items, additionalProperties } = resolved;
    if (isSchema(items)) own.push(...this.#children(items, `${path}[]`));
    if (isSchema(additionalProperties)) own.push(...this.#children(additionalProperties, `${path}.*`));
    return own;
  }

  #keysOf({ properties, required }: Schema, prefix: string): Key[] {
    if (!isSchema(properties)) return [];
    return Object.entries(properties).flatMap(([name, schema]) =>
      isSchema(schema)
        ? [{ path: prefix + name, name, schema, required: Array.isArray(required) && required.includes(name) }]
        : [],
    );
  }

  /** The forms of a value that has several; of one value and a list of such values only the one value. */
  #branches(schema: Schema): Schema[] {
    const { if: condition, then: met, else: unmet } = schema;
    if (!isSchema(condition) || !isSchema(met) || !isSchema(unmet)) return [];
    return condition['type'] === 'array' && 'items' in met ? [unmet] : [met, unmet];
  }

  #typeOf(schema: Schema): string {
    const resolved = this.#resolve(schema);
    const { title, type, items, additionalProperties, const: only, enum: values } = resolved;
    const form = FORMS[textOf(title)];
    if (form !== undefined) return form;
    if (only !== undefined) return `always ${code(only)}`;
    if (Array.isArray(values)) return `one of ${values.map((value: Json) => code(value)).join(', ')}`;
    const { if: condition, then: met, else: unmet } = resolved;
    if (isSchema(condition) && isSchema(met) && isSchema(unmet)) {
      // What is usual first: `off`, and a list instead of one value, are not.
      const usual = condition['type'] === 'string' && met['$ref'] !== '#/$defs/off' ? [met, unmet] : [unmet, met];
      const types = new Set(usual.map((branch) => this.#typeOf(branch)));
      return [...types].filter((text) => text !== 'mapping without keys').join(' or ');
    }
    if (type === 'array') return isSchema(items) ? `list (${this.#typeOf(items)})` : 'list';
    if (type === 'object') {
      if (isSchema(additionalProperties)) return `mapping (name: ${this.#typeOf(additionalProperties)})`;
      return title === 'DiscoverNothing' ? 'mapping without keys' : 'mapping';
    }
    return PLAIN_TYPES[textOf(type)] ?? 'text';
  }

  /** With its `$ref` followed; what stands beside the `$ref` counts more. */
  #resolve(schema: Schema): Schema {
    const { $ref, ...beside } = schema;
    if (typeof $ref !== 'string') return schema;
    let found: Json | undefined = this.#root;
    for (const key of $ref.replace('#/', '').split('/')) found = isSchema(found) ? found[key] : undefined;
    if (!isSchema(found)) throw new TypeError(`The schema refers to ${$ref}, which it does not hold`);
    return { ...this.#resolve(found), ...beside };
  }
}

function isSchema(value: Json | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A value as YAML, in one line; a pair without the braces around it. */
function code(value: Json, form: 'value' | 'pair' = 'value'): string {
  const padded = stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  const yaml = padded.replaceAll('[ ', '[').replaceAll(' ]', ']');
  return `\`${form === 'pair' ? yaml.replace(/^\{ (.*) \}$/s, '$1') : yaml}\``;
}

/** Text in which nothing is markup but what stands in backticks. */
function escape(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/[*_<[\]]/g, String.raw`\$&`)))
    .join('');
}
