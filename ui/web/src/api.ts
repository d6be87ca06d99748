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

export const playlistUrl = (recording: string, source: string) => `/api/v1/recordings/${recording}/${source}/playlist.m3u8`;
export const pageFileUrl = (recording: string, page: number, file: string) => `/media/recordings/${recording}/pages/${page}/${file}`;
