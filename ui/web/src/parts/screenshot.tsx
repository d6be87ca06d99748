import { useEffect, useRef, useState } from 'react';
import { pageFileUrl } from '../api';
import { useText } from '../text';
import type { Page } from '../types';

type Rect = [number, number, number, number];
interface Props { recording: string; page: Page; rect?: Rect }

// A page's screenshot, with a frame around a rectangle that is given in the page's own coordinates; scrolls to it. The picture
// shows the window as it was scrolled: how far, the archived snapshot tells.
export function Screenshot({ recording, page, rect }: Props) {
  const text = useText();
  const [size, setSize] = useState<[number, number]>();
  const scroll = useScroll(recording, page, rect !== undefined);
  const frame = useRef<SVGRectElement>(null);
  useEffect(() => {
    frame.current?.scrollIntoView({ block: 'center' });  // newer browsers return a promise here: not this effect's result
  }, [size, rect, scroll]);
  const shown = rect && scroll && moved(rect, scroll);
  const outside = size && shown && (shown[1] + shown[3] < 0 || shown[1] > size[1] || shown[0] + shown[2] < 0 || shown[0] > size[0]);
  return (
    <>
      {rect && <p className="quiet">{outside ? text.rectOutside : text.rectNote}</p>}
      <span className="shot">
        <img src={pageFileUrl(recording, page.number, page.screenshot!)} alt={page.title || text.colPage}
          onLoad={(e) => setSize([e.currentTarget.naturalWidth, e.currentTarget.naturalHeight])} />
        {size && shown && !outside && (
          <svg viewBox={`0 0 ${size[0]} ${size[1]}`} preserveAspectRatio="none">
            <rect ref={frame} data-testid="rect" x={shown[0] - 3} y={shown[1] - 3} width={shown[2] + 6} height={shown[3] + 6} fill="rgb(255 60 50 / 14%)" stroke="#e02d22" strokeWidth={3} />
          </svg>
        )}
      </span>
    </>
  );
}

const moved = (r: Rect, by: [number, number]): Rect => [r[0] - by[0], r[1] - by[1], r[2], r[3]];

interface Snapshot { documents?: { scrollOffsetX?: number; scrollOffsetY?: number }[] }

// Without a snapshot the page counts as not scrolled.
function useScroll(recording: string, page: Page, wanted: boolean): [number, number] | undefined {
  const [scroll, setScroll] = useState<[number, number]>();
  useEffect(() => {
    if (!wanted) return;
    let live = true;
    fetch(pageFileUrl(recording, page.number, 'dom.json'), { credentials: 'same-origin' })
      .then((answer) => (answer.ok ? (answer.json() as Promise<Snapshot>) : {}))
      .catch((): Snapshot => ({}))
      .then((snapshot: Snapshot) => {
        const first = snapshot.documents?.[0];
        if (live) setScroll([first?.scrollOffsetX ?? 0, first?.scrollOffsetY ?? 0]);
      });
    return () => {
      live = false;
    };
  }, [recording, page.number, wanted]);
  return scroll;
}
