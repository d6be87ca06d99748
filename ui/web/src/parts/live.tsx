import { Alert, Tag } from 'antd';
import { useContext, useEffect, useRef, useState } from 'react';
import { askThumbnail, type Thumbnail } from '../api';
import { clockTime } from '../format';
import { named, useText, type Texts } from '../text';
import { SignedOutContext } from '../use_api';

const EVERY_MS = 2_000;
const STALE_US = 10_000_000;

// By what took it; a second one of the same kind gets a number.
export function mediumLabel<T extends { medium: string }>(text: Texts, all: T[], one: T): string {
  const alike = all.filter((each) => each.medium === one.medium);
  return alike.length > 1 ? `${named(text.media, one.medium)} ${alike.indexOf(one) + 1}` : named(text.media, one.medium);
}

// What of a running recording lies sealed, as pictures: decoded from the newest sealed segment of each source, not from the screen.
export function Live({ recording, sources }: { recording: string; sources: { name: string; label: string }[] }) {
  const text = useText();
  if (!sources.length) return null;
  return (
    <div className="live" aria-label={text.live} data-testid="live">
      {sources.map((s) => <LivePicture key={s.name} recording={recording} source={s.name} label={s.label} />)}
    </div>
  );
}

function LivePicture({ recording, source, label }: { recording: string; source: string; label: string }) {
  const text = useText();
  const { now, shown } = useThumbnail(recording, source);
  const failed = now?.status === 500;
  const stale = now !== undefined && (now.status === 0 || (now.age_us ?? 0) > STALE_US);
  const state = failed || stale ? 'bad' : shown ? 'good' : 'none';
  return (
    <figure className={`live-picture live-${state}`} data-testid={`live-${source}`}>
      {shown && !failed ? <img src={shown.picture} alt={`${label} · ${text.live}`} /> : <div className="live-none">{failed ? text.liveFailed : text.liveNone}</div>}
      <figcaption>
        <Tag color={state === 'bad' ? 'red' : state === 'good' ? 'green' : 'gold'}>{label}</Tag>
        {shown && !failed && <span>{text.liveSealed.replace('{n}', String(shown.segment)).replace('{t}', clockTime(shown.at_us ?? 0))}</span>}
      </figcaption>
      {stale && <Alert type="error" showIcon message={now.status === 0 ? text.unreachable : text.liveStopped.replace('{s}', String(Math.floor((now.age_us ?? 0) / 1e6)))} />}
      {failed && <Alert type="error" showIcon message={now.error} />}
    </figure>
  );
}

// The newest answer, and the newest picture. Asks again two seconds behind each answer, not while nobody looks.
function useThumbnail(recording: string, source: string): { now?: Thumbnail; shown?: Thumbnail } {
  const [now, setNow] = useState<Thumbnail>();
  const [shown, setShown] = useState<Thumbnail>();
  const tag = useRef<string>();
  const signedOut = useContext(SignedOutContext);
  useEffect(() => {
    let live = true;
    let timer = 0;
    const turn = async () => {
      const got = document.hidden ? undefined : await askThumbnail(recording, source, tag.current);
      if (!live) return;
      if (got?.status === 401) return signedOut();
      if (got) setNow(got);
      if (got?.picture) setShown(got);
      if (got) tag.current = got.status === 500 ? undefined : got.tag ?? tag.current;
      timer = window.setTimeout(() => void turn(), EVERY_MS);
    };
    void turn();
    return () => {
      live = false;
      window.clearTimeout(timer);
    };
  }, [recording, source, signedOut]);
  return { now, shown };
}
