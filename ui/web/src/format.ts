// Numbers and times as officers read them. UTC microseconds are shown in Beijing time whatever the viewer's own zone.

const two = (n: number) => String(n).padStart(2, '0');

export function beijing(us: number): string {
  const d = new Date(us / 1000 + 8 * 3600_000);
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
}

// The time of day alone.
export const clockTime = (us: number) => beijing(us).slice(11);

export function duration(us: number): string {
  const s = Math.floor(us / 1_000_000);
  const hours = Math.floor(s / 3600);
  return `${hours ? `${hours}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

export const yuan = (fen: string) => {
  const digits = fen.replace(/^-/, '').padStart(3, '0');
  return `¥${fen.startsWith('-') ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

export function bytes(n: number): string {
  if (n < 10_000) return `${n} B`;
  if (n < 10_000_000) return `${(n / 1000).toFixed(0)} kB`;
  return n < 10_000_000_000 ? `${(n / 1_000_000).toFixed(0)} MB` : `${(n / 1_000_000_000).toFixed(1)} GB`;
}

// An hour and more stands for "nobody knows".
export const errorBound = (us: number) => (us >= 3_600_000_000 ? '> 1 h' : us < 1_000_000 ? `±${(us / 1000).toFixed(us < 10_000 ? 1 : 0)} ms` : `±${(us / 1e6).toFixed(1)} s`);
