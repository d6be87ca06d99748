import { Alert, Empty, Radio, Select, Tag } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { playlistUrl } from '../api';
import { beijing, duration } from '../format';
import { named, useText, type Texts } from '../text';
import type { Film, Recording, Source } from '../types';
import { Controls } from './controls';
import { Live, mediumLabel } from './live';
import { ToldList } from './told';
import { useHls } from './use_hls';

// Where another part of the page wants the video to go, source: a film's name; a new turn repeats the same jump.
export interface Target { recording: string; source: string; position_us: number; turn: number }

export function Player({ recordings, target }: { recordings: Recording[]; target?: Target }) {
  const text = useText();
  const [chosen, setChosen] = useState<{ recording?: string; source?: string }>({});
  useEffect(() => {
    if (target) setChosen({ recording: target.recording, source: target.source });
  }, [target]);
  const recording = recordings.find((r) => r.id === chosen.recording) ?? recordings[0];
  if (!recording) return <div className="panel"><Empty description={text.noRecordings} /></div>;
  const film = recording.films.find((f) => f.name === chosen.source) ?? recording.films[0];
  return (
    <div className="panel">
      <div className="pickers">
        <Select
          className="picker-recording" aria-label={text.recording} value={recording.id} onChange={(id) => setChosen({ recording: id })}
          options={recordings.map((r) => ({ value: r.id, label: `${named(text.kinds, r.kind)} · ${beijing(r.opened_us)}` }))}
        />
        <Radio.Group aria-label={text.sourcePicker} value={film?.name} onChange={(e) => setChosen({ recording: recording.id, source: e.target.value as string })}
          options={recording.films.map((f) => ({ value: f.name, label: f.lost ? `${filmLabel(text, recording, f)} · ${text.filmLost}` : filmLabel(text, recording, f) }))} optionType="button" />
        <RecordingState recording={recording} />
      </div>
      {recording.state === 'open' && <Live recording={recording.id} sources={recording.films.map((f) => ({ name: f.sources[f.sources.length - 1], label: filmLabel(text, recording, f) }))} />}
      {film ? <Stage key={`${recording.id}/${film.name}`} recording={recording} film={film} target={target} /> : <Empty description={text.noSources} />}
    </div>
  );
}

function RecordingState({ recording }: { recording: Recording }) {
  const text = useText();
  const sealed = recording.sources.some((s) => s.segments > 0);  // nothing is recorded before it lies on the disk
  if (recording.state === 'open' && !sealed) return <Tag color="gold">{text.statePreparing}</Tag>;
  if (recording.state === 'open') return <Tag color="red">● {text.stateOpen}</Tag>;
  if (recording.state === 'interrupted') return <Tag color="gold">{text.stateInterrupted}</Tag>;
  return <Tag color="green">{text.stateClosed}</Tag>;
}

const sourcesOf = (recording: Recording, film: Film): Source[] => recording.sources.filter((s) => film.sources.includes(s.name));

const filmLabel = (text: Texts, recording: Recording, film: Film): string => mediumLabel(text, recording.films, film);

function Stage({ recording, film, target }: { recording: Recording; film: Film; target?: Target }) {
  const text = useText();
  const video = useRef<HTMLVideoElement>(null);
  const url = film.playable_us > 0 ? playlistUrl(recording.id, film.name) : undefined;
  const failed = useHls(video, url);
  useEffect(() => {
    if (target?.recording === recording.id && target.source === film.name) goTo(video.current, target.position_us);
  }, [target, recording.id, film.name]);
  const chapters = useMemo(() => chaptersOf(recording, film.name), [recording, film.name]);
  const sources = sourcesOf(recording, film);
  const sum = (of: (s: Source) => number) => sources.reduce((n, s) => n + of(s), 0);
  return (
    <>
      {failed && <Alert type="error" showIcon message={text.playFailed} />}
      <div className="stage"><video ref={video} playsInline muted data-testid="video" tabIndex={-1} /></div>
      <Controls video={video} duration_us={film.duration_us} marks={chapters} onSeek={(us) => goTo(video.current, us)} />
      <div className="facts-line">
        <span>{sources.map((s) => `${s.width}×${s.height}`).join(' → ')}</span>
        <span>{duration(film.duration_us)}</span>
        <span>{sum((s) => s.segments)} {text.segments}</span>
        <span>{sum((s) => s.frames)} {text.frames}</span>
        <span>{sum((s) => s.dropped)} {text.dropped}</span>
        <span>{recording.gaps} {text.gaps}</span>
        <span className="mono">{recording.id}</span>
      </div>
      <ToldList told={recording.told} onSeek={(us) => goTo(video.current, us)} source={film.name} />
    </>
  );
}

// A jump before the stream plays waits until it does: earlier, the player would go back to its own start.
function goTo(video: HTMLVideoElement | null, position_us: number) {
  if (!video) return;
  const seek = () => { video.currentTime = position_us / 1e6; };
  if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) seek();
  else video.addEventListener('canplay', seek, { once: true });
}

export interface Mark { item: string; position_us: number }

function chaptersOf(recording: Recording, film: string): Mark[] {
  return recording.chapters.flatMap((c) => c.positions.filter((p) => p.source === film).map((p) => ({ item: c.item, position_us: p.position_us })));
}
