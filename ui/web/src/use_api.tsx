import { Alert, Button, Spin } from 'antd';
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';
import { ApiError } from './api';
import { useText } from './text';

// What to do when the session has ended: the app shows the login page again.
export const SignedOutContext = createContext<() => void>(() => undefined);

export interface Asked<T> { value?: T; error?: ApiError; again: () => void }

// Asks on first show and, where every_ms is set, again while the page is open. A failed repetition keeps the old value,
// another question does not.
export function useApi<T>(ask: () => Promise<T>, every_ms?: number): Asked<T> {
  const [got, setGot] = useState<{ ask: () => Promise<T>; value: T }>();
  const [error, setError] = useState<ApiError>();
  const [turn, setTurn] = useState(0);
  const signedOut = useContext(SignedOutContext);
  useEffect(() => {
    let live = true;
    ask().then(
      (value) => live && (setGot({ ask, value }), setError(undefined)),
      (e: ApiError) => live && (e.status === 401 ? signedOut() : setError(e)),
    );
    const timer = every_ms ? window.setTimeout(() => setTurn((n) => n + 1), every_ms) : undefined;
    return () => {
      live = false;
      window.clearTimeout(timer);
    };
  }, [ask, every_ms, turn, signedOut]);
  return { value: got?.ask === ask ? got.value : undefined, error, again: useCallback(() => setTurn((n) => n + 1), []) };
}

// The value, or a plain word on why it is not there.
export function Shown<T>({ asked, children }: { asked: Asked<T>; children: (value: T) => ReactNode }) {
  const text = useText();
  if (asked.value !== undefined) return <>{children(asked.value)}</>;
  if (!asked.error) return <div className="waiting"><Spin /> <span>{text.loading}</span></div>;
  const why = asked.error.status === 0 ? text.unreachable : asked.error.message;
  return <Alert type="error" showIcon message={text.failed} description={why} action={<Button onClick={asked.again}>{text.retry}</Button>} />;
}
