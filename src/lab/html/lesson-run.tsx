/** The report on a run of one of the lab's bugs on real threads: its figures, one recorded failure, and the lesson. */
import type { Lesson } from '../lessons/lesson.ts'
import type { LessonResult, RecordedWitness, RunVerdict, VariantResult } from '../run-thread-lesson.ts'
import { short, whole } from '../../terminal/figures.ts'
import { counted } from '../../terminal/wrapped.ts'
import { laneColour } from '../../html/diagram/diagram.tsx'
import { Bars } from '../../html/plots/bars.tsx'
import { anchorOf } from './contents.tsx'
import { LessonText } from './lesson-text.tsx'
import { Wide } from '../../html/wide.tsx'

interface LessonRunProps {
  readonly lesson: Lesson
  readonly result: LessonResult
}

export function LessonRun({ lesson, result }: LessonRunProps) {
  const { columns, agent = 'Thread', title } = lesson
  const note = columns.note?.(result.variants)
  const totals = result.variants.flatMap(({ variant, expected, actual }) =>
    expected === null || actual === null ? [] : [{ name: variant, expected, actual }],
  )
  const label = columns.total === undefined ? '' : `${columns.total[1]} of ${columns.total[0]}, by variant`
  return (
    <section id={anchorOf(title)}>
      <h2>{title}</h2>
      <p>On {counted(result.threads, 'thread')}. What is said of a variant holds for this run.</p>
      {columns.total === undefined || totals.length === 0 ? undefined : <Bars label={label} bars={totals} />}
      <Results lesson={lesson} variants={result.variants} />
      {note === undefined || note === '' ? undefined : <p class="prose">{note}</p>}
      {result.variants.map(({ variant, check }) =>
        check?.message === undefined ? undefined : (
          <p key={variant} class="prose">
            {variant}, as checked: {check.message}
          </p>
        ),
      )}
      {result.witness === null ? (
        <p>No failure was recorded in this run.</p>
      ) : (
        <Witness witness={result.witness} agent={agent} />
      )}
      <details>
        <summary>The lesson</summary>
        <LessonText lesson={lesson} />
      </details>
    </section>
  )
}

/** The verdict in the words of the command. */
const WORDS: { readonly [Each in RunVerdict]: readonly [className: string, words: string] } = {
  broke: ['odd', '✗ fails'],
  held: ['good', '✓ holds'],
  failed: ['bad', '✗ FAILS: declared sound'],
  inconclusive: ['odd', '? did not fail'],
}

function Results({ lesson, variants }: { readonly lesson: Lesson; readonly variants: readonly VariantResult[] }) {
  const { total, more } = lesson.columns
  const heads = [...(total ?? []), ...more.map(({ name }) => name), 'ops/s', 'p50 µs', 'p95 µs', 'p99 µs']
  return (
    <Wide label="Results by variant">
      <table>
        <thead>
          <tr>
            <th scope="col">variant</th>
            {heads.map((name) => (
              <th key={name} scope="col" class="figure">
                {name}
              </th>
            ))}
            <th scope="col">verdict</th>
          </tr>
        </thead>
        <tbody>
          {variants.map((result) => (
            <tr key={result.variant}>
              <th scope="row">{result.variant}</th>
              {figuresOf(lesson, result).map((figure, index) => (
                <td key={heads[index]} class="figure">
                  {figure}
                </td>
              ))}
              <td class={WORDS[result.verdict][0]}>{WORDS[result.verdict][1]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

function figuresOf({ columns }: Lesson, result: VariantResult): string[] {
  const { expected, actual, metrics, opsPerSecond, latencyMicroseconds } = result
  const known = expected !== null && actual !== null
  const totals = known ? [expected, actual, expected - actual].map(whole) : ['', '', '']
  const { p50, p95, p99 } = latencyMicroseconds
  return [
    ...(columns.total === undefined ? [] : totals),
    ...columns.more.map(({ show }) => show(metrics)),
    whole(opsPerSecond),
    ...[p50, p95, p99].map(short),
  ]
}

/** One failure as it was recorded: a lane for each agent, and what the store held. */
export function Witness({ witness, agent }: { readonly witness: RecordedWitness; readonly agent: string }) {
  const { steps, told, variant } = witness
  const lanes = Math.max(...steps.map(({ thread }) => thread))
  const threads = Array.from({ length: lanes }, (_, index) => index + 1)
  return (
    <>
      <h3>One failure of {variant}, as it was recorded</h3>
      <Wide label="What was recorded">
        <table class="witness">
          <thead>
            <tr>
              <th scope="col">time</th>
              {threads.map((thread) => (
                <th key={thread} scope="col" style={{ ...laneColour(thread - 1), color: 'var(--lane)' }}>
                  {agent} {thread}
                </th>
              ))}
              <th scope="col">store</th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ time, thread, action, detail, store }) => (
              <tr key={time}>
                <td class="faint">t{time}</td>
                {threads.map((each) => (
                  <td key={each} style={laneColour(each - 1)}>
                    {each === thread ? (detail === '' ? action : `${action}: ${detail}`) : ''}
                  </td>
                ))}
                <td>{store}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <p class="prose">{told}</p>
    </>
  )
}
