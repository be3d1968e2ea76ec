/** The section "run": a bug of the lab on real Web Workers over shared memory. */
import { useEffect, useState } from 'preact/hooks'
import { keepState } from '../route.ts'
import type { SectionProps } from '../shell.tsx'
import { choicesIn, requestOf, stateOf } from './choices.ts'
import type { Choices } from './choices.ts'
import { Controls } from './controls.tsx'
import { Results } from './results.tsx'
import type { RunLog } from './run-log.ts'
import { useRun } from './use-run.ts'
import { VariantPlot } from './variant-plot.tsx'
import './run.css'

export function Run({ state }: SectionProps) {
  const [{ choices, complaints }, setChosen] = useState(() => choicesIn(state))
  const { log, start, stop, clear } = useRun()
  const isRunning = log.phase === 'running'
  useEscape(isRunning, stop)
  const { lesson } = choices
  const choose = (next: Choices): void => {
    clear()
    setChosen({ choices: next, complaints: [] })
    keepState('run', stateOf(next))
  }
  return (
    <div class="run">
      <h1>{lesson.title}</h1>
      <p class="lead">
        Real Web Workers over one SharedArrayBuffer, with the code of <code>npx racelab --bug {lesson.name}</code>.{' '}
        <a href={`#/learn?bug=${lesson.name}`}>Read the lesson</a>
      </p>
      {complaints.map((complaint) => (
        <p class="alert">{complaint}</p>
      ))}
      <form
        id="choices"
        aria-label="Choices"
        onSubmit={(event) => {
          event.preventDefault()
          if (isRunning) stop()
          else start(requestOf(choices))
        }}
      >
        <Controls choices={choices} onChange={choose} disabled={isRunning} />
      </form>
      <div class="shown">
        {globalThis.crossOriginIsolated ? (
          <div class="go">
            {/* One button, so that the focus stays where it is. */}
            <button type="submit" form="choices" class="primary">
              {isRunning ? 'Stop' : 'Run'}
            </button>
            <p role="status">{statusOf(log, choices)}</p>
          </div>
        ) : (
          <WithoutThreads choices={choices} />
        )}
        <Variants choices={choices} log={log} />
        {lesson.load.database === 'sqlite' ? (
          <p class="note">
            In the command, the rows of this bug are in SQLite, which a browser does not have. Here they are in a small
            database in shared memory. With SQLite: <code>npx racelab --bug {lesson.name} --database sqlite</code>.
          </p>
        ) : undefined}
        {log.result === undefined ? undefined : <Results lesson={lesson} result={log.result} />}
      </div>
    </div>
  )
}

function Variants({ choices: { lesson, variants }, log }: { readonly choices: Choices; readonly log: RunLog }) {
  const looks = [...log.traces.values()].flatMap((trace) => trace.looks)
  const most = looks.reduce((largest, { count }) => Math.max(largest, count), 0)
  const chosen = lesson.variants.filter(({ name }) => variants.includes(name))
  return (
    <div class="plots">
      {chosen.map((variant) => (
        <VariantPlot
          key={variant.name}
          variant={variant}
          what={lesson.load.live?.what ?? 'violations'}
          trace={log.traces.get(variant.name)}
          most={most}
          isRunning={log.phase === 'running'}
        />
      ))}
    </div>
  )
}

/** What can be done in a browser that has no shared memory here. */
function WithoutThreads({ choices: { lesson } }: { readonly choices: Choices }) {
  return (
    <p class="hint">
      Without shared memory there is nothing to race for. In a terminal the same run is{' '}
      <code>npx racelab --bug {lesson.name} --workers 4</code>. Its <a href={`#/learn?bug=${lesson.name}`}>lesson</a>{' '}
      can be read here.
    </p>
  )
}

function statusOf({ phase, words, result }: RunLog, { workers }: Choices): string {
  if (phase === 'idle') return 'Not run yet.'
  if (phase === 'running') return `${words} … Escape stops it.`
  if (phase === 'stopped') return 'Stopped.'
  if (phase === 'failed') return `The run failed. ${words}`
  const failing = result!.variants.filter(({ violations }) => violations > 0).map(({ variant }) => variant)
  const seconds = (result!.elapsedMs / 1000).toFixed(1)
  const on = `On ${workers} ${workers === 1 ? 'thread' : 'threads'}, in ${seconds} s:`
  return failing.length === 0 ? `${on} no variant failed.` : `${on} ${failing.join(', ')} failed.`
}

/** Calls `stop` when Escape is pressed, wherever the focus is. */
function useEscape(isRunning: boolean, stop: () => void): void {
  useEffect(() => {
    if (!isRunning) return undefined
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') stop()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [isRunning])
}
