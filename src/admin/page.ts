import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Router } from '@koa/router';
import type { Context } from 'koa';

/** The status page: beside `src` and `dist` alike. */
const FOLDER = fileURLToPath(new URL('../../status-page/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/** All that is served, by its name in the folder: no path of a request ever becomes a path on the disk. */
const FILES = [
  'index.html',
  'page.css',
  'icon.svg',
  'main.js',
  'announcer.js',
  'ask.js',
  'cache.js',
  'chart.js',
  'configuration.js',
  'elements.js',
  'event-stream.js',
  'format.js',
  'history.js',
  'live.js',
  'overview.js',
  'reload.js',
  'route-numbers.js',
  'route-selection.js',
  'routes.js',
  'rows.js',
  'scale.js',
  'token.js',
  'upstreams.js',
];

/** The page brings all that it needs, and nobody may put it into a page of theirs. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // No text becomes markup or a script, whatever a module of the page did by mistake.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** A file of the page, as it is served. */
export interface PageFile {
  /** `/`, or below `/status-page/`. */
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
  /** Strong (RFC 9110 section 8.8.3), with its quotes. */
  readonly etag: string;
}

/**
 * Reads the files of the status page.
 *
 * @throws the system's error when one is missing: that is a mistake in the package
 */
export async function readPage(): Promise<readonly PageFile[]> {
  return Promise.all(
    FILES.map(async (name) => {
      const body = await readFile(FOLDER + name);
      const digest = createHash('sha256').update(body).digest('base64url').slice(0, 27);
      const path = name === 'index.html' ? '/' : `/status-page/${name}`;
      return { path, type: TYPES[extname(name)] ?? '', body, etag: `"${digest}"` };
    }),
  );
}

/** Adds the status page. It holds no data of the gateway: those it asks for as everybody else does, with the token. */
export function pageRoutes(router: Router, files: readonly PageFile[]): void {
  for (const file of files) router.get(file.path, (context) => answerFile(context, file));
}

function answerFile(context: Context, { type, body, etag }: PageFile): void {
  context.set('content-security-policy', POLICY);
  context.set('referrer-policy', 'no-referrer');
  // It may be kept, and is asked for each time: another version of the gateway may answer.
  context.set('cache-control', 'no-cache');
  context.set('etag', etag);
  context.set('content-type', type);
  context.status = 200;
  if (context.fresh) context.status = 304;
  else context.body = body;
}
