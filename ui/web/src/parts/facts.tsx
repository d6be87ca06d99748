import { Button, Empty, Input, Modal, Table, Tag, type TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { yuan } from '../format';
import { named, useText } from '../text';
import type { Case, Fact, Page } from '../types';
import { Screenshot } from './screenshot';

type Row = Fact & { key: number };

export function Facts({ value }: { value: Case }) {
  const text = useText();
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState<Fact>();
  const word = search.trim().toLowerCase();
  const rows = value.facts
    .map((f, key) => ({ ...f, key }))
    .filter((f) => `${f.item} ${named(text.factNames, f.name)} ${f.name} ${f.value}`.toLowerCase().includes(word));
  const columns = useMemo(() => columnsOf(text, setShown), [text]);
  const page = shown && value.recordings.find((r) => r.id === shown.recording)?.pages.find((p) => p.number === shown.page);
  return (
    <section className="panel">
      <div className="pickers">
        <Input.Search allowClear style={{ width: 320 }} placeholder={text.searchFacts} aria-label={text.searchFacts} value={search} onChange={(e) => setSearch(e.target.value)} />
      </div>
      <Table size="small" columns={columns} dataSource={rows} pagination={{ pageSize: 50, hideOnSinglePage: true }}
        locale={{ emptyText: <Empty description={text.noFacts} /> }} scroll={{ x: 900 }} />
      <Modal open={!!shown} onCancel={() => setShown(undefined)} footer={null} width="min(1200px, 92vw)" title={shown && <FactTitle fact={shown} />}>
        {shown && <FactOnPage fact={shown} page={page} />}
      </Modal>
    </section>
  );
}

function columnsOf(text: ReturnType<typeof useText>, show: (f: Fact) => void): TableColumnsType<Row> {
  return [
    { title: text.colItem, dataIndex: 'item', width: 170, render: (i: string) => <><span className="mono">{i}</span> <span className="quiet">{named(text.itemNames, i)}</span></> },
    { title: text.colName, dataIndex: 'name', width: 150, render: (n: string) => named(text.factNames, n) },
    { title: text.colValue, key: 'value', render: (_, f) => <b>{valueOf(f)}</b> },
    { title: text.colFrom, dataIndex: 'from', width: 120, render: (o: string) => named(text.origins, o) },
    { title: text.colAgrees, key: 'agrees', width: 110, render: (_, f) => <Agrees fact={f} /> },
    {
      title: text.colPage, key: 'page', width: 190,
      render: (_, f) => f.page === 0 ? <span className="quiet">{text.inPicture}</span> : <Button size="small" onClick={() => show(f)} aria-label={`${text.showOnPage} ${named(text.factNames, f.name)}`}>{text.pageNumber.replace('{n}', String(f.page))} · {named(text.pageKinds, f.kind)}</Button>,
    },
  ];
}

export const valueOf = (fact: Fact) => (fact.is_money && /^-?\d+$/.test(fact.value) ? yuan(fact.value) : fact.value);

function Agrees({ fact }: { fact: Fact }) {
  const text = useText();
  if (fact.agrees === undefined) return <span className="quiet">{text.notCompared}</span>;
  return fact.agrees ? <Tag color="green">{text.agrees}</Tag> : <Tag color="red">{text.disagrees}</Tag>;
}

function FactTitle({ fact }: { fact: Fact }) {
  const text = useText();
  return <>{fact.item} {named(text.factNames, fact.name)}: {valueOf(fact)}</>;
}

function FactOnPage({ fact, page }: { fact: Fact; page?: Page }) {
  const text = useText();
  if (!page?.screenshot) return <Empty description={text.noScreenshot} />;
  return <Screenshot recording={fact.recording} page={page} rect={fact.rect} />;
}
