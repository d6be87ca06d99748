import { Alert, Empty, Radio, Select, Tag } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { playlistUrl } from '../api';
import { beijing, duration } from '../format';
import { named, useText } from '../text';
import type { Recording, Source } from '../types';
import { Controls } from './controls';
import { ToldList } from './told';
import { useHls } from './use_hls';

// Where another part of the page wants the video to go; a new turn repeats the same jump.
export interface Target { recording: string; source: string; position_us: number; turn: number }

export function Player({ recordings, target }: { recordings: Recording[]; target?: Target }) {
  const text = useText();
  const [chosen, setChosen] = useState<{ recording?: string; source?: string }>({});
  useEffect(() => {
    if (target) setChosen({ recording: target.recording, source: target.source });
  }, [target]);
  const recording = recordings.find((r) => r.id === chosen.recording) ?? recordings[0];
  if (!recording) return <div className="panel"><Empty description={text.noRecordings} /></div>;
  const source = recording.sources.find((s) => s.name === chosen.source) ?? recording.sources[0];
  return (
    <div className="panel">
      <div className="pickers">
        <Select
          className="picker-recording" aria-label={text.recording} value={recording.id} onChange={(id) => setChosen({ recording: id })}
          options={recordings.map((r) => ({ value: r.id, label: `${named(text.kinds, r.kind)} · ${beijing(r.opened_us)}` }))}
        />
        <Radio.Group aria-label={text.sourcePicker} value={source?.name} onChange={(e) => setChosen({ recording: recording.id, source: e.target.value as string })}
          options={recording.sources.map((s) => ({ value: s.name, label: s.name === s.medium ? named(text.media, s.medium) : `${named(text.media, s.medium)} ${s.name}` }))} optionType="button" />
        <RecordingState recording={recording} />
      </div>
      {source ? <Stage key={`${recording.id}/${source.name}`} recording={recording} source={source} target={target} /> : <Empty description={text.noSources} />}
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

function Stage({ recording, source, target }: { recording: Recording; source: Source; target?: Target }) {
  const text = useText();
  const video = useRef<HTMLVideoElement>(null);
  const url = source.playable_us > 0 ? playlistUrl(recording.id, source.name) : undefined;
  const failed = useHls(video, url);
  useEffect(() => {
    if (target?.recording === recording.id && target.source === source.name) goTo(video.current, target.position_us);
  }, [target, recording.id, source.name]);
  const chapters = useMemo(() => chaptersOf(recording, source.name), [recording, source.name]);
  return (
    <>
      {failed && <Alert type="error" showIcon message={text.playFailed} />}
      <div className="stage"><video ref={video} playsInline muted data-testid="video" tabIndex={-1} /></div>
      <Controls video={video} duration_us={source.duration_us} marks={chapters} onSeek={(us) => goTo(video.current, us)} />
      <div className="facts-line">
        <span>{source.width}×{source.height}</span>
        <span>{duration(source.duration_us)}</span>
        <span>{source.segments} {text.segments}</span>
        <span>{source.frames} {text.frames}</span>
        <span>{source.dropped} {text.dropped}</span>
        <span>{recording.gaps} {text.gaps}</span>
        <span className="mono">{recording.id}</span>
      </div>
      <ToldList told={recording.told} onSeek={(us) => goTo(video.current, us)} source={source.name} />
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

function chaptersOf(recording: Recording, source: string): Mark[] {
  return recording.chapters.flatMap((c) => c.positions.filter((p) => p.source === source).map((p) => ({ item: c.item, position_us: p.position_us })));
}
