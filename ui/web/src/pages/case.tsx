import { Button, Tabs } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { api } from '../api';
import { beijing } from '../format';
import { Archives } from '../parts/archives';
import { Book } from '../parts/book';
import { Facts } from '../parts/facts';
import { Items } from '../parts/items';
import { Player, type Target } from '../parts/player';
import { VerificationReport } from '../parts/verification';
import { named, useText } from '../text';
import type { Case, Position } from '../types';
import { Shown, useApi } from '../use_api';

export function CasePage({ id }: { id: string }) {
  const text = useText();
  const ask = useCallback(() => api.case(id), [id]);
  const asked = useApi(ask, 15_000);
  return (
    <>
      <div className="page-head">
        <Button href="#/">← {text.back}</Button>
        <div className="case-title"><h1 className="mono">{id}</h1></div>
      </div>
      <Shown asked={asked}>{(value) => <CaseBody value={value} />}</Shown>
    </>
  );
}

function CaseBody({ value }: { value: Case }) {
  const text = useText();
  const [tab, setTab] = useState('overview');
  const [target, setTarget] = useState<Target>();
  const jump = useCallback((recording: string, positions: Position[]) => {
    if (!positions.length) return;
    setTab('overview');
    setTarget({ recording, source: positions[0].source, position_us: positions[0].position_us, turn: Date.now() });
  }, []);
  const tabs = useMemo(
    () => [
      { key: 'overview', label: text.overview, children: <div className="overview"><Player recordings={value.recordings} target={target} /><Items value={value} onJump={jump} /></div> },
      { key: 'facts', label: `${text.tabFacts} ${value.facts.length}`, children: <Facts value={value} /> },
      { key: 'pages', label: `${text.tabPages} ${value.recordings.reduce((n, r) => n + r.pages.length, 0)}`, children: <Archives value={value} onJump={jump} /> },
      { key: 'book', label: `${text.tabBook} ${value.book.length}`, children: <Book records={value.book} /> },
      { key: 'verify', label: text.tabVerify, children: <VerificationReport id={value.id} /> },
    ],
    [text, value, target, jump],
  );
  return (
    <>
      <Details value={value} />
      <Tabs activeKey={tab} onChange={setTab} items={tabs} destroyOnHidden={false} />
    </>
  );
}

function Details({ value }: { value: Case }) {
  const text = useText();
  const rows = Object.entries(value.details);
  return (
    <div className="case-meta" aria-label={text.details}>
      <span>{value.state === 'open' ? text.caseOpen : text.caseClosed}</span>
      <span>{text.opened} <b>{beijing(value.opened_us)}</b></span>
      {rows.map(([member, v]) => <span key={member}>{named(text.caseMembers, member)} <b>{typeof v === 'string' ? v : JSON.stringify(v)}</b></span>)}
      {!rows.length && <span>{text.noDetails}</span>}
    </div>
  );
}
