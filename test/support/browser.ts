/** A browser for tests: Chromium of Debian without a screen, which trusts an authority and finds hosts where a test says. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { within } from './arrivals.ts';
import { debianProgram } from './debian.ts';

const run = promisify(execFile);

export interface BrowserOptions {
  /** A file with the certificate of the authority; without it only those are trusted that everybody trusts. */
  readonly authority?: string;
  /** The ports of this machine at which hosts are found, whatever port a URL names: `{ '*.shop.test': 4711 }`. */
  readonly hosts?: Readonly<Record<string, number>>;
}

/** How a page is looked at. */
export interface View {
  /** In pixels; 1280 when it does not say. */
  readonly width?: number;
  /** In pixels; 800 when it does not say. */
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** A page whose scripts are given as text: they run where nothing of this process exists. */
export class TestPage {
  /** What went wrong in it: scripts that failed, and what the browser refused or complained about. */
  readonly problems: string[] = [];
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    page.on('pageerror', ({ message }) => void this.problems.push(message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.problems.push(message.text());
    });
  }

  /** Runs a script, the body of an async function, in the page. @returns what the script does, as JSON has it */
  async run(script: string): Promise<unknown> {
    return within(this.#page.evaluate(`(async () => {${script}})()`), `the end of ${script}`);
  }

  /** Waits until an expression is true in the page; where it fails, it is not true yet. */
  async until(expression: string): Promise<void> {
    const isTrue = `() => { try { return Boolean(${expression}); } catch { return false; } }`;
    // The loop is in the page, and is evaluated once: a page may forbid evaluation to its own scripts.
    const script = `new Promise((resolve) => {
      const isTrue = ${isTrue};
      const look = () => (isTrue() ? resolve() : requestAnimationFrame(look));
      look();
    })`;
    const looked = async (): Promise<unknown> =>
      this.#page.evaluate(script).catch(async (error: unknown) => {
        // A page that is loaded anew is looked at anew.
        if (/context was destroyed/.test(String(error))) return looked();
        throw error;
      });
    await within(looked(), expression).catch(async (error: unknown) => {
      const shown = String(await this.#page.evaluate('document.body.innerText'));
      throw new Error(`${expression} did not come true; the page says:\n${shown}`, { cause: error });
    });
  }

  /** Presses a key, such as `Tab` or `Shift+Tab`. */
  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  /** Types a text where the focus is. */
  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /** Looks at the page in another way. */
  async view({ width = 1280, height = 800, scheme = 'light' }: View): Promise<void> {
    await this.#page.setViewportSize({ width, height });
    // What moves is nowhere while it does.
    await this.#page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  }

  /** Loads it again. */
  async reload(): Promise<void> {
    await this.#page.reload();
  }

  /** @param file where a picture of what can be seen goes, as PNG */
  async picture(file: string): Promise<void> {
    await this.#page.screenshot({ path: file });
  }

  async close(): Promise<void> {
    await this.#page.context().close();
  }
}

export class TestBrowser {
  readonly #home: string;
  readonly #browser: Browser;

  private constructor(home: string, browser: Browser) {
    this.#home = home;
    this.#browser = browser;
  }

  /** @throws with what to install when there is no Chromium and none can be had */
  static async start({ authority, hosts = {} }: BrowserOptions = {}): Promise<TestBrowser> {
    const program = await debianProgram('chromium', 'chromium');
    const home = await mkdtemp(join(tmpdir(), 'gatewayctl-browser-'));
    try {
      if (authority !== undefined) await trust(authority, home);
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
  async open(url: string, view: View = {}): Promise<TestPage> {
    const context = await this.#browser.newContext();
    const page = await context.newPage();
    const opened = new TestPage(page);
    await opened.view(view);
    await page.goto(url);
    return opened;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#home, { recursive: true });
  }
}

/** Puts an authority where Chromium looks for what its user trusts. */
async function trust(authority: string, home: string): Promise<void> {
  const certutil = await debianProgram('certutil', 'libnss3-tools');
  const folder = join(home, '.pki/nssdb');
  await mkdir(folder, { recursive: true });
  const database = ['-d', `sql:${folder}`];
  const env = { ...process.env, ...certutil.env };
  await run(certutil.file, [...database, '-N', '--empty-password'], { env });
  await run(certutil.file, [...database, '-A', '-n', 'test', '-t', 'C,,', '-i', authority], { env });
}

function rules(hosts: Readonly<Record<string, number>>): string {
  const mapped = Object.entries(hosts).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`);
  // It asks nobody for anything else.
  return [...mapped, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ');
}
