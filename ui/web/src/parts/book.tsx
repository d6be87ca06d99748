import { Empty, Table } from 'antd';
import { beijing } from '../format';
import { named, useText } from '../text';
import type { BookRecord } from '../types';

export function Book({ records }: { records: BookRecord[] }) {
  const text = useText();
  return (
    <section className="panel">
      <p className="quiet">{text.bookNote}</p>
      <Table
        rowKey="seq" size="small" dataSource={records} pagination={{ pageSize: 50, hideOnSinglePage: true }} scroll={{ x: 800 }}
        locale={{ emptyText: <Empty description={text.noBook} /> }}
        columns={[
          { title: text.colSeq, dataIndex: 'seq', width: 70, align: 'right' },
          { title: text.colTime, dataIndex: 'at_us', width: 180, render: beijing },
          { title: text.colType, dataIndex: 'type', width: 150, render: (t: string) => named(text.recordTypes, t) },
          { title: text.colActor, dataIndex: 'actor', width: 120 },
          { title: text.colContent, dataIndex: 'body', render: (b: Record<string, unknown>) => <Content body={b} /> },
        ]}
      />
    </section>
  );
}

function Content({ body }: { body: Record<string, unknown> }) {
  const text = useText();
  return (
    <div className="book-body">
      {Object.entries(body).map(([k, v]) => (
        <div key={k}><span className="quiet">{named(text.caseMembers, k)}</span> <span className="hash">{typeof v === 'string' ? v : JSON.stringify(v)}</span></div>
      ))}
    </div>
  );
}
