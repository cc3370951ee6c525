/** A browser for tests: Chromium of Debian without a screen, which trusts an authority and finds hosts where a test says. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { within } from './arrivals.ts';
import { debianProgram } from './debian.ts';

const run = promisify(execFile);

export interface BrowserOptions {
  /** A file with the certificate of the authority. */
  readonly authority: string;
  /** The ports of this machine at which hosts are found, whatever port a URL names: `{ '*.shop.test': 4711 }`. */
  readonly hosts: Readonly<Record<string, number>>;
}

/** A page whose scripts are given as text: they run where nothing of this process exists. */
export interface TestPage {
  /** Runs a script, the body of an async function, in the page. @returns what the script does, as JSON has it */
  run(script: string): Promise<unknown>;
}

export class TestBrowser {
  readonly #home: string;
  readonly #browser: Browser;

  private constructor(home: string, browser: Browser) {
    this.#home = home;
    this.#browser = browser;
  }

  /** @throws with what to install when there is no Chromium and none can be had */
  static async start({ authority, hosts }: BrowserOptions): Promise<TestBrowser> {
    const [program, certutil] = [
      await debianProgram('chromium', 'chromium'),
      await debianProgram('certutil', 'libnss3-tools'),
    ];
    const home = await mkdtemp(join(tmpdir(), 'gatewayctl-browser-'));
    try {
      // Where Chromium looks for what its user trusts.
      const folder = join(home, '.pki/nssdb');
      await mkdir(folder, { recursive: true });
      const database = ['-d', `sql:${folder}`];
      const env = { ...process.env, ...certutil.env };
      await run(certutil.file, [...database, '-N', '--empty-password'], { env });
      await run(certutil.file, [...database, '-A', '-n', 'test', '-t', 'C,,', '-i', authority], { env });
      const browser = await chromium.launch({
        executablePath: program.file,
        env: { PATH: process.env['PATH'] ?? '', ...program.env, HOME: home },
        args: ['--no-sandbox', '--no-proxy-server', `--host-resolver-rules=${rules(hosts)}`],
      });
      return new TestBrowser(home, browser);
    } catch (error) {
      await rm(home, { recursive: true });
      throw error;
    }
  }

  /** Opens a page, as a user would who has never been there. */
  async open(url: string): Promise<TestPage> {
    const context: BrowserContext = await this.#browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    return { run: async (script) => within(page.evaluate(`(async () => {${script}})()`), `the end of ${script}`) };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#home, { recursive: true });
  }
}

function rules(hosts: BrowserOptions['hosts']): string {
  const mapped = Object.entries(hosts).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`);
  // It asks nobody for anything else.
  return [...mapped, 'MAP * ~NOTFOUND'].join(', ');
}
