import { Empty, Input, Table, Tag, type TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { api } from '../api';
import { beijing } from '../format';
import { Live, mediumLabel } from '../parts/live';
import { VerdictTag } from '../parts/verdict_tag';
import { named, useText } from '../text';
import type { CaseRow } from '../types';
import { Shown, useApi } from '../use_api';

export function CasesPage() {
  const text = useText();
  const asked = useApi(api.cases, 10_000);
  const [search, setSearch] = useState('');
  return (
    <>
      <div className="page-head">
        <h1>{text.cases}</h1>
        <Input.Search className="search" allowClear placeholder={text.searchCases} aria-label={text.searchCases} value={search} onChange={(e) => setSearch(e.target.value)} />
      </div>
      <Running />
      <Shown asked={asked}>{(value) => <CaseTable rows={value.cases} search={search} />}</Shown>
    </>
  );
}

// What is being recorded now, as far as it is sealed.
function Running() {
  const text = useText();
  const box = useApi(api.box, 5_000);
  const running = box.value?.running ?? [];
  return (
    <>
      {running.map((r) => (
        <section key={r.recording} className="panel running" data-testid="running">
          <h2>● {text.recordingNow} · {named(text.kinds, r.kind)}{r.case && <> · <a className="mono" href={`#/cases/${r.case}`}>{r.case}</a></>}</h2>
          <Live recording={r.recording} sources={r.sources.map((s) => ({ name: s.name, label: mediumLabel(text, r.sources, s) }))} />
        </section>
      ))}
    </>
  );
}

function CaseTable({ rows, search }: { rows: CaseRow[]; search: string }) {
  const text = useText();
  const word = search.trim().toLowerCase();
  const shown = rows.filter((r) => `${r.id} ${r.title}`.toLowerCase().includes(word));
  const columns = useColumns(text);
  const nothing = <Empty description={rows.length ? text.noMatch : text.noCases} />;
  return (
    <Table rowKey="id" size="middle" columns={columns} dataSource={shown} locale={{ emptyText: nothing }} pagination={{ pageSize: 20, hideOnSinglePage: true }} scroll={{ x: 900 }} />
  );
}

function useColumns(text: ReturnType<typeof useText>): TableColumnsType<CaseRow> {
  return useMemo(
    () => [
      { title: text.colCase, dataIndex: 'id', width: 210, render: (id: string) => <a className="mono" href={`#/cases/${id}`}>{id}</a>, sorter: (a, b) => a.id.localeCompare(b.id) },
      { title: text.colTitle, dataIndex: 'title', ellipsis: true, render: (t: string) => t || '—' },
      { title: text.colState, key: 'state', width: 170, render: (_, r) => <CaseState row={r} /> },
      { title: text.colOpened, dataIndex: 'opened_us', width: 190, render: beijing, defaultSortOrder: 'descend', sorter: (a, b) => a.opened_us - b.opened_us },
      { title: text.colRecordings, dataIndex: 'recordings', width: 80, align: 'right' },
      { title: text.colFacts, dataIndex: 'facts', width: 80, align: 'right' },
      { title: text.colItems, key: 'items', width: 110, align: 'right', render: (_, r) => `${r.items_satisfied} / ${r.items_total}` },
      { title: text.colVerdict, dataIndex: 'verdict', width: 110, render: (v: CaseRow['verdict']) => <VerdictTag verdict={v} /> },
    ],
    [text],
  );
}

function CaseState({ row }: { row: CaseRow }) {
  const text = useText();
  return (
    <>
      {row.open_recordings > 0 && <Tag color="red">● {text.recordingNow}</Tag>}
      {row.interrupted > 0 && <Tag color="gold">{text.interrupted}</Tag>}
      <Tag color={row.state === 'open' ? 'blue' : 'default'}>{row.state === 'open' ? text.caseOpen : text.caseClosed}</Tag>
    </>
  );
}
