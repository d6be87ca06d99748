import { Button, Tag } from 'antd';
import { useContext } from 'react';
import { beijing } from '../format';
import { LanguageContext, named, useText } from '../text';
import type { Told } from '../types';

// What went otherwise than it should while recording: gaps with their causes, findings, the interruption. Nothing where nothing did.
export function ToldList({ told, source, onSeek }: { told: Told[]; source: string; onSeek: (us: number) => void }) {
  const text = useText();
  const language = useContext(LanguageContext);
  if (!told.length) return null;
  return (
    <div className="told" data-testid="told">
      <h3>{text.told}</h3>
      <ul>
        {told.map((t, key) => {
          const place = t.positions?.find((p) => p.source === source);
          return (
            <li key={key}>
              <Tag color={t.severity === 'note' ? 'default' : 'gold'}>{named(text.toldKinds, t.what)}</Tag>
              <span>{beijing(t.at_us)}</span>
              <strong>{language === 'zh' ? t.zh : t.en}</strong>
              {t.duration_us !== undefined && <span>{(t.duration_us / 1e6).toFixed(1)} s</span>}
              {t.last_seq !== undefined && <span className="quiet">{text.lastRecord} {t.last_seq}</span>}
              {place && <Button size="small" type="link" onClick={() => onSeek(place.position_us)}>{text.jump}</Button>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
