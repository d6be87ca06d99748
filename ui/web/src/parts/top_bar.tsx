import { Button, Tag, Tooltip } from 'antd';
import { api } from '../api';
import { bytes, errorBound } from '../format';
import { named, useText } from '../text';
import type { Box, Session } from '../types';
import { useApi } from '../use_api';

export function TopBar({ session, onSignOut, onLanguage }: { session: Session; onSignOut: () => void; onLanguage: () => void }) {
  const text = useText();
  const box = useApi(api.box, 15_000);
  return (
    <header className="top">
      <a className="brand" href="#/">
        <img src="/mark.svg" alt="" width={28} height={28} />
        <span>{text.appName}</span>
      </a>
      <span className="top-box">{session.box}</span>
      <span className="top-space" />
      {box.value && <BoxState box={box.value} />}
      <Button type="text" className="top-button" onClick={onLanguage}>{text.otherLanguage}</Button>
      <span className="top-user">{session.name}</span>
      <Button type="text" className="top-button" onClick={onSignOut}>{text.signOut}</Button>
    </header>
  );
}

function BoxState({ box }: { box: Box }) {
  const text = useText();
  const waiting = box.waiting.map((w) => (
    <Tag key={w.recording} color="red">{text.waiting.replace('{s}', String(w.seconds)).replace('{n}', bytes(w.bytes))}</Tag>
  ));
  if (!box.ledger) return <Tooltip title={text.ledgerAway}><span>{waiting}<Tag color="red">{text.ledgerAway}</Tag></span></Tooltip>;
  const clock = box.clock ? `${named(text.clockStates, box.clock.state)} · ${text.clockError} ${errorBound(box.clock.error_us)}` : text.clockUnknown;
  return (
    <span className="top-state">
      {waiting}
      {box.open_recordings > 0 && <Tag color="red">● {text.recordingNow} {box.open_recordings}</Tag>}
      {text.boxClock}: <span className={box.clock?.state === 'synchronised' ? undefined : 'clock-bad'}>{clock}</span>
      {box.free_bytes !== undefined && <> · {text.freeSpace} {bytes(box.free_bytes)}</>}
    </span>
  );
}
