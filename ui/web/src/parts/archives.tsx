import { Button, Empty, Modal, Tag } from 'antd';
import { useState } from 'react';
import { pageFileUrl } from '../api';
import { beijing, bytes } from '../format';
import { named, useText } from '../text';
import type { Case, Page, Position } from '../types';
import { Screenshot } from './screenshot';

interface Archived { recording: string; page: Page }

export function Archives({ value, onJump }: { value: Case; onJump: (recording: string, positions: Position[]) => void }) {
  const text = useText();
  const [shown, setShown] = useState<Archived>();
  const all = value.recordings.flatMap((r) => r.pages.map((page) => ({ recording: r.id, page })));
  if (!all.length) return <div className="panel"><Empty description={text.noPages} /></div>;
  return (
    <>
      <div className="pages">{all.map((a) => <PageCard key={`${a.recording}/${a.page.number}`} archived={a} onShow={() => setShown(a)} onJump={onJump} />)}</div>
      <Modal open={!!shown} onCancel={() => setShown(undefined)} footer={null} width="min(1200px, 92vw)" title={shown?.page.title}>
        {shown && <Screenshot recording={shown.recording} page={shown.page} />}
      </Modal>
    </>
  );
}

function PageCard({ archived, onShow, onJump }: { archived: Archived; onShow: () => void; onJump: (recording: string, positions: Position[]) => void }) {
  const text = useText();
  const { recording, page } = archived;
  const name = page.title || text.pageNumber.replace('{n}', String(page.number));
  return (
    <article className="page-card">
      {page.screenshot ? (
        <button type="button" className="thumb" onClick={onShow} aria-label={name}>
          <img loading="lazy" src={pageFileUrl(recording, page.number, page.screenshot)} alt={name} />
        </button>
      ) : (
        <div className="no-thumb">{text.noScreenshot}</div>
      )}
      <div className="about">
        <span><Tag color="blue">{named(text.pageKinds, page.kind)}</Tag>{page.status > 0 && <Tag>{page.status}</Tag>}</span>
        <span className="title">{name}</span>
        <span className="address">{page.url ?? page.origin}</span>
        <span className="quiet">{text.savedAt} {beijing(page.at_us)} · {page.responses} {text.responses} · {bytes(page.bytes)}</span>
        {page.positions.length > 0 && <span><Button size="small" onClick={() => onJump(recording, page.positions)}>{text.jump}</Button></span>}
      </div>
    </article>
  );
}
