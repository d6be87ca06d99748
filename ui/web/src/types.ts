// What /api/v1 answers; ui/console/openapi.yaml is the contract. Times are integer microseconds: *_us of UTC,
// position_us on the playlist of a film (0 = its first frame), money integer 分.

export type Verdict = 'INTACT' | 'PARTIAL' | 'BROKEN';
export type RecordingState = 'open' | 'closed' | 'interrupted';

export interface Session { id: string; name: string; box: string }

export interface Box {
  box: string; version: string; ledger: boolean; box_key?: string; free_bytes?: number;
  clock?: { state: string; error_us: number; offset_us: number; age_us: number };
  open_recordings: number;
  running?: { recording: string; kind: string; case: string; sources: { name: string; medium: string }[] }[];
  waiting: { recording: string; seconds: number; bytes: number }[];
}

export interface CaseRow {
  id: string; title: string; state: 'open' | 'closed'; opened_us: number;
  recordings: number; open_recordings: number; interrupted: number;
  facts: number; items_satisfied: number; items_total: number; verdict?: Verdict;
}

export interface Source {
  name: string; medium: string; width: number; height: number; codec: string;
  segments: number; frames: number; dropped: number; duration_us: number; start_us?: number; follows?: string;
}

// A source and those that follow it, one behind the other on one playlist; called by the first. lost: its recorder ended before the recording.
export interface Film { name: string; medium: string; sources: string[]; duration_us: number; playable_us: number; lost?: boolean }

export interface Position { source: string; position_us: number }

export interface Page {
  number: number; kind: string; origin: string; url?: string; title?: string; status: number; at_us: number;
  responses: number; bytes: number; ended: string; screenshot?: string; positions: Position[];
}

export interface Chapter { item: string; at_us: number; page?: number; positions: Position[] }

// What went otherwise than it should while a recording ran; zh and en say what `word` means.
export interface Told {
  what: 'gap' | 'finding' | 'interrupted'; word: string; zh: string; en: string; at_us: number; source?: string; severity?: string;
  duration_us?: number; last_seq?: number; positions?: Position[];
}

export interface Recording {
  id: string; kind: string; role?: string; state: RecordingState; opened_us: number; closed_us?: number; reason?: string;
  head: string; records: number; sources: Source[]; films: Film[]; pages: Page[]; chapters: Chapter[];
  findings: { code: string; severity: string; at_us: number }[]; gaps: number; told: Told[];
}

export interface Fact {
  recording: string; page: number; kind: string; item: string; name: string; value: string; is_money: boolean;
  raw?: string; rect?: [number, number, number, number]; from: string; confidence?: number; agrees?: boolean;
}

export interface Item { item: string; satisfied: boolean; places: { recording: string; page?: number; at_us: number; positions: Position[] }[] }

export interface BookRecord { seq: number; type: string; actor: string; at_us: number; body: Record<string, unknown> }

export interface Case {
  id: string; title: string; state: 'open' | 'closed'; opened_us: number; head: string;
  details: Record<string, unknown>;
  recordings: Recording[]; facts: Fact[]; items: Item[]; book: BookRecord[];
}

export interface Finding { code: string; severity: 'note' | 'partial' | 'broken'; where: string; text: string }
export interface HashRow { path: string; bytes: number; sha256: string; sm3: string }
export interface Report {
  verdict: Verdict; findings: Finding[]; segments?: number; records?: number;
  frames?: number; dropped?: number; gaps?: unknown[]; included?: number; delivered?: number;
  time?: { stamped: boolean; first_us: number; last_us: number; error_us: number }; does_not_prove?: string;
}
export interface Verification {
  state: 'running' | 'done' | 'failed'; head: string; checked_us?: number; error?: string; report?: Report; hashes: HashRow[];
}
