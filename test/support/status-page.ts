/** What tests of the status page ask of it, as scripts that run in the page. */
import type { TestPage } from './browser.ts';

/** How many Tabs there are at most from one end of the page to the other. */
const TABS = 120;

/** Presses Tab, as somebody without a mouse does, until an expression is true for what has the focus (`focus`). */
export async function tabTo(page: TestPage, expression: string): Promise<void> {
  const seen: unknown[] = [];
  for (let count = 0; count < TABS; count += 1) {
    await page.press('Tab');
    const [found, name] = listOf(
      await page.run(`
        const focus = document.activeElement;
        return [Boolean(${expression}), focus.id || focus.textContent.trim().slice(0, 40)];
      `),
    );
    if (found === true) return;
    seen.push(name);
  }
  throw new Error(`no Tab led to ${expression}, but to ${seen.join(', ')}`);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The row of a route, in a script. */
export function routeRow(name: string): string {
  return `[...document.querySelectorAll('#routes-body tr')].find((row) => row.querySelector('summary').textContent === ${JSON.stringify(name)})`;
}

/**
 * All texts that can be seen and whose contrast with what is behind them is below 4.5 (WCAG 2.2, success criterion 1.4.3), with
 * their ratio, and how many texts there are.
 */
export const CONTRASTS = `
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, index) => (part * a + below[index] * (255 - a)) / 255);
  const groundOf = (element) => {
    if (element === null) return rgba('Canvas').slice(0, 3);
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 255 ? own.slice(0, 3) : over(own, groundOf(element.parentElement));
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((one, other) => other - one);
    return (light + 0.05) / (dark + 0.05);
  };
  const texts = [...document.querySelectorAll('body *')].filter(
    (element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      !element.closest('noscript, title, desc') &&
      ([...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '') ||
        element.matches('input')),
  );
  const low = texts.flatMap((element) => {
    const style = getComputedStyle(element);
    const colour = rgba(element instanceof SVGElement ? style.fill : style.color);
    const ground = groundOf(element);
    const found = ratio(over(colour, ground), ground);
    return found >= 4.5 ? [] : [element.outerHTML.slice(0, 80) + ' ' + found.toFixed(2)];
  });
  return { count: texts.length, low };
`;
