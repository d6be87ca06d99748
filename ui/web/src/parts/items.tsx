import { Button } from 'antd';
import { duration } from '../format';
import { named, useText } from '../text';
import type { Case, Item, Position } from '../types';

// At most this many jumps stand beside an item; the rest are on the timeline.
const kJumps = 3;

export function Items({ value, onJump }: { value: Case; onJump: (recording: string, positions: Position[]) => void }) {
  const text = useText();
  const kinds = Object.fromEntries(value.recordings.map((r) => [r.id, named(text.kinds, r.kind)]));
  return (
    <section className="panel">
      <h2>{text.items}</h2>
      <ul className="items">{value.items.map((i) => <ItemRow key={i.item} item={i} kinds={kinds} onJump={onJump} />)}</ul>
    </section>
  );
}

function ItemRow({ item, kinds, onJump }: { item: Item; kinds: Record<string, string>; onJump: (recording: string, positions: Position[]) => void }) {
  const text = useText();
  const places = item.places.filter((p) => p.positions.length).slice(0, kJumps);
  return (
    <li>
      <span className={item.satisfied ? 'mark-yes' : 'mark-no'} aria-label={item.satisfied ? text.satisfied : text.missing}>{item.satisfied ? '✓' : '✗'}</span>
      <span className="mono">{item.item}</span>
      <span>{named(text.itemNames, item.item)}</span>
      <span className="jumps">
        {!item.satisfied && <span className="missing">{text.missing}</span>}
        {places.map((p, n) => (
          <Button key={n} size="small" title={`${text.jump}: ${kinds[p.recording]}`} aria-label={`${text.jump} ${kinds[p.recording]} ${item.item} ${duration(p.positions[0].position_us)}`} onClick={() => onJump(p.recording, p.positions)}>
            {duration(p.positions[0].position_us)}
          </Button>
        ))}
      </span>
    </li>
  );
}
