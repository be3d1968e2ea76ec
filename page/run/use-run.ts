/** A run of the section: its log, drawn anew at most once a frame, and how it is started and stopped. */
import { useEffect, useReducer, useRef } from 'preact/hooks'
import { BEGUN, heard, NOT_RUN } from './run-log.ts'
import type { RunLog } from './run-log.ts'
import type { RunRequest } from './threads/messages.ts'
import { startRun } from './threads/start-run.ts'
import type { RunUnderWay } from './threads/start-run.ts'

export interface RunControl {
  readonly log: RunLog
  start(request: RunRequest): void
  /** Ends the run at once. What was seen of it stays. */
  stop(): void
  /** Forgets the last run. */
  clear(): void
}

export function useRun(): RunControl {
  const log = useRef(NOT_RUN)
  const underWay = useRef<RunUnderWay>()
  const frame = useRef(0)
  const [, redraw] = useReducer((draws: number) => draws + 1, 0)

  const show = (next: RunLog): void => {
    log.current = next
    cancelAnimationFrame(frame.current)
    frame.current = requestAnimationFrame(() => redraw(undefined))
  }
  const stop = (): void => {
    underWay.current?.stop()
    if (log.current.phase === 'running') show({ ...log.current, phase: 'stopped' })
  }
  // The section is left: its threads end with it.
  useEffect(
    () => () => {
      underWay.current?.stop()
      cancelAnimationFrame(frame.current)
    },
    [],
  )
  return {
    log: log.current,
    start(request) {
      underWay.current?.stop()
      show(BEGUN)
      underWay.current = startRun(request, (report) => show(heard(log.current, report)))
    },
    stop,
    clear() {
      underWay.current?.stop()
      show(NOT_RUN)
    },
  }
}
