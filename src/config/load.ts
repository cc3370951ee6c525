import { dirname, join, relative, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { validateGateway, validateInclude } from '../../schemas/validators.cjs';
import { adminAccess, type AdminAccess } from './admin-access.ts';
import type { GatewayConfig } from './config.ts';
import type { Diagnostic } from './diagnostic.ts';
import { parseConfig, type ConfigDocument } from './document.ts';
import type { GatewayDocument } from './document.types.ts';
import { lint } from './lint.ts';
import { inside, pathOf, Reporter, type Located, type WrittenConfig } from './located.ts';
import { KnownSecrets } from './known-secrets.ts';
import { HIDDEN, maskKnown, maskPasswords, maskSecrets, MIN_KNOWN } from './mask.ts';
import { isRecord } from './path.ts';
import { readNamedFiles } from './named-files.ts';
import { readSchemas } from './schemas.ts';
import { checkIdentity } from './identity.ts';
import { checkPeople } from './people.ts';
import { checkReferences } from './references.ts';
import { resolveConfig } from './resolve.ts';
import { schemaDiagnostics } from './schema.ts';
import { prune } from './prune.ts';
import { readSource, readStandardInput, type SourceResult } from './source.ts';
import type { Variables } from './interpolate.ts';

/** A shorter value is not looked for in messages. */
const MIN_SECRET = 4;

export interface LoadOptions {
  /** Where `${NAME}` is looked up. */
  env(name: string): string | undefined;
  /** A variable without a value is no error; what depends on it is not checked. */
  readonly allowMissingEnv?: boolean;
  /** Read in place of the file `-`. */
  readonly stdin?: AsyncIterable<Buffer | string>;
}

export interface LoadResult {
  readonly diagnostics: readonly Diagnostic[];
  /** The text of each file that was read, secrets masked: for code frames. */
  readonly sources: ReadonlyMap<string, string>;
  /** Texts that must not be shown, wherever they came to stand. */
  readonly secrets: readonly string[];
  /** Texts that a secret was substituted into, by what came of it: as they are written. However short the secret is. */
  readonly written: ReadonlyMap<string, string>;
  /** Undefined when there is an error, or a variable has no value. */
  readonly config: GatewayConfig | undefined;
  /** Also of a configuration that is faulty elsewhere: a gateway may still serve the former one. */
  readonly admin: AdminAccess | undefined;
  readonly watch: WatchList;
}

/** Everything that the configuration depends on: a change of any of it is a change of the configuration. */
export interface WatchList {
  /** Absolute paths, the configuration itself first. */
  readonly files: readonly string[];
  /** Include globs and the folder that they are relative to. */
  readonly globs: readonly string[];
  readonly folder: string;
}

/**
 * Reads a configuration with all that it includes, and checks it: text, shape, references, then what is probably not
 * meant. Nothing stops at the first fault but a text that cannot be parsed.
 *
 * @param file a path, or `-` for standard input; diagnostics name files the way this one is named
 */
export async function loadConfig(file: string, options: LoadOptions): Promise<LoadResult> {
  const loading = new Loading(options);
  const source =
    file === '-' && options.stdin !== undefined ? await readStandardInput(options.stdin) : await readSource(file, file);
  return loading.run(file, source);
}

class Loading {
  readonly #options: LoadOptions;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #sources = new Map<string, string>();
  readonly #files: string[] = [];
  /** What must not be printed, wherever it came to stand. */
  readonly #secrets = new Set<string>();
  readonly #written = new Map<string, string>();
  #missing = false;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  async run(file: string, source: SourceResult): Promise<LoadResult> {
    const folder = file === '-' ? process.cwd() : dirname(resolve(file));
    this.#files.push(resolve(file));
    const document = this.#parse(file, source, folder);
    let config: GatewayConfig | undefined;
    let admin: AdminAccess | undefined;
    let globs: readonly string[] = [];
    if (document !== undefined) {
      const main = this.#check(document, validateGateway);
      globs = includeGlobs(document.value);
      const included = await this.#include(document, globs, folder);
      if (main !== undefined) {
        config = await this.#finish(main, included);
        admin = adminAccess(document.value, this.#diagnostics);
      }
    }
    const inMessages = new KnownSecrets(this.#secrets, MIN_SECRET);
    const inSources = new KnownSecrets(this.#secrets, MIN_KNOWN);
    return {
      diagnostics: withoutRepeats(this.#diagnostics).map((diagnostic) => withoutSecrets(diagnostic, inMessages)),
      sources: new Map([...this.#sources].map(([name, text]) => [name, maskKnown(text, inSources)])),
      secrets: [...this.#secrets],
      written: this.#written,
      config,
      admin,
      watch: { files: [...new Set(this.#files)], globs, folder },
    };
  }

  #parse(name: string, source: SourceResult, folder: string): ConfigDocument | undefined {
    if ('fault' in source) {
      this.#diagnostics.push(source.fault);
      if (source.text !== undefined) this.#sources.set(name, maskSecrets(source.text));
      return undefined;
    }
    const variables: Variables = { env: (variable) => this.#options.env(variable), folder };
    const document = parseConfig(source.text, name, variables);
    this.#sources.set(name, document.masked);
    this.#files.push(...document.files);
    // A short one is a number or a word rather than a secret, and hiding it would blur every message.
    for (const secret of document.secrets) if (secret.length >= MIN_SECRET) this.#secrets.add(secret);
    for (const [text, written] of document.written) this.#written.set(text, written);
    for (const fault of document.faults) {
      if (fault.code === 'missing-variable') this.#missing = true;
      if (fault.code === 'missing-variable' && this.#options.allowMissingEnv === true) continue;
      this.#diagnostics.push(fault);
    }
    return document.value === undefined ? undefined : document;
  }

  /** The document's value, or what is sound in it when the schema finds faults. */
  #check<Value>(document: ConfigDocument, validate: Validator<Value>): Part<Value> | undefined {
    const { value } = document;
    if (validate(value)) {
      return { value, document, path: [], routeIndexes: undefined, brokenUpstreams: [], knowsUpstreams: true };
    }
    const errors = validate.errors ?? [];
    // One by one: there can be more than a call takes arguments.
    for (const diagnostic of schemaDiagnostics(errors, document)) this.#diagnostics.push(diagnostic);
    const pruned = prune(value, errors);
    if (!validate(pruned.value)) return undefined;
    const knowsUpstreams = 'upstreams' in pruned.value || !(isRecord(value) && 'upstreams' in value);
    return { ...pruned, value: pruned.value, document, path: [], knowsUpstreams };
  }

  async #include(main: ConfigDocument, globs: readonly string[], folder: string): Promise<(Included | undefined)[]> {
    const reporter = new Reporter();
    const files = new Set<string>();
    for (const [index, glob] of globs.entries()) {
      const matches = expandGlobs([glob], folder);
      for (const match of matches) files.add(match);
      if (matches.length > 0) continue;
      const place = inside({ document: main, path: [] }, 'include', index);
      reporter.warning('include-without-match', place, `no file matches ${glob}`, `globs are relative to ${folder}`);
    }
    this.#diagnostics.push(...reporter.found);
    // A glob such as *.yaml finds the file that it stands in, too.
    files.delete(resolve(main.file));
    const included: (Included | undefined)[] = [];
    for (const file of files) {
      this.#files.push(file);
      const name = join(dirname(main.file), relative(folder, file));
      const document = this.#parse(name, await readSource(file, name), dirname(file));
      included.push(document === undefined ? undefined : this.#check(document, validateInclude));
    }
    return included;
  }

  async #finish(
    main: Part<GatewayDocument>,
    included: readonly (Included | undefined)[],
  ): Promise<GatewayConfig | undefined> {
    const parts = [main, ...included.filter((part) => part !== undefined)];
    const readable = parts.length === included.length + 1;
    const { identity, issuers, apiKeys } = isRecord(main.document.value) ? main.document.value : {};
    const written: WrittenConfig = {
      main,
      complete: {
        routes: readable && parts.every((part) => part.routeIndexes === undefined),
        upstreams: readable && parts.every((part) => part.knowsUpstreams),
      },
      brokenUpstreams: parts.flatMap((part) => part.brokenUpstreams),
      canLogIn: [identity, issuers, apiKeys].some((key) => key !== undefined),
      upstreams: parts.flatMap((part) =>
        Object.entries(part.value.upstreams ?? {}).map(([name, value]) => ({
          name,
          value,
          ...inside(part, 'upstreams', name),
        })),
      ),
      roles: parts.flatMap((part) =>
        Object.entries(part.value.roles ?? {}).map(([name, value]) => ({
          name,
          value,
          ...inside(part, 'roles', name),
        })),
      ),
      routes: parts.flatMap((part) =>
        (part.value.routes ?? []).map((value, index) => ({
          value,
          ...inside(part, 'routes', part.routeIndexes?.[index] ?? index),
        })),
      ),
    };
    for (const diagnostic of [
      ...checkReferences(written),
      ...checkPeople(written),
      ...checkIdentity(written),
      ...lint(written),
    ])
      this.#diagnostics.push(diagnostic);
    const named = readNamedFiles(written);
    this.#files.push(...named.paths);
    this.#diagnostics.push(...named.diagnostics);
    const schemas = await readSchemas(written);
    this.#files.push(...schemas.paths);
    for (const diagnostic of schemas.diagnostics) this.#diagnostics.push(diagnostic);
    for (const [name, text] of schemas.sources) this.#sources.set(name, text);
    if (this.#missing || this.#diagnostics.some(({ severity }) => severity === 'error')) return undefined;
    return resolveConfig(written, (part, file) => {
      const path = pathOf(part, file);
      return named.texts.get(path) ?? schemas.texts.get(path) ?? '';
    });
  }
}

/** What one file contributes. */
interface Part<Value> extends Located<Value> {
  /** Where the routes stand in the file, when some were left out as faulty. */
  readonly routeIndexes: readonly number[] | undefined;
  readonly brokenUpstreams: readonly string[];
  /** Whether the names of its upstreams could be read. */
  readonly knowsUpstreams: boolean;
}

type Included = Part<Pick<GatewayDocument, 'upstreams' | 'routes' | 'roles'>>;

interface Validator<Value> {
  (value: unknown): value is Value;
  errors?: Parameters<typeof schemaDiagnostics>[0] | null;
}

function withoutSecrets(diagnostic: Diagnostic, secrets: KnownSecrets): Diagnostic {
  const clean = (text: string): string => secrets.replace(maskPasswords(text), () => HIDDEN);
  const { message, hint } = diagnostic;
  return { ...diagnostic, message: clean(message), ...(hint === undefined ? {} : { hint: clean(hint) }) };
}

/** Drops what was found several times at one place: in an anchor that several routes share, in several branches of a rule. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ file, line, column, code, path, message }) => {
    const key = `${file}:${line}:${column} ${code} ${message.replaceAll(` in ${path}`, '').replace(/ in \S+, expected/, '')}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The files that include globs name at this moment, as absolute paths. */
export function expandGlobs(globs: readonly string[], folder: string): string[] {
  return globSync([...globs], { cwd: folder, absolute: true, onlyFiles: true, dot: false }).toSorted();
}

function includeGlobs(value: unknown): string[] {
  const globs: unknown = isRecord(value) ? value['include'] : undefined;
  return Array.isArray(globs) ? globs.filter((glob) => typeof glob === 'string') : [];
}
