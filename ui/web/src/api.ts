import type { Box, Case, CaseRow, Session, Verification } from './types';

export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`/api/v1/${path}`, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new ApiError(0, 'unreachable');
  });
  const text = await answer.text();
  const json = parse(text);
  if (!answer.ok) throw new ApiError(answer.status, String(json?.error ?? answer.statusText));
  return json as T;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

export const api = {
  session: () => ask<Session>('GET', 'session'),
  login: (id: string, password: string) => ask<Session>('POST', 'login', { id, password }),
  logout: () => ask<unknown>('POST', 'logout', {}),
  box: () => ask<Box>('GET', 'box'),
  cases: () => ask<{ cases: CaseRow[] }>('GET', 'cases'),
  case: (id: string) => ask<Case>('GET', `cases/${encodeURIComponent(id)}`),
  verification: (id: string, language: string) => ask<Verification>('GET', `cases/${encodeURIComponent(id)}/verification?lang=${language}`),
};

// The newest sealed picture of a source, small. status 0: no connection; 304: still the picture of `tag`.
export interface Thumbnail { status: number; picture?: string; tag?: string; segment?: number; at_us?: number; age_us?: number; error?: string }

export async function askThumbnail(recording: string, source: string, tag?: string): Promise<Thumbnail> {
  try {
    const answer = await fetch(`/api/v1/recordings/${recording}/${source}/thumbnail`, {
      credentials: 'same-origin', cache: 'no-store', headers: tag ? { 'if-none-match': tag } : {},
    });
    const number = (name: string) => (answer.headers.has(name) ? Number(answer.headers.get(name)) : undefined);
    const told = { status: answer.status, segment: number('x-picture-segment'), at_us: number('x-picture-at-us'), age_us: number('x-newest-age-us') };
    if (answer.status === 200) return { ...told, tag: answer.headers.get('etag') ?? undefined, picture: await dataUrl(await answer.blob()) };
    return { ...told, error: answer.status === 304 ? undefined : String(parse(await answer.text())?.error ?? answer.statusText) };
  } catch {
    return { status: 0 };
  }
}

// The content policy knows no blob pictures.
function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

export const playlistUrl = (recording: string, source: string) => `/api/v1/recordings/${recording}/${source}/playlist.m3u8`;
export const pageFileUrl = (recording: string, page: number, file: string) => `/media/recordings/${recording}/pages/${page}/${file}`;
