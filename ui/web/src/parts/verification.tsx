import { Alert, Empty, Spin, Table, Tag } from 'antd';
import { useCallback, useContext, useState } from 'react';
import { api } from '../api';
import { beijing, errorBound } from '../format';
import { LanguageContext, useText } from '../text';
import type { Finding, HashRow, Report, Verification } from '../types';
import { Shown, useApi } from '../use_api';
import { verdictName } from './verdict_tag';

const kWhileRunning_ms = 1500;

export function VerificationReport({ id }: { id: string }) {
  const language = useContext(LanguageContext);
  const [running, setRunning] = useState(true);
  const ask = useCallback(() => api.verification(id, language).then((v) => (setRunning(v.state === 'running'), v)), [id, language]);
  const asked = useApi(ask, running ? kWhileRunning_ms : undefined);
  return <section className="panel report"><Shown asked={asked}>{(v) => <Body value={v} />}</Shown></section>;
}

function Body({ value }: { value: Verification }) {
  const text = useText();
  return (
    <>
      {value.state === 'running' && <div className="waiting"><Spin /> <span>{text.verifying}</span></div>}
      {value.state === 'failed' && <Alert type="error" showIcon message={text.verifyFailed} description={value.error} />}
      {value.report && <Findings report={value.report} value={value} />}
      <Hashes rows={value.hashes} />
      <section>
        <h2>{text.doesNotProve}</h2>
        <p className="not-proved">{value.report?.does_not_prove ?? text.doesNotProveText}</p>
      </section>
    </>
  );
}

function Findings({ report, value }: { report: Report; value: Verification }) {
  const text = useText();
  const hint = { INTACT: text.verdictIntactHint, PARTIAL: text.verdictPartialHint, BROKEN: text.verdictBrokenHint }[report.verdict];
  return (
    <>
      <div className={`verdict verdict-${report.verdict}`} role="status">
        <span className="word">{verdictName(report.verdict, text)} {report.verdict !== verdictName(report.verdict, text) && report.verdict}</span>
        <span>{hint}</span>
      </div>
      <div className="report-meta">
        {value.checked_us !== undefined && <span>{text.checkedAt} {beijing(value.checked_us)}</span>}
        {report.records !== undefined && <span>{report.records} {text.records}</span>}
        {report.segments !== undefined && <span>{report.segments} {text.segments}</span>}
        {report.time && report.time.first_us > 0 && <span>{text.timeSpan} {beijing(report.time.first_us)} – {beijing(report.time.last_us)} ({text.clockError} {errorBound(report.time.error_us)})</span>}
        {report.time && !report.time.stamped && <span>{text.notStamped}</span>}
        <span>{text.chainHead} <span className="hash">{value.head}</span></span>
      </div>
      <section>
        <h2>{text.findings}</h2>
        {report.findings.length ? <FindingTable findings={report.findings} /> : <p>{text.noFindings}</p>}
      </section>
    </>
  );
}

function FindingTable({ findings }: { findings: Finding[] }) {
  const text = useText();
  const names = { broken: text.severityBroken, partial: text.severityPartial, note: text.severityNote };
  const colours = { broken: 'red', partial: 'gold', note: 'default' };
  return (
    <Table
      size="small" dataSource={findings.map((f, key) => ({ ...f, key }))} pagination={{ pageSize: 20, hideOnSinglePage: true }}
      columns={[
        { title: text.verdict, dataIndex: 'severity', width: 90, render: (s: Finding['severity']) => <Tag color={colours[s]}>{names[s] ?? s}</Tag> },
        { title: text.colContent, dataIndex: 'text' },
        { title: text.colFile, dataIndex: 'where', width: '34%', render: (w: string) => <span className="hash">{w}</span> },
      ]}
    />
  );
}

function Hashes({ rows }: { rows: HashRow[] }) {
  const text = useText();
  const value = (h: string) => <span className="hash">{h}</span>;
  return (
    <section>
      <h2>{text.hashes} ({rows.length})</h2>
      <p className="quiet">{text.hashesNote}</p>
      <Table
        rowKey="path" size="small" dataSource={rows} pagination={{ pageSize: 20, showSizeChanger: true }} scroll={{ x: 1000 }}
        locale={{ emptyText: <Empty description={text.noHashes} /> }}
        columns={[
          { title: text.colFile, dataIndex: 'path', render: value },
          { title: text.colBytes, dataIndex: 'bytes', align: 'right', width: 90 },
          { title: 'SHA-256', dataIndex: 'sha256', width: '32%', render: value },
          { title: 'SM3', dataIndex: 'sm3', width: '32%', render: value },
        ]}
      />
    </section>
  );
}
