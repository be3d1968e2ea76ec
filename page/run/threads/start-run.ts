/** The page's side of a run. */
import type { Report, RunRequest } from './messages.ts'

/** A run under way. */
export interface RunUnderWay {
  /** Ends it and its threads. Chromium gives a thread that is busy or asleep two seconds before it ends it. */
  stop(): void
}

/** Starts a run in a worker of its own. `hear` is called with each report; the last one is `done` or `failed`. */
export function startRun(request: RunRequest, hear: (report: Report) => void): RunUnderWay {
  // Its number is none of the threads', which begin with 1.
  const worker = new Worker(new URL('conductor.ts', import.meta.url), { type: 'module', name: '0' })
  const stop = (): void => worker.terminate()
  const hearAndEnd = (report: Report): void => {
    if (report.kind === 'done' || report.kind === 'failed') stop()
    hear(report)
  }
  worker.addEventListener('message', ({ data }: MessageEvent<Report>) => hearAndEnd(data))
  worker.addEventListener('error', ({ message }) => hearAndEnd({ kind: 'failed', message }))
  worker.postMessage(request)
  return { stop }
}
