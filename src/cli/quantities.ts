/** Numbers as people read them. */

/** How long something took. */
export function durationText(seconds: number): string {
  const milliseconds = seconds * 1000;
  if (milliseconds >= 999.5) return `${seconds.toFixed(1)} s`;
  return `${milliseconds < 9.95 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`;
}

/** How often something happens in each second. */
export function rateText(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond < 0.1) return '<0.1';
  return perSecond < 99.95 ? perSecond.toFixed(1) : perSecond.toFixed(0);
}

/** @param part 0 to 1 */
export function shareText(part: number): string {
  return `${Math.round(part * 100)} %`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1023.5 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}
