import Hls from 'hls.js';
import { useEffect, useState, type RefObject } from 'react';

// Plays one playlist in the element; true once the stream has failed for good. The worker stays off: the content policy
// allows no blob scripts. Recordings have long still stretches, so a few seconds of buffer are cheap.
export function useHls(video: RefObject<HTMLVideoElement>, url: string | undefined): boolean {
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    setFailed(false);
    const element = video.current;
    if (!element || !url) return;
    const hls = new Hls({ enableWorker: false, maxBufferLength: 20, backBufferLength: 30, startPosition: 0 });
    let mended = 0;
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (!data.fatal) return;
      if (data.type === Hls.ErrorTypes.MEDIA_ERROR && mended++ < 2) hls.recoverMediaError();
      else setFailed(true);
    });
    hls.loadSource(url);
    hls.attachMedia(element);
    return () => hls.destroy();
  }, [video, url]);
  return failed;
}
