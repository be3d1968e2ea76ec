/** The list of all levels, with what the player has solved. */
import { useState } from 'preact/hooks'
import { CHAPTERS } from './levels/index.ts'
import type { Level } from './level.ts'
import { forget, progress } from './progress.ts'
import { addressOf, STAGES, stagesOf } from './stages.ts'
import { Stars } from './stars.tsx'

export function Contents({ unknown }: { readonly unknown: string | undefined }) {
  const [done, setDone] = useState(progress())
  const next = STAGES.find(({ id }) => done[id] === undefined)
  const count = STAGES.filter(({ id }) => done[id] !== undefined).length
  return (
    <div class="play">
      <h1 tabIndex={-1}>Play</h1>
      {unknown === undefined ? undefined : <p role="alert">There is no level “{unknown}”. These are the levels:</p>}
      <p class="lead">
        You are the scheduler: you decide which actor takes the next step. Make each program fail, with as few
        preemptions as can be. A preemption takes the turn from an actor that could have gone on. Then try the fix,
        which cannot fail.
      </p>
      <p>
        {next === undefined ? (
          'All levels are solved.'
        ) : (
          <a class="go" href={addressOf(next)}>
            {count === 0 ? 'Start with' : 'Go on with'} “{next.title}”
          </a>
        )}
      </p>
      <div class="chapters">
        {CHAPTERS.map(({ title, levels }) => (
          <section key={title}>
            <h2>{title}</h2>
            <ol>
              {levels.map((level) => (
                <Entry key={level.id} level={level} chapter={title} done={done} />
              ))}
            </ol>
          </section>
        ))}
      </div>
      <p class="faint">
        {count} of {STAGES.length} solved. This is kept in your browser only.{' '}
        {count === 0 ? undefined : <Forget onForget={() => (forget(), setDone(progress()))} />}
      </p>
    </div>
  )
}

interface EntryProps {
  readonly level: Level
  readonly chapter: string
  readonly done: Readonly<Record<string, number>>
}

function Entry({ level, chapter, done }: EntryProps) {
  const [broken, fixed] = stagesOf(level, chapter)
  const count = done[broken.id]
  return (
    <li>
      <a href={addressOf(broken)}>{broken.title}</a>
      <span class="score">{count === undefined ? undefined : <Stars count={count} best={level.best} />}</span>
      <a class="fix" href={addressOf(fixed)} aria-label={fixed.title}>
        the fix
      </a>
      <span class="score">
        {done[fixed.id] === undefined ? undefined : (
          <span class="good" role="img" aria-label="seen to hold">
            ✓
          </span>
        )}
      </span>
    </li>
  )
}

/** Asks once more, because nothing brings the progress back. */
function Forget({ onForget }: { readonly onForget: () => void }) {
  const [isSure, setSure] = useState(false)
  if (isSure) return <button onClick={onForget}>Yes, forget all of it</button>
  return <button onClick={() => setSure(true)}>Forget it</button>
}
