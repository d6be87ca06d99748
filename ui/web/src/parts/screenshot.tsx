import { useEffect, useRef, useState } from 'react';
import { pageFileUrl } from '../api';
import { useText } from '../text';
import type { Page } from '../types';

interface Props { recording: string; page: Page; rect?: [number, number, number, number] }

// A page's screenshot with a rectangle in the page's own pixels; scrolls to it.
export function Screenshot({ recording, page, rect }: Props) {
  const text = useText();
  const [size, setSize] = useState<[number, number]>();
  const frame = useRef<SVGRectElement>(null);
  useEffect(() => frame.current?.scrollIntoView({ block: 'center' }), [size, rect]);
  return (
    <span className="shot">
      <img src={pageFileUrl(recording, page.number, page.screenshot!)} alt={page.title || text.noScreenshot}
        onLoad={(e) => setSize([e.currentTarget.naturalWidth, e.currentTarget.naturalHeight])} />
      {size && rect && (
        <svg viewBox={`0 0 ${size[0]} ${size[1]}`} preserveAspectRatio="none">
          <rect ref={frame} x={rect[0] - 3} y={rect[1] - 3} width={rect[2] + 6} height={rect[3] + 6} fill="rgb(255 60 50 / 14%)" stroke="#e02d22" strokeWidth={3} />
        </svg>
      )}
    </span>
  );
}
