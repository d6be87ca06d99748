import { Button, Select, Slider } from 'antd';
import { useEffect, useState, type RefObject } from 'react';
import { duration } from '../format';
import { named, useText } from '../text';
import type { Mark } from './player';

interface Props { video: RefObject<HTMLVideoElement>; duration_us: number; marks: Mark[]; onSeek: (us: number) => void }

export function Controls({ video, duration_us, marks, onSeek }: Props) {
  const text = useText();
  const { at_us, playing } = useProgress(video);
  const [speed, setSpeed] = useState(1);
  const toggle = () => (playing ? video.current?.pause() : void video.current?.play().catch(() => undefined));
  const setRate = (rate: number) => {
    setSpeed(rate);
    if (video.current) video.current.playbackRate = rate;
  };
  return (
    <>
      <div className="controls">
        <Button type="primary" onClick={toggle} data-testid="play">{playing ? text.pause : text.play}</Button>
        <Slider
          className="bar" ariaLabelForHandle={text.seekBar} min={0} max={Math.max(duration_us / 1e6, 0.1)} step={0.1} value={at_us / 1e6}
          onChange={(s) => onSeek(s * 1e6)} tooltip={{ formatter: (s) => duration((s ?? 0) * 1e6) }} marks={dots(marks)}
        />
        <span className="at mono">{duration(at_us)} / {duration(duration_us)}</span>
        <Select aria-label={text.speed} value={speed} onChange={setRate} options={[0.5, 1, 2, 4, 8].map((v) => ({ value: v, label: `${v}×` }))} />
        <Button onClick={() => void video.current?.requestFullscreen()}>{text.fullScreen}</Button>
      </div>
      <div className="chapter-list" aria-label={text.chapters}>
        {marks.map((m, n) => (
          <Button key={n} size="small" onClick={() => onSeek(m.position_us)}>
            {duration(m.position_us)} {m.item} {named(text.itemNames, m.item)}
          </Button>
        ))}
        {!marks.length && <span className="quiet">{text.noChapters}</span>}
      </div>
    </>
  );
}

const dots = (marks: Mark[]) => Object.fromEntries(marks.map((m) => [m.position_us / 1e6, ' ']));

function useProgress(video: RefObject<HTMLVideoElement>) {
  const [state, setState] = useState({ at_us: 0, playing: false });
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const events = ['timeupdate', 'play', 'pause', 'seeking', 'ended'];
    const changed = () => setState({ at_us: Math.round(element.currentTime * 1e6), playing: !element.paused && !element.ended });
    events.forEach((e) => element.addEventListener(e, changed));
    return () => events.forEach((e) => element.removeEventListener(e, changed));
  }, [video]);
  return state;
}
